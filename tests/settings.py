"""Settings of the test run: our own settings in the place called "test"."""

import os

os.environ.update(
    JKN_ENV="test",
    SECRET_KEY="only for tests, never anywhere else: 0123456789abcdef",
    JKN_AUDIT_KEY="dGVzdC1hdWRpdC1rZXktdGVzdC1hdWRpdC1rZXktMzI=",
    JKN_DATA_KEY="dGVzdC1kYXRhLWtleS0tdGVzdC1kYXRhLWtleS0tMzI=",
    JKN_SMS_GATEWAY="memory",
    JKN_READING="off",
)

from jknoffice.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405  (threads of a test leave no connection behind)
MIDDLEWARE = ["tests.hands.WebHand", *MIDDLEWARE]  # noqa: F405
STORAGES = {**STORAGES, "documents": {"BACKEND": "django.core.files.storage.InMemoryStorage"}}  # noqa: F405

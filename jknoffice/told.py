"""What a page is to say after a redirect, kept in a cookie that only this host gets."""

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    """Django's, under a name that begins like those of our other cookies (OWASP ASVS 5.0, 3.3.1 and 3.3.3)."""

    cookie_name = settings.MESSAGES_COOKIE_NAME


class Storage(FallbackStorage):
    """The cookie, and the session for what does not fit there."""

    storage_classes = (HostCookieStorage, SessionStorage)

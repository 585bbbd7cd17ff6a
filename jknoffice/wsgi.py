"""WSGI entry point: `gunicorn jknoffice.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

from jknoffice.charset import utf8_only

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jknoffice.settings")

application = utf8_only(get_wsgi_application())

from jknoffice.audit import startup  # noqa: E402  (the applications have to be there first)

startup.note(process="web")

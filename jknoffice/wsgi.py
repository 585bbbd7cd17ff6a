"""WSGI entry point: `gunicorn jknoffice.wsgi`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jknoffice.settings")

application = get_wsgi_application()

"""Addresses of the product."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from jknoffice import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
]

if settings.JKN_ENV.allows_demo:
    urlpatterns += [path("demo/", include("jknoffice.demo.urls"))]

urlpatterns += [path("", include("verification.portal.urls"))]

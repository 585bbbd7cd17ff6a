"""Addresses of the product."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from jknoffice.condition import pages
from verification import webhook
from verification.api.door import api
from verification.api.guide import guide

handler400 = "jknoffice.errors.bad_request"
handler403 = "jknoffice.errors.forbidden"
handler404 = "jknoffice.errors.not_found"
handler500 = "jknoffice.errors.failed"

urlpatterns = [
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("metrics", pages.figures, name="metrics"),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}jkn/icon.svg"), name="icon"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", guide, name="api_guide"),
    path("api/v1/", api.urls),
    path("sms/receipts/<slug:gateway>/", webhook.receipt, name="sms_receipt"),
]

if settings.JKN_ENV.allows_demo:
    urlpatterns += [path("demo/", include("jknoffice.demo.urls"))]

urlpatterns += [
    path("account/", include("verification.portal.account.urls")),
    path("", include("verification.portal.urls")),
]

"""Addresses of the participants' door. None carries an identifier: what a page is about lies in the session.

Those with a secret are short, to fit into an SMS.

A receipt's QR code leads to `status` with the reference, which opens nothing without the date of birth.
"""

from django.urls import path

from verification.models.choices import DocumentKind
from verification.portal.views import code, intake, later, objection, proof, start, status

app_name = "portal"

urlpatterns = [
    path("", start.start, name="start"),
    path("leave/", start.leave, name="leave"),
    path("request/", intake.data, name="data"),
    path("request/ktp/", intake.photo, {"kind": DocumentKind.KTP}, name="ktp"),
    path("request/card/", intake.photo, {"kind": DocumentKind.CARD}, name="card"),
    path("request/check/", intake.check, name="check"),
    path("request/code/", code.code, name="code"),
    path("request/code/again/", code.again, name="code_again"),
    path("request/done/", code.done, name="done"),
    path("request/save/", later.save, name="save"),
    path("d/<str:secret>", later.resume, name="resume"),
    path("n/", objection.done, name="objected"),
    path("n/<str:secret>", objection.confirm, name="not_me"),
    path("s/<str:secret>", proof.private, name="private"),
    path("status/", status.status, name="status"),
    path("status/request/", status.case, name="case"),
    path("status/proof/", proof.proof, name="proof"),
    path("status/proof/code/", proof.send, name="proof_send"),
    path("status/photo/", status.photo, name="resend"),
    path("status/cancel/", status.cancel, name="cancel"),
]

"""Notices by e-mail, through Django's mail backend."""

from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override


def send(*, to: str, text: str, language: str) -> None:
    """Send a notice in `language` ("id" or "en"). Raises what the backend raises."""
    with override(language):
        subject = _("BPJS Kesehatan: about your JKN mobile number")
        end = _("You get this message because this address is registered with BPJS Kesehatan. Please do not reply.")
    letter = EmailMessage(
        subject=subject, body=f"{text}\n\n{end}\n", to=[to], headers={"Auto-Submitted": "auto-generated"}
    )
    letter.send()

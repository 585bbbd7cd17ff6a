"""The texts of our messages. Each fits one GSM 7-bit segment (160 characters, 3GPP TS 23.038), names the sender,
and holds no personal data: neither a name nor an identifier.
"""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

TEXTS = {
    "code": _(
        "BPJS Kesehatan: your JKN code is %(code)s, valid %(minutes)s minutes. Tell it to nobody by phone or chat."
    ),
    "received": _("BPJS Kesehatan: we received request %(reference)s to change your JKN number."),
    "correction": _("BPJS Kesehatan: request %(reference)s needs a better photo. Open the status page to send it."),
    "rejected": _("BPJS Kesehatan: request %(reference)s was not approved. See the status page or call 165."),
    "hold_new": _("BPJS Kesehatan: request %(reference)s was approved. This number becomes active on %(moment)s."),
    "hold_old": _("BPJS Kesehatan: your JKN number will be changed on %(moment)s. Not you? Call 165 before then."),
    "applied_new": _("BPJS Kesehatan: this number is now registered for JKN (request %(reference)s)."),
    "account_changed": _("BPJS Kesehatan: password or e-mail of your JKN account was changed. Not you? Call 165 now."),
    "applied_old": _("BPJS Kesehatan: this number is no longer registered for JKN. Not you? Call 165 now."),
}

NAMES = {
    "code": _("Code for the new number"),
    "received": _("Request received"),
    "correction": _("Better photo asked for"),
    "rejected": _("Request rejected"),
    "hold_new": _("Approved, to the new number"),
    "hold_old": _("Approved, to the old number"),
    "applied_new": _("Number changed, to the new number"),
    "account_changed": _("Password or e-mail of an account changed"),
    "applied_old": _("Number changed, to the old number"),
}
"""What a message is called by those who do not see its text."""


def text_of(*, template: str, language: str, context: Mapping[str, str]) -> str:
    """Return the text of a message in `language` ("id" or "en"); raises KeyError for an unknown template."""
    with override(language):
        return str(TEXTS[template]) % context

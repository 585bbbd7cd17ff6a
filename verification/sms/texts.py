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
    "received_new": _("BPJS Kesehatan: we received request %(reference)s to change your JKN number. See %(link)s"),
    "received_old": _("BPJS Kesehatan: somebody asked to change your JKN number. Not you? Call 165."),
    "correction_new": _("BPJS Kesehatan: request %(reference)s needs a better photo. Open the status page to send it."),
    "correction_old": _(
        "BPJS Kesehatan: the request to change your JKN number needs a better photo. Not you? Call 165."
    ),
    "rejected_new": _("BPJS Kesehatan: request %(reference)s was not approved. See the status page or call 165."),
    "rejected_old": _("BPJS Kesehatan: a request to change your JKN number was not approved. Your number stays."),
    "hold_new": _("BPJS Kesehatan: request %(reference)s was approved. This number becomes active on %(moment)s."),
    "hold_old": _("BPJS Kesehatan: your JKN number changes on %(moment)s. Not you? %(link)s"),
    "applied_new": _("BPJS Kesehatan: this number is now registered for JKN (request %(reference)s)."),
    "account_changed": _("BPJS Kesehatan: password or e-mail of your JKN account was changed. Not you? Call 165 now."),
    "applied_old": _("BPJS Kesehatan: your JKN number was changed. Not you? %(link)s or call 165"),
    "stands_old": _(
        "BPJS Kesehatan: we looked into your objection. The change of your JKN number stands. Not you? Call 165 now."
    ),
    "reversed_new": _(
        "BPJS Kesehatan: change %(reference)s was undone. This number is not registered for JKN. Help: 165."
    ),
    "reversed_old": _(
        "BPJS Kesehatan: the change of your JKN number was undone. Your earlier number is registered again."
    ),
}
"""A notice ends in `_new` for the new number, in `_old` for the one before it and for the registered e-mail."""

NAMES = {
    "code": _("Code for the new number"),
    "received_new": _("Request received"),
    "received_old": _("Request received, to the old number or e-mail"),
    "correction_new": _("Better photo asked for"),
    "correction_old": _("Better photo asked for, to the old number or e-mail"),
    "rejected_new": _("Request rejected"),
    "rejected_old": _("Request rejected, to the old number or e-mail"),
    "hold_new": _("Approved, to the new number"),
    "hold_old": _("Approved, to the old number or e-mail"),
    "applied_new": _("Number changed, to the new number"),
    "account_changed": _("Password or e-mail of an account changed"),
    "applied_old": _("Number changed, to the old number or e-mail"),
    "stands_old": _("Objection looked into, to the old number or e-mail"),
    "reversed_new": _("Change undone, to the new number"),
    "reversed_old": _("Change undone, to the old number or e-mail"),
}
"""What a message is called by those who do not see its text."""


def text_of(*, template: str, language: str, context: Mapping[str, str]) -> str:
    """Return the text of a message in `language` ("id" or "en"); raises KeyError for an unknown template."""
    with override(language):
        return str(TEXTS[template]) % context

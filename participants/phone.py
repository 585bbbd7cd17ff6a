"""Mobile numbers: read as people and files write them, stored as E.164, shown in groups, masked in public."""

import re

from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal

MOBILE = "8[1-35-9][0-9]{7,10}"
"""What follows +62 in a mobile number, as a regular expression. It is libphonenumber's, and a test compares the two."""

_BETWEEN = re.compile(r"[ .()/\-\u00a0\u2010-\u2013]")
_WRITTEN = re.compile(rf"(?:(?:\+|00)?620?|0)?({MOBILE})")
_FRACTION = ".0"  # a spreadsheet took the number for a quantity: the last digit is not the number's own
_LONGEST = 40


class PhoneRefused(Refusal):
    """The text is no Indonesian mobile number."""

    code = "phone_refused"
    sentence = _("This is not an Indonesian mobile number. Write it like 0812-3456-7890.")


def normalise(text: str) -> str:
    """Return a mobile number in E.164, such as `+6281234567890`.

    Understands 08…, 8…, 62…, +62… and 0062…, with spaces, dots, dashes and brackets. Numbers of other countries,
    landlines, extensions and digits of other scripts are refused. Raises `PhoneRefused`.
    """
    text = text.strip()
    if len(text) > _LONGEST or text.endswith(_FRACTION):
        raise PhoneRefused
    written = _WRITTEN.fullmatch(_BETWEEN.sub("", text))
    if not written:
        raise PhoneRefused
    return f"+62{written[1]}"


def show(e164: str) -> str:
    """Return a stored number in groups, as in `0812-3456-7890`; an empty text stays empty."""
    national = _national(e164)
    return "-".join(filter(None, (national[:4], national[4:8], national[8:])))


def mask(e164: str) -> str:
    """Return a stored number with its middle hidden, as in `0812-••••-•890`; an empty text stays empty."""
    national = _national(e164)
    hidden = national[:4] + "•" * (len(national) - 7) + national[-3:] if national else ""
    return "-".join(filter(None, (hidden[:4], hidden[4:8], hidden[8:])))


def _national(e164: str) -> str:
    return "0" + e164.removeprefix("+62") if e164 else ""

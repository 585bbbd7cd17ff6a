"""Mobile numbers: read as people and files write them, stored as E.164, shown in groups, masked in public."""

import re

import phonenumbers
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal

REGION = "ID"
_SPELLING = re.compile(r"\+?[0-9][0-9 .()/\-\u00a0\u2010-\u2013]*", re.ASCII)
_LONGEST = 40


class PhoneRefused(Refusal):
    """The text is no Indonesian mobile number."""

    code = "phone_refused"
    sentence = _("This is not an Indonesian mobile number. Write it like 0812-3456-7890.")


def normalise(text: str) -> str:
    """Return a mobile number in E.164, such as `+6281234567890`.

    Understands 08…, 8…, 62…, +62… and 0062…, with spaces, dots, dashes and brackets. The library would also take
    numbers of other countries, landlines, extensions and digits of other scripts; here they are refused.
    Raises `PhoneRefused`.
    """
    text = text.strip()
    if len(text) > _LONGEST or not _SPELLING.fullmatch(text.lstrip("(")):
        raise PhoneRefused
    digits = re.sub(r"[^0-9]", "", text)
    digits = digits.removeprefix("00")
    national = digits.removeprefix("62").removeprefix("0")
    if not national.startswith("8"):
        raise PhoneRefused
    try:
        number = phonenumbers.parse(f"+62{national}", None)
    except phonenumbers.NumberParseException as error:
        raise PhoneRefused from error
    mobile = phonenumbers.number_type(number) == phonenumbers.PhoneNumberType.MOBILE
    if not mobile or phonenumbers.region_code_for_number(number) != REGION:
        raise PhoneRefused
    return f"+62{national}"


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

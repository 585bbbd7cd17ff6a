"""What can be wrong with a file or a row, in words."""

from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal


class CannotRun(Refusal):
    """Nothing could be imported. `code` names the fault for machines."""

    def __init__(self, code: str, sentence: str) -> None:
        self.fault = code
        super().__init__(sentence)


SENTENCES = {
    "columns": _("The row has more or fewer values than the header."),
    "nik_missing": _("The NIK is missing."),
    "nik_form": _("A NIK has 16 digits."),
    "mangled": _("A spreadsheet has rounded this number: digits are lost. Export the column as text."),
    "card_form": _("A card number has 13 digits."),
    "kk_form": _("A KK number has 16 digits, or is left empty."),
    "name_missing": _("The name is missing."),
    "too_long": _("The value is too long."),
    "date": _("This is not a date. Write it as 1990-05-17 or 17-05-1990."),
    "date_range": _("The date of birth lies in the future or before 1900."),
    "unknown_code": _("This code is unknown."),
    "care_class": _("The care class is 1, 2 or 3."),
    "phone": _("This is not an Indonesian mobile number."),
    "email": _("This is not an e-mail address."),
    "unknown_branch": _("There is no branch with this code."),
    "duplicate_nik": _("Line %(line)s has the same NIK and contradicts this one. Keep one of them."),
    "duplicate_card": _("Line %(line)s has the same card number and another NIK. Keep one of them."),
    "card_taken": _("The card number belongs to another NIK in the register."),
}
"""Why a row is refused. `line` is that of the other row."""

CARD_TAKEN_BY = _("The card number belongs to another NIK in the register, that of line %(line)s.")
"""Instead of `card_taken` where the other person is in the file too."""

WARNINGS = {
    "repeated": _("The row repeats line %(line)s and counts once."),
    "nik_date": _("The date inside the NIK is not the date of birth. Check both."),
    "kept_phone": _("A request has changed this number since. The number of the register stays."),
    "kept_email": _("This e-mail address has been changed since. That of the register stays."),
}
"""What is odd about a row that is taken."""


_WITHOUT_LINE = {
    "duplicate_nik": _("Another row has the same NIK and contradicts this one."),
    "duplicate_card": _("Another row has the same card number and another NIK."),
}


def reason(code: str) -> str:
    """Return why rows with a code are refused, for all of them together, in the language of the moment."""
    return str((SENTENCES | _WITHOUT_LINE).get(code, code))


def sentence(code: str, line: int | None) -> str:
    """Return what is said about a row, in the language of the moment; `line` is that of the other row, if any."""
    if code == "card_taken" and line is not None:
        return str(CARD_TAKEN_BY % {"line": line})
    return str((SENTENCES | WARNINGS)[code] % {"line": line})

"""What can be wrong with a file or a row, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal


class CannotRun(Refusal):
    """Nothing could be imported. `code` names the fault for machines."""

    def __init__(self, code: str, sentence: str) -> None:
        self.fault = code
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why one row is refused: the column, and a key of `SENTENCES`."""

    column: str
    code: str


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
    "duplicate_nik": _("The same NIK stands further up in this file."),
    "duplicate_card": _("The same card number stands further up in this file."),
    "card_taken": _("The card number belongs to another NIK in the register."),
}

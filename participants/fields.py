"""A date of birth in forms, the same at every door."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

OLDEST = date(1900, 1, 1)

_DATE = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class BirthDateField(forms.CharField):
    """A date of birth as Indonesians write it; cleans to a `date`.

    Takes 17-05-1990, 17/5/1990, 17 05 1990, 17051990 and, because browsers fill that in by themselves, 1990-05-17.
    """

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Date of birth"),
            "help_text": _("Day, month and year, for example 17-05-1990. Digits alone will do: 17051990."),
            "max_length": 20,
            "widget": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday", "size": 12}),
        }
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> Any:
        """Return the date that was meant; raise ValidationError when there is no such day, or nobody was born then."""
        typed = super().clean(value)
        if iso := _ISO_DATE.fullmatch(typed):
            year, month, day = map(int, iso.groups())
        elif local := _DATE.fullmatch(typed):
            day, month, year = (int(part) for part in local.groups() if part)
        else:
            raise ValidationError(_("Write the date as day, month and year, for example 17-05-1990."))
        try:
            born = date(year, month, day)
        except ValueError as error:
            raise ValidationError(_("There is no such day. Compare the date with the KTP.")) from error
        if not OLDEST <= born <= timezone.localdate():
            raise ValidationError(_("This cannot be a date of birth. Compare the year with the KTP."))
        return born

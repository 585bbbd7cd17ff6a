"""The forms at the participants' door: they turn what people type into what the domain takes."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal
from participants import identifiers, phone
from verification import reference
from verification.documents import pictures
from verification.documents.pictures import Picture
from verification.models.choices import ChangeReason

Given = TypeVar("Given")
Read = TypeVar("Read")

OLDEST = date(1900, 1, 1)
PHOTO_TYPES = "image/jpeg,image/png"

_DATE = re.compile(r"(\d{1,2})[-/. ]+(\d{1,2})[-/. ]+(\d{4})|(\d{2})(\d{2})(\d{4})", re.ASCII)
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)


class BirthDateField(forms.CharField):
    """A date of birth as Indonesians write it; cleans to a `date`.

    Takes 17-05-1990, 17/5/1990, 17 05 1990, 17051990 and, because browsers fill that in by themselves, 1990-05-17.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(
            label=_("Date of birth"),
            help_text=_("Day, month and year, for example 17-05-1990. Digits alone will do: 17051990."),
            max_length=20,
            widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "bday", "size": 12}),
            **options,
        )

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


def _reading(read: Callable[[Given], Read], given: Given) -> Read:
    """Return what a reader of the domain makes of something, its refusal as a form error."""
    try:
        return read(given)
    except Refusal as refusal:
        raise ValidationError(str(refusal)) from refusal


class DataForm(forms.Form):
    """Step 1: who it is about, and the new number."""

    identifier = forms.CharField(
        label=_("NIK or BPJS card number"),
        help_text=_("The 16 digits of the NIK on the KTP, or the 13 digits on the BPJS card."),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
    )
    birth_date = BirthDateField()
    new_phone = forms.CharField(
        label=_("New mobile number"),
        help_text=_("An Indonesian number that is in your hand now, for example 0812-3456-7890. We send a code to it."),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )
    reason = forms.ChoiceField(
        label=_("Why do you need a new number?"), choices=ChangeReason.choices, widget=forms.RadioSelect
    )

    def clean_identifier(self) -> str:
        """Return the digits of the NIK or card number."""
        return _reading(identifiers.parse, self.cleaned_data["identifier"])

    def clean_new_phone(self) -> str:
        """Return the number in E.164."""
        return _reading(phone.normalise, self.cleaned_data["new_phone"])


class PhotoForm(forms.Form):
    """One photo, decoded and drawn anew; cleans to a `Picture`. `cut_off` says that the upload was stopped."""

    photo = forms.FileField(
        label=_("Photo"),
        help_text=_("JPEG or PNG, at most 10 MB. Take it in good light, with the whole card in view."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": PHOTO_TYPES}),
        error_messages={"required": _("Choose a photo first.")},
    )

    def __init__(self, *args: Any, cut_off: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if cut_off:
            self.fields["photo"].error_messages["required"] = pictures.TOO_LARGE

    def clean_photo(self) -> Picture:
        """Return the picture in the file."""
        return _reading(pictures.read, self.cleaned_data["photo"])


class CodeForm(forms.Form):
    """The code from the SMS."""

    code = forms.CharField(
        label=_("Code from the SMS"),
        help_text=_("Six digits."),
        max_length=20,
        widget=forms.TextInput(
            attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "size": 8, "class": "jkn-number"}
        ),
    )

    def clean_code(self) -> str:
        """Return the six digits; anything else is a slip of the finger and costs no guess."""
        typed = re.sub(r"[\s.-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", typed):
            raise ValidationError(_("The code has six digits. Look at the SMS again."))
        return typed


class StatusForm(forms.Form):
    """What opens a request's status page."""

    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("Nine letters and digits, for example 7KM-2QX-9RT."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    birth_date = BirthDateField()

    def clean_reference(self) -> str:
        """Return the reference as it is stored; a slip is found by its check character."""
        found = reference.parse(self.cleaned_data["reference"])
        if found is None:
            raise ValidationError(_("This is not a reference. Compare it with the SMS or your note, letter by letter."))
        return found

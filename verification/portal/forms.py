"""The forms at the participants' door: they turn what people type into what the domain takes."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from participants.fields import BirthDateField
from verification import reference
from verification.forms import CodeField, IdentifierField, NewPhoneField, PhotoField
from verification.models.choices import ChangeReason


class DataForm(forms.Form):
    """Step 1: who it is about, and the new number."""

    identifier = IdentifierField()
    birth_date = BirthDateField()
    new_phone = NewPhoneField(
        help_text=_("An Indonesian number that is in your hand now, for example 0812-3456-7890. We send a code to it.")
    )
    reason = forms.ChoiceField(
        label=_("Why do you need a new number?"), choices=ChangeReason.choices, widget=forms.RadioSelect
    )


class PhotoForm(forms.Form):
    """One photo, decoded and drawn anew; cleans to a `Picture`. `cut_off` says that the upload was stopped."""

    photo = PhotoField()

    def __init__(self, *args: Any, cut_off: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        # A phone opens its camera at once, and `shrink.js` makes the photo as small as it will be kept.
        attrs = self.fields["photo"].widget.attrs
        attrs |= {"capture": "environment", "data-longest": str(settings.PHOTO_LONGEST_SIDE)}
        if cut_off:
            PhotoField.note_cut_off(self)


class CodeForm(forms.Form):
    """The code from the SMS."""

    code = CodeField()


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

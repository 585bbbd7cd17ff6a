"""What staff type to find a person, and why they open personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.person import Why

_DATES = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


class NumberSearch(forms.Form):
    """One box for every number."""

    number = forms.CharField(
        label=_("NIK, card, KK or mobile number"),
        help_text=_("The whole number; spaces, dots and dashes do no harm."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )


class NameSearch(forms.Form):
    """A name counts only with a birth date."""

    name = forms.CharField(
        label=_("Name"),
        help_text=_("Whole words or their beginnings, as on the KTP, without titles."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    birth_date = forms.DateField(
        label=_("Date of birth"),
        input_formats=_DATES,
        widget=forms.DateInput(format=_DATES[0], attrs={"type": "date", "autocomplete": "off"}),
    )


class RevealForm(forms.Form):
    """Why personal data are opened."""

    why = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Why.choices],
        help_text=_("That you look, and why, is recorded before the data are shown."),
    )

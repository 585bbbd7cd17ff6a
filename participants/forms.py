"""What staff type to find a person, and why they open personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.fields import BirthDateField
from participants.person import Why


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
    birth_date = BirthDateField(
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "size": 12}),
    )


class RevealForm(forms.Form):
    """Why personal data are opened."""

    why = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Why.choices],
        help_text=_("That you look, and why, is recorded before the data are shown."),
    )

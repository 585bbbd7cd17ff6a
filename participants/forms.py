"""What staff type to find a person, and why they open personal data."""

from django import forms
from django.utils.translation import gettext_lazy as _

from participants.person import Why
from participants.revealing import Field
from participants.searching.asked import LONGEST


class SearchForm(forms.Form):
    """One box for everything."""

    q = forms.CharField(
        label=_("NIK, KK, card or mobile number, or name with date of birth"),
        help_text=_(
            "For example 0812 3456 7890, or siti aminah 12-03-1988. A name alone is looked for in your branch."
        ),
        max_length=LONGEST,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class RevealForm(forms.Form):
    """Which value is opened, and why."""

    why = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Why.choices],
        help_text=_("Choose a reason, then the value. That you look, and why, is recorded before it is shown."),
    )
    field = forms.ChoiceField(choices=Field.choices, widget=forms.HiddenInput)

"""What is filled in about an alarm."""

from django import forms
from django.utils.translation import gettext_lazy as _

from jknoffice.alarms.models import Rule


class NoteForm(forms.Form):
    """What was found."""

    note = forms.CharField(
        label=_("What did you find, and what was done?"),
        help_text=_("Who reads it later has to understand it without you. Write no NIK and no telephone number."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ListForm(forms.Form):
    """Which alarms are listed; it comes in the query string, and nonsense lists what is to be done."""

    which = forms.ChoiceField(
        label=_("Show"),
        choices=[("", _("To be handled")), ("handled", _("Handled")), ("all", _("All"))],
        required=False,
    )
    rule = forms.ChoiceField(label=_("Rule"), choices=[("", _("All rules")), *Rule.choices], required=False)

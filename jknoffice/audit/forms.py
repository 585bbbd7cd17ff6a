"""What auditors fill in."""

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.moments import microseconds
from jknoffice.audit.refusals import REFUSED
from jknoffice.audit.scope import AuditLogQuerySet
from jknoffice.audit.values import Why
from jknoffice.audit.words import actions

_BIGGEST_ID = 2**63 - 1


def _moment(label: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    return forms.DateTimeField(label=label, required=False, widget=widget)


class EntryFilter(forms.Form):
    """Which entries to list; it comes in the query string and holds nothing personal of a participant."""

    actor = forms.CharField(label=_("User name"), max_length=60, required=False)
    action = forms.CharField(label=_("Action"), max_length=80, required=False)
    branch = forms.CharField(label=_("Branch code"), max_length=8, required=False)
    object = forms.CharField(
        label=_("Object"),
        max_length=120,
        required=False,
        help_text=_("Kind and number, such as verification.phonechangerequest:12. The links in the list fill it in."),
    )
    person = forms.CharField(
        label=_("Person (keyed)"),
        max_length=64,
        required=False,
        help_text=_("All accounts of one member of staff. The pages of entries fill it in."),
    )
    session = forms.CharField(label=_("Web session (keyed)"), max_length=16, required=False)
    since = _moment(_("From (WIB)"))
    until = _moment(_("Until (WIB)"))
    refused = forms.BooleanField(label=_("Refused attempts only"), required=False)
    older = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=1, max_value=_BIGGEST_ID)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [("", _("All actions")), *actions()]
        asked = str(self.data.get("action") or "")
        if asked not in dict(known):
            known.append((asked, asked))
        self.fields["action"].widget = forms.Select(choices=known)

    def apply(self, entries: AuditLogQuerySet) -> AuditLogQuerySet:
        """Return the entries that a valid form asks for; `older` is left to the page."""
        given = self.cleaned_data
        wanted = Q()
        for column in ("actor", "action", "branch", "person", "session"):
            if given[column]:
                wanted &= Q(**{column: given[column]})
        if given["object"]:
            kind, colon, number = given["object"].partition(":")
            wanted &= Q(object_type=kind, object_id=number) if colon else Q(object_type=kind)
        if given["since"]:
            wanted &= Q(at_us__gte=microseconds(given["since"]))
        if given["until"]:
            wanted &= Q(at_us__lt=microseconds(given["until"]))
        if given["refused"]:
            wanted &= REFUSED
        return entries.filter(wanted)


class TrailSearch(forms.Form):
    """An identifier as the participant gives it."""

    text = forms.CharField(
        label=_("NIK, card number or mobile number"),
        help_text=_("The exact number. Your search and your reading are recorded too."),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )


class RevealForm(forms.Form):
    """Why personal values are opened."""

    why = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", _("Choose a reason")), *Why.choices],
        help_text=_("That you look, and why, is recorded before the values are shown."),
    )

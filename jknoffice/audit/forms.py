"""What auditors fill in."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from jknoffice.audit.filters import Asked
from jknoffice.audit.moments import microseconds
from jknoffice.audit.period import Period
from jknoffice.audit.refusals import REFUSED, is_refusal
from jknoffice.audit.scope import AuditLogQuerySet
from jknoffice.audit.values import Why
from jknoffice.audit.words import action_label, actions

_BIGGEST_ID = 2**63 - 1
_TYPED = ("actor", "object", "person", "session")
_LONGEST_EXPORT = timedelta(days=366)
# The log is younger; and what stands at the edges of the calendar has no local time.
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def _moment(label: Any, *, required: bool = False) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")
    bounds = [MinValueValidator(_EARLIEST), MaxValueValidator(_LATEST)]
    return forms.DateTimeField(label=label, required=required, widget=widget, validators=bounds)


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
    period = forms.ChoiceField(label=_("Period"), choices=[("", _("Any time")), *Period.choices], required=False)
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
        """Return those of the entries that a valid form asks for; `older` is left to the page."""
        return entries.filter(self.wanted())

    def wanted(self) -> Q:
        """Return the condition that a valid form puts."""
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
        if given.get("period"):
            wanted &= Q(at_us__gte=microseconds(Period(given["period"]).begin()))
        if given["refused"]:
            # An action is a refusal or is not: to let the database find out would take a look at each of its entries.
            wanted &= REFUSED if not given["action"] else Q() if is_refusal(given["action"]) else Q(pk__in=())
        return wanted

    def asked(self) -> Asked:
        """Return what a valid form asks for, parted by whether it could name somebody."""
        given = self.cleaned_data
        words = {name: given.get(name) or "" for name in ("action", "branch", "period", *_TYPED)}
        for name in ("since", "until"):
            moment = given[name]
            words[name] = timezone.localtime(moment).replace(tzinfo=None).isoformat("T", "seconds") if moment else ""
        words["refused"] = "on" if given["refused"] else ""
        # An action that nobody has registered may be anything that was put into the address.
        typed = _TYPED if words["action"] in dict(actions()) else (*_TYPED, "action")
        return Asked(
            kept={name: text for name, text in words.items() if text and name not in typed},
            typed={name: words[name] for name in typed if words[name]},
        )

    def hidden(self) -> list[tuple[str, str]]:
        """Return name and text of each filter that a valid form sets, for the inputs of another form."""
        asked = self.asked()
        return [*asked.kept.items(), *asked.typed.items()]

    def in_words(self) -> list[tuple[str, str]]:
        """Return label and value of each filter that a valid form sets."""
        words, given = dict(self.hidden()), self.cleaned_data
        words.update(
            {
                name: date_format(timezone.localtime(given[name]), "j M Y H:i")
                for name in ("since", "until")
                if given[name]
            }
        )
        if "action" in words:
            words["action"] = action_label(words["action"])
        if "period" in words:
            words["period"] = str(Period(words["period"]).label)
        if "refused" in words:
            words["refused"] = gettext("yes")
        return [(str(self.fields[name].label), text) for name, text in words.items()]


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


class ExportForm(forms.Form):
    """The time of an export, and why it is made."""

    since = _moment(_("From (WIB)"), required=True)
    until = _moment(_("Until (WIB)"), required=True)
    why = forms.ChoiceField(label=_("Reason"), choices=[("", _("Choose a reason")), *Why.choices])
    note = forms.CharField(
        label=_("Note"),
        help_text=_("Optional, such as the number of the complaint. It is kept hidden, as personal values are."),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self) -> None:
        """Demand a time that goes forward, and at most a year of it."""
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end must be after the beginning."))
        elif since and until and until - since > _LONGEST_EXPORT:
            self.add_error("until", _("One export holds a year at most. Choose a shorter time."))


class QuestionForm(forms.Form):
    """What a saved question is called, and who may open it."""

    name = forms.CharField(
        label=_("Name of the question"),
        help_text=_("What it asks, such as: refusals of the last 7 days. Never the name or number of a person."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    is_shared = forms.BooleanField(label=_("All auditors may open it"), required=False)

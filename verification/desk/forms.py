"""The forms of the desk."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from participants.fields import BirthDateField
from verification.annotation.shown import FIELDS
from verification.forms import CodeField, IdentifierField, NewPhoneField, PhotoField
from verification.models import BrokenGlass, CaseNote
from verification.models.choices import ChangeReason, DocumentKind, Fault, Finding, RejectReason
from verification.reading.result import FieldName

_CHOOSE = ("", _("Choose …"))
_NO_FILLING_IN = {"autocomplete": "off", "spellcheck": "false"}


class RejectForm(forms.Form):
    """Why a request is rejected."""

    reason = forms.ChoiceField(label=_("Reason"), choices=[_CHOOSE, *RejectReason.choices])

    def clean_reason(self) -> RejectReason:
        """Return the reason as the domain names it."""
        return RejectReason(self.cleaned_data["reason"])


class AskForm(forms.Form):
    """Which photo is needed again, and what is wrong with it."""

    document = forms.ChoiceField(
        label=_("Photo"),
        choices=[_CHOOSE, *((kind.value, kind.label) for kind in (DocumentKind.KTP, DocumentKind.CARD))],
    )
    fault = forms.ChoiceField(label=_("What is wrong with it"), choices=[_CHOOSE, *Fault.choices])

    def clean_document(self) -> DocumentKind:
        """Return the kind of document as the domain names it."""
        return DocumentKind(self.cleaned_data["document"])

    def clean_fault(self) -> Fault:
        """Return the fault as the domain names it."""
        return Fault(self.cleaned_data["fault"])


class GlassForm(forms.Form):
    """Which case of another branch is opened, and why."""

    reference = forms.CharField(
        label=_("Reference"),
        help_text=_("As it stands on the participant's receipt or in their SMS, such as ABC-DEF-GHJ."),
        max_length=40,
        widget=forms.TextInput(attrs=_NO_FILLING_IN),
    )
    reason = forms.CharField(
        label=_("Why it cannot wait for its own branch"),
        help_text=_("The supervisor of that branch reads this. Write no NIK and no telephone number."),
        min_length=10,
        max_length=BrokenGlass.LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class CorrectionForm(forms.Form):
    """What really stands in a field of a photo."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in (DocumentKind.KTP, DocumentKind.CARD)])
    field = forms.ChoiceField(label=_("Field"), choices=[(name.value, label) for name, label in FIELDS.items()])
    value = forms.CharField(label=_("What stands there"), max_length=120)

    def clean_kind(self) -> DocumentKind:
        """Return the kind of document as the domain names it."""
        return DocumentKind(self.cleaned_data["kind"])

    def clean_field(self) -> FieldName:
        """Return the field as a reading names it."""
        return FieldName(self.cleaned_data["field"])


class ApproveForm(forms.Form):
    """What is confirmed once before an approval: `compared` is what the domain asks for."""

    compared = forms.BooleanField(
        label=_("I have compared"),
        help_text=_("photo and name · NIK and birth date · card number · the person on the photo"),
    )


def _note(label: Any, *, required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, required=required, max_length=CaseNote.LONGEST, widget=widget)


class SendBackForm(forms.Form):
    """A word to the next operator."""

    note = _note(_("Note for the next operator"))


class EscalateForm(forms.Form):
    """Why a supervisor has to look."""

    note = _note(_("What the supervisor should look at"), required=True)


class CloseDisputeForm(forms.Form):
    """Why a disputed change stands."""

    finding = forms.ChoiceField(label=_("What you found out"), choices=[_CHOOSE, *Finding.choices])
    note = _note(_("Whom you spoke to, and when"), required=True)

    def clean_finding(self) -> Finding:
        """Return the finding as the domain names it."""
        return Finding(self.cleaned_data["finding"])


class NoteForm(forms.Form):
    """A word to whoever works on the case next."""

    note = _note(_("Note for colleagues"), required=True)


class SnoozeForm(forms.Form):
    """Until when a case is put off; cleans to the moment."""

    until = forms.TypedChoiceField(
        label=_("For how long"),
        coerce=int,
        choices=[
            _CHOOSE,
            (1, _("One hour")),
            (4, _("Four hours")),
            (24, _("One day")),
            (48, _("Two days")),
        ],
    )
    note = _note(_("Note for whoever takes it then"))

    def clean_until(self) -> datetime:
        """Return the moment, counted from now."""
        return clock.now() + timedelta(hours=self.cleaned_data["until"])


class CounterForm(forms.Form):
    """A request that a participant makes in person; cleans to what `changes.Intake` takes."""

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)
    identifier = IdentifierField()
    birth_date = BirthDateField(
        widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 12, **_NO_FILLING_IN}),
    )
    new_phone = NewPhoneField(
        help_text=_("The participant has to have this telephone at hand: a code is sent to it now."),
        widget=forms.TextInput(attrs={"type": "tel", **_NO_FILLING_IN}),
    )
    reason = forms.ChoiceField(label=_("Reason for the change"), choices=[_CHOOSE, *ChangeReason.choices])
    ktp = PhotoField(label=_("Photo of the KTP"))
    card = PhotoField(label=_("Photo of the BPJS card"))

    def __init__(self, *args: Any, cut_off: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if cut_off:
            PhotoField.note_cut_off(self)

    def clean_reason(self) -> ChangeReason:
        """Return the reason as the domain names it."""
        return ChangeReason(self.cleaned_data["reason"])


class CodeForm(forms.Form):
    """The code that the participant reads out."""

    code = CodeField(widget=forms.TextInput(attrs={"inputmode": "numeric", "size": 8, **_NO_FILLING_IN}))

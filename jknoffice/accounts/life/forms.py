"""What staff administrators type."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.life.listing import Wanted
from jknoffice.accounts.life.rules import ResetWhy, VoidWhy, Why
from jknoffice.accounts.models import Branch, User
from jknoffice.accounts.models.user import State
from jknoffice.accounts.roles import Role

_NOTHING = ("", "---------")
_ANY = ("", _("all"))


def _reason(*reasons: Why | ResetWhy | VoidWhy) -> forms.TypedChoiceField:
    kind = type(reasons[0])
    return forms.TypedChoiceField(
        label=_("Reason"), choices=[_NOTHING, *((each.value, each.label) for each in reasons)], coerce=kind
    )


def _role() -> forms.TypedChoiceField:
    return forms.TypedChoiceField(label=_("Role"), choices=[_NOTHING, *Role.choices], coerce=Role)


def _branch() -> "forms.ModelChoiceField[Branch]":
    return forms.ModelChoiceField(
        label=_("Branch"),
        queryset=Branch.objects.all(),
        required=False,
        help_text=_("Operators and supervisors need one."),
    )


class ListForm(forms.Form):
    """What the list is narrowed by."""

    q = forms.CharField(label=_("Name or user name"), required=False, max_length=120)
    role = forms.TypedChoiceField(
        label=_("Role"), required=False, choices=[_ANY, *Role.choices], coerce=Role, empty_value=None
    )
    branch = forms.ModelChoiceField(
        label=_("Branch"), queryset=Branch.objects.all(), required=False, empty_label=str(_ANY[1])
    )
    state = forms.TypedChoiceField(
        label=_("State"), required=False, choices=[_ANY, *State.choices], coerce=State, empty_value=None
    )
    factor = forms.ChoiceField(
        label=_("Second step"), required=False, choices=[_ANY, ("yes", _("set up")), ("no", _("not set up"))]
    )

    def wanted(self) -> Wanted:
        """Return what was asked for; what is no answer narrows nothing."""
        self.is_valid()
        given = self.cleaned_data
        return Wanted(
            text=given.get("q", ""),
            role=given.get("role"),
            branch=given.get("branch"),
            state=given.get("state"),
            has_factor={"yes": True, "no": False}.get(given.get("factor", "")),
        )


class InviteForm(forms.Form):
    """A new account."""

    full_name = forms.CharField(label=_("Full name"), max_length=120)
    username = forms.CharField(
        label=_("User name"),
        max_length=60,
        help_text=_("For good: it is never given to somebody else."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )
    nik = forms.CharField(
        label=_("NIK"),
        max_length=40,
        help_text=_("16 digits, from the KTP. Only what tells the same person again is kept, not the number."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "jkn-number"}),
    )
    role = _role()
    branch = _branch()
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("The link goes there as well, where this place can send e-mail."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def clean_nik(self) -> str:
        """Take the digits as people group them."""
        return "".join(str(self.cleaned_data["nik"]).split())


class AboutForm(forms.Form):
    """A step about `owner`."""

    def __init__(self, data: Any = None, *, owner: User) -> None:
        self.owner = owner
        # A page shows several of these forms: no two fields of it have one id.
        super().__init__(data, auto_id=f"{type(self).__name__.lower()}_%s")


class MoveForm(AboutForm):
    """Another role, another branch or both."""

    role = _role()
    branch = _branch()
    why = _reason(Why.TRANSFER, Why.NEW_TASK, Why.MISTAKE)

    def __init__(self, data: Any = None, *, owner: User) -> None:
        super().__init__(data, owner=owner)
        self.initial = {"role": owner.role, "branch": owner.branch_id}


class SuspendForm(AboutForm):
    """A suspension."""

    why = _reason(Why.ABSENCE, Why.INQUIRY, Why.MISUSE)


class LiftForm(AboutForm):
    """Its end."""

    why = _reason(Why.BACK, Why.CLEARED, Why.MISTAKE)


class LeaveForm(AboutForm):
    """The end of an account: the user name is typed, for nothing brings it back."""

    why = _reason(Why.LEFT, Why.MISUSE, Why.MISTAKE)
    typed = forms.CharField(
        label=_("Type the user name to confirm"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> None:
        """Compare what was typed; the step does not need it."""
        if self.cleaned_data.pop("typed", self.owner.username) != self.owner.username:
            self.add_error("typed", _("This is not the user name of this account."))


class VoidForm(AboutForm):
    """A forgotten password."""

    why = _reason(VoidWhy.FORGOTTEN, VoidWhy.SUSPICION)


class ResetForm(AboutForm):
    """A reset of the second step."""

    why = _reason(ResetWhy.LOST, ResetWhy.BROKEN, ResetWhy.SUSPICION)

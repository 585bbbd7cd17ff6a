"""What is typed at the door."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.accounts.login import password
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.login.passkeys import ceremony
from jknoffice.accounts.models import Passkey, User
from jknoffice.accounts.passwords.validators import LONGEST
from jknoffice.refusal import Refusal


class PasswordForm(forms.Form):
    """The first step."""

    username = forms.CharField(
        label=_("User name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autofocus": True, "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label=_("Password"),
        max_length=1000,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class CodeForm(forms.Form):
    """The confirmation of an enrolment: six digits."""

    code = forms.CharField(
        label=_("Six-digit code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "class": "jkn-number",
                "size": 8,
            }
        ),
    )


class ShownForm(forms.Form):
    """What somebody shows to prove who they are: a code that they type, or the answer of a passkey.

    The template gives the field `passkey` its hidden input, which passkey.js fills. A subclass names in `typed` the
    field for the code.
    """

    typed = "code"
    passkey = forms.CharField(required=False, max_length=ceremony.LONGEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[self.typed].required = False

    def clean(self) -> dict[str, Any]:
        """Demand one of the two."""
        given = super().clean() or self.cleaned_data
        if not self.errors and not (given["passkey"] or given[self.typed]):
            self.add_error(self.typed, self.fields[self.typed].error_messages["required"])
        return given

    def shown(self) -> str:
        """Return what was shown, as `factors.verify()` takes it."""
        return str(self.cleaned_data["passkey"] or self.cleaned_data[self.typed])

    def refuse(self, sentence: Refusal | str) -> None:
        """Say why it was not accepted: at the field, or above all where it was a passkey."""
        self.add_error(None if self.cleaned_data["passkey"] else self.typed, str(sentence))


class SecondStepForm(ShownForm, CodeForm):
    """The second step: a code of the authenticator, or a passkey."""


class RecoveryForm(ShownForm):
    """The second step with a recovery code."""

    code = forms.CharField(
        label=_("Recovery code"),
        help_text=_("One of the ten codes from your paper, with its number, such as 3-ABCD-EFGH."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autofocus": True, "class": "jkn-number", "spellcheck": "false"}
        ),
    )


class ProofForm(ShownForm):
    """A fresh proof of who somebody is, before what they log in with changes."""

    typed = "proof"
    proof = forms.CharField(
        label=_("Code of your present authenticator"),
        help_text=_("Or one of your recovery codes, if you do not have it any more."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "class": "jkn-number", "spellcheck": "false", "size": 16}
        ),
    )

    def __init__(self, *args: Any, has_authenticator: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_authenticator:
            self.fields["proof"].label = _("Recovery code")
            self.fields["proof"].help_text = _("If you do not have your passkey at hand.")


class AgainForm(ProofForm):
    """A fresh proof of who somebody is, before what an open session is not enough for."""

    def __init__(self, *args: Any, has_authenticator: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, has_authenticator=has_authenticator, **kwargs)
        self.fields["proof"].widget.attrs["autofocus"] = True
        if has_authenticator:
            self.fields["proof"].label = _("Code of your authenticator")


class ReplaceForm(ProofForm):
    """A code of the new authenticator, and one of the old."""

    code = forms.CharField(
        label=_("Code that the new app shows"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "jkn-number", "size": 8}),
    )
    field_order = ("code", "proof")


class NamedForm(ProofForm):
    """What a passkey is called, and a proof."""

    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("Such as the device on which it lies."),
        max_length=Passkey._meta.get_field("name").max_length,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("name", "proof")


class PresentForm(forms.Form):
    """The password of who has one, beside a one-time link."""

    password = forms.CharField(
        label=_("Your password"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )


class ChooseForm(forms.Form):
    """The first password of who has a one-time link."""

    password = forms.CharField(
        label=_("New password"),
        help_text=_("At least 12 characters, such as four words that do not belong together."),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password", "autofocus": True}),
    )
    again = forms.CharField(
        label=_("New password once more"),
        max_length=LONGEST,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, owner: User, *args: Any) -> None:
        self.owner = owner
        super().__init__(*args)

    def clean_password(self) -> str:
        """Refuse what no password may be."""
        typed = str(self.cleaned_data["password"])
        validate_password(typed, self.owner)
        return typed

    def clean(self) -> None:
        """Refuse two that differ."""
        if "password" in self.cleaned_data and self.cleaned_data["password"] != self.cleaned_data.get("again"):
            self.add_error("again", _("The two passwords differ. Type the same one twice."))


class OwnPasswordForm(AdminPasswordChangeForm):
    """Changing one's own password, as Django asks for it."""

    def clean_old_password(self) -> str:
        """Ask the domain whether it is the present one, so that guesses count and are recorded."""
        typed = str(self.cleaned_data["old_password"])
        try:
            password.prove(user=self.user, typed=typed, at=clock.now())
        except (password.WrongPresentPassword, TooManyAttempts) as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return typed

    def save(self, commit: bool = True) -> User:
        """Make the one domain call. Raises PermissionDenied where the session is over by what came in between."""
        try:
            password.change(user=self.user, new=self.cleaned_data["new_password1"])
        except password.PasswordMoved as refusal:
            raise PermissionDenied from refusal
        return self.user

"""What is typed at the door."""

from typing import Any

from django import forms
from django.contrib.admin.forms import AdminPasswordChangeForm
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jknoffice.accounts.login import password
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.models import User
from jknoffice.accounts.passwords.validators import LONGEST


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
    """The second step, and the confirmation of an enrolment: six digits."""

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


class RecoveryForm(forms.Form):
    """The second step with a recovery code."""

    code = forms.CharField(
        label=_("Recovery code"),
        help_text=_("One of the ten codes from your paper, with its number, such as 3-ABCD-EFGH."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autofocus": True, "class": "jkn-number", "spellcheck": "false"}
        ),
    )


class ProofForm(forms.Form):
    """A fresh code of what one has, before it is exchanged."""

    proof = forms.CharField(
        label=_("Code of your present authenticator"),
        help_text=_("Or one of your recovery codes, if you do not have it any more."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "class": "jkn-number", "spellcheck": "false", "size": 16}
        ),
    )


class ReplaceForm(ProofForm):
    """A code of the new authenticator, and one of the old."""

    code = forms.CharField(
        label=_("Code that the new app shows"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "class": "jkn-number", "size": 8}),
    )
    field_order = ("code", "proof")


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
            password.prove(user=self.user, typed=typed, at=timezone.now())
        except (password.WrongPresentPassword, TooManyAttempts) as refusal:
            raise forms.ValidationError(str(refusal), code=refusal.code) from refusal
        return typed

    def save(self, commit: bool = True) -> User:
        """Make the one domain call."""
        password.change(user=self.user, new=self.cleaned_data["new_password1"])
        return self.user

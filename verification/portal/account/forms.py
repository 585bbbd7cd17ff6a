"""What is typed at the pages of an account."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from participants.fields import BirthDateField
from participants.models import ParticipantAccount
from verification.forms import CodeField, IdentifierField, NewPhoneField

LONGEST_PASSWORD = 1000


def password_field(label: Any, autocomplete: str, **options: Any) -> forms.CharField:
    """Return the field of a password, which is taken as it is typed."""
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, max_length=LONGEST_PASSWORD, strip=False, widget=widget, **options)


class LoginForm(forms.Form):
    """User name or e-mail, and password."""

    name = forms.CharField(
        label=_("User name or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = password_field(_("Password"), "current-password")


class PasswordAgainForm(forms.Form):
    """The password once more, before something changes."""

    password = password_field(_("Your password"), "current-password")


class ProofForm(forms.Form):
    """Who wants an account."""

    identifier = IdentifierField()
    birth_date = BirthDateField()
    phone = NewPhoneField(label=_("Mobile number registered with BPJS"), help_text=_("We send a code to this number."))


class ForgottenForm(forms.Form):
    """Whose password is forgotten."""

    name = forms.CharField(
        label=_("User name or e-mail"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )


class EmailForm(forms.Form):
    """A new e-mail address; cleans to small letters."""

    email = forms.EmailField(
        label=_("New e-mail address"),
        help_text=_("We send a code to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        """Return the address in small letters."""
        return str(self.cleaned_data["email"]).lower()


class PhoneForm(forms.Form):
    """A new mobile number."""

    new_phone = NewPhoneField(
        help_text=_("An Indonesian number that is in your hand now, for example 0812-3456-7890. We send a code to it.")
    )


class MailedCodeForm(forms.Form):
    """The code from the e-mail."""

    code = CodeField(label=_("Code from the e-mail"))


class NewPasswordForm(forms.Form):
    """A new password, twice. `account` is whose it will be: a password may not resemble its data."""

    new_password = password_field(
        _("Your new password"), "new-password", help_text=password_validators_help_text_html()
    )
    again = password_field(_("New password again"), "new-password")

    def __init__(self, *args: Any, account: ParticipantAccount | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account

    def clean(self) -> dict[str, Any]:
        """Compare the two, and ask the validators."""
        typed = super().clean() or self.cleaned_data
        new, again = typed.get("new_password"), typed.get("again")
        if new and again and new != again:
            self.add_error("again", _("The two passwords differ. Type the same one twice."))
        if new:
            try:
                validate_password(new, self.whose(typed))  # type: ignore[arg-type]  # takes any such row
            except ValidationError as error:
                self.add_error("new_password", error)
        return typed

    def whose(self, typed: dict[str, Any]) -> ParticipantAccount | None:
        """Return the account to compare the password with."""
        return self.account


class OwnPasswordForm(NewPasswordForm):
    """The old password and a new one."""

    old_password = password_field(_("Present password"), "current-password")
    field_order = ["old_password", "new_password", "again"]


class ChooseForm(NewPasswordForm):
    """User name, e-mail and password of a new account."""

    username = forms.CharField(
        label=_("User name"),
        help_text=_("4 to 30 small letters, digits, dots or dashes, for example siti.aminah."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("If you have one: we send a code to it, and then you can log in with it as well."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    field_order = ["username", "email", "new_password", "again"]

    def clean_username(self) -> str:
        """Return the user name in small letters, in the form in which it is stored."""
        name = str(self.cleaned_data["username"]).lower()
        ParticipantAccount._meta.get_field("username").run_validators(name)
        return name

    def clean_email(self) -> str:
        """Return the address in small letters."""
        return str(self.cleaned_data["email"]).lower()

    def whose(self, typed: dict[str, Any]) -> ParticipantAccount:
        """Return the account that it would be."""
        return ParticipantAccount(username=typed.get("username", ""), email=typed.get("email", ""))

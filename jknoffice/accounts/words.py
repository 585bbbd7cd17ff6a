"""What the audit log calls the events of accounts."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jknoffice.audit.words import Label

ACTIONS: Mapping[str, Label] = {
    "account.created": _("Created an account"),
    "account.login": _("Logged in"),
    "account.login_refused": _("Was refused at the log-in"),
    "account.logout": _("Logged out"),
    "account.second_factor_added": _("Set up a second step"),
    "account.password_changed": _("Changed their own password"),
    "account.recovery_used": _("Used a recovery code"),
}

FIELDS: Mapping[str, Label] = {
    "role": _("Role"),
    "branch": _("Branch"),
    "method": _("Method"),
    "number": _("Number"),
    "username": _("User name"),
    "full_name": _("Full name"),
}

VALUES: Mapping[str, Label] = {
    "password": _("Wrong user name or password"),
    "inactive": _("The account is not active"),
    "not_staff": _("Not a staff account"),
    "second_factor": _("Wrong code in the second step"),
    "reused_code": _("The code had been used before"),
    "too_many": _("Too many attempts"),
    "totp": _("Authenticator"),
    "recovery": _("Recovery code"),
    "login": _("log-in"),
}

"""What the audit log calls the events of accounts."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jknoffice.audit.words import Label

ACTIONS: Mapping[str, Label] = {
    "account.created": _("Created an account"),
    "branch.imported": _("Imported branches"),
    "account.login": _("Logged in"),
    "account.login_refused": _("Was refused at the log-in"),
    "account.logout": _("Logged out"),
    "account.second_factor_added": _("Set up a second step"),
    "account.second_factor_replaced": _("Exchanged their authenticator"),
    "account.second_factor_removed": _("Removed a passkey"),
    "account.passkey_renamed": _("Renamed a passkey"),
    "account.passkey_copied": _("Was refused a passkey that seems to have been copied"),
    "account.told": _("Told somebody by e-mail what happened to their second step"),
    "account.recovery_codes_made": _("Made new recovery codes"),
    "account.password_changed": _("Changed their own password"),
    "account.password_refused": _("Was refused a new password"),
    "account.sessions_ended": _("Ended sessions"),
    "account.sessions_refused": _("Was refused to end sessions"),
    "account.recovery_used": _("Used a recovery code"),
    "account.officer_refused": _("Was refused as one of two officers"),
    "audit.shred_refused": _("Was refused the shredding of a person's values"),
    "audit.origin_refused": _("Was refused a new origin of the audit log"),
}

FIELDS: Mapping[str, Label] = {
    "role": _("Role"),
    "branch": _("Branch"),
    "method": _("Method"),
    "number": _("Number"),
    "proved_by": _("Proved by"),
    "passkey": _("Passkey"),
    "counter": _("Counter of signatures"),
    "sessions_ended": _("Sessions ended"),
    "passkey_name": _("Name of the passkey"),
    "session": _("Session"),
    "sessions": _("Sessions"),
    "username": _("User name"),
    "full_name": _("Full name"),
    "second": _("Second officer"),
    "origin": _("New origin"),
    "old_origin": _("Old origin"),
    "kept_size": _("Sealed entries kept"),
    "witnessed_size": _("Sealed entries a witness has seen"),
}

VALUES: Mapping[str, Label] = {
    "password": _("Wrong user name or password"),
    "inactive": _("The account is not active"),
    "not_staff": _("Not a staff account"),
    "second_factor": _("Wrong code in the second step"),
    "reused_code": _("The code had been used before"),
    "too_many": _("Too many attempts"),
    "totp": _("Authenticator"),
    "passkey": _("Passkey"),
    "wrong_passkey": _("Wrong passkey"),
    "passkey_late": _("Answered too late, or twice"),
    "passkey_copied": _("A passkey that seems to have been copied"),
    "recovery": _("Recovery code"),
    "login": _("log-in"),
    "not_an_officer": _("The role may not do this"),
    "no_right": _("The role may not do this"),
    "own": _("Their own"),
    "device_lost": _("A device is lost or stolen"),
    "suspicion": _("Somebody else may have used the account"),
    "left_open": _("A session was left open"),
    "same_person": _("Both officers are one person"),
    "only_authenticator": _("Not a code of an authenticator"),
    "no_values": _("The log holds no values of this person"),
    "not_confirmed": _("Not confirmed"),
    "origin_not_needed": _("No witness has seen more than the log holds"),
    "origin_name": _("The name cannot be that of an origin"),
    "factor_added": _("Set up a second step"),
    "factor_replaced": _("Exchanged their authenticator"),
    "factor_removed": _("Removed a passkey"),
    "factors_reset": _("The second step was reset"),
    "codes_made": _("Made new recovery codes"),
}

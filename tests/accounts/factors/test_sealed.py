"""What the table of authenticators tells whoever reads or writes it."""

import importlib
from typing import cast

import pytest
from django.apps import apps
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from jknoffice.accounts.login import factors
from jknoffice.accounts.login.attempts import TooManyAttempts
from jknoffice.accounts.models import Authenticator, RecoveryCode
from jknoffice.audit.models import AuditLog
from jknoffice.crypto import Unreadable
from tests import make
from tests.accounts.door import code_of
from tests.verification.test_races import at_once

sealing = importlib.import_module("jknoffice.accounts.migrations.0006_sealed_authenticators")
NO_SCHEMA = cast(BaseDatabaseSchemaEditor, None)

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_table_holds_no_secret_and_the_code_is_still_right() -> None:
    user = make.staff()
    secret = "31" * 20
    device = Authenticator.objects.create(user=user, key=secret, confirmed=True)
    row = TOTPDevice.objects.get(pk=device.pk)
    assert row.key.startswith("v1:")
    assert secret not in row.key
    assert Authenticator.objects.get(pk=device.pk).bin_key.hex() == secret
    found, method = factors.verify(user=user, typed=code_of(TOTPDevice(key=secret)), at=timezone.now())
    assert (found, method) == (device, factors.TOTP)
    assert Authenticator.objects.get(pk=device.pk).bin_key.hex() == secret  # noting the use has kept it


def test_a_ciphertext_in_another_persons_row_opens_nothing() -> None:
    mine, theirs = make.authenticator(make.staff()), make.authenticator(make.staff())
    Authenticator.objects.filter(pk=theirs.pk).update(key=mine.key)
    with pytest.raises(Unreadable):
        _ = Authenticator.objects.get(pk=theirs.pk).bin_key


def test_the_database_takes_no_secret_in_clear() -> None:
    with pytest.raises(IntegrityError, match="authenticator_sealed"):
        TOTPDevice.objects.create(user=make.staff(), name="app", confirmed=True)


def test_the_migration_seals_what_stands_there_and_opens_it_again() -> None:
    device = make.authenticator(make.staff())
    secret = device.bin_key.hex()
    run(sealing.BACKWARD)
    try:
        sealing.open_all(apps, NO_SCHEMA)
        assert TOTPDevice.objects.get().key == secret
        sealing.seal_all(apps, NO_SCHEMA)
        sealing.seal_all(apps, NO_SCHEMA)
    finally:
        run(sealing.FORWARD)
    assert TOTPDevice.objects.get().key.startswith("v1:")
    assert Authenticator.objects.get().bin_key.hex() == secret


def test_twelve_wrong_factors_of_both_kinds_at_once_are_judged_five_times() -> None:
    user = make.staff()
    device = make.authenticator(user)
    RecoveryCode.objects.create(user=user, number=1, digest=make_password("ABCDEFGH"))
    shown = {code_of(device, steps=steps) for steps in range(-2, 3)}
    wrong = next(f"{number:06}" for number in range(10) if f"{number:06}" not in shown)
    at = timezone.now()
    answers = at_once(
        *[lambda: factors.verify(user=user, typed=wrong, at=at)] * 6,
        *[lambda: factors.verify(user=user, typed="1-WRNG-WRNG", at=at)] * 6,
    )
    assert sum(isinstance(answer, factors.WrongCode) for answer in answers) == factors.WRONG_CODES.most == 5
    assert sum(isinstance(answer, TooManyAttempts) for answer in answers) == 7
    assert AuditLog.objects.filter(action="account.login_refused", reason="too_many").count() == 1
    [refusal] = at_once(lambda: factors.verify(user=user, typed=code_of(device), at=at))
    assert isinstance(refusal, TooManyAttempts)


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)

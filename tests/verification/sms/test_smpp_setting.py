"""What `JKN_SMS_SMPP` may say, and what is named before the first message."""

import subprocess
import sys
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from verification import checks
from verification.sms.gateways.smpp import account

GOOD = {"host": "smsc.example", "user": "jkn"}


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"user": "jkn"}, "needs a host"),
        ({"host": "smsc.example"}, "a user"),
        ({**GOOD, "pasword": "hidden"}, "does not know .'pasword'."),
        ({**GOOD, "port": "2775"}, "port cannot be used"),
        ({**GOOD, "port": True}, "port cannot be used"),
        ({**GOOD, "tls": "no"}, "tls cannot be used"),
        ({**GOOD, "seconds": "9"}, "seconds cannot be used"),
        ({**GOOD, "host": 7}, "host cannot be used"),
        ({**GOOD, "password": "hidden678"}, "password 8"),
        ({**GOOD, "password": "hiddé"}, "password 8"),
        ({**GOOD, "user": "u" * 16}, "user 15"),
        ({**GOOD, "sender": "s" * 21}, "sender 20"),
        ({**GOOD, "sender": "twelve-chars"}, "sender cannot be used"),
        ({**GOOD, "port": 0}, "port cannot be used"),
        ({**GOOD, "ca": "/nowhere/ca.pem"}, "ca cannot be used"),
        ({**GOOD, "sender_ton": 7}, "sender_ton cannot be used"),
        ({**GOOD, "number_npi": 2}, "number_npi cannot be used"),
        ({**GOOD, "seconds": 0}, "seconds cannot be used"),
        ({**GOOD, "idle": 1e9}, "idle cannot be used"),
        ({**GOOD, "per_second": -1}, "per_second cannot be used"),
        ([], "must be a JSON object"),
    ],
)
def test_a_bad_description_is_refused_without_quoting_a_secret(given: Any, named: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=named) as refusal:
        account.read("x", given)
    assert "hidd" not in str(refusal.value)


def test_a_secret_is_not_shown_with_the_description() -> None:
    read = account.read("x", {**GOOD, "password": "hidden", "seconds": 3, "sender": "1" * 12, "sender_ton": 1})
    assert "hidden" not in repr(read)
    assert (read.tls, read.seconds, read.sender_ton) == (True, 3, 1)


def found(settings: Any, **given: Any) -> list[str | None]:
    settings.SMS_SMPP, settings.SMS_GATEWAY = given, "memory"
    return [each.id for each in checks.gateways_are_known([])]


def test_the_check_names_what_is_wrong(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found(settings, good=GOOD, odd=3, bare={}) == ["verification.E004", "verification.E004"]
    settings.SMS_HTTP = {"twin": {"url": "https://gateway.example/"}}
    assert found(settings, twin=GOOD) == ["verification.E006", "verification.E006"]
    assert found(settings, **{"n" * 41: GOOD}) == ["verification.E006"]
    settings.SMS_HTTP, settings.SMS_GATEWAY, settings.SMS_SMPP = {}, "good,other", {"good": GOOD}
    assert [each.id for each in checks.gateways_are_known([])] == ["verification.E002"]
    monkeypatch.setattr(checks, "find_spec", lambda _name: None)
    assert found(settings, good=GOOD) == ["verification.E005"]
    assert found(settings) == []


def test_a_line_without_tls_is_warned_of(settings: Any) -> None:
    settings.SMS_SMPP = {"open": {**GOOD, "tls": False}, "safe": GOOD, "odd": 3}
    (warning,) = checks.lines_are_private([])
    assert "open without" in warning.msg
    settings.SMS_SMPP = {"safe": GOOD}
    assert checks.lines_are_private([]) == []


def test_without_the_setting_smpplib_is_never_imported() -> None:
    code = (
        "import sys; import tests.settings, django; django.setup()\n"
        "from django.core import management; management.call_command('check')\n"
        "from verification import tasks; from verification.sms import gateways\n"
        "gateways.listen(); gateways.send(to='+6281211112222', text='x')\n"
        "sys.exit('smpplib' in sys.modules)"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "tests.settings", "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", code], check=True, env=environment, capture_output=True)

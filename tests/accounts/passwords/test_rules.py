"""Which passwords are taken, and what somebody is told who wants another one."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.hashers import identify_hasher, make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.test import Client
from pytest_django.fixtures import Settings

from jknoffice import settings as product
from jknoffice.accounts.login import password
from jknoffice.accounts.models import User
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts.passwords.test_breached import listed
from tests.test_settings import _in_production, load  # noqa: F401 - a fixture that a test asks for by its name

PAGE = "/admin/password_change/"
NEW = "kuda biru makan soto"
SITI = User(username="siti.rahmawati", full_name="Siti Rahmawati", email="s.rahma@bpjs.example")


def faults(typed: str, user: User | None = SITI) -> set[str]:
    try:
        validate_password(typed, user)
    except ValidationError as error:
        return {str(each.code) for each in error.error_list}
    return set()


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (NEW, ""),
        ("zzyzx wvut qrst", ""),
        ("kata sandi saya panjang sekali", ""),
        ("Kerja di kantor BPJS, Selasa", ""),
        ("pangkal pinang 🌊 selat", ""),
        ("x9" * 500, ""),
        ("x9" * 500 + "x", "password_too_long"),
        ("elevenchars", "password_too_short"),
        ("correcthorsebatterystaple", ""),
        ("international", "password_too_common"),
        ("QwertyQwerty", "password_too_common"),
        ("siti.rahmawati", "password_too_similar"),
        ("Siti Rahmawati 1", "password_too_similar"),
        ("s.rahma@bpjs.example", "password_too_similar"),
        ("BPJS-Kesehatan-2026!", "password_own_words"),
        ("jkn office 12345", "password_own_words"),
        ("P3tugas petugas 77", ""),
        ("petugas.kantor.01", "password_own_words"),
        ("katasandirahasia", "password_own_words"),
        ("240817 190945 5", ""),
    ],
)
def test_what_is_taken_and_what_is_not(typed: str, fault: str) -> None:
    assert faults(typed) == ({fault} if fault else set())


def test_a_password_that_became_known_is_not_taken(tmp_path: Path, settings: Settings) -> None:
    assert faults(NEW) == set()
    settings.BREACHED_PASSWORDS = listed(tmp_path, "another one", NEW, "a third one")
    assert faults(NEW) == {"password_breached"}
    assert faults(NEW + " sekali") == set()


def test_while_the_list_cannot_be_read_no_password_is_taken(tmp_path: Path, settings: Settings) -> None:
    settings.BREACHED_PASSWORDS = tmp_path / "away.txt"
    assert faults(NEW) == {"password_unchecked"}


@pytest.mark.usefixtures("_in_production")
def test_the_list_is_a_file_by_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load()["BREACHED_PASSWORDS"] is None
    monkeypatch.setenv("JKN_BREACHED_PASSWORDS", str(tmp_path))
    with pytest.raises(ImproperlyConfigured, match="JKN_BREACHED_PASSWORDS must name a file"):
        load()
    file = listed(tmp_path, NEW)
    monkeypatch.setenv("JKN_BREACHED_PASSWORDS", str(file))
    assert load()["BREACHED_PASSWORDS"] == file


def test_passwords_are_kept_as_argon2id(settings: Settings) -> None:
    settings.PASSWORD_HASHERS = product.PASSWORD_HASHERS
    kept = make_password(NEW)
    assert kept.startswith("argon2$argon2id$")
    assert identify_hasher(kept).algorithm == "argon2"


# --- the page -----------------------------------------------------------------------------------


def change(client: Client, old: str = make.PASSWORD, new: str = NEW) -> Any:
    return client.post(PAGE, {"old_password": old, "new_password1": new, "new_password2": new})


def refusals() -> list[str]:
    found = AuditLog.objects.filter(action="account.password_refused").order_by("pk")
    return list(found.values_list("reason", flat=True))


@pytest.mark.django_db
def test_the_page_says_the_rules_and_refuses_what_breaks_them() -> None:
    client = make.logged_in(make.staff())
    page = client.get(PAGE).content.decode()
    assert "Kalimat dari beberapa kata" in page
    assert "pernah bocor" in page
    answer = change(client, new="bpjs kesehatan 2026")
    assert "seperti BPJS, JKN, atau petugas" in str(answer.context["form"].errors["new_password2"])
    assert refusals() == []


@pytest.mark.django_db
def test_the_present_password_is_asked_for_and_guessing_it_ends_soon() -> None:
    user = make.staff()
    client, elsewhere = make.logged_in(user), make.logged_in(user)
    for number in range(password.OWN.most):
        answer = change(client if number % 2 else elsewhere, old="not this one")
        assert answer.context["form"].errors["old_password"] == [str(password.WrongPresentPassword.sentence)]
    assert "Terlalu banyak percobaan" in str(change(client).context["form"].errors["old_password"])
    assert refusals() == ["password"] * password.OWN.most + ["too_many"]
    assert User.objects.get(pk=user.pk).check_password(make.PASSWORD)


@pytest.mark.django_db
def test_right_present_passwords_do_not_count() -> None:
    client = make.logged_in(make.staff())
    for _ in range(password.OWN.most + 1):
        change(client, new="short")
    assert change(client).status_code == 302
    assert refusals() == []

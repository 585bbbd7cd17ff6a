"""One's own second step: exchanged only by who has the present one, and by nobody who only finds a session open."""

import os
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import ViewportSize

from jknoffice.accounts.login import authenticator, factors, replacing
from jknoffice.accounts.models import Authenticator, RecoveryCode, User
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts import door
from tests.browser import DESK, PHONE, Pages, assert_accessible
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def somebody() -> tuple[User, Authenticator, Client]:
    user = make.staff()
    device = make.authenticator(user)
    return user, device, make.logged_in(user)


def exchange(client: Client, *, proof: str, code: str = "") -> tuple[Authenticator, Any]:
    """Set up a new authenticator as the page says; returns it, and the answer."""
    address = reverse("admin:second_step_replace")
    new = door.offered(client.get(address))
    return new, client.post(address, {"code": code or door.code_of(new), "proof": proof})


def test_the_new_authenticator_takes_the_place_of_the_old() -> None:
    user, device, client = somebody()
    elsewhere = make.logged_in(user)
    new, answer = exchange(client, proof=door.code_of(device))
    assert answer.headers["Location"] == reverse("admin:second_step")
    kept = Authenticator.objects.get(user=user)
    assert kept.bin_key.hex() == new.key
    assert client.get(reverse("admin:second_step")).status_code == 200
    assert not door.is_in(elsewhere)
    fresh = Client()
    door.give_password(fresh, user)
    door.give_code(fresh, door.code_of(device))
    assert not door.is_in(fresh)
    door.give_code(fresh, door.code_of(new, steps=1))
    assert door.is_in(fresh)
    entry = AuditLog.objects.get(action=replacing.REPLACED)
    assert '"sessions_ended":1' in entry.entry.replace(" ", "")


def test_a_recovery_code_stands_in_for_a_lost_authenticator() -> None:
    user, _device, client = somebody()
    code, *_others = make_codes(user)
    new, _answer = exchange(client, proof=code)
    assert Authenticator.objects.get(user=user).bin_key.hex() == new.key
    assert RecoveryCode.objects.filter(user=user, used_at=None).count() == 9


def make_codes(user: User) -> list[str]:
    device = Authenticator.objects.get(user=user)
    return replacing.new_codes(user=user, proof=door.code_of(device), at=timezone.now())


@pytest.mark.parametrize("page", ["second_step_replace", "second_step_codes"])
def test_without_the_present_one_nothing_changes_and_guesses_count(page: str) -> None:
    user, device, client = somebody()
    before = Authenticator.objects.get(user=user).key
    for _ in range(factors.WRONG_CODES.most):
        answer = guess(client, page)
        assert (answer.status_code, b"errorlist" in answer.content) == (200, True)
    refused = guess(client, page, proof=door.code_of(device))
    assert refused.status_code == 429
    assert Authenticator.objects.get(user=user).key == before
    assert not RecoveryCode.objects.filter(user=user).exists()


def guess(client: Client, page: str, proof: str = "000000") -> Any:
    if page == "second_step_replace":
        return exchange(client, proof=proof)[1]
    return client.post(reverse(f"admin:{page}"), {"proof": proof})


def test_a_wrong_code_of_the_new_one_costs_no_code_of_the_old() -> None:
    _user, device, client = somebody()
    proof = door.code_of(device)
    _new, answer = exchange(client, proof=proof, code="000000")
    assert "new_factor" not in answer.content.decode()
    assert answer.context["form"].errors.keys() == {"code"}
    assert exchange(client, proof=proof)[1].status_code == 302


def test_new_recovery_codes_are_shown_once_and_end_the_old() -> None:
    user, device, client = somebody()
    code = door.code_of(device)
    answer = client.post(reverse("admin:second_step_codes"), {"proof": code})
    codes = answer.context["codes"]
    assert len(codes) == 10
    row = RecoveryCode.objects.get(user=user, number=1)
    assert check_password(codes[0].split("-", 1)[1].replace("-", ""), row.digest)
    assert "no-store" in answer.headers["Cache-Control"]
    assert codes[0] not in client.get(reverse("admin:second_step_codes")).content.decode()
    again = client.post(reverse("admin:second_step_codes"), {"proof": code})
    assert not again.context["codes"]  # a code works once


def test_of_two_exchanges_at_once_one_authenticator_is_left() -> None:
    user, device, _client = somebody()
    paper, *_others = make_codes(user)

    def replace(proof: str) -> Authenticator:
        secret = authenticator.new_secret()
        typed = door.code_of(Authenticator(user=user, key=secret))
        return replacing.replace(user=user, secret=secret, typed=typed, proof=proof, this="", at=timezone.now())

    at_once(lambda: replace(paper), lambda: replace(door.code_of(device, steps=1)))
    assert Authenticator.objects.filter(user=user).count() == 1


@pytest.mark.browser
@pytest.mark.parametrize("screen", [DESK, PHONE], ids=["desk", "phone"])
def test_the_pages_fit_a_desk_and_a_telephone(new_page: Pages, screen: ViewportSize) -> None:
    user = make.staff()
    page = new_page(screen, user=user)
    for name in ("second_step", "second_step_replace", "second_step_codes"):
        page.goto(reverse(f"admin:{name}"))
        assert page.evaluate("document.documentElement.scrollWidth") <= screen["width"]
        assert_accessible(page)
        if folder := os.environ.get("JKN_SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{name}-{screen['width']}.png", full_page=True)

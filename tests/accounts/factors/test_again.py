"""What an open session is not enough for: the second step is asked for once more, and nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.utils import timezone

from jknoffice.accounts.life import inviting, moving
from jknoffice.accounts.life.rules import Why
from jknoffice.accounts.life.views.steps import STEPS
from jknoffice.accounts.login import again, factors, recovery
from jknoffice.accounts.models import Authenticator, StaffLink, User
from jknoffice.accounts.roles import Role
from jknoffice.accounts.sessions import current, ending
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import record
from jknoffice.audit.models import AuditLog
from participants.models import UploadState
from tests import cases, make
from tests.accounts import door
from tests.accounts.life import walk
from tests.accounts.passkeys.soft import Soft, options_of
from tests.participants.uploads import journey
from verification.models import BrokenGlass

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "admin/accounts/second_step_again.html"


def admin() -> tuple[User, Authenticator, Client]:
    """A staff administrator who has been at the page for a while."""
    user = make.staff(Role.ADMIN)
    device, client = make.authenticator(user), make.logged_in(user)
    door.some_time_ago(user)
    return user, device, client


def asks(answer: Any) -> bool:
    return PAGE in [template.name for template in answer.templates]


def sent_again(client: Client, asked: Any, **shown: str) -> Any:
    """What the page that asks sends, with what was shown."""
    carried: dict[str, list[str]] = {}
    for name, value in asked.context["carried"]:
        carried.setdefault(name, []).append(value)
    return client.post(asked.request["PATH_INFO"], carried | shown)


def entries() -> list[str]:
    return list(AuditLog.objects.order_by("pk").values_list("action", flat=True))


def test_somebody_is_invited_after_a_fresh_code_and_nothing_typed_is_lost() -> None:
    # Given a staff administrator whose session has been open for a while
    user, device, client = admin()

    # When they invite somebody
    asked = walk.invite(client, full_name='Siti "R" <b>Rahma</b>')

    # Then nothing has happened yet, and the page asks for the second step
    assert asks(asked)
    said = asked.content.decode()
    assert "Undang petugas" in said
    assert "siti.rahma" in said
    assert "no-store" in asked.headers["Cache-Control"]
    assert "&lt;b&gt;Rahma" in said
    assert "csrfmiddlewaretoken" not in dict(asked.context["carried"])
    assert not User.objects.filter(username="siti.rahma").exists()

    # And with it the invitation goes out as it was typed
    answer = sent_again(client, asked, proof=door.code_of(device))
    walk.secret_in(answer)
    assert User.objects.get(username="siti.rahma").full_name == 'Siti "R" <b>Rahma</b>'
    shown = AuditLog.objects.get(action="account.second_factor_shown")
    assert (shown.actor, '"method":"totp"' in shown.entry.replace(" ", "")) == (user.username, True)

    # And for a while nobody asks again, then once more
    assert not asks(walk.invite(client, username="budi", nik="3173010101900003"))
    door.some_time_ago(user)
    assert asks(walk.invite(client, username="tono", nik="3173010101900004"))


def test_a_form_that_is_wrong_is_said_before_anything_is_shown() -> None:
    _user, _device, client = admin()
    answer = walk.invite(client, role="king")
    assert not asks(answer)
    assert answer.context["form"].errors


@pytest.mark.parametrize("name", ["link", "confirm", *STEPS])
def test_every_step_about_a_colleague_is_asked_about(name: str) -> None:
    user, _device = walk.with_factors()
    _me, _mine, client = admin()
    if name in {"link", "unlink"}:
        user, _secret = walk.invited()
    elif name in {"confirm", "release"}:
        walk.invite(walk.admin()[1], role="admin")
        user = User.objects.get(username="siti.rahma")
    elif name == "lift":
        walk.step(walk.admin()[1], "suspend", user)
    before, links = entries(), StaffLink.objects.count()
    given = {"role": "auditor", "branch": ""} if name == "move" else {}
    assert asks(walk.confirm(client) if name == "confirm" else walk.step(client, name, user, **given))
    assert (entries(), StaffLink.objects.count()) == (before, links)


def test_a_file_goes_into_the_register_after_a_fresh_code() -> None:
    user = journey.data_admin()
    device, client = make.authenticator(user), make.logged_in(user)
    upload = journey.checked(client)
    door.some_time_ago(user)
    asked = journey.confirm(client, upload)
    upload.refresh_from_db()
    assert (asks(asked), upload.state) == (True, UploadState.CHECKED)
    sent_again(client, asked, proof=door.code_of(device))
    upload.refresh_from_db()
    assert upload.state == UploadState.IMPORTING


def test_a_case_of_another_branch_is_opened_after_a_fresh_code() -> None:
    case, user = cases.queued(), make.staff()
    device, client = make.authenticator(user), make.logged_in(user)
    door.some_time_ago(user)
    reason = "The participant stands\r\nat <our> counter."
    asked = client.post("/admin/verification/other-branch/", {"reference": str(case), "reason": reason})
    assert (asks(asked), BrokenGlass.objects.count()) == (True, 0)
    sent_again(client, asked, proof=door.code_of(device))
    assert BrokenGlass.objects.get(request=case, broken_by=user).reason == reason


@pytest.mark.parametrize("shown", [{"proof": ""}, {"proof": "000000"}, {"proof": "1-ABCD-EFGH"}, {"passkey": "{}"}])
def test_without_a_proof_nothing_happens_and_the_page_keeps_what_was_typed(shown: dict[str, str]) -> None:
    _user, _device, client = admin()
    asked = walk.invite(client)
    answer = sent_again(client, asked, **{"proof": "", **shown})
    assert asks(answer)
    assert answer.context["form"].errors
    assert answer.context["carried"] == asked.context["carried"]
    assert not User.objects.filter(username="siti.rahma").exists()
    assert again.SHOWN not in entries()


def test_guesses_count_with_those_of_the_log_in() -> None:
    _user, device, client = admin()
    asked = walk.invite(client)
    guesses = [sent_again(client, asked, proof="000000").status_code for _ in range(factors.WRONG_CODES.most)]
    late = sent_again(client, asked, proof=door.code_of(device))
    assert (set(guesses), late.status_code, asks(late)) == ({200}, 429, True)
    assert not User.objects.filter(username="siti.rahma").exists()


def test_one_code_is_one_proof() -> None:
    user, device, client = admin()
    code = door.code_of(device)
    sent_again(client, walk.invite(client), proof=code)
    door.some_time_ago(user)
    asked = walk.invite(client, username="budi", nik="3173010101900003")
    assert asks(sent_again(client, asked, proof=code))
    assert not User.objects.filter(username="budi").exists()


def test_a_passkey_is_a_proof_too() -> None:
    user, _device, client = admin()
    soft = Soft()
    soft.kept_for(user)
    asked = walk.invite(client)
    sent_again(client, asked, proof="", passkey=soft.signed(options_of(asked)))
    assert User.objects.filter(username="siti.rahma").exists()


def test_who_was_shut_out_meanwhile_does_nothing_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    user, device, client = admin()
    other, _theirs = walk.admin()
    asked = walk.invite(client)
    plain = factors.verify

    def and_suspended(**given: Any) -> Any:
        proved = plain(**given)
        moving.suspend(user=user, why=Why.MISUSE, by=other)
        return proved

    monkeypatch.setattr(factors, "verify", and_suspended)
    answer = sent_again(client, asked, proof=door.code_of(device))
    assert asks(answer)
    assert "ditutup" in answer.content.decode()
    assert not User.objects.filter(username="siti.rahma").exists()


def test_what_was_shown_in_one_session_counts_in_no_other() -> None:
    user, device, client = admin()
    elsewhere = make.logged_in(user)
    door.some_time_ago(user)
    sent_again(client, walk.invite(client), proof=door.code_of(device))
    assert not asks(walk.invite(client, username="budi", nik="3173010101900003"))
    assert asks(walk.invite(elsewhere, username="tono", nik="3173010101900004"))


def test_a_session_that_ended_meanwhile_proves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    user, device, client = admin()
    asked = walk.invite(client)
    plain = factors.verify

    def and_logged_out(**given: Any) -> Any:
        proved = plain(**given)
        ending.end_all(owner=user, by=user.as_actor(), reason="suspicion")
        return proved

    monkeypatch.setattr(factors, "verify", and_logged_out)
    answer = sent_again(client, asked, proof=door.code_of(device))
    assert answer.status_code == 400
    assert not User.objects.filter(username="siti.rahma").exists()
    assert again.SHOWN not in entries()


def test_a_proof_counts_also_when_the_step_is_refused_or_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    _user, device, client = admin()
    client.raise_request_exception = False

    def fail(**_given: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(inviting, "invite", fail)
        assert sent_again(client, walk.invite(client), proof=door.code_of(device)).status_code == 500
    walk.secret_in(walk.invite(client))


def test_who_shows_a_recovery_code_is_told_how_many_are_left() -> None:
    user, _device, client = admin()
    with transaction.atomic():
        code, *_others = recovery.new_codes(user)
        record("test.prepared", by=Actor.system("test"))
    answer = sent_again(client, walk.invite(client), proof=code)
    walk.secret_in(answer)
    assert "Kode pemulihan Anda tersisa 9" in answer.content.decode()


def test_what_was_shown_lasts_ten_minutes_and_no_session_longer() -> None:
    user, _device, client = admin()
    door.some_time_ago(user, again.LASTS - timedelta(seconds=30))
    assert not again.is_needed(client.session, at=timezone.now())
    session = client.session
    before = session.get_expiry_date()
    current.note_shown(session, at=timezone.now())
    assert session.get_expiry_date() == before
    assert again.LASTS < settings.SESSION_LONGEST

"""A claim's time: the page tells it, keeping and notes begin it anew, and only its holder may keep it."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from jknoffice.accounts.models import User
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from jknoffice.refusal import Refusal
from tests import cases, make
from tests.verification.test_races import at_once
from verification import changes
from verification.changes.people import AlreadyDecided, ClaimedByOther, NotClaimed, OutOfReach
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


def held(minutes: int = 0, **given: Any) -> tuple[PhoneChangeRequest, User]:
    """A case, and who claimed it so many minutes ago."""
    case = cases.queued(**given)
    user = cases.reviewer(case)
    changes.claim(request=case, by=user, at=timezone.now() - minutes * MINUTE)
    case.refresh_from_db()
    return case, user


def keep(user: User, case: PhoneChangeRequest, language: str = "id") -> Any:
    path = reverse("admin:verification_keep", args=[case.reference])
    return make.logged_in(user).post(path, headers={"accept-language": language})


def shown(user: User, case: PhoneChangeRequest) -> Any:
    return make.logged_in(user).get(reverse("admin:verification_case", args=[case.reference]))


def test_the_page_says_until_when_one_holds_the_case() -> None:
    case, user = held(minutes=5)
    assert case.claimed_at
    answer = shown(user, case)
    claim = answer.context["file"].claim
    assert claim.until == case.claimed_at + settings.CLAIM_LIFETIME
    assert 14 * 60 < claim.seconds <= 15 * 60
    assert f"{timezone.localtime(claim.until):%H:%M}</time>" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SUPERVISOR])
def test_the_page_of_somebody_else_warns_of_nothing(role: Role) -> None:
    case, _user = held()
    answer = shown(cases.reviewer(case, role), case)
    assert answer.context["file"].claim is None
    assert "desk-claim" not in answer.content.decode()


def test_a_claim_whose_time_is_over_has_no_second_left() -> None:
    case, user = held(minutes=25)
    assert shown(user, case).context["file"].claim.seconds == 0


def test_keeping_begins_the_time_anew_and_is_recorded_and_leaves_the_version() -> None:
    case, user = held(minutes=19)
    answer = keep(user, case)
    before = case.version
    case.refresh_from_db()
    assert case.claimed_at
    assert timezone.now() - case.claimed_at < MINUTE
    assert case.version == before
    told = answer.json()
    assert answer.status_code == 200
    assert settings.CLAIM_LIFETIME.total_seconds() - 60 < told["seconds"] <= settings.CLAIM_LIFETIME.total_seconds()
    assert told["until"] == f"{timezone.localtime(case.claimed_at + settings.CLAIM_LIFETIME):%H:%M}"
    assert told["said"] == f"Kasus ini milik Anda sampai pukul {told['until']}."
    entry = AuditLog.objects.get(action="request.claim_kept")
    assert (entry.actor, entry.object_id) == (user.username, str(case.pk))
    assert changes.release_stale(at=timezone.now() + 19 * MINUTE) == 0
    assert changes.release_stale(at=timezone.now() + 21 * MINUTE) == 1


@pytest.mark.django_db(transaction=True)
def test_claiming_again_what_one_holds_keeps_it_too() -> None:
    case, user = held(minutes=19)
    path = reverse("admin:verification_claim", args=[case.reference])
    assert make.logged_in(user).post(path).status_code == 302
    case.refresh_from_db()
    assert case.claimed_at
    assert timezone.now() - case.claimed_at < MINUTE
    assert AuditLog.objects.filter(action="request.claim_kept", actor=user.username).count() == 1


def test_looking_at_the_page_keeps_nothing() -> None:
    case, user = held(minutes=5)
    claimed_at = case.claimed_at
    shown(user, case)
    case.refresh_from_db()
    assert case.claimed_at == claimed_at


def test_a_note_of_who_holds_the_case_begins_the_time_anew_and_one_of_a_colleague_does_not() -> None:
    case, user = held(minutes=5)
    claimed_at = case.claimed_at
    changes.write_note(request=case, by=cases.reviewer(case), note="Nomor sudah ditelepon.")
    case.refresh_from_db()
    assert case.claimed_at == claimed_at
    now = timezone.now()
    changes.write_note(request=case, by=user, note="Saya masih membandingkan.", at=now)
    case.refresh_from_db()
    assert case.claimed_at == now


def refused(code: str) -> bool:
    return AuditLog.objects.filter(action="request.refused", reason=code).exists()


def test_nobody_keeps_what_a_colleague_holds() -> None:
    case, user = held()
    other = cases.reviewer(case, Role.SUPERVISOR)
    answer = keep(other, case)
    assert answer.status_code == 409
    assert user.full_name in answer.json()["said"]
    assert refused(ClaimedByOther.code)


@pytest.mark.parametrize("status", [status for status in Status if status not in {Status.UNMATCHED, Status.IN_REVIEW}])
def test_nobody_keeps_a_case_that_nobody_holds(status: Status) -> None:
    case = cases.in_state(status)
    answer = keep(cases.reviewer(case, Role.SUPERVISOR), case)
    assert answer.status_code == 409
    assert refused(NotClaimed.code) or refused(AlreadyDecided.code)
    case.refresh_from_db()
    assert case.claimed_by is None


def test_another_branch_and_another_role_and_another_method_get_nothing() -> None:
    case, user = held()
    path = reverse("admin:verification_keep", args=[case.reference])
    assert keep(make.staff(), case).status_code == 404
    assert refused(OutOfReach.code)
    assert keep(make.staff(Role.AUDITOR), case).status_code == 403
    assert make.logged_in(user).get(path).status_code == 405
    assert make.logged_in(user).post(path.replace(case.reference, "%00")).status_code == 404


def test_a_form_sent_after_the_claim_lapsed_is_refused_and_what_was_typed_stands_on_the_page() -> None:
    case, user = held(minutes=25)
    changes.release_stale()
    path = reverse("admin:verification_escalate", args=[case.reference])
    answer = make.logged_in(user).post(path, {"version": case.version, "note": "Foto tampak disunting."})
    assert answer.status_code == 409
    assert "Foto tampak disunting." in answer.content.decode()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("attempt", range(10))
def test_keeping_and_the_end_of_the_time_do_not_both_win(attempt: int) -> None:
    case, user = held(minutes=25)
    kept, released, kept_too = at_once(
        lambda: changes.keep_claim(request=case, by=user),
        changes.release_stale,
        lambda: changes.keep_claim(request=case, by=user),
    )
    case.refresh_from_db()
    if case.claimed_by_id is None:
        assert released == 1
        assert isinstance(kept, NotClaimed) or isinstance(kept_too, NotClaimed)
    else:
        assert released == 0
        assert not isinstance(kept, Refusal)
        assert not isinstance(kept_too, Refusal)

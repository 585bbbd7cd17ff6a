"""What a passkey has signed, judged: right once, and wrong in every way that we could think of."""

from datetime import datetime
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from jknoffice.accounts.login import factors
from jknoffice.accounts.login.attempts import NotProved, TooManyAttempts
from jknoffice.accounts.login.passkeys import ceremony, challenges, proving
from jknoffice.accounts.models import Passkey, PasskeyChallenge, User
from jknoffice.audit.models import AuditLog
from tests import make
from tests.accounts.passkeys.soft import KEYS, PRESENT, SESSION, VERIFIED, Soft, asked, plain
from tests.verification.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def somebody(**given: Any) -> tuple[User, Soft, Passkey]:
    user, soft = make.staff(), Soft(**given)
    return user, soft, soft.kept_for(user)


def verify(user: User, answer: str, *, session: str = SESSION, at: datetime | None = None) -> Any:
    return factors.verify(user=user, typed=answer, session=session, at=at or timezone.now())


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_what_was_asked_is_accepted_once(algorithm: str) -> None:
    user, soft, passkey = somebody(key=KEYS[algorithm]())
    answer, now = soft.signed(asked(user)), timezone.now()
    assert verify(user, answer, at=now) == (passkey, factors.PASSKEY)
    passkey.refresh_from_db()
    assert (passkey.counter, passkey.used_at) == (2, now)
    with pytest.raises(challenges.LateAnswer):
        verify(user, answer)


def flipped(signature: bytes, data: bytes) -> tuple[bytes, bytes]:
    return signature[:-1] + bytes([signature[-1] ^ 1]), data


def more_said_than_signed(signature: bytes, data: bytes) -> tuple[bytes, bytes]:
    return signature, data[:32] + bytes([PRESENT | VERIFIED]) + data[33:]


WRONG: dict[str, dict[str, Any]] = {
    "the signature was touched": {"tamper": flipped},
    "signed without a finger, and said otherwise": {"flags": PRESENT, "tamper": more_said_than_signed},
    "nobody showed a finger, a face or a PIN": {"flags": PRESENT},
    "nobody was there": {"flags": VERIFIED},
    "made for another domain": {"domain": "jkn.example"},
    "made on another site": {"origin": "https://localhost.example"},
    "made on another port": {"origin": "http://localhost:8001"},
    "made for a new passkey": {"type": "webauthn.create"},
    "of another person at the same authenticator": {"handle": plain(b"somebody else")},
}


@pytest.mark.parametrize("wrong", WRONG)
def test_what_is_wrong_is_refused_recorded_and_counted(wrong: str) -> None:
    user, soft, passkey = somebody()
    with pytest.raises(ceremony.WrongPasskey):
        verify(user, soft.signed(asked(user), **WRONG[wrong]))
    entry = AuditLog.objects.get(action="account.login_refused")
    assert (entry.reason, '"method":"passkey"' in entry.entry) == ("wrong_passkey", True)
    passkey.refresh_from_db()
    assert (passkey.used_at, passkey.copied_at) == (None, None)
    assert verify(user, soft.signed(asked(user)))[0] == passkey


def test_each_wrong_answer_would_be_right_without_its_fault() -> None:
    for change in WRONG.values():
        user, soft, passkey = somebody()
        fine: dict[str, Any] = {"handle": plain(ceremony.handle(user))} if "handle" in change else {}
        assert verify(user, soft.signed(asked(user), **fine))[0] == passkey


def test_another_persons_passkey_is_refused_also_one_that_is_offered_as_ones_own() -> None:
    user, soft, _passkey = somebody()
    _other, theirs, _row = somebody()
    with pytest.raises(ceremony.WrongPasskey):
        verify(user, theirs.signed(asked(user)))
    theirs.credential_id = soft.credential_id
    with pytest.raises(ceremony.WrongPasskey):
        verify(user, theirs.signed(asked(user)))


def test_five_wrong_answers_use_up_the_quarter_of_an_hour_together_with_codes() -> None:
    user, soft, _passkey = somebody()
    now = timezone.now()
    for _ in range(factors.WRONG_CODES.most - 1):
        with pytest.raises(NotProved):
            verify(user, soft.signed(asked(user), tamper=flipped), at=now)
    with pytest.raises(factors.WrongCode):
        verify(user, "000000", at=now)
    with pytest.raises(TooManyAttempts):
        verify(user, soft.signed(asked(user)), at=now)


def test_right_answers_use_nothing_up() -> None:
    user, soft, passkey = somebody()
    for _ in range(factors.WRONG_CODES.most + 1):
        assert verify(user, soft.signed(asked(user)))[0] == passkey


def test_an_answer_comes_too_late_after_five_minutes() -> None:
    user, soft, passkey = somebody()
    then = timezone.now()
    moment = challenges.LIFETIME / 1000
    assert verify(user, soft.signed(asked(user, at=then)), at=then + challenges.LIFETIME - moment)[0] == passkey
    with pytest.raises(challenges.LateAnswer):
        verify(user, soft.signed(asked(user, at=then)), at=then + challenges.LIFETIME)


def test_an_answer_counts_in_its_own_session_and_for_its_own_person_only() -> None:
    user, soft, _passkey = somebody()
    answer = soft.signed(asked(user))
    with pytest.raises(challenges.LateAnswer):
        verify(user, answer, session="another session.")
    with pytest.raises(challenges.LateAnswer):
        verify(user, answer, session="")
    other, _theirs, _row = somebody()
    with pytest.raises(challenges.LateAnswer):
        verify(other, answer)
    asked(user, session="another session.")
    with pytest.raises(ceremony.WrongPasskey):
        verify(user, answer, session="another session.")
    assert verify(user, answer)


def test_what_is_asked_anew_voids_what_was_asked_before() -> None:
    user, soft, _passkey = somebody()
    before = soft.signed(asked(user))
    asked(user)
    with pytest.raises(ceremony.WrongPasskey):
        verify(user, before)
    assert not PasskeyChallenge.objects.exists()  # nobody tries on


@pytest.mark.parametrize("back", [0, 1, 5])
def test_a_counter_that_does_not_go_on_shuts_the_passkey_out_and_ends_sessions(back: int) -> None:
    user, soft, passkey = somebody(counter=7)
    elsewhere = make.logged_in(user)
    soft.counter = 7 - back
    with pytest.raises(proving.CopiedPasskey):
        verify(user, soft.signed(asked(user)))
    passkey.refresh_from_db()
    assert passkey.copied_at
    assert elsewhere.get("/admin/").status_code == 302
    entry = AuditLog.objects.get(action="account.passkey_copied")
    assert f'"counter":{7 - back}' in entry.entry
    soft.counter = 100
    with pytest.raises(ceremony.WrongPasskey):
        verify(user, soft.signed(asked(user)))
    assert factors.has_second_factor(user)  # a password alone sets up no other
    assert not proving.counting(user)


def test_a_synced_passkey_does_not_count_and_is_none_the_worse() -> None:
    user, soft, passkey = somebody(counter=None)
    for _ in range(3):
        assert verify(user, soft.signed(asked(user)))[0] == passkey


def test_a_counter_that_stops_counting_is_suspicious_too() -> None:
    user, soft, _passkey = somebody(counter=7)
    soft.counter = None
    with pytest.raises(proving.CopiedPasskey):
        verify(user, soft.signed(asked(user)))


def test_of_five_answers_at_once_to_one_question_one_wins() -> None:
    user, soft, passkey = somebody(counter=None)
    answer = soft.signed(asked(user))
    at = timezone.now()
    results = at_once(*[partial(verify, user, answer, at=at)] * 5)
    assert results.count((passkey, factors.PASSKEY)) == 1
    assert sum(isinstance(each, challenges.LateAnswer | TooManyAttempts) for each in results) == 4


def test_two_answers_with_one_count_from_two_sessions_do_not_both_win() -> None:
    user, soft, passkey = somebody(counter=7)
    answers = []
    for session in ("session-number-1", "session-number-2"):
        soft.counter = 8
        answers.append((session, soft.signed(asked(user, session=session))))
    results = at_once(*[partial(verify, user, answer, session=session) for session, answer in answers])
    assert results.count((passkey, factors.PASSKEY)) == 1
    assert sum(isinstance(each, proving.CopiedPasskey) for each in results) == 1

"""What record() writes."""

import hmac
import json
import threading
import uuid
from base64 import b64decode
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import DataError, IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import settings as trials
from hypothesis import strategies as st

from jknoffice.audit import context, log, subjects
from jknoffice.audit.actor import Actor, Kind
from jknoffice.audit.entry import NotPlain
from jknoffice.audit.log import Thing
from jknoffice.audit.models import AuditLog, AuditSubject, AuditValue
from jknoffice.audit.moments import microseconds, moment_of
from tests.audit.entries import SOMEBODY, shred, write
from tests.audit.test_entry import VALUES

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
FIELDS = st.text("abcdefghijklmnopqrstuvwxyz_", min_size=1, max_size=40)
ACTORS = st.builds(Actor, kind=st.sampled_from(Kind), name=TEXT, person=TEXT, branch=TEXT)
# 2^53 microseconds end in the year 2255.
MOMENTS = st.datetimes(
    min_value=datetime.fromisoformat("1700-01-01"),
    max_value=datetime.fromisoformat("2255-01-01"),
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=7))]),
)
CHANGES = st.dictionaries(FIELDS, VALUES, max_size=3)


@pytest.mark.django_db
@trials(deadline=None, max_examples=60)
@given(
    by=ACTORS,
    action=TEXT,
    about=st.none() | st.builds(Thing, TEXT, TEXT),
    version=st.none() | st.integers(0, 2**31 - 1),
    subject=st.none() | st.uuids(),
    before=CHANGES,
    after=CHANGES,
    reason=TEXT,
    at=MOMENTS,
)
def test_the_columns_say_what_the_entry_says(by: Actor, action: str, at: datetime, **given: Any) -> None:
    if given["about"]:
        given["about"] = Thing(given["about"].type, f"{given['about'].id} {uuid.uuid4()}")
    row = write(action, by=by, at=at, **given)
    entry = json.loads(row.entry)
    thing = entry["object"] or {"type": None, "id": None}
    assert {name: entry[name] for name in ("action", "before", "after", "reason", "object_version")} == {
        "action": action,
        "before": given["before"],
        "after": given["after"],
        "reason": given["reason"],
        "object_version": given["version"],
    }
    assert (row.kind, row.actor, row.person, row.branch) == (by.kind, by.name, by.person, by.branch)
    assert (row.object_type, row.object_id) == (thing["type"], thing["id"])
    assert entry["object"] is None or Thing(**entry["object"]) == given["about"]
    assert (row.action, row.reason, row.object_version) == (action, given["reason"], given["version"])
    assert (str(row.uuid), row.at_us, row.session) == (entry["uuid"], entry["at"], entry["session"])
    assert (row.at, row.subject) == (at, given["subject"])
    assert entry["v"] == 1


@pytest.mark.django_db
def test_the_mac_is_over_the_very_text_that_is_stored() -> None:
    row = write(reason="täst ✓", after={"text": "é\n"})
    root = b64decode("dGVzdC1hdWRpdC1rZXktdGVzdC1hdWRpdC1rZXktMzI=")
    assert root == settings.JKN_AUDIT_KEY
    key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"audit entry mac").derive(root)
    assert bytes(row.mac) == hmac.digest(key, row.entry.encode(), "sha256")


@pytest.mark.django_db
@trials(deadline=None, max_examples=40)
@given(st.dictionaries(FIELDS, TEXT.map(lambda text: f"‹{text}›"), min_size=1, max_size=3))
def test_personal_values_never_stand_in_clear(pii: dict[str, str]) -> None:
    row = write(pii=pii)
    assert json.loads(row.entry)["pii"].keys() == pii.keys()
    for value in AuditValue.objects.filter(entry_uuid=row.uuid):
        assert pii[value.field] not in row.entry
        assert pii[value.field].encode() not in bytes(value.ciphertext)
        key = subjects.stored_key(value.subject)
        opened = subjects.open_value(key, entry_uuid=row.uuid, field=value.field, ciphertext=bytes(value.ciphertext))
        assert opened == pii[value.field]
        assert subjects.commitment(key, value.field, opened) == json.loads(row.entry)["pii"][value.field]


@pytest.mark.django_db
def test_one_value_has_another_commitment_for_each_subject_and_field() -> None:
    rows = [write(subject=uuid.uuid4(), pii={"old": "+6281", "new": "+6281"}) for _ in range(3)]
    rows += [write(pii={"old": "+6281"})]
    commitments = [text for row in rows for text in json.loads(row.entry)["pii"].values()]
    assert len(commitments) == len(set(commitments)) == 7


@pytest.mark.django_db
def test_values_without_a_subject_get_one_of_their_own() -> None:
    first, second = write(pii={"nik": "1"}), write(pii={"nik": "1"})
    assert first.subject
    assert first.subject != second.subject
    assert write().subject is None


@pytest.mark.django_db
def test_a_version_of_a_thing_is_written_once() -> None:
    thing = Thing("test.thing", "1")
    write(about=thing, version=1)
    write(about=thing, version=2)
    write(about=Thing("test.thing", "2"), version=1)
    write(about=thing)
    write(about=thing)
    with pytest.raises(IntegrityError, match="audit_version_once"):
        write(about=thing, version=1)


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["a\0b", "\ud800"])
@pytest.mark.parametrize("place", ["reason", "pii", "after", "actor", "action"])
def test_nul_and_lone_surrogates_are_refused_everywhere(text: str, place: str) -> None:
    given: dict[str, Any] = {"reason": {"reason": text}, "pii": {"pii": {"f": text}}, "after": {"after": {"f": text}}}
    by = Actor.system(text) if place == "actor" else SOMEBODY
    with pytest.raises(NotPlain):
        write(text if place == "action" else "peserta.viewed", by=by, **given.get(place, {}))
    assert not AuditLog.objects.exists()
    assert not AuditSubject.objects.exists()


@pytest.mark.django_db
def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        write(at=datetime(2026, 1, 1))  # noqa: DTZ001


@given(MOMENTS)
def test_moments_keep_their_microseconds(moment: datetime) -> None:
    assert moment_of(microseconds(moment)) == moment


@pytest.mark.django_db
def test_a_field_name_that_does_not_fit_leaves_nothing_behind() -> None:
    with pytest.raises(DataError):
        write(pii={"f" * 41: "x"})
    assert not AuditLog.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_with_the_change_that_is_rolled_back() -> None:
    with transaction.atomic():
        log.record("peserta.viewed", by=SOMEBODY, pii={"name": "SITI"})
        transaction.set_rollback(True)
    assert not AuditLog.objects.exists()
    assert not AuditValue.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_its_own_is_refused_inside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        log.record_alone("request.approve_refused", by=SOMEBODY)
    assert not AuditLog.objects.exists()


@pytest.mark.django_db
def test_new_values_of_a_shredded_subject_are_kept_and_the_old_ones_stay_gone() -> None:
    subject = uuid.uuid4()
    old = write(subject=subject, pii={"phone": "+6281"})
    shred(subject)
    new = write(subject=subject, pii={"phone": "+6282"})
    assert new.subject == old.subject == subject
    owner = AuditValue.objects.get(entry_uuid=new.uuid).subject
    assert owner != subject
    assert subjects.stored_key(owner)
    with pytest.raises(subjects.Shredded):
        subjects.key_of(subject)


@pytest.mark.django_db(transaction=True)
def test_threads_that_meet_a_new_subject_agree_on_its_key() -> None:
    subject, start, keys = uuid.uuid4(), threading.Barrier(8), []

    def use() -> None:
        start.wait()
        with transaction.atomic():
            keys.append(subjects.key_of(subject))
            log.record("peserta.viewed", by=SOMEBODY, subject=subject, pii={"name": "SITI"})
        connection.close()

    threads = [threading.Thread(target=use) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8
    assert set(keys) == {subjects.stored_key(subject)}
    commitments = {json.loads(text)["pii"]["name"] for text in AuditLog.objects.values_list("entry", flat=True)}
    assert len(commitments) == 1


@pytest.mark.django_db
def test_entries_of_a_web_session_name_it_and_not_its_key() -> None:
    with context.serving(lambda: "cookie-of-siti"):
        first, second = write(), write()
        with context.serving(lambda: "another"):
            other = write()
    assert first.session == second.session == context.session_reference("cookie-of-siti")
    assert other.session not in {"", first.session}
    assert "cookie" not in first.entry
    assert write().session == ""


@pytest.mark.django_db
def test_an_entry_after_a_change_of_the_session_key_names_the_new_one() -> None:
    key = "before the log-in"
    with context.serving(lambda: key):
        key = "after the log-in"
        assert write().session == context.session_reference(key)

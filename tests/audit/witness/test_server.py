"""The witness over real sockets: it takes what grew, and refuses everything else."""

import http.client
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.audit.sealing.note import Signer
from jknoffice.audit.witness.memory import Memory, place_of
from jknoffice.audit.witness.server import LONGEST, Malformed, Submission, Witness
from tests.audit.witness import trees
from tests.audit.witness.trees import LOG, body, grown, proof, signed

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])
SECOND = Signer(LOG.name, bytes(32))


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    server = Witness(Memory(tmp_path, [LOG.verifier, SECOND.verifier]), host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def ask(witness: Witness, method: str, path: str, sent: bytes | None = None) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", witness.server_port, timeout=10)
    try:
        connection.request(method, path, sent)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def add(witness: Witness, sent: bytes) -> tuple[int, str]:
    return ask(witness, "POST", "/add-checkpoint", sent)


def seen(witness: Witness) -> tuple[int, str]:
    return ask(witness, "GET", f"/checkpoint/{place_of(LOG.name)}")


def test_a_log_that_grows_is_remembered(witness: Witness) -> None:
    assert seen(witness)[0] == 404
    for old, new in [(0, 3), (3, 3), (3, 8), (8, 21)]:
        assert add(witness, grown(old, new)) == (200, "")
        assert seen(witness) == (200, signed(new))


def test_a_second_key_of_the_same_log_goes_on(witness: Witness) -> None:
    add(witness, grown(0, 3))
    assert add(witness, body(3, signed(5, signer=SECOND), proof(3, 5)))[0] == 200


REFUSED = {
    "shrinking": (grown(0, 5), 409),
    "an old size that was never seen": (grown(4, 9), 409),
    "the same size with another root": (body(8, signed(8, "forged"), []), 409),
    "a fork": (body(8, signed(9, "forged"), proof(8, 9, "forged")), 422),
    "a fork with the honest proof": (body(8, signed(9, "forged"), proof(8, 9)), 422),
    "no proof": (body(8, signed(9), []), 422),
    "a proof that is too long": (body(8, signed(9), [*proof(8, 9), bytes(32)]), 422),
    "hashes that are none": (body(8, signed(9), [b"x"]), 422),
    "a log that nobody knows": (body(0, signed(9, signer=Signer("other", bytes(32))), []), 403),
    "a key that nobody knows": (body(8, signed(9, signer=Signer(LOG.name, b"x" * 32)), proof(8, 9)), 403),
    "an altered note": (body(8, signed(9).replace("\n9\n", "\n11\n"), proof(8, 9)), 403),
    "an altered root": (body(8, signed(9).replace("\n9\n", "\n10\n"), proof(8, 9)), 403),
    "a note without end": (grown(8, 9)[:-1], 400),
    "no note": (b"old 8\n\n", 400),
    "no empty line": (b"old 8\n", 400),
    "an old size that is no number": (grown(8, 9).replace(b"old 8", b"old -8"), 400),
    "an absurd size": (grown(8, 9).replace(b"old 8", b"old " + b"9" * 5000), 400),
    "an old size above the new one": (body(9, signed(8), []), 400),
    "a proof that is not base64": (b"old 8\n!\n\n" + signed(9).encode(), 400),
    "an endless proof": (body(8, signed(9), [bytes(32)] * 64), 400),
    "bytes that are no text": (b"\xff\xfe", 400),
    "nothing": (b"", 400),
}


@pytest.mark.parametrize("attempt", REFUSED)
def test_what_is_refused_changes_nothing(witness: Witness, attempt: str) -> None:
    add(witness, grown(0, 8))
    sent, status = REFUSED[attempt]
    answer = add(witness, sent)
    assert answer[0] == status
    if status == 409:
        assert answer[1] == "8\n"
    assert seen(witness) == (200, signed(8))


def test_a_proof_out_of_nothing_is_refused(witness: Witness) -> None:
    assert add(witness, body(0, signed(3), [bytes(32)]))[0] == 422


def test_a_body_that_is_too_long_is_not_read(witness: Witness) -> None:
    assert add(witness, b"o" * (LONGEST + 1))[0] == 400


@pytest.mark.parametrize("length", ["", "-1", "x", "9" * 20])
def test_a_length_that_is_none_is_refused(witness: Witness, length: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", witness.server_port, timeout=10)
    connection.putrequest("POST", "/add-checkpoint")
    connection.putheader("Content-Length", length)
    connection.endheaders()
    assert connection.getresponse().status == 400
    connection.close()


@pytest.mark.parametrize(
    "path", ["/", "/checkpoint/", "/checkpoint/../lock", f"/checkpoint/{'0' * 64}", "/add-checkpoint"]
)
def test_there_is_nothing_else_to_read(witness: Witness, path: str) -> None:
    assert ask(witness, "GET", path)[0] == 404


def test_there_is_nowhere_else_to_post(witness: Witness) -> None:
    assert ask(witness, "POST", "/", b"")[0] == 404


def test_of_many_at_once_one_is_first_and_forks_lose(witness: Witness) -> None:
    add(witness, grown(0, 8))
    bodies = [body(8, signed(8 + more, "entry"), proof(8, 8 + more)) for more in range(1, 9)] * 3
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda sent: add(witness, sent)[0], bodies))
    assert sorted(set(answers)) == [200, 409]
    assert answers.count(200) == 1
    assert seen(witness)[1] == signed(9 + answers.index(200) % 8)


def test_another_process_would_know_it_too(witness: Witness, tmp_path: Path) -> None:
    add(witness, grown(0, 8))
    again = Memory(tmp_path, [LOG.verifier])
    assert again.newest(place_of(LOG.name)) == signed(8)
    assert [path.name for path in tmp_path.iterdir()] == [f"{place_of(LOG.name)}.note"]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_submission_or_malformed(sent: bytes) -> None:
    try:
        given = Submission.parse(sent)
    except Malformed:
        return
    assert given.old >= 0


@given(st.integers(0, 2**62), st.lists(st.binary(min_size=32, max_size=32), max_size=5))
def test_what_is_sent_arrives(old: int, steps: list[bytes]) -> None:
    assert Submission.parse(trees.body(old, signed(3), steps)) == Submission(old, steps, signed(3))

"""Whatever a browser sends in the place of an answer is a refusal, and never an error of ours."""

import json
from contextlib import suppress
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.accounts.login.passkeys import ceremony
from jknoffice.accounts.login.passkeys.ceremony import WrongPasskey
from jknoffice.accounts.models import Passkey, User
from tests.accounts.passkeys.soft import KEYS, Soft, cose, plain, raw

CHALLENGE = b"c" * 32
OPTIONS = {"challenge": plain(CHALLENGE), "user": {"id": plain(b"handle")}}
USER = User(pk=1, username="sari")
SOFT = Soft(counter=None)
PASSKEY = Passkey(user=USER, credential_id=SOFT.credential_id, public_key=cose(SOFT.key))

RIGHT = json.loads(SOFT.signed(OPTIONS))
MADE = json.loads(SOFT.made(OPTIONS))
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=50).map(plain),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
BYTES = (
    st.binary(max_size=80)
    | ANYTHING.map(lambda said: json.dumps(said).encode())
    | st.recursive(
        st.none() | st.integers(-(2**70), 2**70) | st.binary(max_size=40) | st.sampled_from(["fmt", "attStmt", "none"]),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.integers(-3, 3), inner, max_size=5),
        max_leaves=8,
    ).map(cbor2.dumps)
)


def refused(answer: str) -> None:
    """Judged as both kinds of answers, it is taken as neither, and nothing else than a refusal comes of it."""
    with pytest.raises(WrongPasskey):
        ceremony.read_proof(answer, challenge=CHALLENGE, passkey=PASSKEY)
    with pytest.raises(WrongPasskey):
        ceremony.read_new(answer, challenge=CHALLENGE)
    with suppress(WrongPasskey):
        ceremony.answering(answer)  # a name can be read from much


def test_the_answers_from_which_garbage_is_made_are_right() -> None:
    assert ceremony.read_new(json.dumps(MADE), challenge=CHALLENGE).credential_id == SOFT.credential_id
    fine = RIGHT | {"response": RIGHT["response"] | {"userHandle": plain(ceremony.handle(USER))}}
    assert ceremony.read_proof(json.dumps(fine), challenge=CHALLENGE, passkey=PASSKEY) == 0


@given(said=ANYTHING)
def test_any_json(said: Any) -> None:
    refused(json.dumps(said))


@given(text=st.text(max_size=200))
def test_any_text(text: str) -> None:
    refused("{" + text)


@given(name=st.sampled_from(["id", "rawId", "type", "response"]), said=ANYTHING)
def test_any_part(name: str, said: Any) -> None:
    for whole in (RIGHT, MADE):
        if said != whole[name]:
            refused(json.dumps(whole | {name: said}))


@given(
    name=st.sampled_from(["clientDataJSON", "authenticatorData", "attestationObject", "signature", "userHandle"]),
    said=BYTES.map(plain) | ANYTHING,
)
def test_any_part_of_the_response(name: str, said: Any) -> None:
    for whole in (RIGHT, MADE):
        # A made one is not asked for a signature or a handle, and an answer without a handle is one of old keys.
        if name in whole["response"] and not (name == "userHandle" and said in (None, "", plain(b""))):
            refused(json.dumps(whole | {"response": whole["response"] | {name: said}}))


@given(at=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_any_bit_of_what_was_signed(at: int, bit: int) -> None:
    for name in ("clientDataJSON", "authenticatorData", "signature"):
        touched = bytearray(raw(RIGHT["response"][name]))
        touched[at % len(touched)] ^= 1 << bit
        response = RIGHT["response"] | {name: plain(bytes(touched)), "userHandle": plain(ceremony.handle(USER))}
        with pytest.raises(WrongPasskey):
            ceremony.read_proof(json.dumps(RIGHT | {"response": response}), challenge=CHALLENGE, passkey=PASSKEY)


@pytest.mark.parametrize("made", [{"fmt": "tpm"}, {"fmt": "android-safetynet"}, {"fmt": "fido-u2f"}, {"fmt": "x"}])
def test_only_a_passkey_without_anybodys_word_is_taken(made: dict[str, Any]) -> None:
    with pytest.raises(WrongPasskey):
        ceremony.read_new(Soft().made(OPTIONS, **made), challenge=CHALLENGE)


@pytest.mark.parametrize(("algorithm", "taken"), [("ES256", True), ("EdDSA", True), ("RS256", True), ("ES384", False)])
def test_three_algorithms_are_taken(algorithm: str, taken: bool) -> None:
    answer = Soft(key=KEYS[algorithm]()).made(OPTIONS)
    if taken:
        assert ceremony.read_new(answer, challenge=CHALLENGE)
        return
    with pytest.raises(WrongPasskey):
        ceremony.read_new(answer, challenge=CHALLENGE)


def test_an_endless_answer_and_a_short_id_are_refused() -> None:
    with pytest.raises(WrongPasskey):
        ceremony.read_new(json.dumps(MADE | {"more": "x" * ceremony.LONGEST}), challenge=CHALLENGE)
    with pytest.raises(WrongPasskey):
        ceremony.read_new(Soft(credential_id=b"short").made(OPTIONS), challenge=CHALLENGE)
    with pytest.raises(WrongPasskey):
        ceremony.answering("[" * 10_000)


def test_the_origin_is_that_of_the_site_as_browsers_write_it(settings: Any) -> None:
    for site, origin, domain in [
        ("https://jkn.example", "https://jkn.example", "jkn.example"),
        ("https://JKN.example:443/", "https://jkn.example", "jkn.example"),
        ("https://jkn.example:8443", "https://jkn.example:8443", "jkn.example"),
        ("http://localhost:8000", "http://localhost:8000", "localhost"),
    ]:
        settings.JKN_SITE_URL = site
        assert (ceremony.origin(), ceremony.domain()) == (origin, domain)

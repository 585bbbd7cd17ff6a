"""Signed notes: what is accepted, and everything else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jknoffice.audit.sealing import note
from jknoffice.audit.sealing.note import Checkpoint, NoteError, Signer, Verifier

ONE = Signer("jkn.example/audit", bytes(range(32)))
TWO = Signer("witness.example", bytes(32))
CHECKPOINT = Checkpoint("jkn.example/audit", 7, b"\x05" * 32)


def test_a_note_signed_by_two_opens_for_both() -> None:
    signed = note.signed(CHECKPOINT.text(), ONE, TWO)
    assert note.opened(signed, ONE.verifier, TWO.verifier) == CHECKPOINT.text()
    assert Checkpoint.parse(note.opened(signed, ONE.verifier)) == CHECKPOINT


def test_the_same_text_gives_the_same_bytes() -> None:
    assert note.signed(CHECKPOINT.text(), ONE) == note.signed(CHECKPOINT.text(), ONE)


def test_the_published_example_of_the_specification_opens() -> None:
    verifier = Verifier.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    example = (
        "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n"
        "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert note.opened(example, verifier).startswith("If you think")


def test_a_missing_signature_is_noticed() -> None:
    with pytest.raises(NoteError, match="has not signed"):
        note.opened(note.signed(CHECKPOINT.text(), ONE), TWO.verifier)


@given(st.integers(0, len(note.signed(CHECKPOINT.text(), ONE).encode()) - 1), st.integers(1, 255))
def test_no_byte_of_a_note_can_be_changed(place: int, change: int) -> None:
    raw = bytearray(note.signed(CHECKPOINT.text(), ONE).encode())
    raw[place] ^= change
    text = raw.decode(errors="replace")
    with pytest.raises(NoteError):
        note.opened(text, ONE.verifier)


def test_spare_bits_at_the_end_of_a_signature_are_not_passed_over() -> None:
    signed = note.signed(CHECKPOINT.text(), ONE)
    assert signed.endswith("=\n")
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    for change in (1, 2, 3):
        other = signed[:-3] + alphabet[alphabet.index(signed[-3]) ^ change] + "=\n"
        with pytest.raises(NoteError):
            note.opened(other, ONE.verifier)


@given(st.text(max_size=200))
def test_any_text_is_a_note_or_refused(text: str) -> None:
    with pytest.raises(NoteError):
        note.opened(text, ONE.verifier)
    with pytest.raises(NoteError):
        Verifier.parse(text)


@pytest.mark.parametrize(
    "text",
    ["", "a\n1\n", "a\n01\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n", "a\nx\nBQ==\n", "a\n1\nBQ==\n", "\n1\n=\n",
     f"a\n{'9' * 5000}\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n",
     "a\n\u0661\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n"],
)  # fmt: skip
def test_what_is_no_checkpoint(text: str) -> None:
    with pytest.raises(NoteError):
        Checkpoint.parse(text)


def test_a_verifier_key_survives_its_text_form() -> None:
    assert Verifier.parse(ONE.verifier.vkey) == ONE.verifier


def test_a_verifier_key_with_another_hash_or_algorithm_is_refused() -> None:
    name, _key_hash, key = ONE.verifier.vkey.split("+", 2)
    for vkey in (f"{name}+00000000+{key}", f"{name}+00000000+AgID", "x"):
        with pytest.raises(NoteError):
            Verifier.parse(vkey)

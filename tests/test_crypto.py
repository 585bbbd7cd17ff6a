"""The few cryptographic moves: keys that differ, ciphertexts bound to their place, hashes that do not collide."""

from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from jknoffice import crypto
from jknoffice.crypto import Purpose, Unreadable

KEY = bytes(range(32))


def test_every_purpose_has_a_key_of_its_own() -> None:
    keys = {purpose: crypto.key_for(purpose) for purpose in Purpose}
    assert len(set(keys.values())) == len(Purpose)
    assert {len(key) for key in keys.values()} == {32}


def test_a_key_is_hkdf_sha256_of_its_root_and_changes_with_it(settings: Any) -> None:
    settings.JKN_DATA_KEY = KEY
    plain = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"phone code").derive(KEY)
    assert crypto.key_for(Purpose.PHONE_CODE) == plain
    settings.JKN_DATA_KEY = KEY[::-1]
    assert crypto.key_for(Purpose.PHONE_CODE) != plain


def test_new_keys_differ() -> None:
    assert len({crypto.new_key() for _ in range(100)}) == 100
    assert len(crypto.new_key()) == 32


@given(plaintext=st.binary(max_size=200), place=st.text(max_size=20))
def test_what_is_sealed_opens_with_the_same_key_and_place(plaintext: bytes, place: str) -> None:
    sealed = crypto.seal(key=KEY, plaintext=plaintext, bound_to=place)
    assert crypto.unseal(key=KEY, sealed=sealed, bound_to=place) == plaintext


def test_the_same_plaintext_is_never_sealed_alike() -> None:
    assert len({crypto.seal(key=KEY, plaintext=b"x", bound_to="row 1") for _ in range(100)}) == 100


def test_another_place_or_key_cannot_open_it() -> None:
    sealed = crypto.seal(key=KEY, plaintext=b"secret", bound_to="row 1")
    for key, place in ((KEY, "row 2"), (KEY, ""), (KEY[::-1], "row 1")):
        with pytest.raises(Unreadable) as caught:
            crypto.unseal(key=key, sealed=sealed, bound_to=place)
        assert "secret" not in str(caught.value)


def test_any_altered_or_missing_byte_makes_it_unreadable() -> None:
    sealed = crypto.seal(key=KEY, plaintext=b"secret", bound_to="row 1")
    altered = [sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :] for at in range(len(sealed))]
    shorter = [sealed[:end] for end in range(len(sealed))]
    for broken in (*altered, *shorter, sealed + b"\0"):
        with pytest.raises(Unreadable):
            crypto.unseal(key=KEY, sealed=broken, bound_to="row 1")


@given(one=st.lists(st.text(max_size=8), max_size=4), other=st.lists(st.text(max_size=8), max_size=4))
def test_two_lists_of_parts_have_one_hash_only_when_they_are_equal(one: list[str], other: list[str]) -> None:
    assert (crypto.keyed_hash(KEY, *one) == crypto.keyed_hash(KEY, *other)) == (one == other)


@pytest.mark.parametrize("other", [["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], ["ab", "c", ""]])
def test_moving_a_border_between_parts_changes_the_hash(other: list[str]) -> None:
    assert crypto.keyed_hash(KEY, "ab", "c") != crypto.keyed_hash(KEY, *other)


def test_another_key_gives_another_hash() -> None:
    assert crypto.keyed_hash(KEY, "a") != crypto.keyed_hash(KEY[::-1], "a")
    assert len(crypto.keyed_hash(KEY, "a")) == 32

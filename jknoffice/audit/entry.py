"""The canonical text of an entry: what is stored, authenticated and later sealed.

JSON with sorted keys, no white space, UTF-8 and neither floats nor surrogates: equal to RFC 8785 for what we write.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from jknoffice.crypto import Purpose, key_for

FORMAT_VERSION = 1

Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain] | None"


class NotPlain(TypeError):
    """A value has no canonical form: a float, NUL, a lone surrogate, an integer from 2^53 on, or an object."""


def canonical(entry: Mapping[str, Plain]) -> str:
    """Return the canonical JSON text of `entry`, made of dicts, lists and tuples; raise `NotPlain` when it has none."""
    demand_plain(dict(entry))
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def mac_of(text: str) -> bytes:
    """Return HMAC-SHA256 (RFC 2104) of a canonical text under a key that the database does not have."""
    return hmac.digest(key_for(Purpose.AUDIT_MAC), text.encode(), "sha256")


def demand_plain(value: Any) -> None:
    """Raise `NotPlain` unless `value` has a canonical form."""
    match value:
        case None | bool():
            return
        case int():
            if abs(value) >= 2**53:
                raise NotPlain("an integer that a JSON reader may round")
        case str():
            if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
                raise NotPlain("text with NUL or a lone surrogate")
        case dict():
            if not all(isinstance(key, str) and key.isascii() for key in value):
                raise NotPlain("a key that is not ASCII text")
            demand_plain([*value.keys(), *value.values()])
        case list() | tuple():
            for item in value:
                demand_plain(item)
        case _:
            raise NotPlain(type(value).__name__)

"""The canonical text of an entry: what is stored, authenticated and later sealed.

JSON with sorted keys, no white space, UTF-8 and neither floats nor surrogates: equal to RFC 8785 for what we write.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

FORMAT_VERSION = 1

Plain: TypeAlias = "str | int | bool | Sequence[Plain] | Mapping[str, Plain] | None"


class NotPlain(TypeError):
    """A value has no canonical form: a float, NUL, a lone surrogate, an integer beyond 2^53 or an object."""


def canonical(entry: Mapping[str, Plain]) -> str:
    """Return the canonical JSON text of `entry`; raise `NotPlain` when it has none."""
    _demand_plain(entry)
    return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def _demand_plain(value: Any) -> None:
    match value:
        case None | bool():
            return
        case int():
            if abs(value) > 2**53:
                raise NotPlain("an integer beyond 2^53")
        case str():
            if "\0" in value or any("\ud800" <= char <= "\udfff" for char in value):
                raise NotPlain("text with NUL or a lone surrogate")
        case Mapping():
            if not all(isinstance(key, str) and key.isascii() for key in value):
                raise NotPlain("a key that is not ASCII text")
            _demand_plain([*value.keys(), *value.values()])
        case list() | tuple():
            for item in value:
                _demand_plain(item)
        case _:
            raise NotPlain(type(value).__name__)

"""What was read on a photo, as the database holds it: values encrypted, the rest in clear.

A photo may show somebody whom the register does not know. Where the same number was read twice is told by a keyed hash
of it (`mark`): without our keys nobody can try numbers against it.
"""

import base64
from collections.abc import Mapping
from typing import Any

from jknoffice.crypto import Purpose, key_for, keyed_hash, keys_for, opened, resealed, seal
from verification.reading.result import FieldName, Reading

SEALED = "v1:"
NUMBERS = frozenset({FieldName.NIK.value, FieldName.CARD_NUMBER.value})


def sealed_value(value: str, *, document_id: int, field: str) -> str:
    """Return a value of a field, encrypted and bound to its photo, as text that begins with `SEALED`."""
    bound_to = _place(document_id, field)
    return _text(seal(key=key_for(Purpose.READING), plaintext=value.encode(), bound_to=bound_to))


def opened_value(sealed: str, *, document_id: int, field: str) -> str:
    """Return the value in a text of `sealed_value()`. Raises `Unreadable`."""
    return opened(Purpose.READING, sealed=_raw(sealed), bound_to=_place(document_id, field)).decode()


def resealed_value(sealed: str, *, document_id: int, field: str) -> str | None:
    """Return the same, sealed by the present key; None when it is already. Raises `Unreadable`."""
    again = resealed(Purpose.READING, sealed=_raw(sealed), bound_to=_place(document_id, field))
    return _text(again) if again else None


def sealed_content(content: Mapping[str, Any], *, document_id: int) -> dict[str, Any]:
    """Return what `Reading.as_json()` wrote with its values encrypted, and numbers with their mark."""
    return {**content, "fields": {name: _sealed(name, of, document_id) for name, of in content["fields"].items()}}


def opened_reading(content: Mapping[str, Any], *, document_id: int) -> Reading:
    """Return the reading in what `sealed_content()` returned. Raises `Unreadable`."""
    return Reading.from_json(_opened(content, document_id))


def resealed_content(content: Mapping[str, Any], *, document_id: int) -> dict[str, Any] | None:
    """Return what `sealed_content()` returned, sealed and marked by the present key; None when it is already.

    Raises `Unreadable`.
    """
    fields = content["fields"].items()
    if not any(resealed_value(of["value"], document_id=document_id, field=name) for name, of in fields):
        return None
    return sealed_content(_opened(content, document_id), document_id=document_id)


def _opened(content: Mapping[str, Any], document_id: int) -> dict[str, Any]:
    fields = {
        name: {**of, "value": opened_value(of["value"], document_id=document_id, field=name)}
        for name, of in content["fields"].items()
    }
    return {**content, "fields": fields}


def _raw(text: str) -> bytes:
    return base64.b64decode(text.removeprefix(SEALED))


def _text(raw: bytes) -> str:
    return SEALED + base64.b64encode(raw).decode()


def _place(document_id: int, field: str) -> str:
    return f"reading/{document_id}/{field}"


def _sealed(name: str, field: Mapping[str, Any], document_id: int) -> dict[str, Any]:
    kept = {**field, "value": sealed_value(field["value"], document_id=document_id, field=name)}
    return kept | {"mark": mark(name, field["value"])} if name in NUMBERS else kept


def marks_in(content: Mapping[str, Any], *, document_id: int) -> dict[str, list[str]]:
    """Return, by field, every mark that a number of this reading may have elsewhere: two while the key is exchanged.

    Raises `Unreadable`.
    """
    numbers = {
        name: opened_value(of["value"], document_id=document_id, field=name)
        for name, of in content["fields"].items()
        if "mark" in of
    }
    return {name: _marks(name, number) for name, number in numbers.items()}


def _marks(name: str, number: str) -> list[str]:
    return [keyed_hash(key, name, number).hex() for key in keys_for(Purpose.READ_NUMBER)]


def mark(name: str, number: str) -> str:
    """Return what all photos share on which this number was read as the same field, in hexadecimal."""
    return _marks(name, number)[0]

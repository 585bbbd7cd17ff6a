"""Each `Idempotency-Key` of a partner does its work once: the same key and the same body get the first answer again."""

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpResponse

from jknoffice import clock
from jknoffice.crypto import Purpose, Unreadable, key_for, keyed_hash, opened, seal
from jknoffice.refusal import Refusal
from verification.api.problems import KIND
from verification.models import ApiAnswer, ApiClient

KEPT = timedelta(hours=24)
BROKEN_OFF = timedelta(minutes=5)
"""When work that has no answer counts as broken off: the same body may then try again."""


class OtherBody(Refusal):
    """The key has been used for something else."""

    code = "key_reused"


class UnderWay(Refusal):
    """The first call with this key is being worked on."""

    code = "in_progress"


def once(
    client: ApiClient, key: str, asked: Mapping[str, str], work: Callable[[], tuple[int, dict[str, Any]]]
) -> HttpResponse:
    """Return the answer of `work` (status and body), or the first answer to this key.

    `asked` is what was asked for, as text; only a keyed hash of it is kept. When `work` raises, the key is free again.
    Raises `OtherBody` and `UnderWay`.
    """
    digest = keyed_hash(key_for(Purpose.PARTNER), "key", key)
    body = keyed_hash(key_for(Purpose.PARTNER), "asked", *(part for pair in sorted(asked.items()) for part in pair))
    row = _taken(client, digest, body)
    if row.status is None:
        try:
            status, answer = work()
        except BaseException:
            row.delete()
            raise
        plain = json.dumps(answer).encode()
        sealed = seal(key=key_for(Purpose.API), plaintext=plain, bound_to=_place(row))
        # The row is gone when this took so long that it counted as broken off: then the next call has one of its own
        ApiAnswer.objects.filter(pk=row.pk).update(status=status, sealed=sealed)
    else:
        status, plain = row.status, _kept(row)
    return HttpResponse(plain, status=status, content_type=KIND if status >= 400 else "application/json")


def _kept(row: ApiAnswer) -> bytes:
    try:
        return opened(Purpose.API, sealed=bytes(row.sealed or b""), bound_to=_place(row))
    except Unreadable as error:  # its key has been exchanged; what was asked for must not be done twice
        raise UnderWay from error


def _taken(client: ApiClient, key: bytes, body: bytes) -> ApiAnswer:
    """Return the key's row: a fresh one, for whoever is first, or one with its answer."""
    now = clock.now()
    rows = ApiAnswer.objects.filter(client=client, key=key)
    rows.filter(asked_at__lte=now - KEPT).delete()
    rows.filter(asked=body, status=None, asked_at__lte=now - BROKEN_OFF).delete()
    try:
        with transaction.atomic():
            return ApiAnswer.objects.create(client=client, key=key, asked=body, asked_at=now)
    except IntegrityError as error:
        row = rows.first()
        if row and bytes(row.asked) != body:
            raise OtherBody from error
        if row is None or row.status is None:
            raise UnderWay from error
        return row


def _place(row: ApiAnswer) -> str:
    return f"answer {row.pk}"

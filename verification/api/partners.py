"""Partners: made, given a new secret, switched off and on, by commands only. Each step is in the log."""

import re
import secrets
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from jknoffice import clock
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record
from jknoffice.crypto import Purpose, fits, key_for, keyed_hash
from jknoffice.refusal import Refusal
from verification.models import ApiClient


class Scope(StrEnum):
    """What a partner may do."""

    WRITE = "requests:write"
    READ = "requests:read"


class NotAPartner(Refusal):
    """The client id, the name or the scopes cannot be used, or the client id is not there."""

    code = "not_a_partner"


def create(
    *, name: str, client_id: str, scopes: Collection[Scope], by: Actor, at: datetime | None = None
) -> tuple[ApiClient, str]:
    """Make a partner. `client_id` has 3 to 40 of a-z, 0-9 and hyphen. Returns it and its secret, which is kept nowhere.

    Raises `NotAPartner`.
    """
    if not _is_id(client_id):
        raise NotAPartner(_("A client id has 3 to 40 small letters, digits and hyphens."))
    if not name.strip() or len(name) > 80 or not name.isprintable() or not scopes:
        raise NotAPartner(_("A partner needs a name of at most 80 characters and a scope."))
    at, secret = at or clock.now(), secrets.token_urlsafe(32)
    try:
        with transaction.atomic():
            client = ApiClient.objects.create(
                name=name,
                client_id=client_id,
                secret_digest=_digest(client_id, secret),
                scopes=sorted(scopes),
                created_at=at,
                secret_at=at,
            )
            record("partner.created", by=by, about=Thing.of(client), after={"client_id": client_id}, at=at)
    except IntegrityError as error:
        raise NotAPartner(_("This client id is taken.")) from error
    return client, secret


def rotate(*, client_id: str, by: Actor, at: datetime | None = None) -> str:
    """Give a partner a new secret, which is returned; the old one works no more. Raises `NotAPartner`."""
    at, secret = at or clock.now(), secrets.token_urlsafe(32)
    _change(client_id, "partner.secret_changed", by, at, secret_digest=_digest(client_id, secret), secret_at=at)
    return secret


def switch(*, client_id: str, on: bool, by: Actor, at: datetime | None = None) -> None:
    """Let a partner in, or keep it out from its next call on. Raises `NotAPartner`."""
    action = "partner.switched_on" if on else "partner.switched_off"
    _change(client_id, action, by, at or clock.now(), is_active=on)


def known(client_id: str, secret: str) -> ApiClient | None:
    """Return the active partner with this id and secret, or None."""
    client = ApiClient.objects.filter(client_id=client_id, is_active=True).first() if _is_id(client_id) else None
    if client and fits(bytes(client.secret_digest), Purpose.PARTNER, "secret", client_id, secret):
        return client
    return None


def _is_id(typed: str) -> bool:
    return re.fullmatch(r"[a-z0-9-]{3,40}", typed) is not None


def _change(client_id: str, action: str, by: Actor, at: datetime, **columns: Any) -> None:
    with transaction.atomic():
        client = ApiClient.objects.select_for_update().filter(client_id=client_id).first()
        if client is None:
            raise NotAPartner(_("There is no partner with this client id."))
        ApiClient.objects.filter(pk=client.pk).update(**columns)
        record(action, by=by, about=Thing.of(client), after={"client_id": client_id}, at=at)


def _digest(client_id: str, secret: str) -> bytes:
    return keyed_hash(key_for(Purpose.PARTNER), "secret", client_id, secret)

"""Every address × everybody × GET and POST: who is let in, with which headers, and that looking changes nothing."""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.models import Counter, WebSession
from jknoffice.accounts.roles import Role
from jknoffice.audit.models import AuditLog
from tests import make
from tests.surface.headers import lacks
from tests.surface.resolver import every_address
from tests.surface.table import DOOR, NOT_THERE, PUBLIC, STAFF

pytestmark = pytest.mark.django_db

ENDING = {"POST admin:logout", "POST admin:sessions_end"}
"""Asked for last: they end the session that the others need."""


def test_every_address_stands_in_the_table_once() -> None:
    assert sorted([*PUBLIC, *DOOR, *STAFF]) == sorted(every_address())


def visitor(who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who == "password only":
        client.force_login(make.staff(Role.SUPERVISOR))
    elif who != "anonymous":
        make.logged_in(make.staff(Role(who)), client)
    return client


def visits(client: Client, way: str) -> Iterator[tuple[str, HttpResponseBase]]:
    """Ask for every address with the same cookies."""
    jar = {name: morsel.value for name, morsel in client.cookies.items()}
    addresses = every_address()
    for name in sorted(addresses, key=lambda name: f"{way} {name}" in ENDING):
        yield name, client.generic(way, addresses[name])
        client.cookies.clear()
        for cookie, value in jar.items():
            client.cookies[cookie] = value


def lets_in(answer: HttpResponseBase) -> bool:
    return answer.status_code not in {403, 404, 405}


def is_at_the_door(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer.headers["Location"].startswith(reverse("admin:login"))


def leads_to_the_start(answer: HttpResponseBase) -> bool:
    return answer.status_code == 302 and answer.headers["Location"] == reverse("admin:index")


def is_wrong(name: str, who: str, answer: HttpResponseBase) -> bool:
    """Whether this answer says something else than the table."""
    status = answer.status_code
    if status >= 500:
        return True
    if name in PUBLIC:
        return status == 403 or is_at_the_door(answer)
    if name in DOOR:
        return status not in {200, 302, 405}
    if who in {"anonymous", "password only"}:
        return not is_at_the_door(answer)
    if Role(who) in STAFF[name] or (name in NOT_THERE and leads_to_the_start(answer)):
        return is_at_the_door(answer)
    return lets_in(answer)


def odd(answer: HttpResponseBase) -> list[str]:
    """What is wrong with the kind of an answer, and with the cookies that it sets."""
    kind = answer.headers.get("Content-Type", "").replace('"', "")
    found = [kind] if kind.startswith("text/") and "charset=utf-8" not in kind else []
    for cookie in answer.cookies.values():
        kept = cookie["max-age"] != 0  # else it is taken back
        open_ = kept and not (cookie["httponly"] and cookie["samesite"] == "Lax")
        ours = cookie.key.startswith(f"jkn{settings.PORT}_") and cookie["path"] == "/" and not cookie["domain"]
        if open_ or not ours or len(cookie.key) + len(cookie.value) > 4096:
            found.append(cookie.key)
    return found


def rows() -> dict[str, int]:
    """How many rows each table has, but those that tell of looks: the log, the sessions and the counters of limits."""
    kept = [model for model in apps.get_models() if model not in {AuditLog, Counter, WebSession}]
    return {model._meta.label: model._base_manager.count() for model in kept if model._meta.managed}


@pytest.mark.parametrize("who", ["anonymous", "password only", *(role.value for role in Role)])
def test_everybody_is_let_in_where_the_table_says_and_nowhere_else(who: str) -> None:
    client = visitor(who)
    before, met, wrong, bare = rows(), dict[str, set[int]](), [], []
    for way in ("GET", "POST"):
        for name, answer in visits(client, way):
            met.setdefault(name, set()).add(answer.status_code)
            if is_wrong(name, who, answer):
                wrong.append(f"{way} {name}: {answer.status_code}")
            if missing := [*lacks(answer), *odd(answer)]:
                bare.append(f"{way} {name}: {missing}")
        if way == "GET":
            assert rows() == before
    # Who is let in is told 403 by neither way; 405 is said of the method.
    shut = [name for name, roles in STAFF.items() if who in roles and not met[name] - {403, 405}]
    assert (wrong, bare, shut) == ([], [], [])

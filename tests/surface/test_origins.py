"""A POST that another site makes a browser send is refused at every address, whoever is logged in there."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from jknoffice.accounts.roles import Role
from tests import make
from tests.surface.resolver import every_address
from tests.surface.table import STAFF
from tests.surface.test_who import rows

pytestmark = pytest.mark.django_db

EXEMPT = {
    "sms_receipt": "gateways are no browsers: each call is signed, and no cookie counts",
    **dict.fromkeys(
        "api:start api:standing api:code api:code_again api:photo api:withdraw".split(),
        "programs of partners are no browsers: each call carries the partner's secret, and cookies are thrown away",
    ),
}
"""Addresses that ask for no token of a form, and why none of them needs one. Written by hand."""

FROM_ELSEWHERE: dict[str, dict[str, Any]] = {
    "another site": {"headers": {"origin": "https://example.org"}},
    "another port": {"headers": {"origin": "http://testserver:8001"}},
    "a name that begins like ours": {"headers": {"origin": "http://testserver.example.org"}},
    "nobody knows": {"headers": {"origin": "null"}},
    "another page, by Referer": {"secure": True, "headers": {"referer": "https://example.org/testserver"}},
    "no page, over TLS": {"secure": True},
}


def visitors() -> Iterator[tuple[Client, str, set[str]]]:
    """A browser of each role and one of nobody, with the token of its forms and the addresses that it may ask for."""
    everything = set(every_address())
    of_staff = {role: {name for name in STAFF if role in STAFF[name]} for role in Role}
    for role, names in of_staff.items():
        client = make.logged_in(make.staff(role), Client(enforce_csrf_checks=True))
        yield client, client.get(reverse("admin:index")).context["csrf_token"], names
    client = Client(enforce_csrf_checks=True)
    yield client, client.get(reverse("admin:login")).context["csrf_token"], everything - set().union(*of_staff.values())


@pytest.mark.parametrize("origin", FROM_ELSEWHERE)
@pytest.mark.parametrize("name", ["admin:login", "portal:ktp", "admin:verification_claim"])
def test_whatever_the_browser_says_of_elsewhere_is_refused(name: str, origin: str) -> None:
    client = make.logged_in(make.staff(Role.OPERATOR), Client(enforce_csrf_checks=True))
    token = client.get(reverse("admin:index")).context["csrf_token"]
    answer = client.post(every_address()[name], {"csrfmiddlewaretoken": token}, **FROM_ELSEWHERE[origin])
    assert (answer.status_code, refused_as_forged(answer)) == (403, True)


def refused_as_forged(answer: Any) -> bool:
    return "403_csrf.html" in [template.name for template in answer.templates]


def test_a_post_from_elsewhere_is_refused_at_every_address() -> None:
    origin, addresses, asked, let_through = "another site", every_address(), set(), []
    for client, token, names in list(visitors()):
        before = rows()
        for name in sorted(names):
            answer = client.post(addresses[name], {"csrfmiddlewaretoken": token}, **FROM_ELSEWHERE[origin])
            asked.add(name)
            if answer.status_code not in {403, 405} and name not in EXEMPT:
                let_through.append((name, answer.status_code))
        assert rows() == before
    assert let_through == []
    assert asked == set(addresses)


def test_our_own_pages_are_let_through() -> None:
    addresses, refused = every_address(), set()
    ending = {"admin:logout", "admin:sessions_end", "portal:leave"}
    reading = {"api_guide", "api:openapi-json", "api:api-root"}  # these take no POST, and see no cookie
    for client, token, names in list(visitors()):
        for name in sorted(names - ending - reading - set(EXEMPT)):
            headers = {"origin": "http://testserver"}
            answer = client.post(addresses[name], {"csrfmiddlewaretoken": token}, headers=headers)
            if refused_as_forged(answer):
                refused.add(name)
    assert refused == set()


def test_what_is_exempt_heeds_no_cookie() -> None:
    client = make.logged_in(make.staff(Role.SUPERVISOR), Client(enforce_csrf_checks=True))
    addresses, before = every_address(), rows()
    for name in EXEMPT:
        answer = client.post(addresses[name], headers={"origin": "https://example.org"})
        assert answer.status_code in {401, 404, 405}, name
        assert not answer.cookies
    assert rows() == before


@pytest.mark.parametrize("host", ["example.org", "testserver.example.org", "testserver@example.org", "[::1"])
def test_another_host_is_refused_at_every_address(host: str) -> None:
    assert settings.ALLOWED_HOSTS
    client = Client(raise_request_exception=False)
    for name, address in every_address().items():
        for answer in (client.get(address, headers={"host": host}), client.post(address, headers={"host": host})):
            assert answer.status_code == 400, name
            assert host not in answer.headers.get("Location", "")

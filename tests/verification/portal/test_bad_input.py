"""Whatever is typed or sent: a clear message, never an error of ours."""

import itertools
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from participants.fields import BirthDateField
from participants.models import Peserta
from tests import cases, make
from tests.verification.portal import walk
from verification.models import PhoneChangeRequest
from verification.states import Status

pytestmark = pytest.mark.django_db

NASTY = {
    "nul": "0812\0",
    "only nul": "\0",
    "long": "9" * 10_000,
    "blank": "   ",
    "nothing": "",
    "emoji": "😀" * 20,
    "surrogate": "\udcff".encode("utf-8", "surrogatepass").decode("utf-8", "replace"),
    "other digits": "١٢٣٤٥٦٧٨٩٠١٢٣",
    "SQL": "' OR 1=1 --",
    "HTML": "<script>alert(1)</script>",
    "newline": "a\nb\r\nc",
    "right to left": "\u202e0812",
}


@pytest.mark.parametrize("field", ["identifier", "birth_date", "new_phone", "reason"])
@pytest.mark.parametrize("nasty", NASTY)
def test_each_field_of_the_first_step_says_what_is_wrong_and_keeps_the_rest(field: str, nasty: str) -> None:
    client, peserta = walk.browser(), make.peserta()
    page = client.post(walk.address("data"), walk.typed(peserta, **{field: NASTY[nasty]}))
    assert page.status_code == 200
    assert list(page.context["form"].errors) == [field]
    html = page.content.decode()
    assert f'href="#id_{field}"' in html
    assert "<script>alert" not in html
    for other, value in walk.typed(peserta).items():
        if other != field:
            assert f'value="{value}"' in html


@pytest.mark.parametrize("nasty", NASTY)
def test_the_code_and_the_status_form_survive_anything(nasty: str) -> None:
    client = walk.browser()
    walk.to_code(client, make.peserta())
    page = client.post(walk.address("code"), {"code": NASTY[nasty]})
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["code"])
    for field in ("reference", "birth_date"):
        page = walk.look_up(client, walk.newest(), **{field: NASTY[nasty]})
        assert (page.status_code, list(page.context["form"].errors)) == (200, [field])


@pytest.mark.parametrize(
    "typed", ["17-05-1990", "17/5/1990", "17.05.1990", "17 05 1990", "17051990", "1990-05-17", " 17 - 05 - 1990 "]
)
def test_a_birth_date_is_understood_as_people_write_it(typed: str) -> None:
    assert f"{BirthDateField().clean(typed):%Y%m%d}" == "19900517"


@pytest.mark.parametrize(
    "typed",
    "31-02-1990 00-05-1990 17-13-1990 17-05-1899 17-05-0001 17-05-9999 29-02-1900 1705199 170519900 17-05-90 "
    "1990-13-01 0000-00-00 99999999 -1-05-1990 17-05-1990-1 mei".split(),
)
def test_a_day_on_which_nobody_was_born_is_refused(typed: str) -> None:
    page = walk.browser().post(walk.address("data"), walk.typed(birth_date=typed))
    assert list(page.context["form"].errors) == ["birth_date"]


def test_tomorrow_is_nobodys_birthday_and_today_is() -> None:
    today = timezone.localdate()
    for day, wrong in ((today, False), (today + timedelta(days=1), True)):
        page = walk.browser().post(walk.address("data"), walk.typed(birth_date=f"{day:%d-%m-%Y}"))
        assert (page.status_code == 200) is wrong


def _browsers() -> dict[str, Client]:
    """Browsers that have come to each point of the way."""
    made = {"new": walk.browser()}
    for name, go in {
        "data": walk.give_data,
        "check": walk.to_check,
        "code": walk.to_code,
    }.items():
        made[name] = walk.browser()
        go(made[name], make.peserta(), new_phone=f"0813{next(_numbers):08}")
    for status in Status:
        made[status] = walk.browser()
        walk.look_up(made[status], cases.in_state(status))
    made["proved"] = walk.browser()
    walk.open_fully(made["proved"], cases.queued())
    return made


_numbers = itertools.count(1)
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "NONSENSE")


def test_every_address_answers_every_method_at_every_point_of_the_way(settings: Any) -> None:
    browsers = _browsers()
    for (point, client), name, method in itertools.product(browsers.items(), walk.NAMES, METHODS):
        answer = client.generic(method, walk.address(name))
        assert answer.status_code < 500, (point, name, method)
        if method not in {"GET", "HEAD", "POST"}:
            assert answer.status_code == 405


def _part(headers: str, content: bytes) -> bytes:
    return f'--x\r\nContent-Disposition: form-data; name="photo"; {headers}\r\n\r\n'.encode() + content + b"\r\n--x--"


FORM, PARTS = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"\xff\xfe\0", FORM),
        (b"a=" + b"b" * 2_000_000, FORM),
        (b"&".join(b"a%d=1" % n for n in range(5000)), FORM),
        (b"", f"{FORM}; charset=no-such-charset"),
        (b"nonsense", PARTS),
        (b"nonsense", "multipart/form-data"),
        (b"nonsense", f"{PARTS}{'x' * 300}"),
        (b'{"a": 1}', "application/json"),
        (_part('filename="\0.jpg"', b"q"), PARTS),
        (_part(f'filename="{"a" * 9999}"', b"q"), PARTS),
        (_part('filename="a"\r\nContent-Transfer-Encoding: base64', b"%%%"), PARTS),
    ],
)
def test_a_body_that_is_no_form_is_refused_at_every_address(body: bytes, content_type: str) -> None:
    client = walk.browser()
    walk.to_check(client, make.peserta())
    for name in walk.NAMES:
        answer = client.generic("POST", walk.address(name), body, content_type=content_type)
        assert answer.status_code < 500, name


@pytest.mark.parametrize(
    "value",
    [
        "\0" * 8,
        '"\\000\\000\\000\\000\\000\\000\\000\\000"',
        "x" * 4000,
        "💥".encode().decode("latin-1") * 9,
        "' OR 1=1",
    ],
)
def test_cookies_that_we_never_gave_are_as_none(value: str, settings: Any) -> None:
    names = (settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "messages")
    for name in names:
        client = walk.browser()
        for address in ("start", "data", "code", "case"):
            answer = client.get(walk.address(address), headers={"cookie": f"{name}={value}"})
            assert answer.status_code < 500, (name, address)


def test_a_reason_or_a_kind_that_does_not_exist_makes_no_request() -> None:
    client = walk.browser()
    assert walk.give_data(client, make.peserta(), reason="because").status_code == 200
    assert client.get("/request/selfie/").status_code == 404
    assert not PhoneChangeRequest.objects.exists()
    assert Peserta.objects.count() == 1

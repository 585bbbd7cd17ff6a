"""One form, sent twice at the same moment, as by an impatient finger on a slow line."""

import io
import tempfile
import uuid
from collections import Counter
from functools import partial
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from PIL import Image

from benchmarks.in_review import FIRST_CASE, FIRST_PERSON, VERSION, Held
from benchmarks.racing.two import Gate, in_two
from participants.models import Peserta
from tests import make

KINDS = ("approval", "counter case", "participant's request")
Form = tuple[dict[str, str], str, dict[str, str], bool]
"""Cookies, address, fields, and whether two photos go with it."""


def race(stock: Held, *, first: int, count: int) -> dict[str, Any]:
    """Send so many forms twice, of each kind a third; the cases begin at place `first`, the people behind them all."""
    with tempfile.TemporaryDirectory() as folder:
        # Tests keep photos in the memory of a process; here both have to find them.
        backend = "django.core.files.storage.FileSystemStorage"
        shared = {"BACKEND": backend, "OPTIONS": {"location": folder}}
        with override_settings(STORAGES={**settings.STORAGES, "documents": shared}):
            counted = sum(in_two(partial(_send, stock, first, count)), Counter[str]())
    approvals = len(range(0, count, len(KINDS)))
    span = {
        "case": FIRST_CASE + first,
        "person": FIRST_PERSON + stock.count,
        "last": FIRST_PERSON + stock.count + count,
    }
    with connection.cursor() as cursor:
        cursor.execute(APPROVED_ONCE, span)
        approved = int(cursor.fetchone()[0])
        cursor.execute(MADE_ONCE, span)
        made = int(cursor.fetchone()[0])
    return {
        "forms sent twice": sum(counted.values()) // 2,
        **{f"forms, {name}": number for name, number in sorted(counted.items())},
        "forms, approvals with exactly one effect": approved,
        "forms, requests made exactly once": made,
        "WRONG: approvals": approvals - approved,
        "WRONG: requests": count - approvals - made,
    }


APPROVED_ONCE = """
    SELECT count(*) FROM verification_phonechangerequest r
    WHERE r.id >= %(case)s AND r.id < %(case)s + 100000000 AND r.status = 'applied' AND 1 = (
        SELECT count(*) FROM audit_auditlog WHERE object_type = 'verification.phonechangerequest'
        AND object_id = r.id::text AND action IN ('request.approved', 'request.rejected')
    ) AND 1 = (
        SELECT count(*) FROM audit_auditlog WHERE object_type = 'participants.peserta'
        AND object_id = r.peserta_id::text AND action = 'peserta.phone_changed'
    )
"""
MADE_ONCE = """
    SELECT count(*) FROM participants_peserta p
    WHERE p.id >= %(person)s AND p.id < %(last)s AND 1 = (
        SELECT count(*) FROM verification_phonechangerequest r
        WHERE r.peserta_id = p.id AND r.status = 'awaiting_code' AND 1 = (
            SELECT count(*) FROM verification_outboxmessage WHERE request_id = r.id AND template = 'code'
        ) AND 2 = (SELECT count(*) FROM verification_document WHERE request_id = r.id) AND 1 = (
            SELECT count(*) FROM audit_auditlog WHERE object_type = 'verification.phonechangerequest'
            AND object_id = r.id::text AND action = 'request.submitted'
        )
    )
"""


def _send(stock: Held, first: int, count: int, number: int, gate: Gate) -> Counter[str]:
    counted: Counter[str] = Counter()
    desk = make.logged_in(stock.operator, Client(SERVER_NAME="localhost"))
    for place in range(count):
        kind = KINDS[place % len(KINDS)]
        if number == 0:
            cookies, address, fields, photos = _prepared(kind, stock, first + place, desk, place)
            gate.line.send((cookies, address, fields, photos))
        else:
            cookies, address, fields, photos = gate.line.recv()
        browser = Client(SERVER_NAME="localhost")
        browser.cookies.load(cookies)
        files = {name: _file(place) for name in ("ktp", "card")} if photos else {}
        gate.together()
        answer = browser.post(address, {**fields, **files}, REMOTE_ADDR=_address(place))
        counted[f"{kind}, answered {answer.status_code}"] += 1
        gate.together()
    return counted


def _prepared(kind: str, stock: Held, case: int, desk: Client, place: int) -> Form:
    """Return a form that is filled in and not sent yet."""
    person = Peserta.objects.get(pk=FIRST_PERSON + stock.count + place)
    data = {
        "identifier": person.nik,
        "birth_date": "17-05-1990",
        "new_phone": f"0857{place:08}",
        "reason": "lost_phone",
    }
    if kind == KINDS[0]:
        address = reverse("admin:verification_approve", args=[stock.case(case).reference])
        return _cookies(desk), address, {"version": str(VERSION), "compared": "on"}, False
    if kind == KINDS[1]:
        return _cookies(desk), reverse("admin:verification_counter"), data | {"submission": str(uuid.uuid4())}, True
    browser = Client(SERVER_NAME="localhost", REMOTE_ADDR=_address(place))
    steps = {"data": data, "ktp": {"photo": _file(place)}, "card": {"photo": _file(place)}}
    for page, fields in steps.items():
        answer = browser.post(reverse(f"portal:{page}"), fields)
        assert answer.status_code == 302, (page, answer.status_code, answer.content)
    return _cookies(browser), reverse("portal:check"), {}, False


def _cookies(browser: Client) -> dict[str, str]:
    return {name: cookie.value for name, cookie in browser.cookies.items()}


def _address(place: int) -> str:
    return f"10.{place // 62_500}.{place // 250 % 250}.{place % 250 + 1}"


def _file(place: int) -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (800, 500), (place % 200 + 20, place // 200 % 200 + 20, 120)).save(out, "JPEG")
    return SimpleUploadedFile("photo.jpg", out.getvalue(), "image/jpeg")

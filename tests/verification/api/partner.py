"""A partner's program, as tests see it."""

import base64
import json
from typing import Any

from django.test import Client

from jknoffice.audit.actor import Actor
from participants.models import Peserta
from tests import cases, make, pictures
from verification import changes
from verification.api import partners
from verification.api.partners import Scope
from verification.models import PhoneChangeRequest
from verification.models.choices import DocumentKind, Fault

URL = "/api/v1/requests"


class Partner:
    """Calls the API with the partner's secret; each POST has a key of its own unless one is given."""

    def __init__(self, client_id: str = "mobile", *, scopes: Any = tuple(Scope), http: Client | None = None) -> None:
        by = Actor.system("test")
        _, self.secret = partners.create(name="Mobile JKN", client_id=client_id, scopes=scopes, by=by)
        self.client_id, self.http, self.calls = client_id, http or Client(), 0

    def headers(self, **more: str) -> dict[str, str]:
        self.calls += 1
        pair = base64.b64encode(f"{self.client_id}:{self.secret}".encode()).decode()
        return {"authorization": f"Basic {pair}", "idempotency-key": f"k{self.calls}"} | {
            name.replace("_", "-"): value for name, value in more.items()
        }

    def start(self, peserta: Peserta | None = None, *, key: str = "", **given: Any) -> Any:
        peserta = peserta or make.peserta()
        data = {
            "identifier": peserta.nik,
            "birth_date": peserta.birth_date.isoformat(),
            "new_phone": "0812-9876-5432",
            "reason": "lost_phone",
            "ktp": pictures.upload(),
            "card": pictures.upload(pictures.photo("CARD")),
        }
        headers = self.headers(**({"idempotency_key": key} if key else {}))
        return self.http.post(URL, {**data, **given}, headers=headers)

    def post(self, begun: dict[str, str], what: str, data: Any = None, **headers: str) -> Any:
        address, headers = f"{URL}/{begun['reference']}/{what}", self.headers(x_request_token=begun["token"], **headers)
        if what == "photo":
            return self.http.post(address, data, headers=headers)
        return self.http.post(address, json.dumps(data or {}), content_type="application/json", headers=headers)

    def look(self, begun: dict[str, str], **headers: str) -> Any:
        given = {"x_request_token": begun["token"], **headers}
        return self.http.get(f"{URL}/{begun['reference']}", headers=self.headers(**given))


def begun(http: Client) -> tuple[Partner, dict[str, str]]:
    """A partner that calls through `http`, and the request that it has just started."""
    partner = Partner(http=http)
    return partner, partner.start().json()


def posts(http: Client, what: str, data: Any = None) -> Any:
    """One call about a request that has just been started."""
    partner, request = begun(http)
    return partner.post(request, what, data)


def confirms(http: Client) -> Any:
    """The right code."""
    partner, request = begun(http)
    return partner.post(request, "code", {"code": cases.code_of(PhoneChangeRequest.objects.latest("pk"))})


def looks(http: Client) -> Any:
    """A look at a request that has just been started."""
    partner, request = begun(http)
    return partner.look(request)


def sends_photo(http: Client) -> Any:
    """The better photo that was asked for."""
    partner, request = begun(http)
    case = PhoneChangeRequest.objects.latest("pk")
    cases.confirmed(case)
    user = cases.reviewer(case)
    changes.claim(request=case, by=user)
    changes.ask(request=case, by=user, document=DocumentKind.KTP, fault=Fault.BLURRED)
    return partner.post(request, "photo", {"photo": pictures.upload()})

"""The operations of `/api/v1/`: each parses, makes one call of the domain, and tells what became of it."""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any
from uuid import NAMESPACE_URL, uuid5

from django.http import HttpRequest, HttpResponse
from django.utils.translation import override
from ninja import File, Form, Header, Router, UploadedFile

from jknoffice.audit.log import Thing, record_alone
from jknoffice.refusal import Refusal
from participants import identifiers, phone
from verification import changes, reference
from verification.api.access import PartnerAuth, actor, held, token_of
from verification.api.faults import refused
from verification.api.once import once
from verification.api.partners import Scope
from verification.api.schemas import CodeIn, Problem, Standing, Started, StartIn
from verification.api.service import Service
from verification.codes import Outcome, TooManyCodes
from verification.documents import pictures
from verification.documents.store import Away
from verification.models import PhoneChangeRequest
from verification.models.choices import Channel, DocumentKind
from verification.portal.telling import tell
from verification.portal.views.code import told

Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=200)]
Token = Annotated[str, Header(alias="X-Request-Token", max_length=100)]
Work = Callable[[], dict[str, Any]]

FAULTS = dict.fromkeys((400, 401, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503), Problem)
WRITE, READ = PartnerAuth(Scope.WRITE), PartnerAuth(Scope.READ)

api = Service(title="JKN Office", version="1", urls_namespace="api", docs_url=None)
requests = Router(tags=["requests"])


@requests.post("", auth=WRITE, response={201: Started, **FAULTS}, url_name="start")
def start(
    request: HttpRequest, data: Form[StartIn], ktp: File[UploadedFile], card: File[UploadedFile], key: Key
) -> HttpResponse:
    """Start a request and send a code to its new number. The answer is the same whether the register knows the NIK."""
    client = request.auth  # type: ignore[attr-defined]
    photos = {DocumentKind.KTP: ktp, DocumentKind.CARD: card}
    asked: dict[str, str] = {
        "do": "start",
        **data.model_dump(mode="json"),
        **{str(kind): _digest(file) for kind, file in photos.items()},
    }

    def work() -> dict[str, Any]:
        try:
            case = changes.submit(
                intake=changes.Intake(
                    identifier=identifiers.parse(data.identifier),
                    birth_date=data.birth_date,
                    new_phone=phone.normalise(data.new_phone),
                    channel=Channel.API,
                    reason=data.reason,
                    pictures={kind: pictures.read(file) for kind, file in photos.items()},
                    language=data.language,
                    submission=uuid5(NAMESPACE_URL, "\n".join([client.client_id, key, *sorted(asked.values())])),
                    partner=client,
                )
            )
        except Refusal as refusal:
            record_alone(
                "request.intake_refused",
                by=actor(client),
                reason=refusal.code,
                pii={"identifier": data.identifier.replace("\0", "")},
            )
            raise
        return {"reference": reference.show(case.reference), "token": token_of(case), "status": case.status}

    return _once(request, key, asked, work, status=201)


@requests.get("/{name}", auth=READ, response={200: Standing, **FAULTS}, url_name="standing")
def standing(request: HttpRequest, name: str, token: Token) -> dict[str, Any]:
    """Tell where a request stands."""
    case = held(request.auth, name, token)  # type: ignore[attr-defined]
    _record(request, case, "request.status_viewed")
    return _standing(case)


@requests.post("/{name}/code", auth=WRITE, response={200: Standing, **FAULTS}, url_name="code")
def code(request: HttpRequest, name: str, data: CodeIn, token: Token, key: Key) -> HttpResponse:
    """Confirm the new number by the code from the SMS."""
    case = held(request.auth, name, token)  # type: ignore[attr-defined]

    def work() -> dict[str, Any]:
        answer = changes.confirm(request=case, typed=data.code)
        if answer.outcome is not Outcome.CONFIRMED:
            raise WrongCode(told(answer))
        return _standing(case)

    return _once(request, key, {"do": "code", "of": case.reference, "code": data.code}, work)


@requests.post("/{name}/code/again", auth=WRITE, response={200: Standing, **FAULTS}, url_name="code_again")
def code_again(request: HttpRequest, name: str, token: Token, key: Key) -> HttpResponse:
    """Send another code; earlier ones no longer work."""
    case = held(request.auth, name, token)  # type: ignore[attr-defined]

    def work() -> dict[str, Any]:
        try:
            changes.send_code(request=case)
        except Refusal as refusal:
            _record(request, case, "request.code_refused", reason=refusal.code)
            raise
        return _standing(case)

    return _once(request, key, {"do": "code again", "of": case.reference}, work)


@requests.post("/{name}/photo", auth=WRITE, response={200: Standing, **FAULTS}, url_name="photo")
def photo(request: HttpRequest, name: str, photo: File[UploadedFile], token: Token, key: Key) -> HttpResponse:
    """Send the better photo that `asked_document` names."""
    case = held(request.auth, name, token)  # type: ignore[attr-defined]

    def work() -> dict[str, Any]:
        kind = DocumentKind(case.asked_document or DocumentKind.KTP)  # where none is asked for, the step refuses
        changes.resend(request=case, pictures={kind: pictures.read(photo)})
        return _standing(case)

    return _once(request, key, {"do": "photo", "of": case.reference, "photo": _digest(photo)}, work)


@requests.post("/{name}/withdraw", auth=WRITE, response={200: Standing, **FAULTS}, url_name="withdraw")
def withdraw(request: HttpRequest, name: str, token: Token, key: Key) -> HttpResponse:
    """End a request that the participant no longer wants."""
    case = held(request.auth, name, token)  # type: ignore[attr-defined]

    def work() -> dict[str, Any]:
        changes.cancel(request=case)
        return _standing(case)

    return _once(request, key, {"do": "withdraw", "of": case.reference}, work)


api.add_router("requests", requests)


class WrongCode(Refusal):
    """The code was not right, or not any more."""

    code = "wrong_code"


def _once(request: HttpRequest, key: str, asked: dict[str, str], work: Work, *, status: int = 200) -> HttpResponse:
    """Do the work once. A refusal is an answer too, except for one that time heals."""

    def answered() -> tuple[int, dict[str, Any]]:
        try:
            return status, work()
        except (TooManyCodes, Away):
            raise
        except Refusal as refusal:
            return refused(refusal)

    return once(request.auth, key, asked, answered)  # type: ignore[attr-defined]


def _standing(case: PhoneChangeRequest) -> dict[str, Any]:
    case.refresh_from_db()
    with override(case.language):
        telling = tell(case)
        return {
            "reference": reference.show(case.reference),
            "status": case.status,
            "headline": str(telling.headline),
            "sentences": [str(sentence) for sentence in telling.sentences],
            "asked_document": case.asked_document,
            "submitted_at": case.submitted_at.isoformat(),
        }


def _record(request: HttpRequest, case: PhoneChangeRequest, action: str, *, reason: str = "") -> None:
    subject = case.peserta.uuid if case.peserta else None
    by = actor(request.auth)  # type: ignore[attr-defined]
    record_alone(action, by=by, about=Thing.of(case), subject=subject, reason=reason)


def _digest(file: UploadedFile) -> str:
    digest = hashlib.sha256()
    for chunk in file.chunks():
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()

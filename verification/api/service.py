"""The service itself: how exceptions become problems, and the schema that says so."""

import logging
from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation, TooManyFieldsSent, TooManyFilesSent
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, Throttled, ValidationError

from jknoffice import away
from jknoffice.refusal import Refusal
from verification.api.faults import refused
from verification.api.problems import KIND, problem
from verification.codes import TooManyCodes
from verification.documents.uploads import too_large

logger = logging.getLogger(__name__)


class Service(NinjaAPI):
    """Answers every exception with a problem that repeats nothing of what was sent."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:
        """Return the problem for an exception."""
        if isinstance(exc, Refusal):
            _, body = refused(exc)
            answer = problem(body["status"], body["code"], body["detail"])
            if isinstance(exc, TooManyCodes):
                answer.headers["Retry-After"] = str(int(exc.wait.total_seconds()) + 1)
            return answer
        if isinstance(exc, ValidationError):
            return _not_valid(request, exc)
        if isinstance(exc, Throttled):
            answer = problem(429, "too_many", "Too many calls.")
            answer.headers["Retry-After"] = str(exc.wait)
            return answer
        if isinstance(exc, AuthenticationError):
            answer = problem(401, "unauthorized", "Give the client id and the secret by HTTP basic.")
            answer.headers["WWW-Authenticate"] = 'Basic realm="JKN Office"'
            return answer
        return _other(exc)

    def get_openapi_schema(self, **given: Any) -> Any:
        """Return the schema, in which errors are problems."""
        schema = super().get_openapi_schema(**given)
        for operations in schema["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if int(status) >= 400:
                        response["content"] = {KIND: response["content"]["application/json"]}
        return schema


def _not_valid(request: HttpRequest, exc: ValidationError) -> HttpResponse:
    if too_large(request):
        return problem(413, "too_large", "The photos are too large.")
    errors = [{"where": [str(part) for part in each["loc"]], "what": each["type"]} for each in exc.errors]
    return problem(422, "not_valid", "Something is missing or has another form than the schema says.", errors=errors)


def _other(exc: Exception) -> HttpResponse:
    if isinstance(exc, RequestDataTooBig):
        return problem(413, "too_large", "The body is too large.")
    if isinstance(exc, Http404):
        return problem(404, "not_found", "There is nothing here.")
    if isinstance(exc, HttpError):
        return problem(exc.status_code, "bad_request", "The body cannot be read.")
    if isinstance(exc, TooManyFieldsSent | TooManyFilesSent):
        return problem(413, "too_large", "The form has too many parts.")
    if isinstance(exc, MultiPartParserError | SuspiciousOperation):
        return problem(400, "bad_request", "The body cannot be read.")
    if away.is_away(exc):
        logger.error("api: the database is away", exc_info=exc)
        return problem(503, "away", str(away.SENTENCE))
    logger.error("api: %s", type(exc).__name__)
    return problem(500, "internal", "Something went wrong on our side.")

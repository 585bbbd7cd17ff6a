"""The API does nothing that its description leaves out, whatever a program sends."""

import os
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi import checks

from tests.verification.api.partner import Partner

pytestmark = pytest.mark.django_db(transaction=True)

EXAMPLES = int(os.environ.get("JKN_API_EXAMPLES", "6"))
CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]


@pytest.mark.parametrize("mode", GenerationMode, ids=lambda mode: mode.value)
@pytest.mark.parametrize("inside", [True, False], ids=["a request of one's own", "anything"])
def test_nothing_undocumented(mode: GenerationMode, inside: bool) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", WSGIHandler())
    partner = Partner()
    begun = partner.start().json()
    secret = {"Authorization": partner.headers()["authorization"]}

    for found in schema.get_all_operations():
        assert isinstance(found, Ok)
        operation = found.ok()

        @settings(
            max_examples=EXAMPLES, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def holds(case: Any) -> None:
            if inside and "name" in case.path_parameters:
                case.path_parameters["name"] = begun["reference"]
                case.headers["X-Request-Token"] = begun["token"]
            case.call_and_validate(headers=secret, checks=CHECKS)

        holds()

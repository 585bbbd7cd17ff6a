"""The description of the API as a page, without scripts and without any outside host."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from verification.api.door import api


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that is sent or answered: `form` is its type with its limits, `required` whether it must be there."""

    name: str
    form: str
    text: str
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation: what it takes in the headers and in the body (of `kind`), and what it answers with `status`."""

    method: str
    path: str
    text: str
    headers: list[Field]
    kind: str
    body: list[Field]
    status: str
    answer: list[Field]


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show what the OpenAPI description says."""
    return render(request, "api/guide.html", {"operations": list(operations(api.get_openapi_schema()))})


def operations(schema: Mapping[str, Any]) -> Iterator[Operation]:
    """Yield the operations of an OpenAPI 3.1 description, as Django Ninja writes it."""
    known = schema["components"]["schemas"]
    for path, methods in schema["paths"].items():
        for method, said in methods.items():
            kind, body = _content(said.get("requestBody", {}), known)
            status = next(status for status in said["responses"] if int(status) < 400)
            yield Operation(
                method=method.upper(),
                path=path,
                text=said["description"],
                headers=[
                    _field(each["name"], each["schema"], required=each["required"])
                    for each in said["parameters"]
                    if each["in"] == "header"
                ],
                kind=kind,
                body=body,
                status=f"{status} {said['responses'][status]['description']}",
                answer=_content(said["responses"][status], known)[1],
            )


def _content(said: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[str, list[Field]]:
    """Return the media type and the fields of a body or an answer; nothing for none."""
    for kind, content in said.get("content", {}).items():
        schema = content["schema"]
        schema = known[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
        required = schema.get("required", [])
        return kind, [_field(name, form, required=name in required) for name, form in schema["properties"].items()]
    return "", []


def _field(name: str, schema: Mapping[str, Any], *, required: bool) -> Field:
    form = schema.get("format") or schema.get("pattern") or schema["type"]
    if choices := schema.get("enum"):
        form = ", ".join(choices)
    elif most := schema.get("maxLength"):
        form = f"{form} ≤ {most}"
    return Field(name=name, form=form, text=schema.get("description", ""), required=required)

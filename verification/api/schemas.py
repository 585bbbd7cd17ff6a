"""What the API takes and gives."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Field, Schema

from verification.models.choices import ChangeReason

Text = Annotated[str, Field(max_length=40)]


class StartIn(Schema):
    """A request; both photos come with it."""

    identifier: Annotated[str, Field(max_length=40, description="NIK (16 digits) or card number (13 digits)")]
    birth_date: date
    new_phone: Annotated[str, Field(max_length=40, description="Indonesian mobile number, such as 0812-3456-7890")]
    reason: ChangeReason
    language: Literal["id", "en"] = "id"


class CodeIn(Schema):
    """What the participant read in the SMS."""

    code: Annotated[str, Field(pattern="^[0-9]{6}$")]


class Started(Schema):
    """The new request. `token` is given only here: it opens the request, together with the partner's secret."""

    reference: str
    token: str
    status: str


class Standing(Schema):
    """Where a request stands; `asked_document` names the better photo that is wanted, if one is."""

    reference: str
    status: str
    headline: str
    sentences: list[str]
    asked_document: str
    submitted_at: datetime


class Problem(Schema):
    """An error (RFC 9457). `code` is a stable word."""

    type: str
    title: str
    status: int
    code: str
    detail: str

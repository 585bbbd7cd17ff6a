"""Looking at what is added to the log meanwhile."""

from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import resolve

from jknoffice.audit.models import AuditLog


def newest() -> int:
    return AuditLog.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def actions_after(since: int, until: int | None = None) -> list[str]:
    """The actions of the entries after one entry, up to another, in their order."""
    rows = AuditLog.objects.filter(pk__gt=since)
    if until is not None:
        rows = rows.filter(pk__lte=until)
    return list(rows.order_by("pk").values_list("action", flat=True))


@dataclass
class Asked:
    """A request: how and what was asked for, and the newest entry before it and before the next request."""

    line: str
    since: int
    until: int | None = None


class Watching(Client):
    """A browser that remembers which entries were added at each of its requests. It asks for English."""

    def __init__(self) -> None:
        super().__init__(headers={"accept-language": "en"})
        self.asked: list[Asked] = []

    def request(self, **request: Any) -> Any:
        since = newest()
        if self.asked:
            self.asked[-1].until = since
        self.asked.append(Asked(f"{request['REQUEST_METHOD']} {resolve(request['PATH_INFO']).view_name}", since))
        return super().request(**request)

    def actions_of(self, line: str) -> list[str]:
        """The actions that the last request of this kind left, such as `POST admin:login`."""
        asked = [each for each in self.asked if each.line == line][-1]
        return actions_after(asked.since, asked.until)

"""Every address of the product, out of the resolver itself."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLResolver, get_resolver, reverse

# What an address may name. Nothing of it is there: who is let in is told before.
ANY: dict[str, Any] = {
    "reference": "AAAAAAAA",
    "subject": "00000000-0000-4000-8000-000000000000",
    "search_id": "x",
    "upload": "00000000-0000-4000-8000-000000000000",
    "name": "rejects",
    "pk": 1,
    "object_id": "1",
    "app_label": "verification",
    "gateway": "memory",
    "secret": "x",
}


def walk(
    resolver: Any = None, space: str = "", given: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the name of each address with its name spaces, and what the address takes."""
    for pattern in (resolver or get_resolver()).url_patterns:
        takes = given | set(getattr(pattern.pattern, "converters", {})) | set(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from walk(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space, takes)
        else:
            yield f"{space}{pattern.name}", takes


def every_address() -> dict[str, str]:
    """Return all names, each with an address where it stands."""
    return {
        name: reverse(name, kwargs={each: ANY[each] for each in sorted(takes)})
        if not name.endswith(":None")
        else "/admin/nothing/here/"
        for name, takes in walk()
    }

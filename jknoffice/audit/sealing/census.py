"""Questions about the log that other apps answer: for example, whether each version of a request has its entry.

The log imports no app; an app registers its question in `AppConfig.ready()`, and `verify_audit` asks it.
"""

from collections.abc import Callable, Iterator
from typing import TypeAlias

Census: TypeAlias = Callable[[], Iterator[str]]

_registered: dict[str, Census] = {}


def register(name: str, census: Census) -> None:
    """Let `verify_audit` ask `census`, which yields one sentence for each thing that does not fit.

    It is called inside a read-only transaction. `name` stands before each sentence; the same name replaces.
    """
    _registered[name] = census


def problems() -> Iterator[str]:
    """Yield what any registered census finds."""
    for name, census in _registered.items():
        for sentence in census():
            yield f"{name}: {sentence}"

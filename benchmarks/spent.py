"""Where the time of a step of the domain goes: SQL, log, commit, and the rest."""

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import connection

from jknoffice.audit import log
from participants import registry
from verification.changes import step


class Spent:
    """Where the time of a step goes."""

    def __init__(self) -> None:
        self.count = self.queries = 0
        self.real = self.processor = 0.0
        self.parts: dict[str, float] = defaultdict(float)

    def on(self, way: Callable[[], None]) -> None:
        """Take the step, and note its time."""
        with self._told_apart():
            real, processor = time.perf_counter(), time.process_time()
            way()
            self.real += time.perf_counter() - real
            self.processor += time.process_time() - processor
        self.count += 1

    @property
    def a_second(self) -> float:
        """Steps a second of one process."""
        return self.count / self.real

    def told(self, name: str) -> dict[str, Any]:
        """Return the figures of a step."""
        parts = {f"{name}, {part}": f"{100 * spent / self.real:.0f} %" for part, spent in sorted(self.parts.items())}
        rest = self.real - sum(self.parts.values())
        return {
            f"{name}, a second": round(self.a_second, 1),
            f"{name}, ms": round(1000 * self.real / self.count, 1),
            f"{name}, ms of this process": round(1000 * self.processor / self.count, 1),
            f"{name}, queries": round(self.queries / self.count, 1),
            **parts,
            f"{name}, Django and our own code": f"{100 * rest / self.real:.0f} %",
        }

    @contextmanager
    def _told_apart(self) -> Iterator[None]:
        within: list[str] = []

        @contextmanager
        def timed(part: str) -> Iterator[None]:
            # What is nested counts for the outermost: SQL of the log for the log.
            within.append(part)
            began = time.perf_counter()
            try:
                yield
            finally:
                within.pop()
                if not within:
                    self.parts[part] += time.perf_counter() - began

        def counted(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
            self.queries += 1
            with timed("SQL"):
                return execute(sql, params, many, context)

        def recorded(*args: Any, **given: Any) -> Any:
            with timed("log"):
                return log.record(*args, **given)

        commit = connection.commit

        def committed() -> None:
            with timed("commit"):
                commit()

        places = [patch.object(module, "record", recorded) for module in (step, registry)]
        with connection.execute_wrapper(counted), patch.object(connection, "commit", committed), places[0], places[1]:
            yield

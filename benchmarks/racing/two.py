"""Two processes with a barrier between them."""

import multiprocessing
from collections import Counter
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from typing import Any

from django.db import connections

PATIENCE = 120.0
"""Seconds after which the other one is not coming any more."""

Side = Callable[[int, "Gate"], "Counter[str]"]


class Gate:
    """What both go through together, and a line on which the first tells the second something."""

    def __init__(self, barrier: Barrier, line: Connection) -> None:
        self._barrier, self.line = barrier, line

    def together(self) -> None:
        """Wait for the other one."""
        self._barrier.wait(PATIENCE)


def in_two(side: Side) -> list[Counter[str]]:
    """Run `side(0, gate)` and `side(1, gate)` in processes of their own; return what each counted.

    Raises RuntimeError when one of them ends otherwise.
    """
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    barrier, results = fork.Barrier(2), fork.Queue()
    lines = fork.Pipe()

    def run(number: int) -> None:
        try:
            results.put(side(number, Gate(barrier, lines[number])))
        except BaseException:
            barrier.abort()
            raise

    processes: list[Any] = [fork.Process(target=run, args=[number]) for number in (0, 1)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    if any(process.exitcode for process in processes):
        raise RuntimeError("one of two did not finish")
    return [results.get(), results.get()]

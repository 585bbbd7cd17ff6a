"""A local cluster for the tests of a module."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.cluster import processes, topology
from deploy.cluster.layout import Layout
from tests.long.test_seaweed import free_port


@contextmanager
def serving(folder: Path) -> Iterator[Layout]:
    """Let a cluster of its own serve until the end of the block, and nothing of it be left."""
    found = Layout(folder=folder, port=free_port())
    try:
        topology.start(found)
        yield found
    finally:
        topology.stop(found)
    assert not any(processes.number(found.folder, name) for name in processes.names(found.folder))

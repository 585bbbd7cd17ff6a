"""The figures in Prometheus' words, computed from the database: any web process gives the same ones."""

from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from jknoffice.audit.sealing.health import halted, unsealed_oldest_seconds
from jknoffice.condition import measures


class _Office(Collector):
    """Asks when it is asked: nothing is counted in the process."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield each figure with its labels."""
        yield _by("jkn_requests_open", "Requests by open state", "state", measures.open_requests())
        yield _by("jkn_requests_closed_last_day", "Requests that ended in 24 h", "state", measures.closed_last_day())
        yield _one("jkn_queue_oldest_seconds", "Age of the oldest case that waits", measures.oldest_waiting_seconds())
        yield _by("jkn_messages", "Messages that wait, or that no gateway took", "status", measures.messages())
        yield _one("jkn_messages_refused", "Messages no gateway took three times", measures.messages_refused())
        yield _one("jkn_message_oldest_seconds", "How long a message is overdue", measures.oldest_message_seconds())
        jobs = GaugeMetricFamily("jkn_jobs", "Jobs that wait, run or failed", labels=["queue", "status"])
        for labels, count in measures.jobs().items():
            jobs.add_metric(labels, count)
        yield jobs
        silent = measures.worker_silent_seconds()
        yield _one("jkn_worker_silent_seconds", "Since a worker lived", float("inf") if silent is None else silent)
        yield _one("jkn_seal_lag_seconds", "Age of the oldest entry without a seal", unsealed_oldest_seconds())
        yield _one("jkn_seal_halted", "1 while the sealer has halted", float(halted() is not None))
        follows = measures.archiving() == measures.Archiving.FOLLOWED
        yield _one("jkn_archive_follows", "1 while the log of the database goes to the archive", float(follows))


def text() -> bytes:
    """Return all figures in Prometheus' text format (UTF-8)."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Office())
    return generate_latest(registry)


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: Mapping[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for value, count in values.items():
        family.add_metric([value], count)
    return family

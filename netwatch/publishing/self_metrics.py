"""What netwatch tells of itself, kept by prometheus-client in a registry that is a part like any other."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from prometheus_client import CollectorRegistry, Gauge, Histogram, Info, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.exposition import generate_latest
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics
from prometheus_client.registry import Collector

from netwatch.publishing.exposition import END, Format
from netwatch.publishing.families import SELF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prometheus_client import Metric

LATE = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0)
"""Upper bounds of the histograms of lateness and lag, seconds."""

Key = TypeVar("Key", bound=tuple[str, ...])

_HELP = {family.name: family.help for family in SELF}


@dataclass(frozen=True, slots=True)
class LedgerTotals:
    """How the ledger fares."""

    entries: int = 0  # written
    last_write: float | None = None  # Unix seconds
    errors: int = 0  # attempts to write that failed
    queued: int = 0  # entries that wait
    dropped: int = 0  # entries that there was no room for


@dataclass(frozen=True, slots=True)
class Counts:
    """Where to read totals that others keep, whenever a scrape asks for them."""

    drops: Callable[[], Mapping[str, int]]  # by protocol
    rejected: Callable[[], Mapping[tuple[str, str], int]]  # by (protocol, reason)
    refused: Callable[[], Mapping[str, int]]  # by reason
    ledger: Callable[[], LedgerTotals]


class SelfMetrics:
    """The self-metrics. `lateness` and `lag` are told seconds; `registry` takes further collectors."""

    def __init__(self, version: str, counts: Counts) -> None:
        self.registry = registry = CollectorRegistry()
        build = Info("netwatch_build", _HELP["netwatch_build_info"], registry=registry)
        build.info({"version": version, "python": platform.python_version()})
        self.refusing = False  # whether the configuration that was read last was not good
        self._good = _gauge("netwatch_config_last_reload_successful", registry)
        self._last_good = _gauge("netwatch_config_on_last_good", registry)
        self._good_at = _gauge("netwatch_config_last_reload_success_timestamp_seconds", registry)
        self.lateness = _histogram("netwatch_poll_lateness_seconds", registry)
        self.lag = _histogram("netwatch_event_loop_lag_seconds", registry)
        registry.register(_Totals(counts))
        ProcessCollector(registry=registry)

    def loaded(self, at: float) -> None:
        """A good configuration was read at steady time `at`."""
        self.refusing = False
        self._good.set(1)
        self._last_good.set(0)
        self._good_at.set(at)

    def refused(self) -> None:
        """A configuration was read, and was not good."""
        self.refusing = True
        self._good.set(0)

    def on_last_good(self) -> None:
        """What runs from the start on is the inventory that was good last, until a good one is read."""
        self._last_good.set(1)

    def pieces(self, form: Format) -> list[bytes]:
        """Return the exposition in pieces, without its end."""
        source = _WithoutCreated(self.registry)
        if form is Format.OPENMETRICS:
            text: bytes = generate_openmetrics(source)  # type: ignore[no-untyped-call]  # it has no types
            return [text.removesuffix(END)]
        return [generate_latest(source)]


def _gauge(name: str, registry: CollectorRegistry) -> Gauge:
    return Gauge(name, _HELP[name], registry=registry)


def _histogram(name: str, registry: CollectorRegistry) -> Histogram:
    return Histogram(name, _HELP[name], registry=registry, buckets=LATE)


class _Totals(Collector):
    """Reads the totals that others keep."""

    def __init__(self, counts: Counts) -> None:
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        """Return them as counters."""
        counts = self._counts
        yield _counter("netwatch_socket_drops_total", _single(counts.drops()), ("protocol",))
        yield _counter("netwatch_rejected_datagrams_total", counts.rejected(), ("protocol", "reason"))
        yield _counter("netwatch_refused_series_total", _single(counts.refused()), ("reason",))
        ledger = counts.ledger()
        yield _counter("netwatch_ledger_entries_total", {(): ledger.entries}, ())
        yield _counter("netwatch_ledger_write_errors_total", {(): ledger.errors}, ())
        yield _counter("netwatch_ledger_dropped_entries_total", {(): ledger.dropped}, ())
        yield _value("netwatch_ledger_queued_entries", ledger.queued)
        if ledger.last_write is not None:
            yield _value("netwatch_ledger_last_write_timestamp_seconds", ledger.last_write)


def _single(totals: Mapping[str, int]) -> dict[tuple[str], int]:
    return {(key,): value for key, value in totals.items()}


def _counter(name: str, totals: Mapping[Key, int], labels: tuple[str, ...]) -> Metric:
    family = CounterMetricFamily(name, _HELP[name], labels=labels)
    for key, value in totals.items():
        family.add_metric(key, value)
    return family


def _value(name: str, value: float) -> Metric:
    return GaugeMetricFamily(name, _HELP[name], value=value)


class _WithoutCreated(Collector):
    """Leaves out when each histogram was made: `process_start_time_seconds` says the same of all."""

    def __init__(self, source: Collector) -> None:
        self._source = source

    def collect(self) -> Iterable[Metric]:
        """Return what the source has."""
        for metric in self._source.collect():
            metric.samples = [sample for sample in metric.samples if not sample.name.endswith("_created")]
            yield metric

"""Notifications as counters: what devices said unasked, and what there was no room to look at.

They are read where others keep them, whenever a scrape asks, and stand among the self-metrics: one row a
device that has said anything, and kinds are few.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from prometheus_client.core import CounterMetricFamily
from prometheus_client.registry import Collector

from netwatch.publishing.families import SELF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prometheus_client import Metric

Key = TypeVar("Key", bound=tuple[str, ...])

_FAMILIES = {family.name: family for family in SELF}


@dataclass(frozen=True, slots=True)
class NoticeCounts:
    """Where to read what others count."""

    notices: Callable[[], Mapping[tuple[str, str, str], int]]  # by (device, unit, kind)
    dropped: Callable[[], Mapping[str, int]]  # by reason
    rejected: Callable[[], Mapping[str, int]]  # by reason
    kernel_drops: Callable[[], int]


class NoticeTotals(Collector):
    """The two families that are about notifications alone."""

    def __init__(self, counts: NoticeCounts) -> None:
        self._counts = counts

    def collect(self) -> Iterable[Metric]:
        """Return them as counters."""
        yield _counter("netwatch_notifications_total", self._counts.notices())
        dropped = {(reason,): count for reason, count in self._counts.dropped().items()}
        yield _counter("netwatch_notifications_dropped_total", dropped)


def _counter(name: str, totals: Mapping[Key, int]) -> Metric:
    family = CounterMetricFamily(name, _FAMILIES[name].help, labels=_FAMILIES[name].labels)
    for key, value in sorted(totals.items()):
        family.add_metric(key, value)
    return family

"""How anchors fare, among the self-metrics: how old the newest is at each step, and what failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from netwatch.publishing.families import SELF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from prometheus_client import Metric

_FAMILIES = {family.name: family for family in SELF}


@dataclass(frozen=True, slots=True)
class AnchorTotals:
    """By step: head, signed, stamped, sent."""

    last: Mapping[str, float] = field(default_factory=dict)  # Unix seconds
    errors: Mapping[str, int] = field(default_factory=dict)


class AnchorSeries(Collector):
    """Reads them whenever a scrape asks."""

    def __init__(self, totals: Callable[[], AnchorTotals]) -> None:
        self._totals = totals

    def collect(self) -> Iterable[Metric]:
        """Return both families."""
        totals = self._totals()
        last = _FAMILIES["netwatch_anchor_last_timestamp_seconds"]
        gauge = GaugeMetricFamily(last.name, last.help, labels=last.labels)
        for step, at in sorted(totals.last.items()):
            gauge.add_metric((step,), at)
        yield gauge
        errors = _FAMILIES["netwatch_anchor_errors_total"]
        counter = CounterMetricFamily(errors.name, errors.help, labels=errors.labels)
        for step, count in sorted(totals.errors.items()):
            counter.add_metric((step,), count)
        yield counter

"""Mains and battery of a UPS: single objects that ride along with the first request of a poll."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.observation import Mains
from netwatch.polling.tables import flagged, measured
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Mapping

    from netwatch.model.profile import Flag, MainsObjects, Metric, Profile, Quantity


class MainsPlan:
    """What a profile asks of mains, compiled once; an object that is a scalar too is asked for once."""

    def __init__(self, profile: Profile) -> None:
        self._mains = profile.mains
        scalars = {metric.oid: metric.name for metric in profile.scalars}
        metrics = {metric.oid: metric for metric in _metrics(profile.mains)}
        # Apart from the exported scalars, which have their MIB names.
        self._names = {oid: scalars.get(oid, ".".join(map(str, oid))) for oid in metrics}
        self.columns = tuple(
            Column(self._names[oid], oid, metric.syntax)
            for oid, metric in metrics.items()
            if oid not in scalars
        )

    def read(self, values: Mapping[str, int], refused: Counter[str]) -> Mains | None:
        """Return what the first answer told; None where the profile asks nothing or nothing was told."""
        mains = self._mains
        if mains is None or not any(name in values for name in self._names.values()):
            return None

        def flag(each: Flag | None) -> bool | None:
            return None if each is None else flagged(each, values.get(self._names[each.metric.oid]))

        def quantity(each: Quantity | None) -> float | None:
            return None if each is None else measured(each, values.get(self._names[each.metric.oid]), refused)

        lost = mains.lost_count
        return Mains(
            on_battery=flag(mains.on_battery),
            seconds_on_battery=quantity(mains.seconds_on_battery),
            charge=quantity(mains.charge),
            runtime=quantity(mains.runtime),
            low=flag(mains.low),
            lost_count=None if lost is None else values.get(self._names[lost.oid]),
        )


def _metrics(mains: MainsObjects | None) -> list[Metric]:
    if mains is None:
        return []
    sources = (mains.on_battery, mains.seconds_on_battery, mains.charge, mains.runtime, mains.low)
    metrics = [each.metric for each in sources if each is not None]
    return [*metrics, mains.lost_count] if mains.lost_count is not None else metrics

"""The light that ports receive, in dBm whatever a device counts in.

It is walked apart from the interfaces: only optical ports have such rows, and a column with many holes would
put the regular walk over all the others out of step. Its values have a sign, which those of interfaces never
have. What a device does not tell of its light costs nothing else of a poll.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netwatch.model.observation import Light
from netwatch.polling.tuning import Tuning
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column, Columns

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netwatch.model.observation import InterfaceName
    from netwatch.model.profile import LightColumns

MICROWATTS = 1000.0  # in one milliwatt, which is 0 dBm


class LightPlan:
    """What a profile asks of light, compiled once for all its devices; None: it asks nothing."""

    def __init__(self, light: LightColumns | None) -> None:
        metrics = [] if light is None else [metric for metric in (light.received, light.low_alarm) if metric]
        self.columns = Columns(tuple(Column(m.name, m.oid, m.syntax) for m in metrics))
        self._dbm = _UNITS[light.unit] if light is not None else _hundredths
        self._absent = frozenset(light.absent) if light is not None else frozenset()

    def tuning(self) -> Tuning:
        """Return how much a device is asked for at once, to begin with."""
        return Tuning(self.columns.fitting())

    def read(
        self, cells: Mapping[bytes, Sequence[int | None]], rows: Sequence[InterfaceName]
    ) -> tuple[Light, ...]:
        """Return the light of those interfaces of which anything is told."""
        by_index = {arcs(index)[0]: values for index, values in cells.items()}
        return tuple(
            self._light(row.key, by_index[row.index])
            for row in rows
            if by_index.get(row.index, _NOTHING)[0] is not None
        )

    def _light(self, key: str, values: Sequence[int | None]) -> Light:
        received, *alarms = map(self._unified, values)
        return Light(key, received, alarms[0] if alarms else None)

    def _unified(self, raw: int | None) -> float | None:
        return None if raw is None or raw in self._absent else self._dbm(raw)


_NOTHING: tuple[int | None, ...] = (None,)


def _hundredths(raw: int) -> float | None:
    return raw / 100


def _thousandths(raw: int) -> float | None:
    return raw / 1000


def _tenths_of_microwatts(raw: int) -> float | None:
    """Power in dBm is ten times the decimal logarithm of milliwatts; of no light there is none."""
    return 10 * math.log10(raw / 10 / MICROWATTS) if raw > 0 else None


_UNITS: dict[str, Callable[[int], float | None]] = {
    "0.01 dBm": _hundredths,
    "0.001 dBm": _thousandths,
    "0.1 uW": _tenths_of_microwatts,
}

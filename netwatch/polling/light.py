"""The light that ports receive, in dBm whatever a device counts in.

It is walked apart from the interfaces: only optical ports have such rows, and a column with many holes would
put the regular walk over all the others out of step. Its values have a sign, which those of interfaces never
have. What a device does not tell of its light costs nothing else of a poll.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.observation import Light
from netwatch.model.profile import PortKey
from netwatch.model.units import OutOfRange, unified
from netwatch.polling.tuning import Tuning
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column, Columns

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from netwatch.model.observation import InterfaceName
    from netwatch.model.profile import LightTable, Quantity


class LightPlan:
    """What a profile asks of light, compiled once for all its devices."""

    def __init__(self, tables: Sequence[LightTable]) -> None:
        table = next((table for table in tables if table.key is PortKey.IF_INDEX), None)
        self._quantities = (
            () if table is None else tuple(each for each in (table.received, table.low_alarm) if each)
        )
        self.columns = Columns(
            tuple(Column(each.metric.name, each.metric.oid, each.metric.syntax) for each in self._quantities)
        )

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
        received, *alarms = map(self._unified, values, self._quantities)
        return Light(key, received, alarms[0] if alarms else None)

    def _unified(self, raw: int | None, quantity: Quantity) -> float | None:
        try:
            return None if raw is None else unified(quantity.unit, raw, frozenset(quantity.absent))
        except OutOfRange:
            return None


_NOTHING: tuple[int | None, ...] = (None,)

"""The light of ports, in dBm whatever a device counts in, lane by lane.

It is walked apart from the interfaces: only optical ports have such rows, and a column with many holes would
put the regular walk over all the others out of step. Its values have a sign, which those of interfaces never
have. What a device does not tell of its light costs nothing else of a poll.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING

from netwatch.model.observation import Light
from netwatch.model.profile import PortKey
from netwatch.polling.lanes import levels
from netwatch.polling.tables import Labels, Table, TableReader, measured
from netwatch.protocols.ber import arcs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from netwatch.model.profile import LightTable
    from netwatch.polling.conversation import Conversation
    from netwatch.polling.entities import Entities
    from netwatch.polling.ports import Ports
    from netwatch.polling.tables import Rows
    from netwatch.protocols.snmp_walk import Scalars, Walk


LEVELS = ("received", "transmitted")
THRESHOLDS = ("low_alarm", "low_warning", "high_alarm")


class LightPlan:
    """What a profile asks of one table of light, compiled once for all its devices."""

    def __init__(self, light: LightTable) -> None:
        self.light = light
        quantities = (
            light.received,
            light.transmitted,
            light.low_alarm,
            light.low_warning,
            light.high_alarm,
            *(each for lane in light.more_lanes for each in (lane.received, lane.transmitted)),
            *((light.comma_lanes.received, light.comma_lanes.transmitted) if light.comma_lanes else ()),
        )
        self.values = Table(each.metric for each in quantities if each is not None)
        self.names = Table((light.port,))


class LightReader:
    """What is remembered of one table of light of one device."""

    def __init__(self, plan: LightPlan) -> None:
        self.plan = plan
        self.table = TableReader(plan.values, "light")
        self.names = Labels(plan.names, "light")

    async def read(
        self,
        conversation: Conversation,
        guards: Scalars,
        steady: Callable[[Walk], bool],
        ports: Ports,
        entities: Entities,
    ) -> list[Light]:
        """Return the light of those ports of which anything is told; none where rows moved meanwhile."""
        walk = await self.table.walk(conversation, guards)
        if walk is None:
            return []
        if not steady(walk):
            conversation.refused["table moved"] += 1
            return []
        rows = self.table.rows(walk)
        if self.plan.light.key is PortKey.ENTITY:
            await entities.learn(conversation, {arcs(index)[0] for index in rows})
        names = await self.names.learn(conversation, rows)
        kinds = self.plan.light.kinds
        placed = [
            (port, _lane(index if kinds is None else index[:-1], self.plan.light.key), index)
            for index in rows
            if (kinds is None or arcs(index)[1:][-1:] == kinds[:1])
            and rows.cell(index, self.plan.light.received.metric) is not None
            and (port := self._port(index, ports, entities, names)) is not None
        ]
        lanes = Counter(port for port, _, _ in placed)
        return [
            light
            for port, lane, index in placed
            for light in self._lights(
                port, lane if lanes[port] > 1 else "", rows, index, conversation.refused
            )
        ]

    def _port(self, index: bytes, ports: Ports, entities: Entities, names: Rows) -> str | None:
        key = self.plan.light.key
        if key is PortKey.NAME:
            return ports.named(names.text(index, self.plan.light.port))
        first = arcs(index)[0]
        return ports.by_index.get(first) if key is PortKey.IF_INDEX else entities.port(first, ports)

    def _lights(
        self, port: str, lane: str, rows: Rows, index: bytes, refused: Counter[str]
    ) -> Iterator[Light]:
        light = self.plan.light
        low_alarm, low_warning, high_alarm = (
            None if each is None else measured(each, rows.cell(index, each.metric), refused)
            for each in (light.low_alarm, light.low_warning, light.high_alarm)
        )
        lanes = levels(light, rows, index, refused)
        for number, (received, transmitted) in enumerate(lanes, start=1):
            yield Light(
                port,
                received,
                low_alarm,
                lane=".".join(filter(None, (lane, str(number)))) if len(lanes) > 1 else lane,
                transmitted=transmitted,
                low_warning=low_warning,
                high_alarm=high_alarm,
            )


def _lane(index: bytes, key: PortKey) -> str:
    """Return what tells the lanes of one port apart."""
    position = arcs(index)
    return ".".join(map(str, position if key is PortKey.NAME else position[1:])) or str(position[0])


def merged(lights: Iterable[Light]) -> tuple[Light, ...]:
    """Return one light for each lane: what one table tells of it, and what others know besides.

    Where lanes are told apart, the thresholds of the whole module hold for each, and the whole is left out
    unless it tells of light itself.
    """
    found: dict[tuple[str, str], Light] = {}
    for light in lights:
        place = light.interface, light.lane
        known = found.get(place)
        found[place] = light if known is None else _filled(known, light, (*LEVELS, *THRESHOLDS))
    apart = {port for port, lane in found if lane}
    return tuple(
        _filled(light, found[port, ""], THRESHOLDS) if lane and (port, "") in found else light
        for (port, lane), light in found.items()
        if lane or port not in apart or light.received is not None or light.transmitted is not None
    )


def _filled(known: Light, other: Light, names: Iterable[str]) -> Light:
    return dataclasses.replace(
        known, **{name: getattr(other, name) for name in names if getattr(known, name) is None}
    )

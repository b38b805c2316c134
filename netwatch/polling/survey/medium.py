"""What the ports of the default route run over, as their types say.

A route often leaves by an interface that has no cable (a VLAN, a bundle, a session): then what it runs over
is looked at (ifStackTable), down to ports that have one. An SVI that runs over a whole switch tells nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.fact import FactKind
from netwatch.polling.survey.asking import Table, Told
from netwatch.polling.survey.media import OTHER, of_if_type, of_mau
from netwatch.polling.survey.ports import read_lower
from netwatch.protocols.ber import MalformedError, oid
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.polling.survey.asking import Asker
    from netwatch.polling.survey.ports import Ports

MAU = Table("ifMauTable", (Column("ifMauType", (1, 3, 6, 1, 2, 1, 26, 2, 1, 1, 3), "oid"),))
"""MAU-MIB (RFC 4836), indexed by ifIndex and a number."""

DOT3_MAU_TYPE = (1, 3, 6, 1, 2, 1, 26, 4)

MOST_LAYERS = 3
"""Below an interface that are looked at: a session runs on a VLAN on a bundle on ports."""

MOST_PORTS = 32
"""Looked at in one survey."""


class Medium(NamedTuple):
    """What a port runs over, and by which number of which object."""

    name: str
    number: int
    source: str


async def read_media(asker: Asker, indices: Iterable[int], ports: Ports) -> tuple[Told, ...]:
    """Return what these interfaces run over: which ports, where they have no cable, and what those run over.

    Raises NoAnswerError.
    """
    descent = _Descent(asker, ports)
    told: list[Told] = []
    for index in dict.fromkeys(indices):
        bottom = await descent.bottom(index)
        told += [
            Told(FactKind.RUNS_OVER, ports.key(index), None, ports.key(each), "ifStackStatus")
            for each in bottom
            if each != index
        ]
    told += [
        Told(FactKind.MEDIUM, ports.key(index), float(medium.number), medium.name, medium.source)
        for index, medium in descent.media.items()
    ]
    return tuple(told)


class _Descent:
    """Goes down from interfaces to ports; `media` are those that were met, by ifIndex."""

    def __init__(self, asker: Asker, ports: Ports) -> None:
        self.media: dict[int, Medium] = {}
        self._asker = asker
        self._ports = ports
        self._lower: dict[int, tuple[int, ...]] = {}  # of those that were looked at

    async def bottom(self, index: int) -> list[int]:
        """Return the ports at the bottom of an interface: with a medium, or with nothing below them."""
        found: list[int] = []
        layer = {index}
        for _ in range(MOST_LAYERS + 1):
            below: set[int] = set()
            for each in sorted(layer):
                lower = await self._look_below(each)
                below.update(lower)
                if not lower:
                    found.append(each)
            layer = below - set(found)
        return found

    async def _look_below(self, index: int) -> tuple[int, ...]:
        """Return what an interface runs over; nothing where it is a port."""
        if index not in self._lower and len(self._lower) < MOST_PORTS:
            self._lower[index] = await self._look(index)
        return self._lower.get(index, ())

    async def _look(self, index: int) -> tuple[int, ...]:
        medium = await _read_medium(self._asker, index, self._ports)
        if medium is not None:
            self.media[index] = medium
            return ()
        if index in self._ports.virtual or self._ports.types.get(index) not in _PORT_TYPES:
            return await read_lower(self._asker, index)
        return ()


_PORT_TYPES = frozenset((6, 62, 117))  # ethernetCsmacd, fastEther, gigabitEthernet: nothing is below them


async def _read_medium(asker: Asker, index: int, ports: Ports) -> Medium | None:
    """Return what one port runs over; None where neither type says it."""
    types = (await asker.walk_below(MAU, index)).texts().values()
    told = [medium for medium in (_of_mau(row[0]) for row in types) if medium is not None]
    if told and len({medium.name for medium in told}) == 1:
        return told[0]
    number = ports.types.get(index)
    medium = of_if_type(number) if number is not None else OTHER
    return Medium(medium, number, "ifType") if number is not None and medium != OTHER else None


def _of_mau(content: bytes | None) -> Medium | None:
    """Return what a value of ifMauType says; None where the registry has it not, or leaves it open."""
    try:
        found = oid(content or b"")
    except MalformedError:
        return None
    if len(found) != len(DOT3_MAU_TYPE) + 1 or found[: len(DOT3_MAU_TYPE)] != DOT3_MAU_TYPE:
        return None
    number = found[-1]
    medium = of_mau(number)
    return Medium(medium, number, "ifMauType") if medium != OTHER else None

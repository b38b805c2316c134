"""The ports of a device as a survey knows them: named as the polls name them, with type and layers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.polling.interfaces import named
from netwatch.polling.survey.asking import Table
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from netwatch.model.observation import InterfaceName
    from netwatch.polling.survey.asking import Asker

NAMES = Table(
    "names",
    (
        Column("ifName", (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1), "text"),
        Column("ifDescr", (1, 3, 6, 1, 2, 1, 2, 2, 1, 2), "text"),
    ),
    arcs=1,
)
KINDS = Table(
    "kinds",
    (
        Column("ifType", (1, 3, 6, 1, 2, 1, 2, 2, 1, 3), "integer"),
        Column("ifConnectorPresent", (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 17), "integer"),
    ),
    arcs=1,
)
STACK = Table("ifStackTable", (Column("ifStackStatus", (1, 3, 6, 1, 2, 1, 31, 1, 2, 1, 3), "integer"),))
"""All of IF-MIB (RFC 2863). The stack is indexed by the higher interface, then the lower; 0 is none."""

MOST_LOWER = 16
"""Interfaces that one may run directly over; more are no path but a whole switch."""

ACTIVE = 1  # of RowStatus (RFC 2579)
NO_CONNECTOR = 2  # ifConnectorPresent is a TruthValue


@dataclass(frozen=True, slots=True)
class Ports:
    """What is known of ports, by ifIndex; `keys` are InterfaceName.key."""

    rows: tuple[InterfaceName, ...] = ()
    keys: dict[int, str] = field(default_factory=dict)
    types: dict[int, int] = field(default_factory=dict)  # ifType
    virtual: frozenset[int] = frozenset()  # nothing can be plugged in there

    def key(self, index: int) -> str:
        """Return the key of a port; one that the device does not list goes by its index."""
        return self.keys.get(index) or f"ifIndex:{index}"


async def read_ports(asker: Asker) -> Ports:
    """Read names and types of all ports. Raises NoAnswerError."""
    texts = (await asker.walk(NAMES)).texts()
    rows = named(tuple(texts), texts, [column.name for column in NAMES.columns])
    kinds = {arcs(index)[0]: row for index, row in (await asker.walk(KINDS)).integers().items()}
    return Ports(
        rows,
        {row.index: row.key for row in rows},
        {index: kind for index, (kind, _) in kinds.items() if kind is not None},
        frozenset(index for index, (_, connector) in kinds.items() if connector == NO_CONNECTOR),
    )


async def read_lower(asker: Asker, index: int) -> tuple[int, ...]:
    """Return the interfaces that one runs directly over; none where there are too many.

    Raises NoAnswerError.
    """
    rows = (await asker.walk_below(STACK, index)).integers()
    lower = tuple(
        place[0]
        for place, (status,) in ((arcs(row), cells) for row, cells in rows.items())
        if len(place) == 1 and place[0] and status == ACTIVE
    )
    return lower if len(lower) <= MOST_LOWER else ()

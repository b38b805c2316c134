"""The parts of a device (ENTITY-MIB, RFC 6933): what they are called, and which port one belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.profile import Metric
from netwatch.polling.tables import Labels, Table
from netwatch.protocols.ber import MalformedError, arcs, encode_arcs, oid

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.polling.conversation import Conversation
    from netwatch.polling.ports import Ports

_ENTRY = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)  # entPhysicalEntry
DESCR = Metric("entPhysicalDescr", (*_ENTRY, 2), "text", "")
CONTAINED_IN = Metric("entPhysicalContainedIn", (*_ENTRY, 4), "integer", "")
NAME = Metric("entPhysicalName", (*_ENTRY, 7), "text", "")
ALIAS = Metric("entAliasMappingIdentifier", (1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1, 2), "oid", "")
IF_INDEX = (1, 3, 6, 1, 2, 1, 2, 2, 1, 1)

DEEPEST = 16
"""Parts that are looked at on the way up, from one to what it is contained in."""


class Entities:
    """What is remembered of the parts of one device."""

    def __init__(self) -> None:
        self._parts = Labels(Table((NAME, DESCR, CONTAINED_IN)), "entities")
        self._aliases = Labels(Table((ALIAS,)), "entities")
        self._interfaces: dict[int, int] = {}  # ifIndex by entPhysicalIndex

    def look_again(self) -> None:
        """Read them again when they are next needed."""
        self._parts.look_again()
        self._aliases.look_again()

    async def learn(self, conversation: Conversation, indices: Iterable[int]) -> None:
        """Read what is known of parts, where one of these was not there when that was read."""
        wanted = [encode_arcs((index,)) for index in indices]
        await self._parts.learn(conversation, wanted)
        aliases = await self._aliases.learn(conversation, wanted)
        self._interfaces = {}
        for index in aliases:
            port = _if_index(aliases.cell(index, ALIAS))
            if port is not None:
                self._interfaces.setdefault(arcs(index)[0], port)

    def name(self, index: int) -> str:
        """Return what a part is called, else how it is described, else ""."""
        place = encode_arcs((index,))
        known = self._parts.known
        return known.text(place, NAME) or known.text(place, DESCR)

    def port(self, index: int, ports: Ports) -> str | None:
        """Return the key of the interface that a part belongs to.

        That is told by entAliasMappingIdentifier of the part, or of one that it is contained in; else by a
        part on this way that is called as the interface is; else by what its own name begins with.
        """
        part: int | None = index
        for _ in range(DEEPEST):
            if not part:
                break
            key = ports.by_index.get(self._interfaces.get(part, -1)) or self._named(part, ports)
            if key is not None:
                return key
            part = self._container(part)
        place = encode_arcs((index,))
        known = self._parts.known
        return ports.beginning(known.text(place, NAME)) or ports.beginning(known.text(place, DESCR))

    def _named(self, index: int, ports: Ports) -> str | None:
        place = encode_arcs((index,))
        known = self._parts.known
        return ports.named(known.text(place, NAME)) or ports.named(known.text(place, DESCR))

    def _container(self, index: int) -> int | None:
        cell = self._parts.known.cell(encode_arcs((index,)), CONTAINED_IN)
        return cell if isinstance(cell, int) and 0 < cell < 2**31 else None


def _if_index(cell: object) -> int | None:
    """Return the ifIndex that a mapping points at: ifIndex.N."""
    if not isinstance(cell, bytes):
        return None
    try:
        pointer = oid(cell)
    except MalformedError:
        return None
    return pointer[-1] if pointer[:-1] == IF_INDEX else None

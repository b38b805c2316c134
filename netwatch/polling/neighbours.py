"""Asks a device who is plugged into it: by LLDP, which all vendors speak, and by CDP, which Cisco's do too.

Neighbours are network equipment; what they are called and which MAC address they bear may be kept, unlike
the addresses of anybody's computers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from netwatch.model.neighbour import LldpSelf, Neighbourhood
from netwatch.model.outcome import Outcome
from netwatch.polling import cdp, lldp
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.tuning import Tunings

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Awaitable, Callable, Sequence

    from netwatch.model.neighbour import Neighbour
    from netwatch.model.observation import InterfaceName
    from netwatch.polling.conversation import Conversation

T = TypeVar("T")

MOST = 512
"""Neighbours that are taken of one device: more than any has ports."""

_HOPELESS = frozenset((Outcome.TIMEOUT, Outcome.LOCAL_ERROR, Outcome.UNREACHABLE))
"""After these nothing more is asked: the answer would be the same."""


async def read_neighbours(
    conversation: Conversation, interfaces: Sequence[InterfaceName]
) -> tuple[Neighbour, ...]:
    """Return the neighbours of a device; `interfaces` are its rows of ifTable, by which its ports are named.

    For who only shows them. Who judges by them needs to know whether they are all: `read_neighbourhood`.
    """
    return (await read_neighbourhood(conversation, interfaces)).neighbours


async def read_neighbourhood(
    conversation: Conversation, interfaces: Sequence[InterfaceName], tunings: Tunings | None = None
) -> Neighbourhood:
    """Return whom a device sees and who it says it is. `tunings` are kept by who asks again.

    Never raises for what a device does: what it would not tell is missing, and the result not complete.
    """
    reading = _Reading(conversation.refused)
    known = tunings or Tunings()
    own = await reading.of(lambda: lldp.read_self(conversation), LldpSelf())
    nobody: tuple[Neighbour, ...] = ()
    by_lldp = await reading.of(lambda: lldp.read_remote(conversation, interfaces, known), nobody)
    by_cdp = await reading.of(lambda: cdp.read_cache(conversation, interfaces, known), nobody)
    told = merged(by_lldp, by_cdp)
    if len(told) > MOST:
        conversation.refused["too many neighbours"] += len(told) - MOST
    return Neighbourhood(own, tuple(told[:MOST]), complete=reading.complete and len(told) <= MOST)


class _Reading:
    """Reads part by part, each of which may fail without costing the others; remembers whether one did."""

    def __init__(self, refused: Counter[str]) -> None:
        self._refused = refused
        self._cut = refused["too many rows"]
        self._failed = self._hopeless = False

    async def of(self, part: Callable[[], Awaitable[T]], otherwise: T) -> T:
        if self._hopeless:
            return otherwise
        try:
            return await part()
        except NoAnswerError as error:
            self._failed = True
            self._hopeless = error.ending.outcome in _HOPELESS
            self._refused["neighbours"] += 1
            return otherwise

    @property
    def complete(self) -> bool:
        return not self._failed and self._refused["too many rows"] == self._cut


def merged(by_lldp: Sequence[Neighbour], by_cdp: Sequence[Neighbour]) -> list[Neighbour]:
    """Return all neighbours, without the boxes that CDP tells of and LLDP has told of on the same port.

    Anybody who is plugged in can fill both tables: the time it takes grows as they do, no faster.
    """
    known = {(other.port, address) for other in by_lldp if (address := other.address)}
    named = {(other.port, _short(other.name)) for other in by_lldp}
    return [
        *by_lldp,
        *(
            each
            for each in by_cdp
            if (each.port, each.address) not in known and (each.port, _short(each.name)) not in named
        ),
    ]


def _short(name: str) -> str:
    return name.partition(".")[0].lower()

"""Records everything that a device tells, slowly: for profiles to be made and tested far from the device.

A switch that forwards packets for a commune has a small processor. It is left alone for as long as it took to
answer, and never asked more often than a fixed rate; and however large its tables, recording comes to an end.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.model.outcome import Outcome
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.tuning import Tuning
from netwatch.protocols.snmp_dump import Bounds, Dump
from netwatch.protocols.snmprec import dotted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from netwatch.polling.clock import Clock
    from netwatch.polling.conversation import Conversation
    from netwatch.protocols.snmp_dump import Row

SUBTREES = ((1, 0, 8802), (1, 3, 6, 1, 2, 1), (1, 3, 6, 1, 4, 1))
"""IEEE 802.1 (LLDP), mib-2, enterprises. Not snmpModules (1.3.6.1.6.3): it holds communities and users."""

REPETITIONS = 20
"""Rows asked for at once: as many as usually fit a datagram."""

PAUSE = 0.02
"""Seconds between an answer and the next request, at least."""

LONGEST = 1800.0
"""Seconds that recording may take."""

MOST = Bounds(rows=200_000, answers=100_000, octets=64 * 2**20)

AGAIN = 5.0
"""Seconds after which a device that fell silent is asked once more."""


@dataclass(slots=True)
class Recording:
    """What was recorded so far; filled in as it comes, so that it can be kept whenever it is broken off."""

    rows: list[Row] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)  # for people: what is missing, and why
    refused: Counter[str] = field(default_factory=Counter)
    answers: int = 0


class Recorder:
    """Records subtrees of one device into `recording`. `advance` is told how many rows came."""

    def __init__(
        self,
        conversation: Conversation,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]],
        *,
        recording: Recording,
        advance: Callable[[int], None],
        bounds: Bounds = MOST,
    ) -> None:
        self.recording = recording
        self._conversation = conversation
        self._clock = clock
        self._sleep = sleep
        self._advance = advance
        self._bounds = bounds
        self._octets = 0

    async def record(self, subtrees: Sequence[tuple[int, ...]] = SUBTREES) -> None:
        """Record one subtree after the other; what cannot be had is told in `recording.problems`.

        Where it is cancelled, everything that came before stands in `recording`.
        """
        for root in apart(subtrees):
            recording = self.recording
            left = Bounds(
                self._bounds.rows - len(recording.rows),
                self._bounds.answers - recording.answers,
                self._bounds.octets - self._octets,
            )
            if min(left.rows, left.answers, left.octets) <= 0:
                recording.problems.append(f"{dotted(root)}: not asked, the recording is full")
                continue
            dump = Dump(root, left)
            try:
                going = await self._record(dump)
            finally:
                recording.refused.update(dump.refused)
                self._octets += dump.octets
            if not going:
                return

    async def _record(self, dump: Dump) -> bool:
        """Record one subtree; tell whether the device may be asked for another."""
        tuning = Tuning(REPETITIONS)  # anew: what one subtree could not stand says nothing of the next
        while not dump.done:
            began = self._clock.monotonic()
            ending = await self._piece(dump, tuning)
            if ending is not None and ending.ending.outcome is Outcome.TIMEOUT:
                await self._sleep(AGAIN)
                ending = await self._piece(dump, tuning)
            if ending is not None:
                self._tell(dump, ending.ending.detail or str(ending.ending.outcome))
                return ending.ending.outcome in _GOES_ON
            if not dump.done:
                await self._sleep(max(PAUSE, self._clock.monotonic() - began))
        if dump.cut:
            self._tell(dump, "the recording is full")
        return True

    async def _piece(self, dump: Dump, tuning: Tuning) -> NoAnswerError | None:
        had = len(dump.rows)
        try:
            await self._conversation.continue_dump(dump, tuning)
        except NoAnswerError as error:
            return error
        finally:
            fresh = dump.rows[had:]
            self.recording.rows += fresh
            self._advance(len(fresh))
        self.recording.answers += 1
        return None

    def _tell(self, dump: Dump, why: str) -> None:
        last = dump.rows[-1].oid if dump.rows else dump.root
        self.recording.problems.append(f"{dotted(dump.root)}: cut off after {dotted(last)}: {why}")


_GOES_ON = frozenset((Outcome.AGENT_ERROR, Outcome.MALFORMED, Outcome.REFUSED))
"""Endings after which a device may still answer for another subtree."""


def apart(subtrees: Sequence[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """Return subtrees in order, without those that lie in another one: their rows would come twice."""
    found: list[tuple[int, ...]] = []
    for root in sorted(set(subtrees)):
        if not found or root[: len(found[-1])] != found[-1]:
            found.append(root)
    return found

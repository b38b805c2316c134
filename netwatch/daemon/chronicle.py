"""Writes the ledger: what was measured, what was decided, and what it was decided by.

Everything is handed to the ledger's own thread; nothing here waits. Slots go into the tail every ten seconds,
and with their verdicts into the entry of their hour when that is over.
"""

from __future__ import annotations

import asyncio
import math
from array import array
from concurrent.futures import Future
from functools import partial
from typing import TYPE_CHECKING

from netwatch.evidence import codec, hour, tail
from netwatch.evidence.kinds import (
    HOUR,
    KIND_OF,
    Configured,
    Document,
    Facts,
    Heartbeat,
    Started,
    Stopped,
    Windows,
)
from netwatch.evidence.place import LedgerError
from netwatch.evidence.writer import Job
from netwatch.inventory import archive
from netwatch.judgement.snmp import SLOT_OF
from netwatch.model.decision import MinuteSettled, PathMinute
from netwatch.model.observation import EchoSlots
from netwatch.model.state import State
from netwatch.publishing.self_metrics import LedgerTotals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from netwatch.daemon.resuming import Resumption
    from netwatch.evidence.kinds import Anchored
    from netwatch.evidence.writer import Writer
    from netwatch.inventory.load import Inventory
    from netwatch.judgement.events import Announced, Reconfigured
    from netwatch.judgement.reducer import Judgement
    from netwatch.model.attestation import Answer, Attestation, Dispute, Exhibit, Receipt
    from netwatch.model.claim import Measurement
    from netwatch.model.decision import Decision
    from netwatch.model.maintenance import Annotation, Announcement, Outage
    from netwatch.model.observation import EchoStray, Observation
    from netwatch.model.trace import Trace
    from netwatch.polling.clock import Clock

    Kept = Announcement | Annotation | Exhibit | Attestation | Dispute | Answer | Measurement | Anchored

PIECE_EVERY = 10.0
"""Seconds that may be lost when the process is killed."""

BEAT_EVERY = 60.0
"""Seconds between two heartbeats."""

BACK = 150.0
"""Seconds before an hour whose pieces of the tail are kept: its first minute is judged by what was before."""

LAST_MOMENTS = 3.0
"""Seconds that the end of the process waits for the ledger."""

MICRO = 1_000_000
SLOT_BYTES = 24  # of a slot while it waits


class Chronicle:
    """Keeps what happens from now on. `lookup` finds the outages of a unit in the ledger.

    `release` lets go of the ledger at the end.
    """

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        judgement: Judgement,
        lookup: Callable[[str], Awaitable[Sequence[Outage]]],
        release: Callable[[], None],
    ) -> None:
        self._writer = writer
        self._clock = clock
        self._judgement = judgement
        self._lookup = lookup
        self._release = release
        self._hour: hour.Hour | None = None
        self._slots: list[EchoSlots] = []
        self._late: list[EchoStray] = []
        self._pieces: list[tuple[int, float]] = []  # number of each piece, and until when it reaches
        self._piece = 0
        self._cut = -math.inf  # steady time at which the last piece was handed in
        self._beaten = -math.inf
        self._known: set[str] = set()  # SHA-256 of the documents that the chain has
        self._last = -math.inf  # steady time of the last slot

    def begin(self, started: Started, resumption: Resumption) -> None:
        """Say that a process starts; go on with the hour that the one before began, and what it left over."""
        self._pieces = list(resumption.pieces)
        self._piece = max((number for number, _ in self._pieces), default=0)
        self._known = set(resumption.documents)
        if not resumption.ended:
            self._append(started)
        for decision in resumption.missing:
            self._append(decision)
        for over in resumption.over:
            self._seal(over)
        if resumption.ended:  # what was decided by other rules stands before this start
            self._append(started)
        self._hour = resumption.begun

    def totals(self) -> LedgerTotals:
        """Return how the ledger fares."""
        status = self._writer.status
        return LedgerTotals(status.entries, status.last_write, status.errors, status.queued, status.dropped)

    def configured(self, event: Reconfigured, inventory: Inventory) -> None:
        """Keep what is watched from now on, and the files that say so."""
        documents = tuple((name, inventory.files[name]) for name in archive.names(inventory))
        for name, digest in documents:
            if digest not in self._known:
                self._known.add(digest)
                self._hand_in(KIND_OF[Document], partial(_document, inventory, name, digest), 65536)
        self._append(
            Configured(event.at, event.lines, event.devices, event.units, event.paths, documents),
            size=200 * len(event.devices),
        )

    def announced(self, event: Announced) -> None:
        """Keep the windows that the judgement knows from now on."""
        self._append(Windows(event.at, event.windows))

    def traced(self, trace: Trace) -> None:
        """Keep a trace."""
        self._append(trace)

    def surveyed(self, facts: Facts) -> None:
        """Keep what a survey told."""
        self._append(facts, size=100 * len(facts.facts))

    def measured(self, slots: EchoSlots) -> None:
        """Keep slots as they were reported."""
        self._slots.append(slots)

    def polled(self, line: int, poll: Observation) -> None:
        """Keep a poll that is a slot."""
        lines, dues = array("L", (line,)), array("d", (poll.at - poll.duration,))
        results = bytearray((SLOT_OF[poll.outcome],))
        self._slots.append(EchoSlots(poll.at, lines, dues, results, array("d", (math.nan,))))

    def strayed(self, stray: EchoStray) -> None:
        """Keep a late reply; a duplicate says nothing."""
        if stray.late:
            self._late.append(stray)

    def take(self, decisions: Iterable[Decision]) -> None:
        """Keep what was decided; live states are not: they follow from what is kept."""
        for decision in decisions:
            if isinstance(decision, MinuteSettled):
                self._current(decision.start).take(decision)
            elif isinstance(decision, PathMinute):
                self._current(decision.start).take_blind(decision)
            elif type(decision) in KIND_OF:
                self._append(decision)

    def hour_over(self, start: float) -> None:
        """Seal an hour: all that is said of it has been."""
        sealed = self._hour if self._hour is not None and self._hour.start == start else hour.Hour(int(start))
        self._hour = None
        sealed.state = self._judgement.snapshot()
        self._seal(sealed)

    def _seal(self, sealed: hour.Hour) -> None:
        """Hand in an hour; pieces of the tail that reach no further are needed no more."""
        limit = sealed.start + hour.HOUR - BACK
        gone = [number for number, until in self._pieces if until < limit]
        self._pieces = [(number, until) for number, until in self._pieces if until >= limit]
        size = sum(len(minutes) for minutes in sealed.slots.values()) * 200
        drop = max(gone, default=None)
        self._hand_in(HOUR, partial(hour.encode, sealed), size, drop=drop)

    def tick(self, now: float) -> None:
        """Hand in what has come together, every few seconds."""
        if now - self._cut >= PIECE_EVERY:
            self._cut_piece(now)
        if now - self._beaten >= BEAT_EVERY:
            self._beaten = now
            self._append(self._heartbeat(now))

    async def keep(self, entry: Kept) -> Receipt:
        """Append an entry; return when it is durable. Raises OSError where it cannot be kept now."""
        if self._writer.status.problem:
            raise LedgerError(self._writer.status.problem)
        receipt = await asyncio.shield(asyncio.wrap_future(self._append(entry)))
        assert receipt is not None  # noqa: S101 - that of an entry
        return receipt

    async def outages_of(self, unit: str) -> Sequence[Outage]:
        """Return the outages of a unit that the ledger has, those that go on included."""
        return await self._lookup(unit)

    async def close(self, now: float) -> None:
        """Keep what is left, and wait a moment for it."""
        self._cut_piece(now)
        self._append(Stopped(max(self._last, 0.0)))
        await asyncio.to_thread(self._writer.close, LAST_MOMENTS)
        self._release()

    def _current(self, start: float) -> hour.Hour:
        begin = int(start) // hour.HOUR * hour.HOUR
        if self._hour is None or self._hour.start != begin:
            self._hour = hour.Hour(begin)
        return self._hour

    def _cut_piece(self, now: float) -> None:
        self._cut = now
        if not self._slots and not self._late:
            return
        piece = tail.Piece(now, tuple(self._slots), tuple(self._late))
        self._slots, self._late = [], []
        self._piece += 1
        self._last = max(self._last, now)
        self._pieces.append((self._piece, now))
        size = SLOT_BYTES * sum(len(batch.lines) for batch in piece.slots)
        self._hand_in("", partial(tail.encode, piece), size, piece=self._piece, at=now)

    def _heartbeat(self, now: float) -> Heartbeat:
        states = [unit.state for unit in self._judgement.units.values()]
        counts = (states.count(state) for state in (State.UP, State.DOWN, State.UNKNOWN))
        offset = self._clock.wall() - now
        return Heartbeat(now, offset, len(self._judgement.lines), *counts)

    def _append(self, said: object, size: int = 1000) -> Future[Receipt | None]:
        return self._hand_in(KIND_OF[type(said)], partial(codec.dump, said), size)

    def _hand_in(
        self,
        kind: str,
        body: Callable[[], bytes],
        size: int,
        *,
        piece: int = 0,
        drop: int | None = None,
        at: float | None = None,
    ) -> Future[Receipt | None]:
        done: Future[Receipt | None] = Future()
        stamp = round((self._clock.wall() if at is None else at) * MICRO)
        self._writer.hand_in(Job(kind, stamp, body, size, done, piece, drop))
        return done


def _document(inventory: Inventory, name: str, digest: str) -> bytes:
    """Return a file of the configuration as a document; without its text where it has changed meanwhile."""
    return codec.dump(Document(name, digest, archive.text(inventory, name)))

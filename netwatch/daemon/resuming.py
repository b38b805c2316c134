"""A start goes on where the process before ended: the ledger is the only memory.

The judgement is restored as it stood at the end of the last hour that was sealed, and lives once more what
the tail holds since. What it decides on the way, and the chain does not have, is appended; nothing is told
twice. The time in between is unknown.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netwatch.audit.replay import ending, event, in_order, measured, recorded
from netwatch.evidence import hour, tail
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.kinds import HOUR, KIND_OF, Configured, Document, Started
from netwatch.evidence.place import LedgerError
from netwatch.evidence.reading import content
from netwatch.inventory.lines import Numbering
from netwatch.judgement.events import Reconfigured, Resumed
from netwatch.judgement.hourly import Hourly
from netwatch.judgement.reducer import Judgement
from netwatch.model.decision import CauseSettled, MinuteSettled, OutageBegan, PathMinute, RunEnded
from netwatch.model.maintenance import Announcement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netwatch.evidence.store import Store
    from netwatch.judgement.events import Event
    from netwatch.model.decision import Decision
    from netwatch.model.device import StateRules

LOG = logging.getLogger(__name__)

SETTLED = (OutageBegan, RunEnded, CauseSettled)
"""Decisions that follow from slots and signs alone, so that they are found again."""

TURNED_BACK = 60.0
"""Seconds by which a clock may have been set back since: until it is there again, nothing is judged."""

MICRO = 1_000_000

LAST_MINUTES = 58
"""Minute of an hour from which on its slots bear on the next one."""


@dataclass
class Resumption:
    """Where to go on."""

    hourly: Hourly
    head: int = 0  # number of the chain's last entry before this process
    numbering: Numbering = field(default_factory=Numbering)
    rosters: list[Reconfigured] = field(default_factory=list)  # what was watched since the last sealed hour
    until: float | None = None  # steady time of the last slot that was kept
    begun: hour.Hour | None = None  # the hour that is not sealed, as far as it is settled
    over: list[hour.Hour] = field(default_factory=list)  # hours to be sealed
    missing: list[Decision] = field(default_factory=list)  # decided once more, and not in the chain
    pieces: list[tuple[int, float]] = field(default_factory=list)
    ended: bool = False  # other rules hold from now on: all of the above was said by the old ones
    announcements: list[Announcement] = field(default_factory=list)
    documents: set[str] = field(default_factory=set)

    @property
    def unsealed(self) -> list[hour.Hour]:
        """The hours that were settled, and are not in the chain yet."""
        return self.over if self.begun is None else [*self.over, self.begun]


def fresh(rules: StateRules) -> Resumption:
    """Return a beginning without memory."""
    return Resumption(_hourly(rules))


def resume(store: Store, rules: StateRules, now: float) -> Resumption:
    """Return where a process that starts at steady time `now` goes on. Raises LedgerError."""
    try:
        started = store.last(KIND_OF[Started])
        found = fresh(rules if started is None else content(started).parameters)
        _Memory(store, found).recall(now, ended=started is not None and content(started).parameters != rules)
        if found.until is not None and found.until - now > TURNED_BACK:
            raise ValueError(f"the clock was set back by {found.until - now:.0f} s")  # noqa: TRY301 - as a broken one
    except LedgerError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a chain holds that was changed: a start does not fail
        LOG.error("the ledger cannot be gone on from, all begins unknown: %s", error)  # noqa: TRY400
        found = fresh(rules)
        found.pieces = [(number, at / MICRO) for number, at, _ in store.tail()]
    if found.ended:
        found.hourly = _hourly(rules)
    found.head = store.head[0]
    found.announcements = list(_readable(store, KIND_OF[Announcement]))
    found.documents = {document.sha256 for document in _readable(store, KIND_OF[Document])}
    return found


def _readable(store: Store, kind: str) -> Iterator[Any]:
    """Yield what the entries of a kind say; one that cannot be read is told of and left out."""
    for entry in store.entries(kinds=(kind,)):
        try:
            yield content(entry)
        except BrokenBodyError as error:
            LOG.error("the ledger: %s", error)  # noqa: TRY400


def _hourly(rules: StateRules) -> Hourly:
    return Hourly(Judgement(rules), _nobody, _nobody)


def _nobody(_told: object) -> None:
    """Hear nothing."""


class _Memory:
    """What a chain and its tail tell of the time since the last sealed hour."""

    def __init__(self, store: Store, found: Resumption) -> None:
        self._store = store
        self._found = found
        self._decided: list[Decision] = []

    def recall(self, now: float, *, ended: bool) -> None:
        begun = self._beginning()
        sealed = self._store.last(HOUR)
        sealed = sealed if sealed is not None and sealed.seq > begun else None
        kept = None if sealed is None else content(sealed)
        boundary = kept.state["settled_until"] if kept else None
        base = self._store.last(KIND_OF[Configured], boundary) if boundary else None
        if base is None or base.seq < begun:
            base = next(self._store.entries(begun, (KIND_OF[Configured],)), None)
        if base is None:
            return
        events: list[Event] = []
        entries = list(self._store.entries(after=base.seq))
        learnt = sealed.seq if sealed else 0
        roster = event(content(base))
        assert isinstance(roster, Reconfigured)  # noqa: S101 - that is what the kind holds
        start = boundary or roster.at
        for entry in entries:
            if entry.kind in _EVENTS:
                said = event(content(entry))
                if said is not None and (said.at > start if entry.kind != "sign" else entry.seq > learnt):
                    events.append(said)
        pieces = self._pieces()
        events += measured(pieces, start)
        self._live(roster, kept, events)
        self._found.until = tail.last_due(pieces) or boundary
        if ended:
            self._end()
        else:
            self._settle(now)
        self._compare(entries)

    def _pieces(self) -> list[tail.Piece]:
        """Return the tail's pieces; one that is broken is left out."""
        pieces = []
        for number, at, body in self._store.tail():
            self._found.pieces.append((number, at / MICRO))
            try:
                pieces.append(tail.decode(body))
            except BrokenBodyError as error:
                LOG.error("the ledger: piece %d is left out: %s", number, error)  # noqa: TRY400
        return pieces

    def _beginning(self) -> int:
        """Return the number of the last start that judged afresh; 0 where there is none."""
        found, rules = 0, None
        for entry in self._store.entries(kinds=(KIND_OF[Started],)):
            started: Started = content(entry)
            if started.until is None or started.parameters != rules:
                found, rules = entry.seq, started.parameters
        return found

    def _live(self, roster: Reconfigured, kept: hour.Hour | None, events: Iterable[Event]) -> None:
        """Restore the judgement and live the events once more."""
        hourly = self._found.hourly
        hourly.hand_to(self._carry, self._over)
        hourly.judgement.advance(roster)
        if kept is not None:
            hourly.judgement.restore(kept.state)
            hourly.begin(kept.start + hour.HOUR)
            for slots in in_order(recorded(kept, LAST_MINUTES)):
                hourly.judgement.advance(slots)
        numbering = self._found.numbering
        numbering.learn(roster.lines, roster.devices)
        self._found.rosters.append(roster)
        for each in in_order(events):
            if isinstance(each, Reconfigured):
                numbering.learn(each.lines, each.devices)
                self._found.rosters.append(each)
            hourly.advance(each)

    def _settle(self, now: float) -> None:
        """Say what can be said of the time until the process before ended; the pause is nobody's."""
        until = self._found.until
        if until is not None and until < now:
            self._found.hourly.advance(Resumed(now, until))
        self._found.hourly.judgement.forget_totals()

    def _end(self) -> None:
        """Say by the old rules all that can be said; by the new ones everything begins afresh."""
        if self._found.until is not None:
            for each in ending(self._found.until):
                self._found.hourly.advance(each)
            self._found.ended = True
            if self._found.begun is not None:
                self._over(self._found.begun.start)

    def _carry(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            if isinstance(decision, MinuteSettled | PathMinute):
                begin = int(decision.start) // hour.HOUR * hour.HOUR
                begun = self._found.begun
                if begun is None or begun.start != begin:
                    begun = self._found.begun = hour.Hour(begin)
                if isinstance(decision, MinuteSettled):
                    begun.take(decision)
                else:
                    begun.take_blind(decision)
            elif isinstance(decision, SETTLED):
                self._decided.append(decision)

    def _over(self, start: float) -> None:
        begun = self._found.begun or hour.Hour(int(start))
        begun.state = self._found.hourly.judgement.snapshot()
        self._found.over.append(begun)
        self._found.begun = None

    def _compare(self, entries: Sequence[Any]) -> None:
        """Find out what the process before decided and did not get to keep."""
        kept = {_key(content(entry)) for entry in entries if entry.kind in _SETTLED_KINDS}
        self._found.missing = [each for each in self._decided if _key(each) not in kept]


_EVENTS = frozenset({"configured", "windows", "sign", "started"})
_SETTLED_KINDS = frozenset(KIND_OF[shape] for shape in SETTLED)


def _key(decision: Any) -> tuple[str, str, str, int]:  # noqa: ANN401 - one of `SETTLED`
    """Return what tells a decision from all others: no two runs of a subject begin in one second."""
    return type(decision).__name__, decision.subject.value, decision.key, round(decision.start)

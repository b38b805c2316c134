"""Recomputes what a chain says was decided, from what it says was measured, and names what does not fit.

The chain's entries are lived once more (`replay`) by the rules and parameters that the chain names; every
verdict of every minute, every outage and every cause must come out as it was written. Live states, blind
paths as they were noticed and mass outages are for people: they depend on when slots came, and are not
recomputed. It is lived without the details that entries withhold: an edition without them comes to the same.
Those that are at hand must be what was written.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.audit.replay import ending, event, in_order, recorded
from netwatch.evidence.chain import BrokenChain, intact
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.hour import HOUR, MINUTE, Hour
from netwatch.evidence.kinds import RULE_VERSION, Started
from netwatch.evidence.reading import content, public, withholds
from netwatch.judgement.events import Tick
from netwatch.judgement.hourly import Hourly
from netwatch.judgement.reducer import Judgement
from netwatch.judgement.settlement import SPREAD
from netwatch.model.decision import CauseSettled, MinuteSettled, OutageBegan, PathMinute, RunEnded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from netwatch.evidence.chain import Entry
    from netwatch.judgement.events import Event
    from netwatch.model.decision import Decision
    from netwatch.model.device import StateRules

Settled = OutageBegan | RunEnded | CauseSettled
Key = tuple[str, str, str, int]

LAST = 59
"""The last minute of an hour."""

NEAR = 0.01
"""Seconds by which a date may differ: times are kept to the microsecond, and summed up."""


@dataclass
class Found:
    """What a verification came to."""

    entries: int = 0
    hours: int = 0
    minutes: int = 0  # verdicts recomputed
    outages: int = 0  # outages and blips recomputed
    causes: int = 0
    details: int = 0  # entries whose details are at hand, and fit
    withheld: int = 0  # entries whose details are not
    problem: str = ""  # the first thing that does not fit; "": all of it does

    @property
    def intact(self) -> bool:
        """Whether everything fits."""
        return not self.problem


class _Problem(Exception):  # noqa: N818 - it becomes `Found.problem`
    pass


def verify(entries: Iterable[Entry], progress: Callable[[Entry], None] = lambda _entry: None) -> Found:
    """Check one chain from its beginning to its end."""
    found = Found()
    try:
        run = _Verification(found)
        for entry in intact(entries):
            found.entries += 1
            run.take(entry, public(entry))
            _check_details(entry, found)
            progress(entry)
        run.finish()
    except (BrokenChain, BrokenBodyError, _Problem) as error:
        found.problem = str(error)
    return found


def _check_details(entry: Entry, found: Found) -> None:
    """Count an entry that has details. Raises BrokenBodyError where they are not what was written."""
    if entry.details is not None:
        content(entry)
        found.details += 1
    elif withholds(entry):
        found.withheld += 1


@dataclass
class _Written:
    """What the chain says was decided, and which entry says so."""

    seq: int
    decision: Settled


@dataclass
class _Lived:
    """What was decided when it was lived once more."""

    hours: dict[int, Hour] = field(default_factory=dict)
    decided: dict[Key, Settled] = field(default_factory=dict)


class _Verification:
    def __init__(self, found: Found) -> None:
        self._found = found
        self._rules: StateRules | None = None
        self._hourly: Hourly | None = None
        self._events: list[Event] = []  # not lived yet
        self._lived = _Lived()
        self._written: dict[Key, _Written] = {}
        self._hours: dict[int, tuple[int, Hour]] = {}  # sequence number and content, not compared yet
        self._until = -math.inf  # steady time until which slots are known

    def take(self, entry: Entry, said: object) -> None:
        """Take the next entry."""
        afresh = isinstance(said, Started) and self._start(entry, said)
        if not afresh and (meant := event(said)) is not None:
            self._events.append(meant)
        if isinstance(said, OutageBegan | RunEnded | CauseSettled):
            self._written[_key(said)] = _Written(entry.seq, said)
        elif isinstance(said, Hour):
            self._hours[said.start] = entry.seq, said
            self._events += recorded(said)
            self._until = said.start + HOUR
            self._live(self._until)

    def finish(self) -> None:
        """Live to the end of what is kept, and compare all that is left."""
        self._close()

    def _start(self, entry: Entry, said: Started) -> bool:
        """Another process: tell whether it judges afresh, by other parameters or for want of a memory."""
        if said.rules != RULE_VERSION:
            raise _Problem(
                f"entry {entry.seq}: decided by rules of version {said.rules}, and this netwatch knows "
                f"version {RULE_VERSION}: verify with the netwatch that wrote it ({said.version})"
            )
        if self._hourly is not None and said.until is not None and said.parameters == self._rules:
            return False
        if self._hourly is not None and said.until is not None:
            self._end(said.until)
        else:
            self._close()
        self._rules = said.parameters
        self._lived, self._written, self._until = _Lived(), {}, -math.inf
        self._hourly = Hourly(Judgement(said.parameters), self._carry, self._compare)
        return True

    def _live(self, until: float) -> None:
        """Live what happened until a steady time; slots of the minute after it may be needed for the rest."""
        if self._hourly is None:
            raise _Problem("the chain does not begin with a start")
        due = [each for each in in_order(self._events) if each.at <= until]
        self._events = [each for each in self._events if each.at > until]
        for each in due:
            self._hourly.advance(each)

    def _end(self, until: float) -> None:
        """Live to the end by the parameters so far: all that follows from what is kept was written."""
        self._events += ending(until)
        self._live(math.inf)
        for start in sorted(self._hours):
            self._compare(start)
        self._compare_decisions(math.inf)

    def _close(self) -> None:
        """Live the rest: nothing more is known of it.

        The last minute of all was judged with an eye on slots that no entry has yet: it is left out.
        """
        if self._hourly is None or self._rules is None:
            return
        self._live(math.inf)
        if self._until > -math.inf:
            self._hourly.advance(Tick(self._until + self._rules.settle_after + SPREAD))
        for start in sorted(self._hours):
            self._compare(start)
        self._compare_decisions(self._until - MINUTE + self._rules.settle_after)

    def _carry(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            if isinstance(decision, MinuteSettled):
                self._hour(decision.start).take(decision)
            elif isinstance(decision, PathMinute):
                self._hour(decision.start).take_blind(decision)
            elif isinstance(decision, OutageBegan | RunEnded | CauseSettled):
                self._lived.decided[_key(decision)] = decision

    def _hour(self, start: float) -> Hour:
        begin = int(start) // HOUR * HOUR
        return self._lived.hours.setdefault(begin, Hour(begin))

    def _compare(self, start: float) -> None:
        """Compare an hour that has been told to its end with its entry."""
        lived = self._lived.hours.pop(int(start), Hour(int(start)))
        if int(start) not in self._hours:
            return
        seq, written = self._hours.pop(int(start))
        if start + HOUR >= self._until:
            _leave_out(LAST, written, lived)
        for what in _differences(written, lived):
            raise _Problem(f"entry {seq} (hour {written.start}): {what}")
        self._found.hours += 1
        self._found.minutes += sum(len(minutes) for minutes in written.verdicts.values())
        if self._rules is not None and start + HOUR < self._until:
            self._compare_decisions(start + HOUR + self._rules.settle_after)

    def _compare_decisions(self, until: float) -> None:
        """Compare outages and causes settled until then."""
        for key, written in sorted(self._written.items(), key=lambda item: item[1].seq):
            if written.decision.at > until:
                continue
            lived = self._lived.decided.pop(key, None)
            if lived is None or not _same(written.decision, lived):
                found = "nothing of it" if lived is None else lived
                raise _Problem(f"entry {written.seq} says {written.decision}; from the slots follows {found}")
            del self._written[key]
            self._found.outages += isinstance(written.decision, RunEnded)
            self._found.causes += isinstance(written.decision, CauseSettled)
        missing = [each for each in self._lived.decided.values() if each.at <= until]
        for lived in sorted(missing, key=lambda each: each.at):
            raise _Problem(f"no entry says {lived}, which follows from the slots")


def _leave_out(place: int, *hours: Hour) -> None:
    for hour in hours:
        for minutes in hour.verdicts.values():
            minutes.pop(place, None)
        for blind in hour.blind.values():
            blind.pop(place, None)


def _differences(written: Hour, lived: Hour) -> Iterator[str]:
    for about in sorted(written.verdicts.keys() | lived.verdicts.keys()):
        told, found = written.verdicts.get(about, {}), lived.verdicts.get(about, {})
        for place in sorted(told.keys() | found.keys()):
            if told.get(place) != found.get(place):
                subject, key = about
                yield (
                    f"minute {place} of {subject} {key} is written as {told.get(place)}, "
                    f"and its slots come to {found.get(place)}"
                )
    for path in sorted(written.blind.keys() | lived.blind.keys()):
        told_blind, found_blind = written.blind.get(path, {}), lived.blind.get(path, {})
        for place in sorted(told_blind.keys() | found_blind.keys()):
            if abs(told_blind.get(place, 0.0) - found_blind.get(place, 0.0)) > NEAR:
                yield f"path {path} was not blind as written in minute {place}"


def _key(decision: Settled) -> Key:
    return type(decision).__name__, decision.subject.value, decision.key, round(decision.start)


def _same(written: Settled, lived: Settled) -> bool:
    """Tell whether two decisions say the same, dates alike to a hundredth of a second."""
    return type(written) is type(lived) and _rounded(written) == _rounded(lived)


def _rounded(decision: Settled) -> list[object]:
    values: list[object] = [getattr(decision, name) for name in decision.__slots__ if name != "facts"]
    if isinstance(decision, CauseSettled):
        values += [(round(fact.at, 1), fact.device, fact.text) for fact in decision.facts]
    return [round(value, 1) if isinstance(value, float) else value for value in values]

"""The minutes, judged one after the other, each once: none may hold up the loop, none may be missed.

What a minute is judged by is fixed `settle_after` seconds after its end: slots of it that come later are
counted nowhere. The verdicts of ten thousand lines take a while to write, so they are given over the
`SPREAD` seconds that follow. How many by when follows from the time of the events alone, so that replaying
equals living. Runs of down follow from the same slots; all that is said of a minute is dated alike.
"""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING

from netwatch.judgement.minute import MINUTE, Minute, count, unseen
from netwatch.model.decision import (
    MinuteSettled,
    MinuteSlots,
    PathMinute,
    RunEnded,
    Subject,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netwatch.judgement.composite import Composite
    from netwatch.judgement.inquest import Inquest
    from netwatch.judgement.line import LineState
    from netwatch.judgement.path import Paths
    from netwatch.judgement.roster import Made, Membership, Roster
    from netwatch.model.decision import Decision
    from netwatch.model.device import StateRules

SPREAD = 2.0
"""Seconds over which the verdicts of one minute are given."""


class Settlement:
    """Which minute is next, and what is still to be said of the last one."""

    __slots__ = (
        "_begun",
        "_given",
        "_inquest",
        "_left",
        "_past",
        "_paths",
        "_present",
        "_rules",
        "_size",
        "told_until",
        "unsettled",
    )

    def __init__(self, rules: StateRules, paths: Paths, inquest: Inquest) -> None:
        self.unsettled = -math.inf  # steady start of the first minute whose slots still count
        self.told_until = -math.inf  # steady time until which all verdicts have been given
        self._rules = rules
        self._paths = paths
        self._inquest = inquest
        self._past: list[Membership] = []  # oldest first
        self._present: Membership | None = None
        self._left: Iterator[Sequence[Decision]] = iter(())
        self._begun = -math.inf  # when the verdicts that are left began to be given
        self._given = 0  # of those of the minute
        self._size = 0  # of the membership that they are about

    def pass_time(self, now: float) -> Iterator[Decision]:
        """Judge what is due at steady time `now`."""
        if self.unsettled == -math.inf:
            self.unsettled = now // MINUTE * MINUTE
        while self.unsettled + MINUTE + self._rules.settle_after <= now:
            yield from self.finish()
            self._begin(self.unsettled)
        share = min((now - self._begun) / SPREAD, 1.0)
        for settled in islice(self._left, math.ceil(share * self._size) - self._given):
            self._given += 1
            yield from settled
        if share == 1.0:
            yield from self.finish()

    def finish(self) -> Iterator[Decision]:
        """Say what is left of the minute that is being told, now."""
        for settled in self._left:
            yield from settled
        self.told_until = self.unsettled

    def reorganise(self, at: float, roster: Roster) -> None:
        """Judge by the roster as it is now, from the minute on that ends after `at`.

        Of a line that is gone the ledger has full minutes only: no more than those may bear on a verdict.
        """
        kept = set(roster.lines.values())
        for line in self._present.lines if self._present else ():
            if line not in kept:
                line.drain()  # they are counted all the same
                line.slots.end(at // MINUTE * MINUTE)
        before = [*self._past, self._present] if self._present else self._past
        # Of several that ended within a minute, the first counted at the end of the one before.
        first = {min(past.until, at) // MINUTE: past for past in reversed(before)}
        self._past = [past.ending(at, roster) for past in reversed(first.values())]
        self._present = roster.membership()

    def resume(self, settled_until: float) -> None:
        """Go on where everything has been told until then."""
        self.unsettled = self.told_until = settled_until

    def jump(self, until: float, at: float, roster: Roster) -> Iterator[Decision]:
        """Leave out the minutes between the one that holds `until` and the one that holds `at`: a pause.

        What was measured before it is settled at once.
        """
        last = max((until // MINUTE + 1) * MINUTE, self.unsettled)
        ended = last + self._rules.settle_after + SPREAD
        if at <= ended + MINUTE:
            return  # too short a pause to leave out anything
        yield from self.pass_time(ended)
        for composite in roster.composites():
            composite.downs.lose(last)
        self.resume(at // MINUTE * MINUTE)

    def part_with(self, gone: Iterable[Composite]) -> Iterator[Decision]:
        """End the runs of what is no longer watched at the last minute settled, and say what can be said."""
        for composite in gone:
            for run in composite.downs.close(self.unsettled, self.unsettled, self._rules):
                composite.count_run(run)
                yield run
                if run.outage:
                    self._inquest.open(run, composite)
        yield from self._inquest.settle(self.unsettled)

    def _begin(self, start: float) -> None:
        """Fix what the minute is judged by: whoever counted at its end.

        Of a new line the ledger has full minutes only, so that no more than those may bear on a verdict.
        """
        self._past = [past for past in self._past if past.until >= start + MINUTE]
        membership = self._past[0] if self._past else self._present
        self.unsettled = start + MINUTE
        self._begun = self.unsettled + self._rules.settle_after
        self._given = 0
        self._size = membership.size if membership else 0
        self._left = self._settle(membership, start) if membership else iter(())
        for line in membership.lines if membership else ():
            if line.first_minute >= start:
                line.slots.forget(line.first_minute)

    def _settle(self, membership: Membership, start: float) -> Iterator[Sequence[Decision]]:
        """Judge one minute of everything that existed all through it, one subject after the other."""
        minute = Minute(start)
        for line in membership.lines:
            line.drain()
            yield (_line(line, minute),) if line.first_minute <= start else ()
        for made in membership.composites:
            yield tuple(self._composite(made, minute)) if made.composite.first_minute <= start else ()
        yield (*self._blind(membership, minute), *self._inquest.settle(self._begun))

    def _composite(self, made: Made, minute: Minute) -> Iterator[Decision]:
        composite = made.composite
        judged = minute.composite(made.members, made.witnesses)
        counted = count(judged)
        composite.minutes[counted.verdict] += 1
        composite.settled_until = minute.start + MINUTE
        yield MinuteSettled(minute.start, composite.subject, composite.key, counted.verdict, *counted)
        if judged is None:
            return
        for decision in composite.downs.read(judged, self._begun, self._rules):
            if isinstance(decision, RunEnded):
                composite.count_run(decision)
                if decision.outage:
                    self._inquest.open(decision, composite)
            yield decision

    def _blind(self, membership: Membership, minute: Minute) -> Iterator[PathMinute]:
        for sight in membership.sights:
            state = self._paths.states.get(sight.name)
            if state is None or state.watched_from > minute.start:
                continue
            if blind := minute.blind_seconds(sight):
                state.blind_seconds += blind
                yield PathMinute(minute.start, sight.name, blind)


def _line(line: LineState, minute: Minute) -> MinuteSettled:
    raw = minute.raw(line.slots)
    counted = unseen(line.slots.interval) if raw is None else count(minute.line(line, raw))
    line.minutes[counted.verdict] += 1
    slots = None if raw is None else MinuteSlots(raw.due, raw.interval, raw.marks, *line.rtts(raw))
    key = str(line.line.number)
    return MinuteSettled(minute.start, Subject.LINE, key, counted.verdict, *counted, slots=slots)

"""The minutes, judged one after the other, each once: none may hold up the loop, none may be missed.

What a minute is judged by is fixed `settle_after` seconds after its end: slots of it that come later are
counted nowhere. The verdicts of ten thousand lines take a while to write, so they are given over the
`SPREAD` seconds that follow. How many by when follows from the time of the events alone, so that replaying
equals living.
"""

from __future__ import annotations

import math
from itertools import islice
from typing import TYPE_CHECKING

from netwatch.judgement.minute import MINUTE, count, count_line
from netwatch.model.decision import MinuteSettled, Subject

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netwatch.judgement.composite import Composite
    from netwatch.judgement.line import LineState
    from netwatch.judgement.minute import Count, Member
    from netwatch.judgement.roster import Membership, Roster
    from netwatch.judgement.slots import Slots

SPREAD = 2.0
"""Seconds over which the verdicts of one minute are given."""


class Settlement:
    """Which minute is next, and what is still to be said of the last one."""

    __slots__ = ("_after", "_begun", "_given", "_left", "_past", "_present", "_size", "unsettled")

    def __init__(self, settle_after: float) -> None:
        self.unsettled = -math.inf  # steady start of the first minute whose slots still count
        self._after = settle_after
        self._past: list[Membership] = []  # oldest first
        self._present: Membership | None = None
        self._left: Iterator[MinuteSettled] = iter(())
        self._begun = -math.inf  # when the verdicts that are left began to be given
        self._given = 0  # of those of the minute
        self._size = 0  # of the membership that they are about

    def pass_time(self, now: float) -> Iterator[MinuteSettled]:
        """Judge what is due at steady time `now`."""
        if self.unsettled == -math.inf:
            self.unsettled = now // MINUTE * MINUTE
        while self.unsettled + MINUTE + self._after <= now:
            yield from self.finish()
            self._begin(self.unsettled)
        share = min((now - self._begun) / SPREAD, 1.0)
        for settled in islice(self._left, math.ceil(share * self._size) - self._given):
            self._given += 1
            yield settled

    def finish(self) -> Iterator[MinuteSettled]:
        """Say what is left of the minute that is being told, now."""
        yield from self._left

    def reorganise(self, at: float, roster: Roster) -> None:
        """Judge by the roster as it is now, from the minute on that ends after `at`."""
        before = [*self._past, self._present] if self._present else self._past
        self._past = [past.ending(at, roster) for past in before]
        self._present = roster.membership()

    def _begin(self, start: float) -> None:
        """Fix what the minute is judged by: whoever counted at its end."""
        self._past = [past for past in self._past if past.until >= start + MINUTE]
        membership = self._past[0] if self._past else self._present
        self.unsettled = start + MINUTE
        self._begun = self.unsettled + self._after
        self._given = 0
        self._size = membership.size if membership else 0
        self._left = _settle(membership, start) if membership else iter(())


def _settle(membership: Membership, start: float) -> Iterator[MinuteSettled]:
    """Judge one minute of everything that existed all through it."""
    counted: dict[Slots, Count] = {}
    for line in membership.lines:
        line.drain()
        found = counted[line.slots] = count_line(line.slots, start)
        if line.first_minute <= start:
            yield _settled(line, Subject.LINE, str(line.line.number), start, found)
    for composite, members in membership.composites:
        if composite.first_minute <= start:
            known = counted.get(members[0].slots) if _is_one_line(members, start) else None
            found = known or count(members, start)
            yield _settled(composite, composite.subject, composite.key, start, found)


def _is_one_line(members: Sequence[Member], start: float) -> bool:
    """Tell whether a minute is that of one line, all of it."""
    return len(members) == 1 and members[0].since <= start


def _settled(
    judged: LineState | Composite, subject: Subject, key: str, start: float, counted: Count
) -> MinuteSettled:
    verdict = counted.verdict
    judged.minutes[verdict] += 1
    return MinuteSettled(start, subject, key, verdict, counted.expected, counted.good, counted.lost)

"""Sums over the settled minutes of hours: what one of several processes works out.

Minutes are not kept one by one. A unit's hour is a few columns, and what a report needs of it are sums: over
all of its minutes, over those of office hours, and over those that no announced window leaves out.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import compress
from operator import add
from typing import TYPE_CHECKING, NamedTuple

from netwatch.audit.report.masks import EVERY, MINUTE, places
from netwatch.evidence.layout import STATES
from netwatch.model.decision import Subject
from netwatch.model.figures import RTT_LIMIT, Figures
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from netwatch.audit.report.masks import Calendar
    from netwatch.audit.report.roster import Roster, Rosters
    from netwatch.audit.round_trips import Mean
    from netwatch.evidence.layout import MinuteColumns
    from netwatch.evidence.skim import Skim

UP, DOWN = STATES.index(State.UP), STATES.index(State.DOWN)

Account = tuple[Subject, str, int | None]
"""Whom sums are of: a unit by its code, a device by its name, or one of its lines by the uplink's place."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Which minutes count for whom; sets of minutes by the calendar."""

    calendar: Calendar
    rosters: Rosters
    passed: int  # the period, as far as it is told
    office: int  # office hours
    own: Mapping[str, int]  # by a unit's code, where not the whole period is its own: it came later
    excluded: Mapping[str, int]  # by a unit's code: left out of its net figures

    def of(self, code: str) -> tuple[int, int, int]:
        """Return the minutes of a unit: all, net, and of office hours."""
        own = self.own.get(code, self.passed)
        return own, own & ~self.excluded.get(code, 0), own & self.office


class Sums(NamedTuple):
    """Figures without the minutes that are unknown: those are what is left."""

    up: int = 0
    down: int = 0
    expected: int = 0
    lost: int = 0
    valid: int = 0
    timed: int = 0
    slow: int = 0
    rtt_sum: float = 0.0
    rtt_count: int = 0

    def figures(self, minutes: int) -> Figures:
        """Return the figures over a set of minutes."""
        up, down, *others = self
        return Figures(int(up), int(down), minutes.bit_count() - int(up) - int(down), *others)  # type: ignore[arg-type]  # in their order


def plus(one: Sums, other: Sums) -> Sums:
    """Return the sums over both."""
    if other is NOTHING:
        return one
    return other if one is NOTHING else Sums._make(map(add, one, other))


NOTHING = Sums()
Three = tuple[Sums, Sums, Sums]
"""Over all minutes, net, and of office hours."""


class Times:
    """The round trips of an hour: by minute, and what they come to, which is worked out once."""

    __slots__ = ("_sums", "means")

    def __init__(self, means: Mapping[int, Mean]) -> None:
        self.means = means
        self._sums: tuple[int, int, float, int] | None = None

    def sums(self) -> tuple[int, int, float, int]:
        """Return minutes timed, those that are slow, the sum in seconds, and the replies."""
        if self._sums is None:
            means = self.means.values()
            totals, counts = zip(*means, strict=True) if means else ((), ())
            slow = 0
            if means and max(totals) > RTT_LIMIT * min(counts):
                slow = sum(total > RTT_LIMIT * count for total, count in means)
            self._sums = len(means), slow, sum(totals), sum(counts)
        return self._sums


NO_TIMES = Times({})


@dataclass
class Totals:
    """What hours come to; those of several processes are added up."""

    sums: dict[Account, Three] = field(default_factory=dict)
    blind: dict[str, int] = field(default_factory=dict)  # minutes, by a unit's code
    seen: int = 0  # minutes in which any unit was up or down

    def add(self, other: Totals) -> None:
        """Add the totals of other hours."""
        for account, three in other.sums.items():
            self._add(account, three)
        for code, minutes in other.blind.items():
            self.blind[code] = self.blind.get(code, 0) + minutes
        self.seen += other.seen

    def _add(self, account: Account, three: Three) -> None:
        known = self.sums.get(account)
        if known is not None:
            (gross, net, office), (all_, kept, working) = known, three
            both = plus(gross, all_)
            same = gross is net and all_ is kept  # nothing is left out of most, and they are added once
            three = both, both if same else plus(net, kept), plus(office, working)
        self.sums[account] = three

    def take(self, plan: Plan, skims: Sequence[Skim]) -> None:
        """Add one hour. It has several skims, as they were written, where a clock was set back."""
        taken: dict[Account, int] = {}
        seen, blind = 0, defaultdict[str, int](int)
        for skim in skims:
            parts = tuple(_parts(plan, skim.start))
            times = _times(skim, parts)
            for account, columns, part in _columns(skim, parts):
                code = _unit_of(account, part.roster)
                if code is None:
                    continue
                free = part.minutes & ~taken.get(account, 0)
                there = (
                    EVERY if len(columns.minutes) == len(columns.states) == 60 else places(columns.minutes)
                )
                if len(skims) > 1:
                    taken[account] = taken.get(account, 0) | there & part.minutes
                if account[0] is Subject.UNIT:
                    seen |= _seen(columns)
                which = tuple(plan.calendar.of_hour(each, skim.start) & free for each in plan.of(code))
                self._add(account, _three(columns, times.get(account, NO_TIMES), there, which))
            for code, minutes in _blind(skim, parts):
                own = plan.calendar.of_hour(plan.own.get(code, plan.passed), skim.start)
                blind[code] |= minutes & own
        for code, minutes in blind.items():
            self.blind[code] = self.blind.get(code, 0) + minutes.bit_count()
        if skims:
            self.seen += (seen & plan.calendar.of_hour(plan.passed, skims[0].start)).bit_count()


class _Part(NamedTuple):
    """The minutes of an hour for which one roster holds."""

    roster: Roster
    minutes: int


def _parts(plan: Plan, start: int) -> Iterator[_Part]:
    since = [time for time in plan.rosters.since if start < time <= start + 59 * MINUTE]
    if not since:
        roster = plan.rosters.at(start)
        if roster is not None:
            yield _Part(roster, EVERY)
        return
    found: dict[int, _Part] = {}
    for minute in range(60):
        roster = plan.rosters.at(start + minute * MINUTE)
        if roster is not None:
            before = found.get(id(roster), _Part(roster, 0))
            found[id(roster)] = _Part(roster, before.minutes | 1 << minute)
    yield from found.values()


def _unit_of(account: Account, roster: Roster) -> str | None:
    """Return whose minutes an account's are; None for what decides no unit."""
    subject, key, _ = account
    return key if subject is Subject.UNIT else roster.unit_of.get(key)


def _columns(skim: Skim, parts: Sequence[_Part]) -> Iterator[tuple[Account, MinuteColumns, _Part]]:
    for (subject, key), columns in skim.verdicts.items():
        for part in parts:
            if subject is not Subject.LINE:
                yield (subject, key, None), columns, part
            elif (way := part.roster.lines.get(int(key))) is not None and way[0] in part.roster.several:
                yield (Subject.LINE, *way), columns, part


def _times(skim: Skim, parts: Sequence[_Part]) -> dict[Account, Times]:
    """Return the round trips of each account: of several lines, each minute those of the quickest."""
    found: dict[Account, Times] = {}
    for roster, minutes in parts:
        for number, (device, uplink) in roster.lines.items():
            means = skim.means.get(number)
            code = roster.unit_of.get(device)
            if not means or code is None:
                continue
            if minutes != EVERY:
                means = {minute: mean for minute, mean in means.items() if minutes >> minute & 1}
            times = Times(means)
            accounts: list[Account] = [(Subject.UNIT, code, None), (Subject.DEVICE, device, None)]
            if device in roster.several:
                accounts.append((Subject.LINE, device, uplink))
            for account in accounts:
                known = found.get(account)
                found[account] = times if known is None else _quicker(known, times)
    return found


def _quicker(known: Times, times: Times) -> Times:
    found = dict(known.means)
    for minute, mean in times.means.items():
        best = found.get(minute)
        if best is None or mean[0] * best[1] < best[0] * mean[1]:
            found[minute] = mean
    return Times(found)


def _seen(columns: MinuteColumns) -> int:
    """Return the minutes that were up or down."""
    states = columns.states
    if len(states) == 60 and states.count(UP) + states.count(DOWN) == 60:
        return EVERY
    return places(m for m, state in zip(columns.minutes, states, strict=True) if state in {UP, DOWN})


def _three(columns: MinuteColumns, times: Times, there: int, which: Sequence[int]) -> Three:
    whole: Sums | None = None
    found = []
    for minutes in which:
        if not minutes & there:
            found.append(NOTHING)
        elif minutes & there == there:
            whole = whole or _sums(columns, times)
            found.append(whole)
        else:
            found.append(_some(columns, times, minutes))
    return found[0], found[1], found[2]


def _some(columns: MinuteColumns, times: Times, minutes: int) -> Sums:
    """Return the sums over some of an hour's minutes."""
    kept = [minutes >> minute & 1 for minute in columns.minutes]
    told, states, *counts = (list(compress(column, kept)) for column in columns)
    return _sums(
        type(columns)(told, bytes(states), *counts),
        Times({minute: mean for minute, mean in times.means.items() if minutes >> minute & 1}),
    )


def _sums(columns: MinuteColumns, times: Times) -> Sums:
    _, states, expected, good, lost, late = columns
    missed = sum(lost) + sum(late)
    return Sums(
        states.count(UP), states.count(DOWN), sum(expected), missed, sum(good) + missed, *times.sums()
    )


def _blind(skim: Skim, parts: Sequence[_Part]) -> Iterator[tuple[str, int]]:
    """Yield the minutes in which a path to a unit was blind, by the unit's code."""
    dark = {
        path: places(minute for minute, seconds in there.items() if seconds > 0)
        for path, there in skim.blind.items()
    }
    if not dark:
        return
    for roster, minutes in parts:
        for code, paths in roster.paths.items():
            for path in paths:
                if found := dark.get(path, 0) & minutes:
                    yield code, found

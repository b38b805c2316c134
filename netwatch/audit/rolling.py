"""The settled minutes that claims are judged by, as they are settled and as they are read from the ledger.

Both ways end in the same sums, so that a process that was restarted says what one that never ended would. A
minute counts once, for whom it was told of first: hours overlap where a clock was set back.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.audit.minutes import DOWN, UP, among, figures, one
from netwatch.audit.ownership import Ownership
from netwatch.audit.period import HOUR, MINUTE
from netwatch.audit.round_trips import quickest
from netwatch.audit.tally import HOURS, RollingTally
from netwatch.evidence.layout import STATES
from netwatch.evidence.skim import mean
from netwatch.model.decision import MinuteSettled, Subject
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from netwatch.audit.ownership import About
    from netwatch.audit.period import Window
    from netwatch.audit.round_trips import Mean
    from netwatch.audit.tally import Ring
    from netwatch.evidence.layout import MinuteColumns
    from netwatch.evidence.skim import Skim
    from netwatch.inventory.hours import OfficeHours
    from netwatch.model.device import Device, Line
    from netwatch.model.figures import Figures

EVERY = (1 << 60) - 1
"""All minutes of an hour: bit n is minute n."""

UNKNOWN = STATES.index(State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose minutes are counted. `office`: also those of these hours alone, where a claim asks for them."""

    units: frozenset[str]  # codes
    devices: frozenset[str] = frozenset()  # names
    office: OfficeHours | None = None

    def has(self, about: About) -> bool:
        """Tell whether the minutes of a subject are counted."""
        subject, key = about
        if subject is Subject.UNIT:
            return key in self.units
        return subject is Subject.DEVICE and key in self.devices


@dataclass(slots=True)
class Told:
    """Which minutes were told of at all, and in which any unit was up or down; bit n is minute n, by hour."""

    minutes: dict[int, int]
    seen: dict[int, int]
    until: float = 0.0  # steady time at which the last of them ended

    def add(self, hour: int, minutes: int, seen: int) -> None:
        """Add minutes of an hour; those older than the tallies are forgotten."""
        if hour not in self.minutes:
            for old in [each for each in self.minutes if each <= hour - HOURS]:
                del self.minutes[old]
                self.seen.pop(old, None)
        self.minutes[hour] = self.minutes.get(hour, 0) | minutes
        if seen:
            self.seen[hour] = self.seen.get(hour, 0) | seen
        self.until = max(self.until, hour * HOUR + minutes.bit_length() * MINUTE)


@dataclass(frozen=True, slots=True)
class Rings:
    """What was counted of some units or devices; `office`: in office hours alone."""

    subject: Subject
    office: bool
    rings: Mapping[str, Ring]


class Rolling:
    """Tallies of units and devices, round the clock and by office hours."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.told = Told({}, {})
        self._earlier: dict[int, int] = {}  # minutes that were read from the ledger, by hour
        self._tallies = {
            (subject, office): RollingTally()
            for subject in (Subject.UNIT, Subject.DEVICE)
            for office in (False, True)
        }
        self._owners = Ownership()
        self._means: dict[int, Mean] = {}  # of the minute that is being settled, by line
        self._settling = 0.0  # its start
        self._open = True  # whether it lies in office hours

    def want(self, wanted: Wanted) -> None:
        """Count for these from now on; what of the others was counted is forgotten."""
        self.wanted = wanted
        for (subject, office), tally in self._tallies.items():
            keys = wanted.units if subject is Subject.UNIT else wanted.devices
            tally.retain(keys if not office or wanted.office else ())

    def configured(self, at: float, lines: Iterable[Line], devices: Iterable[Device]) -> None:
        """Count round trips by these lines from steady time `at` on."""
        self._owners.take(at, lines, devices)

    def count(self, minute: MinuteSettled) -> None:
        """Add a minute that was settled; the lines of a minute come before what they make up."""
        if minute.start != self._settling:
            self._settling, self._means = minute.start, {}
            self._open = self.wanted.office is not None and self.wanted.office.contains(minute.start)
        if minute.subject is Subject.LINE:
            if minute.slots is not None and minute.slots.rtt_count:
                self._means[int(minute.key)] = mean(minute.slots)
            return
        about = minute.subject, minute.key
        hour, second = divmod(int(minute.start), HOUR)
        place = second // MINUTE
        if self._earlier.get(hour, 0) >> place & 1:
            return
        seen = minute.subject is Subject.UNIT and minute.verdict is not State.UNKNOWN
        self.told.add(hour, 1 << place, seen << place)
        if self.wanted.has(about):
            times = quickest(
                {place: self._means[line]}
                for line in self._owners.of(about, minute.start)
                if line in self._means
            )
            self._add(about, hour, figures(one(minute, place), times), office=self._open)

    def take_hour(self, skim: Skim) -> None:
        """Add an hour of the ledger, or one that is not sealed yet. Raises ValueError: it cannot be."""
        hour = skim.start // HOUR
        before = self.told.minutes.get(hour, 0)
        office = self._office(skim.start)
        minutes = seen = 0
        for about, columns in skim.verdicts.items():
            if about[0] is Subject.LINE:
                continue
            there, known = _masks(columns)
            minutes |= there
            seen |= known if about[0] is Subject.UNIT else 0
            if self.wanted.has(about) and there & ~before:
                self._add_some(about, skim, columns, there & ~before, office)
        if minutes:
            self.told.add(hour, minutes, seen & ~before)

    def adopt(self, earlier: Told) -> frozenset[int]:
        """Learn which minutes the ledger tells of; return the hours that were counted here."""
        both = {hour for hour, told in earlier.minutes.items() if told & self.told.minutes.get(hour, 0)}
        for hour, minutes in earlier.minutes.items():
            if hour not in both:
                self._earlier[hour] = minutes
                self.told.add(hour, minutes, earlier.seen.get(hour, 0))
        return frozenset(both)

    def adopt_rings(self, found: Rings, leave_out: Collection[int]) -> None:
        """Take over what the ledger tells of some keys, but for some hours."""
        for key, ring in found.rings.items():
            if self.wanted.has((found.subject, key)) and (not found.office or self.wanted.office):
                self._tallies[found.subject, found.office].adopt(key, ring, leave_out)

    def rings(self, size: int) -> Iterator[Rings]:
        """Yield everything that was counted, so many keys at a time."""
        for (subject, office), tally in self._tallies.items():
            keys = sorted(tally.rings)
            for start in range(0, len(keys), size):
                yield Rings(subject, office, {key: tally.rings[key] for key in keys[start : start + size]})

    def of(self, about: About, window: Window, passed: int, *, office: bool = False) -> Figures:
        """Return the figures of a unit or device within a window, of which so many minutes have passed."""
        subject, key = about
        return self._tallies[subject, office].of(key, window, passed)

    def passed(self, window: Window, *, office: bool = False) -> int:
        """Return how many minutes of a window have passed and are settled; of those of office hours alone."""
        end = min(window.end, self.told.until)
        if not office:
            return max(0, round(end - window.start) // MINUTE)
        if self.wanted.office is None or end <= window.start:
            return 0
        return sum(_minutes_of(span) for span in self.wanted.office.spans(window.start, end))

    def observed(self, window: Window) -> float:
        """Return the share of the whole `window`'s minutes in which anything at all was seen up or down."""
        hours = range(int(window.start // HOUR), int(-(-window.end // HOUR)))
        seen = sum(self.told.seen.get(hour, 0).bit_count() for hour in hours)
        return min(1.0, seen / window.minutes)

    def timeline(self, unit: str) -> list[tuple[int, int, int, int]]:
        """Return (start in steady seconds, minutes up, down and unknown) of each hour kept, oldest first."""
        if not self.told.minutes:
            return []
        last = max(self.told.minutes)
        first = max(min(self.told.minutes), last - HOURS + 1)
        found = []
        for hour, up, down in self._tallies[Subject.UNIT, False].hours(unit, first, last + 1):
            passed = min(round(self.told.until - hour * HOUR) // MINUTE, HOUR // MINUTE)
            found.append((hour * HOUR, up, down, max(0, passed - up - down)))
        return found

    def _add(self, about: About, hour: int, found: Figures, *, office: bool, whole: bool = True) -> None:
        subject, key = about
        if whole:
            self._tallies[subject, False].add(key, hour, found)
        if office:
            self._tallies[subject, True].add(key, hour, found)

    def _add_some(
        self, about: About, skim: Skim, columns: MinuteColumns, minutes: int, office: frozenset[int]
    ) -> None:
        """Add those minutes of an hour that nobody told of before."""
        told = frozenset(columns.minutes)
        fresh = told if minutes == _mask(told) else frozenset(_places(minutes))
        means = self._times(about, skim)
        hour = skim.start // HOUR
        if fresh != told or not means.keys() <= told:
            columns, means = among(fresh, columns, means)
        self._add(about, hour, figures(columns, means), office=False)
        if office & fresh:
            self._add(about, hour, figures(*among(office, columns, means)), office=True, whole=False)

    def _times(self, about: About, skim: Skim) -> Mapping[int, Mean]:
        """Return the round trips of a unit or device: each minute those of the lines that it had."""
        if not self._owners.changes(skim.start, skim.start + HOUR):
            return quickest(skim.means.get(line, {}) for line in self._owners.of(about, skim.start))
        found: dict[int, Mean] = {}
        for place in range(HOUR // MINUTE):
            lines = self._owners.of(about, skim.start + place * MINUTE)
            known = (skim.means.get(line, {}) for line in lines)
            found |= quickest({place: means[place]} for means in known if place in means)
        return found

    def _office(self, start: int) -> frozenset[int]:
        """Return the minutes of an hour that begin in office hours."""
        if self.wanted.office is None:
            return frozenset()
        spans = self.wanted.office.spans(start, start + HOUR)
        return frozenset(
            place
            for place in range(HOUR // MINUTE)
            if any(since <= start + place * MINUTE < until for since, until in spans)
        )


def _masks(columns: MinuteColumns) -> tuple[int, int]:
    """Return which minutes of an hour were told of, and which of them were up or down."""
    there = EVERY if len(columns.minutes) == HOUR // MINUTE else _mask(columns.minutes)
    if columns.states.count(UP) + columns.states.count(DOWN) == len(columns.states):
        return there, there
    told = zip(columns.minutes, columns.states, strict=True)
    return there, _mask(minute for minute, state in told if state != UNKNOWN)


def _mask(minutes: Iterable[int]) -> int:
    return sum(1 << minute for minute in minutes)


def _places(mask: int) -> Sequence[int]:
    return [place for place in range(HOUR // MINUTE) if mask >> place & 1]


def _minutes_of(span: tuple[float, float]) -> int:
    """Return how many full minutes begin within a span."""
    since, until = span
    return max(0, int(-(-until // MINUTE)) - int(-(-since // MINUTE)))

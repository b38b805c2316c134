"""What is true of every unit, from second to second, and of every outage: the definitions.

*Up*: the unit's own internet works. Its gateway runs, one of its lines carries, and from its area's routers
one that runs leads to the running core. How anybody observes it does not matter.

*Observable*: an echo from the poller could have told. The poller sends, its way out and a hand-off of the
unit's carrier work, and something at the unit answers echo while all is well.

*Outage*: a run of *down* of one unit, however short. Its **cause** is that of the break that began it:

1. Where all its parents failed at that moment, it is *upstream*, and the **root** is the ancestor that
   failed: the core, else the router of the area that was the last to fail (`roots` has all that are dead).
   So it is where the unit broke at the very same moment itself.
2. Else it is the unit's own (`netwatch.lab.world.causes`), and stays so whatever happens above meanwhile.
3. A unit that is still down `GRACE` after its parents have returned has two outages: the first ends when
   they returned, the second begins then, with its own cause. One that is up sooner has one, *upstream*.
4. An outage of the unit's own whose start lies in a window that was announced before the window began, and
   that covers its gateway, the unit or the area, is *maintenance*. A dead parent's window explains nothing
   below it.

**sign** is False where nothing that SNMP tells afterwards shows the cause: *undetermined* is right then too.
**seen** tells whether the unit was observable when the outage began.

Spans of a unit cover the time from the beginning to the present without a gap; each is half open.
"""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netwatch.lab.plan.layout import Office
    from netwatch.lab.world.causes import Break
    from netwatch.model.maintenance import Window

GRACE = 60.0  # seconds that a unit has to come back by itself once its parents have


@dataclass(frozen=True, slots=True)
class TrueSpan:
    """A unit from `start` to `end` (steady seconds), the end not included."""

    start: float
    end: float
    up: bool
    observable: bool


@dataclass(frozen=True, slots=True)
class TrueOutage:
    """One outage as it was. `end` is the present where it lasts."""

    unit: str
    start: float
    end: float
    cause: Cause
    root: str  # "" unless upstream
    roots: tuple[str, ...]
    sign: bool
    seen: bool
    lasting: bool  # it had not ended by then


@dataclass(frozen=True, slots=True)
class Truth:
    """All of it, from the beginning to `end`."""

    start: float
    end: float
    units: Mapping[str, tuple[TrueSpan, ...]]  # by code
    outages: tuple[TrueOutage, ...]  # in the order of their starts

    def at(self, unit: str, moment: float) -> TrueSpan:
        """Return the span that a moment lies in; KeyError where it lies in none."""
        spans = self.units[unit]
        place = bisect.bisect_right(spans, moment, key=lambda span: span.start) - 1
        if place < 0 or moment >= spans[place].end:
            raise KeyError(moment)
        return spans[place]

    def seconds(self, unit: str) -> Iterator[TrueSpan]:
        """Yield the span of every whole second from the beginning on, as it is when the second begins."""
        for second in range(int(self.end - self.start)):
            yield self.at(unit, self.start + second)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """How an outage began."""

    start: float
    why: Break
    maintained: bool
    seen: bool

    def outage(self, unit: str, end: float, *, lasting: bool) -> TrueOutage:
        """Return the outage as it was until `end`."""
        cause, roots = (Cause.MAINTENANCE, ()) if self.maintained else (self.why.cause, self.why.roots)
        sign = self.maintained or self.why.sign
        root = roots[0] if roots else ""
        return TrueOutage(unit, self.start, end, cause, root, roots, sign, self.seen, lasting)


@dataclass(slots=True)
class _Down:
    """A run of down that lasts: how it began, and how it went on without its parents' outage."""

    first: _Beginning
    again: _Beginning | None = None

    def outages(self, unit: str, end: float, *, lasting: bool) -> Iterator[TrueOutage]:
        """Yield the one outage that it is, or the two."""
        if self.again is None or end - self.again.start < GRACE:
            yield self.first.outage(unit, end, lasting=lasting)
            return
        yield self.first.outage(unit, self.again.start, lasting=False)
        yield self.again.outage(unit, end, lasting=lasting)


class Recorder:
    """Keeps the truth of one unit as it is told of every moment at which something may have changed."""

    def __init__(self, office: Office, start: float) -> None:
        self._office = office
        self._spans: list[TrueSpan] = []
        self._now = (start, True, True)
        self._down: _Down | None = None
        self._outages: list[TrueOutage] = []

    def note(
        self,
        at: float,
        *,
        observable: bool,
        above: Break | None,
        own: Break | None,
        windows: Iterable[Window],
    ) -> None:
        """Take down how the unit is from `at` on: *up* where nothing is broken, above or of its own."""
        why = above or own
        self._turn(at, up=why is None, observable=observable)
        if why is None:
            if self._down:
                self._outages += self._down.outages(self._office.unit, at, lasting=False)
            self._down = None
            return
        beginning = _Beginning(at, why, above is None and self._maintained(at, windows), observable)
        if self._down is None:
            self._down = _Down(beginning)
        elif self._down.first.why.cause is Cause.UPSTREAM:
            self._follow(self._down, beginning)

    def _follow(self, down: _Down, now: _Beginning) -> None:
        """Notice when parents return above a unit that is broken itself, or fail again within the grace."""
        if now.why.cause is not Cause.UPSTREAM:
            down.again = down.again or now
        elif down.again and now.start - down.again.start < GRACE:
            down.again = None

    def _turn(self, at: float, *, up: bool, observable: bool) -> None:
        since, was_up, was_observable = self._now
        if (was_up, was_observable) == (up, observable):
            return
        if at > since:
            self._spans.append(TrueSpan(since, at, was_up, was_observable))
        self._now = (at, up, observable)

    def _maintained(self, at: float, windows: Iterable[Window]) -> bool:
        office = self._office
        return any(
            window.announced <= window.start <= at < window.end
            and window.covers(office.gateway, office.unit, office.area)
            for window in windows
        )

    def spans(self, end: float) -> tuple[TrueSpan, ...]:
        """Return the spans until `end`."""
        since, up, observable = self._now
        last = [TrueSpan(since, end, up, observable)] if end > since else []
        return (*self._spans, *last)

    def outages(self, end: float) -> tuple[TrueOutage, ...]:
        """Return the outages until `end`."""
        lasting = self._down.outages(self._office.unit, end, lasting=True) if self._down else ()
        return (*self._outages, *lasting)

"""Questions that are put to the truth about one unit."""

from __future__ import annotations

import bisect
import math
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from netwatch.lab.world.truth import TrueSpan


class Stretch(NamedTuple):
    """A time in which a unit could be seen to be in one state, as long as that lasted. Steady seconds."""

    state: State
    start: float
    end: float
    began: float  # when the state began, be it unseen: at most `start`; -inf: before the play did


def state_of(span: TrueSpan) -> State:
    """Return whether a unit is up or down."""
    return State.UP if span.up else State.DOWN


class Course:
    """What was true of one unit; its spans cover the play without a gap."""

    def __init__(self, spans: Sequence[TrueSpan]) -> None:
        self.spans = spans
        self._starts = [span.start for span in spans]

    def at(self, time: float) -> TrueSpan:
        """Return the span that a time lies in; the first or the last one outside of the play."""
        return self.spans[max(bisect.bisect_right(self._starts, time) - 1, 0)]

    def between(self, start: float, end: float) -> Sequence[TrueSpan]:
        """Return the spans that share a moment with `start` to `end`, both included."""
        first = max(bisect.bisect_right(self._starts, start) - 1, 0)
        return self.spans[first : max(bisect.bisect_right(self._starts, end), first + 1)]

    def ever(self, state: State, start: float, end: float) -> bool:
        """Tell whether the unit was in a state at any moment from `start` to `end`."""
        return any(state_of(span) is state for span in self.between(start, end))

    def always_seen(self, start: float, end: float) -> bool:
        """Tell whether it was observable throughout; nothing was before the play."""
        return start >= self.spans[0].start and all(span.observable for span in self.between(start, end))

    def seconds(self, start: float, end: float, fits: Callable[[TrueSpan], bool]) -> float:
        """Return for how long it was in spans that fit."""
        return sum(
            max(0.0, min(span.end, end) - max(span.start, start))
            for span in self.between(start, end)
            if fits(span)
        )

    def stretches(self) -> Iterator[Stretch]:
        """Yield each time in which it could be seen to be in one state, in order."""
        began = -math.inf
        before: TrueSpan | None = None
        open_: Stretch | None = None
        for span in self.spans:
            if before is not None and before.up != span.up:
                began = span.start
            if open_ is not None:
                yield open_
            # Two spans that are both seen differ in their state.
            open_ = Stretch(state_of(span), span.start, span.end, began) if span.observable else None
            before = span
        if open_ is not None:
            yield open_

    def seen_from(self, time: float) -> float:
        """Return when, from a time on, it can first be seen; +inf: never again."""
        return next(
            (max(time, span.start) for span in self.spans if span.end > time and span.observable), math.inf
        )

    def seen_until(self, time: float) -> float:
        """Return when, up to a time, it could last be seen; -inf: never before."""
        found = (
            min(time, span.end) for span in reversed(self.spans) if span.start < time and span.observable
        )
        return next(found, -math.inf)

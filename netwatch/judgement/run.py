"""A run of *down*: an outage or a blip, whatever unknown time lies within it.

Unknown after down does not end a run but suspends it: nobody knows whether the unit came back meanwhile.
If it is down again, the run goes on, and the unknown time within it is told apart and never counts as down.
If it is up again, the run ended where knowledge of it ended: the time until then is what can be shown.
"""

from __future__ import annotations

from typing import NamedTuple

from netwatch.model.state import State


class Span(NamedTuple):
    """A run that is over: steady times, and the seconds between them about which nothing is known."""

    start: float
    end: float
    unknown: float

    @property
    def down(self) -> float:
        """Seconds known to be down."""
        return self.end - self.start - self.unknown


class DownRun:
    """The run of down that a device or unit is in, if any."""

    __slots__ = ("_suspended", "_unknown", "start")

    def __init__(self) -> None:
        self.start: float | None = None  # steady time; None: not in a run
        self._suspended: float | None = None  # since when nothing is known
        self._unknown = 0.0  # seconds, before the present suspension

    def enter(self, state: State, since: float) -> Span | None:
        """Follow a change of state; return the run that it ends."""
        if state is State.UP:
            return self.close(since)
        if state is State.DOWN and self.start is None:
            self.start = since
        elif state is State.DOWN and self._suspended is not None:
            self._unknown += since - self._suspended
            self._suspended = None
        elif state is State.UNKNOWN and self.start is not None:
            self._suspended = since
        return None

    def close(self, at: float) -> Span | None:
        """End the run, if there is one: at `at`, or where it was suspended."""
        if self.start is None:
            return None
        span = Span(self.start, at if self._suspended is None else self._suspended, self._unknown)
        self.start, self._suspended, self._unknown = None, None, 0.0
        return span

    def known(self, until: float) -> float:
        """Return the seconds known to be down until then."""
        if self.start is None:
            return 0.0
        return (until if self._suspended is None else self._suspended) - self.start - self._unknown

    def split(self, at: float) -> Span | None:
        """End the run at `at` and begin another one there; None where it is suspended or began later."""
        if self.start is None or self._suspended is not None or at <= self.start:
            return None
        span = Span(self.start, at, min(self._unknown, at - self.start))
        self.start, self._unknown = at, 0.0
        return span

    def dump(self) -> list[float | None]:
        """Return everything as JSON knows it."""
        return [self.start, self._suspended, self._unknown]

    def load(self, dumped: list[float | None]) -> None:
        """Take what was dumped."""
        start, suspended, unknown = dumped
        self.start = None if start is None else float(start)
        self._suspended = None if suspended is None else float(suspended)
        self._unknown = float(unknown or 0.0)

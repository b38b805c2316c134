"""Tells when windows and office hours begin and end, and runs what recurs: APScheduler, in memory.

What is due is worked out anew at each look; the scheduler only says when to look next. So whatever is missed
(a clock that was set, a computer that slept) is made up for by the look that follows.
"""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING, Protocol

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from netwatch.polling.clock import steady

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from netwatch.inventory.hours import OfficeHours
    from netwatch.model.maintenance import Window
    from netwatch.polling.clock import Clock

NEAR = 86400.0
"""Seconds before its beginning and after its end that a window is handed on."""

LOOK_EVERY = 300.0
"""Seconds between two looks at most."""

SOONEST = 0.01
"""Seconds between two looks at least: a timer may fire a moment early."""

LATE = 5.0
"""Seconds: a look that is later than this has been lost to a clock that was set back."""


class Scheduler(Protocol):
    """What is used of APScheduler."""

    running: bool

    def add_job(self, func: Callable[[], Awaitable[None]], trigger: str, **options: object) -> object:
        """Call `func` when the trigger says."""
        ...

    def start(self) -> None:
        """Begin."""
        ...

    def shutdown(self, wait: bool) -> None:  # noqa: FBT001 - its own signature
        """End."""
        ...


class Calendar:
    """Build it on the loop that it runs on; times are steady seconds.

    `windows(since, until)` gives the windows that touch a time. `on_windows` gets all that are open, begin
    within a day or ended within one, whenever these, or which of them are open, change; `on_hours` gets
    whether offices are open, whenever that changes. Both are called once by `start` as well.
    """

    def __init__(
        self,
        clock: Clock,
        hours: OfficeHours,
        windows: Callable[[float, float], tuple[Window, ...]],
        *,
        on_windows: Callable[[tuple[Window, ...]], None],
        on_hours: Callable[[bool], None] = lambda _open: None,
        scheduler: Scheduler | None = None,
    ) -> None:
        self._clock = clock
        self._hours = hours
        self._windows = windows
        self._on_windows = on_windows
        self._on_hours = on_hours
        self._scheduler = scheduler or AsyncIOScheduler(timezone=dt.UTC)
        self._recurring: list[tuple[float, Callable[[], Awaitable[None]]]] = []
        self._told: object = None
        self._open: bool | None = None
        self._due = math.inf

    def use(self, hours: OfficeHours) -> None:
        """Go by these office hours from now on."""
        self._hours = hours
        self.look()

    def every(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        """Call a coroutine function again and again; what it raises is told in the log."""
        self._recurring.append((seconds, do))
        self._repeat(seconds, do)

    def start(self) -> None:
        """Begin, and tell at once what is."""
        self._scheduler.start()
        self.look()

    def stop(self) -> None:
        """Call nothing any more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def tick(self) -> None:
        """Make up for a lost look. Cheap, and meant to be called by whoever keeps steady time."""
        if steady(self._clock) > self._due + LATE:
            for seconds, do in self._recurring:
                self._repeat(seconds, do)
            self.look()

    def look(self) -> None:
        """Tell what has changed, and plan the next look. To be called when the windows may be others."""
        if not self._scheduler.running:
            return
        now = steady(self._clock)
        self._look_at(now, now + LOOK_EVERY)  # first: whatever fails below, there is a next
        known = self._windows(now - NEAR, now + NEAR + 2 * LOOK_EVERY)
        changes = [moment for window in known for moment in _changes(window) if moment > now]
        self._look_at(now, min(now + LOOK_EVERY, self._hours.next_change(now), *changes))
        self._tell_windows(tuple(window for window in known if _is_near(window, now)), now)
        self._tell_hours(is_open=self._hours.contains(now))

    def _tell_windows(self, windows: tuple[Window, ...], now: float) -> None:
        state = windows, tuple(window.start <= now < window.end for window in windows)
        if state != self._told:
            self._told = state
            self._on_windows(windows)

    def _tell_hours(self, *, is_open: bool) -> None:
        if is_open is not self._open:
            self._open = is_open
            self._on_hours(is_open)

    def _look_at(self, now: float, moment: float) -> None:
        """Plan the next look. The scheduler goes by the wall clock, and is told how far away it is."""
        self._due = moment
        self._add(self._look, "date", id="look", run_date=_from_now(max(SOONEST, moment - now)))

    async def _look(self) -> None:
        self.look()

    def _repeat(self, seconds: float, do: Callable[[], Awaitable[None]]) -> None:
        self._add(do, "interval", id=f"every {seconds} {id(do)}", seconds=seconds)

    def _add(self, do: Callable[[], Awaitable[None]], trigger: str, **options: object) -> None:
        """Add a job in place of the one with its id; one that is late is run all the same, and once."""
        options |= {"replace_existing": True, "coalesce": True, "misfire_grace_time": None}
        self._scheduler.add_job(do, trigger, **options)


def _changes(window: Window) -> tuple[float, ...]:
    """Return the moments at which what is told about a window changes."""
    return window.start - NEAR, window.start, window.end, window.end + NEAR


def _is_near(window: Window, now: float) -> bool:
    return window.start - NEAR <= now < window.end + NEAR


def _from_now(seconds: float) -> dt.datetime:
    return dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds)

"""When each device is polled: every job at its own phase of its interval, one at a time of each.

A job is due whenever steady time is `offset(key, interval)` past a multiple of its interval, so that the
load is spread evenly and a restart moves nobody. Waiting is done on the loop's monotonic clock, which no
change of the date touches.
"""

from __future__ import annotations

import asyncio
import heapq
import logging
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netwatch.polling.clock import steady
from netwatch.polling.schedule import offset

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping

    from netwatch.polling.clock import Clock

LOG = logging.getLogger(__name__)

COMPLAINT_EVERY = 600.0
"""Seconds between two complaints about one job that fails again and again."""

SOON_AFTER = 5.0
"""Seconds since its last start after which a job may be started out of turn."""

EARLY = 0.001
"""Seconds: what is due this soon is started along with what is due now."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to be done every `interval` seconds; `start` makes a coroutine that does it once."""

    interval: float
    start: Callable[[], Coroutine[Any, Any, None]]


class Pacer:
    """Starts jobs when they are due. `on_lateness` is told the seconds by which each start was late.

    `skipped` counts turns that were left out: the job before was still under way, or the loop was held up
    for longer than an interval.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, clock: Clock, on_lateness: Callable[[float], None]
    ) -> None:
        self.skipped = 0
        self.failed = 0
        self._loop = loop
        self._clock = clock
        self._on_lateness = on_lateness
        self._jobs: dict[str, Job] = {}
        self._queue: list[tuple[float, str, float]] = []  # due, key, interval
        self._running: dict[str, asyncio.Task[None]] = {}
        self._started: dict[str, float] = {}  # monotonic
        self._complained: dict[str, float] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def running(self) -> int:
        """How many jobs are under way."""
        return len(self._running)

    def set_jobs(self, jobs: Mapping[str, Job], *, first_within: float | None = None) -> None:
        """Pace these jobs from now on; one whose interval is unchanged keeps its turn, one in flight ends.

        A job that is new has its first turn at its own phase, or within `first_within` seconds, where that is
        sooner.
        """
        now = steady(self._clock)
        kept = [entry for entry in self._queue if self._is_current(entry, jobs)]
        queued = {key for _, key, _ in kept}
        new = [
            (_first_due(key, job.interval, now, first_within), key, job.interval)
            for key, job in jobs.items()
            if key not in queued
        ]
        self._jobs = dict(jobs)
        self._complained = {key: at for key, at in self._complained.items() if key in jobs}
        self._started = {key: at for key, at in self._started.items() if key in jobs}
        self._queue = kept + new
        heapq.heapify(self._queue)
        self._arm()

    def start_now(self, key: str) -> bool:
        """Start a job out of turn, which moves none of its turns; tell whether it was.

        It is not where there is no such job, one is under way, or it was started less than SOON_AFTER ago:
        whoever asks again and again gets no more than that.
        """
        last = self._started.get(key, -math.inf)
        if (
            self._closed
            or key not in self._jobs
            or key in self._running
            or self._clock.monotonic() - last < SOON_AFTER
        ):
            return False
        self._start(key)
        return True

    async def close(self, within: float = 5.0) -> None:
        """Start nothing more; wait up to `within` seconds for what is under way, then cancel it."""
        self._closed = True
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        tasks = list(self._running.values())
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=within)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late)

    @staticmethod
    def _is_current(entry: tuple[float, str, float], jobs: Mapping[str, Job]) -> bool:
        _, key, interval = entry
        return key in jobs and jobs[key].interval == interval

    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self._queue and not self._closed:
            delay = self._queue[0][0] - steady(self._clock)
            self._timer = self._loop.call_later(max(0.0, delay), self._turn)

    def _turn(self) -> None:
        """Start what is due, and put each at its next turn."""
        self._timer = None
        now = steady(self._clock)
        while self._queue and self._queue[0][0] <= now + EARLY:
            due, key, interval = self._queue[0]
            following = _next_due(key, interval, max(now, due))
            self.skipped += max(0, round((following - due) / interval) - 1)
            heapq.heapreplace(self._queue, (following, key, interval))
            self._on_lateness(max(0.0, now - due))
            self._start(key)
        self._arm()

    def _start(self, key: str) -> None:
        if key in self._running:
            self.skipped += 1
            return
        self._started[key] = self._clock.monotonic()
        task = self._loop.create_task(self._jobs[key].start())
        self._running[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))

    def _ended(self, key: str, task: asyncio.Task[None]) -> None:
        del self._running[key]
        if task.cancelled():
            return
        error = task.exception()
        if error is None:
            return
        self.failed += 1
        now = self._clock.monotonic()
        last = self._complained.get(key)
        if last is None or now - last >= COMPLAINT_EVERY:
            self._complained[key] = now
            LOG.error("job %s failed", key, exc_info=error)


def _first_due(key: str, interval: float, now: float, within: float | None) -> float:
    """Return when a new job is due first."""
    due = _next_due(key, interval, now)
    return due if within is None else min(due, now + offset(key, within))


def _next_due(key: str, interval: float, after: float) -> float:
    """Return the first steady time after `after` at which a job is due."""
    phase = offset(key, interval)
    due = (math.floor((after - phase) / interval) + 1) * interval + phase
    return due if due > after else due + interval

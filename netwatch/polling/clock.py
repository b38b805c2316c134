"""Time as a part that is handed down, so that tests bring their own and a step of the clock harms nobody."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """Seconds on the two axes that the kernel has, and on the one that netwatch dates things with."""

    @property
    def epoch(self) -> float:
        """What to add to monotonic time to get steady time."""
        ...

    def monotonic(self) -> float:
        """Return monotonic seconds (CLOCK_MONOTONIC)."""
        ...

    def wall(self) -> float:
        """Return Unix seconds as the system believes now (CLOCK_REALTIME)."""
        ...


class SystemClock:
    """The machine's clocks; steady time is fixed to wall time once, at construction."""

    __slots__ = ("epoch",)

    def __init__(self) -> None:
        self.epoch = time.time() - time.monotonic()

    def monotonic(self) -> float:
        """Return monotonic seconds."""
        return time.monotonic()

    def wall(self) -> float:
        """Return Unix seconds."""
        return time.time()


def steady(clock: Clock) -> float:
    """Return steady seconds: Unix time that never steps."""
    return clock.epoch + clock.monotonic()

"""When to try again what failed: not at each look, and ever more seldom."""

from __future__ import annotations

FIRST, LONGEST = 60.0, 3600.0
"""Seconds until the second attempt, and between two at most; each time twice as long."""


class Retrying:
    """Remembers what failed, by name. Times are steady seconds."""

    def __init__(self) -> None:
        self._failed: dict[str, tuple[float, float]] = {}  # (the last pause, when it is over)

    def due(self, name: str, now: float) -> bool:
        """Tell whether something may be tried."""
        return now >= self._failed.get(name, (0.0, now))[1]

    def failed(self, name: str, now: float) -> None:
        """Put off what has failed."""
        before, _ = self._failed.get(name, (0.0, now))
        pause = min(2 * before, LONGEST) or FIRST
        self._failed[name] = pause, now + pause

    def succeeded(self, name: str) -> None:
        """Forget that it failed."""
        self._failed.pop(name, None)

"""What is still to happen, in the order of time."""

from __future__ import annotations

import heapq
import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Timeline:
    """Deeds at their moments; those of one moment in the order in which they were planned."""

    def __init__(self) -> None:
        self._order = itertools.count()
        self._due: list[tuple[float, int, Callable[[float], None]]] = []

    def plan(self, at: float, do: Callable[[float], None]) -> None:
        """Let `do` be done at a moment, with which it is called."""
        heapq.heappush(self._due, (at, next(self._order), do))

    def mark(self, at: float) -> None:
        """Let the world look around at a moment at which something follows by itself."""
        self.plan(at, lambda _: None)

    def next(self) -> float | None:
        """Return when something is due; None: never."""
        return self._due[0][0] if self._due else None

    def moments(self, now: float) -> Iterator[float]:
        """Do what is due until `now`, and yield each moment when everything of that moment was done."""
        while self._due and self._due[0][0] <= now:
            at = self._due[0][0]
            while self._due and self._due[0][0] <= at:
                heapq.heappop(self._due)[2](at)
            yield at

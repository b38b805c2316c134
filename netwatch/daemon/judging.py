"""Judges the claims again when something new is known: a share of the work in each tick.

Ten thousand results take most of a second, and the loop has echoes to send.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netwatch.audit.steps import finish

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from netwatch.daemon.claims import Claims, Judged

EVERY = 10.0
"""Seconds between two judgements at least: minutes settle in many small batches."""

SHARE = 0.005
"""Seconds of a tick that judging takes, and one step more."""


class Judging:
    """Hands on what the claims come to. `clock` tells seconds that never go back."""

    def __init__(self, claims: Claims, hand_on: Callable[[Judged], None], clock: Callable[[], float]) -> None:
        self._claims = claims
        self._hand_on = hand_on
        self._clock = clock
        self._steps: Generator[None, None, Judged] | None = None
        self._old = False  # whether anything is known that was not judged yet
        self._begun = -math.inf  # steady time of the last judgement

    def renew(self) -> None:
        """Judge again when it is time."""
        self._old = True

    def restart(self) -> None:
        """Judge again at once: what is judged is no longer the same, or somebody waits to see it."""
        self._steps = None
        self._old = True
        self._begun = -math.inf

    def at_once(self, now: float) -> None:
        """Judge all of it now: nobody is asked anything yet."""
        self._hand_on(finish(self._claims.judging(now)))
        self._steps, self._old, self._begun = None, False, now

    def tick(self, now: float) -> None:
        """Judge a share, as of the steady time at which this judgement began."""
        if self._steps is None:
            if not self._old or now - self._begun < EVERY:
                return
            self._old, self._begun = False, now
            self._steps = self._claims.judging(now)
        until = self._clock() + SHARE
        try:
            while self._clock() < until:
                next(self._steps)
        except StopIteration as end:
            self._steps = None
            self._hand_on(end.value)

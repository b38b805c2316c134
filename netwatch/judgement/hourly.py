"""Stops a judgement where an hour has been told to its last verdict: there, and only there, it can be kept.

Whoever keeps the hours (the daemon lives them, a verification and a restart live them once more) is told of
the same moments, whatever events time brings and however long a loop was held up.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netwatch.judgement.events import Resumed, Tick
from netwatch.judgement.minute import MINUTE
from netwatch.judgement.settlement import SPREAD

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.judgement.events import Event
    from netwatch.judgement.reducer import Judgement
    from netwatch.model.decision import Decision

HOUR = 3600.0


class Hourly:
    """Hands on what a judgement decides (`carry`), and tells of each hour that is over (`over`).

    `over` is called with the steady start of the hour when all of its decisions have been carried and none of
    the next hour's minutes has been settled; of an hour that a pause cut short, when the pause is over.
    """

    def __init__(
        self,
        judgement: Judgement,
        carry: Callable[[list[Decision]], None],
        over: Callable[[float], None],
    ) -> None:
        self.judgement = judgement
        self._carry = carry
        self._over = over
        self._hour = -math.inf  # start of the first hour that is not over

    def hand_to(self, carry: Callable[[list[Decision]], None], over: Callable[[float], None]) -> None:
        """Hand on to these from now on: what was lived once more has been, and life goes on."""
        self._carry = carry
        self._over = over

    def begin(self, at: float) -> None:
        """Be in the hour that holds steady time `at`."""
        self._hour = at // HOUR * HOUR

    def advance(self, event: Event) -> None:
        """Let the judgement take an event, hour by hour."""
        if self._hour == -math.inf:
            self.begin(event.at)
        if isinstance(event, Resumed):
            self._pause(event)
        self._pass(event.at)
        self._take(event)

    def _pass(self, at: float) -> None:
        """End every hour whose last verdict is due until `at`."""
        told = self.judgement.rules.settle_after + SPREAD
        while self._hour + HOUR + told <= at:
            self._take(Tick(self._hour + HOUR + told))
            self._end_hour()

    def _pause(self, event: Resumed) -> None:
        told = (event.until // MINUTE + 1) * MINUTE + self.judgement.rules.settle_after + SPREAD
        if event.at <= told + MINUTE:
            return  # nothing is left out
        self._pass(told)
        self._take(Tick(told))
        if self._hour <= event.until and self._hour + HOUR <= event.at:
            self._end_hour()  # cut short; unless it was ended before
        self.begin(event.at)

    def _end_hour(self) -> None:
        self._over(self._hour)
        self._hour += HOUR

    def _take(self, event: Event) -> None:
        if decisions := self.judgement.advance(event):
            self._carry(decisions)

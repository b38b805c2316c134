"""When a netwatch ran that wrote a chain, by which rules, and when none did."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.evidence.kinds import Started, Stopped
    from netwatch.model.device import StateRules

SILENT = 180.0
"""Seconds without a heartbeat after which no netwatch runs: one comes every minute."""


class Processes:
    """The processes of a chain, as far as they bear on the time from `start` to `end` (steady seconds)."""

    def __init__(self, start: float, end: float) -> None:
        self.rules: list[StateRules] = []  # those in force, in order
        self.pauses: list[tuple[float, float]] = []
        self.begun: float | None = None  # when the first of them started; None: there is none
        self._start = start
        self._end = end
        self._last: StateRules | None = None
        self._alive = 0.0  # the last sign of life of the one that was met last
        self._stopped = False

    def heard(self, at: float) -> None:
        """Take a sign of life."""
        self._alive = max(self._alive, at)

    def stop(self, said: Stopped) -> None:
        """Take the end of a process: its last slot."""
        self._alive = max(self._alive, said.until)
        self._stopped = True

    def start(self, said: Started) -> float | None:
        """Take the start of one.

        Returns when everything ended that the one before had begun, where this one judges afresh; None: it
        goes on, or is the first.
        """
        until = self._alive if said.until is None else said.until
        afresh = self.begun is not None and (said.until is None or said.parameters != self._last)
        if self.begun is None:
            self.begun, until = said.at, self._start
        self._pause(until, said.at)
        if said.at <= self._start:
            self.rules.clear()
        if said.at < self._end and said.parameters not in self.rules[-1:]:
            self.rules.append(said.parameters)
        self._last, self._alive, self._stopped = said.parameters, said.at, False
        return until if afresh else None

    def finish(self) -> None:
        """Take the end of the chain."""
        if self._stopped or self._alive + SILENT < self._end:
            self._pause(self._alive, self._end)

    def _pause(self, start: float, end: float) -> None:
        start, end = max(start, self._start), min(end, self._end)
        if start < end:
            self.pauses.append((start, end))

"""The live view of the observation paths: which are blind, and since when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.decision import PathChanged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netwatch.judgement.sight import Sight
    from netwatch.model.device import StateRules

MARGIN = 2.0
"""Seconds beside `down_after` intervals of a reference: for its timeout."""


class PathState:
    """One path as it is now; `since` is steady time, `blind_seconds` are settled and never step back."""

    __slots__ = ("blind", "blind_seconds", "sight", "since", "watched_from")

    def __init__(self, sight: Sight, at: float) -> None:
        self.sight = sight
        self.blind = False
        self.since = at
        self.watched_from = at
        self.blind_seconds = 0.0

    def look(self, now: float, rules: StateRules) -> PathChanged | None:
        """Return what changed: blind after `down_after` slots without a quorum, back with the first."""
        if not self.sight.quorum:
            return None
        last = max(self.sight.last_seen(), self.watched_from)
        interval = max((slots.interval for each in self.sight.references for slots in each), default=1.0)
        blind = now - last > rules.down_after * interval + MARGIN
        if blind is self.blind:
            return None
        self.blind, self.since = blind, last
        return PathChanged(now, self.sight.name, blind, last)


class Paths:
    """All paths by name."""

    def __init__(self) -> None:
        self.states: dict[str, PathState] = {}

    def use(self, sights: Mapping[str, Sight], at: float) -> None:
        """Follow these from `at` on; a path that stays keeps its state and totals."""
        before, self.states = self.states, {}
        for name, sight in sights.items():
            state = self.states[name] = before.get(name) or PathState(sight, at)
            state.sight = sight

    def look(self, now: float, rules: StateRules) -> Iterator[PathChanged]:
        """Yield what changed until now."""
        for state in self.states.values():
            if changed := state.look(now, rules):
                yield changed

"""Many units lost in the same seconds: for people and alerts. No verdict changes by it.

A typhoon, a router or a carrier takes many at once, and each of them alone would be a message of its own.
Told are the units that went down within `TOGETHER` seconds of each other and are still down, and what all of
them share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.decision import MassOutage
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.judgement.composite import UnitState

TOGETHER = 10.0
"""Seconds within which units are lost together."""

LEAST = 5
"""Units; and at least this share of those that are monitored: chance takes more of more."""

SHARE = 0.02


class MassWatch:
    """Follows the units that are down."""

    def __init__(self) -> None:
        self.lost: frozenset[str] = frozenset()  # together, as told last
        self._since: dict[str, float] = {}  # of the units that are down
        self._changed = False

    def follow(self, unit: str, state: State, since: float) -> None:
        """Take a change of a unit's live state."""
        self._changed = True
        if state is State.DOWN:
            self._since[unit] = since
        elif state is State.UP:  # unknown does not bring it back
            self._since.pop(unit, None)

    def keep(self, units: Mapping[str, UnitState]) -> None:
        """Forget the units that are gone."""
        self._since = {unit: since for unit, since in self._since.items() if unit in units}
        self._changed = True

    def look(self, at: float, units: Mapping[str, UnitState]) -> MassOutage | None:
        """Return what is lost together now, if that is not what was told last."""
        if not self._changed:
            return None
        self._changed = False
        monitored = sum(unit.monitored for unit in units.values())
        together = _largest(self._since)
        lost = frozenset(together) if len(together) >= max(LEAST, SHARE * monitored) else self._left()
        if lost == self.lost:
            return None
        self.lost = lost
        since = min((self._since[unit] for unit in lost), default=at)
        shared = _shared([units[unit] for unit in lost])
        return MassOutage(at, since, tuple(sorted(lost)), tuple(sorted(shared)))

    def _left(self) -> frozenset[str]:
        """Return those told last that are still down: a mass outage ends when fewer than `LEAST` are left."""
        left = self.lost & self._since.keys()
        return left if len(left) >= LEAST else frozenset()


def _largest(since: Mapping[str, float]) -> list[str]:
    """Return the units of the largest group that went down within `TOGETHER` seconds."""
    ordered = sorted(since, key=lambda unit: since[unit])
    best: list[str] = []
    first = 0
    for last, unit in enumerate(ordered):
        while since[unit] - since[ordered[first]] > TOGETHER:
            first += 1
        if last - first + 1 > len(best):
            best = ordered[first : last + 1]
    return best


def _shared(units: list[UnitState]) -> set[tuple[str, str]]:
    """Return what all of some units have in common: a parent, the area, the provider, the path."""
    common: set[tuple[str, str]] | None = None
    for unit in units:
        common = _traits(unit) if common is None else common & _traits(unit)
    return common or set()


def _traits(unit: UnitState) -> set[tuple[str, str]]:
    traits = {("area", unit.area)} if unit.area else set()
    for device in unit.devices:
        traits |= {("path", device.device.via)}
        traits |= {("parent", parent.key) for parent in device.parents}
        traits |= {("provider", uplink.provider) for uplink in device.device.uplinks if uplink.provider}
    if unit.root:
        traits.add(("parent", unit.root))
    return traits

"""Whose a line of the ledger is, and since when: what the entries `configured` say of it."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netwatch.evidence.kinds import Configured
    from netwatch.model.device import Device

Way = tuple[str, int | None]
"""A device, and the place of the uplink whose address a line echoes; None: the device's own."""


@dataclass(frozen=True, slots=True)
class Roster:
    """What is watched for some time."""

    lines: Mapping[int, Way]
    unit_of: Mapping[str, str]  # the code of the unit that a device decides, by its name
    paths: Mapping[str, tuple[str, ...]]  # those by which a unit is watched, by its code
    several: frozenset[str]  # the devices that have more than one line


def roster(configured: Configured) -> Roster:
    """Return the roster of an entry."""
    measured = Counter(line.device for line in configured.lines)
    of_unit: dict[str, list[Device]] = {}
    for device in configured.devices:
        if device.unit and device.name in measured:
            of_unit.setdefault(device.unit, []).append(device)
    decide = {code: deciding(devices) for code, devices in of_unit.items()}
    return Roster(
        {line.number: (line.device, line.uplink) for line in configured.lines},
        {device.name: code for code, devices in decide.items() for device in devices},
        {code: tuple(sorted({each.via for each in devices})) for code, devices in decide.items()},
        frozenset(name for name, lines in measured.items() if lines > 1),
    )


def deciding(devices: Sequence[Device]) -> Sequence[Device]:
    """A unit's uplink devices decide it; all of its devices do where none is of that role."""
    return [device for device in devices if device.role is Role.UPLINK] or devices


@dataclass(frozen=True, slots=True)
class Rosters:
    """One after the other. What holds for a minute is the last that was configured until it began."""

    since: tuple[float, ...]  # steady seconds, rising
    rosters: tuple[Roster, ...]

    def at(self, time: float) -> Roster | None:
        """Return the roster of a minute that begins then; None: nothing was configured yet."""
        place = bisect_right(self.since, time)
        return self.rosters[place - 1] if place else None


def rosters(entries: Iterable[Configured]) -> Rosters:
    """Return the rosters of entries in the ledger's order; one like that before it is the same."""
    since: list[float] = []
    found: list[Roster] = []
    for entry in entries:
        made = roster(entry)
        while since and since[-1] >= entry.at:  # a clock was set back: the later word counts
            since.pop()
            found.pop()
        if not found or found[-1] != made:
            since.append(entry.at)
            found.append(made)
    return Rosters(tuple(since), tuple(found))

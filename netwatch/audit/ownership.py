"""Whose a line of the ledger is: the last entry `configured` before a minute says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.decision import Subject
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netwatch.model.device import Device, Line

KEPT = 7200.0
"""Seconds for which an older configuration is kept: an hour is written after it is over, a minute sooner."""

About = tuple[Subject, str]


@dataclass(frozen=True, slots=True)
class Owners:
    """The numbers of the lines that make up each unit and each device, rising."""

    lines: Mapping[About, tuple[int, ...]]


def owners(lines: Iterable[Line], devices: Iterable[Device]) -> Owners:
    """Return who owns which lines. Those of uplink devices decide a unit, where it has any."""
    of: dict[About, list[int]] = defaultdict(list)
    for line in lines:
        of[Subject.DEVICE, line.device].append(line.number)
    units: dict[str, list[Device]] = defaultdict(list)
    for device in devices:
        if device.unit and (Subject.DEVICE, device.name) in of:
            units[device.unit].append(device)
    for code, there in units.items():
        deciding = [device for device in there if device.role is Role.UPLINK] or there
        of[Subject.UNIT, code] = [line for device in deciding for line in of[Subject.DEVICE, device.name]]
    return Owners({about: tuple(sorted(numbers)) for about, numbers in of.items()})


class Ownership:
    """The owners, as they follow each other."""

    def __init__(self) -> None:
        self._since: list[tuple[float, Owners]] = []  # steady seconds, rising

    def take(self, at: float, lines: Iterable[Line], devices: Iterable[Device]) -> None:
        """From steady time `at` on these are watched; where a clock was set back, the later word counts."""
        found = owners(lines, devices)
        while self._since and self._since[-1][0] >= at:
            self._since.pop()
        if not self._since or self._since[-1][1] != found:
            self._since.append((at, found))
        while len(self._since) > 1 and self._since[1][0] < at - KEPT:
            del self._since[0]

    def of(self, about: About, time: float) -> tuple[int, ...]:
        """Return the lines of a unit or device in the minute that begins at a steady time."""
        for at, found in reversed(self._since):
            if at <= time:
                return found.lines.get(about, ())
        return ()

    def changes(self, start: float, end: float) -> bool:
        """Tell whether owners changed behind `start` and before `end`."""
        return any(start < at < end for at, _ in self._since)

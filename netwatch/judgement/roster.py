"""Who is watched, who is made of whom, and what lies before and behind it; changed by a reload.

A reload harms nothing that stayed the same.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from netwatch.judgement.acquittal import Witness
from netwatch.judgement.composite import Composite, DeviceState, UnitState
from netwatch.judgement.line import LineState
from netwatch.judgement.minute import Member
from netwatch.judgement.sight import Sight
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netwatch.judgement.slots import Slots
    from netwatch.judgement.track import Track
    from netwatch.model.device import Device, Line, ObservationPath, StateRules


class Made(NamedTuple):
    """A device or unit, the slots that count for it, and what would acquit it."""

    composite: Composite
    members: Sequence[Member]
    witnesses: Sequence[Witness]


class Membership(NamedTuple):
    """Whose slots counted for whom until steady time `until`, for the minutes not yet settled by then."""

    until: float
    lines: Sequence[LineState]
    composites: Sequence[Made]  # parents before their children, devices before units
    sights: Sequence[Sight]

    @property
    def size(self) -> int:
        """How many verdicts a minute has at most."""
        return len(self.lines) + len(self.composites)

    def ending(self, until: float, roster: Roster) -> Membership:
        """Return what of it still exists in the roster, ended.

        Lines are settled to their end, also those that are gone: what is left may follow from their slots.
        """
        kept = set(roster.composites())
        return Membership(
            min(until, self.until),
            self.lines,
            [made for made in self.composites if made.composite in kept],
            self.sights,
        )


class Roster:
    """The lines, devices and units that exist."""

    def __init__(self, rules: StateRules) -> None:
        self._rules = rules
        self.lines: dict[int, LineState] = {}
        self.devices: dict[str, DeviceState] = {}
        self.units: dict[str, UnitState] = {}
        self.tracks: list[tuple[DeviceState, Track]] = []
        self.sights: dict[str, Sight] = {}

    def composites(self) -> list[Composite]:
        """Devices, then units."""
        return [*self.devices.values(), *self.units.values()]

    def membership(self) -> Membership:
        """Write down whose slots count for whom now."""
        witnesses = _Witnesses()
        made: list[Made] = [
            Made(device, _members(device), witnesses.behind((device,)))
            for device in _parents_first(self.devices.values())
        ]
        made += [Made(unit, _members(unit), witnesses.behind(unit.devices)) for unit in self.units.values()]
        return Membership(math.inf, list(self.lines.values()), made, list(self.sights.values()))

    def replace(
        self,
        at: float,
        lines: Sequence[Line],
        devices: Sequence[Device],
        units: Sequence[tuple[str, str]] = (),
        paths: Sequence[ObservationPath] = (),
    ) -> list[Composite]:
        """Watch these from `at` on; return the devices and units that are gone.

        A unit of `units` exists even where no device is of it.

        A line with its number and parameters unchanged keeps its slots, state and totals; so does a device by
        its name, and a unit by its code. Raises ValueError where a line is of no device, and changes nothing.
        """
        named = {device.name: device for device in devices}
        for line in lines:
            if line.device not in named:
                raise ValueError(f"line {line.number} is of {line.device!r}, which is no device")
        before = self.composites()
        self.lines = {line.number: self._line(line, named[line.device], at) for line in lines}
        lines_of: dict[str, list[LineState]] = defaultdict(list)
        for state in self.lines.values():
            lines_of[state.line.device].append(state)
        self.devices = {device.name: self._device(device, lines_of[device.name], at) for device in devices}
        self._relate()
        self.units = self._make_units(at, units)
        self._look_over(paths)
        self.tracks = [(device, part) for device in self.devices.values() for part in device.parts]
        kept = set(self.composites())
        return [composite for composite in before if composite not in kept]

    def _relate(self) -> None:
        """Find parents and children; a parent that is not watched says nothing."""
        children: dict[str, list[DeviceState]] = defaultdict(list)
        for device in self.devices.values():
            names = dict.fromkeys(device.device.parents)
            device.parents = tuple(self.devices[name] for name in names if name in self.devices)
            # One parent that nobody watches may be alive whenever the others are not.
            if len(device.parents) < len(names):
                device.parents = ()
            for parent in device.parents:
                children[parent.key].append(device)
        for device in self.devices.values():
            device.children = tuple(children[device.key])
            device.downs.parents = tuple(parent.downs for parent in device.parents)

    def _look_over(self, paths: Sequence[ObservationPath]) -> None:
        """Give every row of slots the path that it is asked over."""
        self.sights = {
            path.name: Sight(path.name, [self._reference(name) for name in path.references], path.quorum)
            for path in paths
        }
        for device in self.devices.values():
            for part in device.parts:
                part.sight = self.sights.get(device.device.via)

    def _reference(self, name: str) -> tuple[Slots, ...]:
        device = self.devices.get(name)
        return tuple(part.slots for part in device.parts) if device else ()

    def _line(self, line: Line, device: Device, at: float) -> LineState:
        known = self.lines.get(line.number)
        label = device.name
        if line.uplink is not None:
            label += f" {device.uplinks[line.uplink].interface or line.address}"
        if known is None or not _stays(known.line, line):
            return LineState(line, self._rules, at, label)
        known.line, known.label = line, label
        return known

    def _device(self, device: Device, lines: Sequence[LineState], at: float) -> DeviceState:
        state = self.devices.get(device.name) or DeviceState(device, at)
        state.device = device
        state.lines = tuple(line for line in lines if not line.line.polled)
        state.polled = next((line for line in lines if line.line.polled), None)
        state.have_members(state.parts, at)
        return state

    def _make_units(self, at: float, named: Sequence[tuple[str, str]]) -> dict[str, UnitState]:
        register_of = {code: register for register, code in named}
        devices_of: dict[str, list[DeviceState]] = {code: [] for code in register_of}
        for device in self.devices.values():
            device.unit = None
            if device.device.unit:
                devices_of.setdefault(device.device.unit, []).append(device)
                register_of[device.device.unit] = device.device.register
        return {
            code: self._unit(code, register_of[code], devices, at) for code, devices in devices_of.items()
        }

    def _unit(self, code: str, register: str, devices: Sequence[DeviceState], at: float) -> UnitState:
        unit = self.units.get(code) or UnitState(code, at)
        unit.register = register
        unit.area = devices[0].device.area if devices else ""
        unit.monitored = bool(devices)
        unit.devices = _deciding(devices)
        for device in unit.devices:
            device.unit = unit
        fed = all(device.parents for device in unit.devices)
        before = dict.fromkeys(parent.downs for device in unit.devices for parent in device.parents)
        unit.downs.parents = tuple(before) if fed else ()
        unit.have_members((part for device in unit.devices for part in device.parts), at)
        return unit


def _stays(before: Line, line: Line) -> bool:
    """Tell whether a line is what it was. A withheld address is the one that the number stands for."""
    if before.address and line.address:
        return before == line
    return replace(before, address=line.address) == line


def _deciding(devices: Iterable[DeviceState]) -> tuple[DeviceState, ...]:
    """Its uplink devices decide a unit; all of its devices do where none of role uplink is measured."""
    measured = tuple(device for device in devices if device.parts)
    return tuple(device for device in measured if device.device.role is Role.UPLINK) or measured


def _members(composite: Composite) -> list[Member]:
    return [Member(track, since) for track, since in composite.members.items()]


def _parents_first(devices: Iterable[DeviceState]) -> list[DeviceState]:
    """Return the devices so that each comes after its parents; parents run in no circles (inventory)."""
    ordered: dict[DeviceState, None] = {}

    def place(device: DeviceState) -> None:
        if device not in ordered:
            for parent in device.parents:
                place(parent)
            ordered[device] = None

    for device in devices:
        place(device)
    return list(ordered)


class _Witnesses:
    """Who would acquit whom; what is behind a device is looked up once."""

    def __init__(self) -> None:
        self._known: dict[tuple[DeviceState, DeviceState], Witness] = {}

    def behind(self, devices: Sequence[DeviceState]) -> tuple[Witness, ...]:
        """Return the witnesses of some devices that are judged as one."""
        return tuple(
            self._witness(child, device)
            for device in devices
            for child in device.children
            if child not in devices
        )

    def _witness(self, child: DeviceState, parent: DeviceState) -> Witness:
        witness = self._known.get((child, parent))
        if witness is None:
            others = tuple(_slots(other for other in child.parents if other is not parent))
            witness = Witness(tuple(_slots((child,))), self.behind((child,)), others)
            self._known[child, parent] = witness
        return witness


def _slots(devices: Iterable[DeviceState]) -> Iterator[Slots]:
    return (part.slots for device in devices for part in device.parts)

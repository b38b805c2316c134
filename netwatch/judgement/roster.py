"""Who is watched, and who is made of whom; changed by a reload, which harms nothing that stayed the same."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from netwatch.judgement.composite import Composite, DeviceState, UnitState
from netwatch.judgement.line import LineState
from netwatch.judgement.minute import Member
from netwatch.judgement.track import Track
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.model.device import Device, Line, StateRules


class Membership(NamedTuple):
    """Whose slots counted for whom until steady time `until`, for the minutes not yet settled by then."""

    until: float
    lines: Sequence[LineState]
    composites: Sequence[tuple[Composite, Sequence[Member]]]

    @property
    def size(self) -> int:
        """How many verdicts a minute has at most."""
        return len(self.lines) + len(self.composites)

    def ending(self, until: float, roster: Roster) -> Membership:
        """Return what of it still exists in the roster, ended."""
        kept = {*roster.lines.values(), *roster.composites()}
        return Membership(
            min(until, self.until),
            [line for line in self.lines if line in kept],
            [(composite, members) for composite, members in self.composites if composite in kept],
        )


class Roster:
    """The lines, devices and units that exist."""

    def __init__(self, rules: StateRules) -> None:
        self._rules = rules
        self.lines: dict[int, LineState] = {}
        self.devices: dict[str, DeviceState] = {}
        self.units: dict[str, UnitState] = {}
        self.tracks: list[tuple[DeviceState, Track]] = []

    def composites(self) -> list[Composite]:
        """Devices, then units."""
        return [*self.devices.values(), *self.units.values()]

    def membership(self) -> Membership:
        """Write down whose slots count for whom now."""
        return Membership(
            math.inf,
            list(self.lines.values()),
            [
                (composite, [Member(track.slots, since) for track, since in composite.members.items()])
                for composite in self.composites()
            ],
        )

    def replace(
        self,
        at: float,
        lines: Sequence[Line],
        devices: Sequence[Device],
        units: Sequence[tuple[str, str]] = (),
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
        self.units = self._make_units(at, units)
        self.tracks = [(device, part) for device in self.devices.values() for part in device.parts]
        kept = set(self.composites())
        return [composite for composite in before if composite not in kept]

    def _line(self, line: Line, device: Device, at: float) -> LineState:
        known = self.lines.get(line.number)
        label = device.name
        if line.uplink is not None:
            label += f" {device.uplinks[line.uplink].interface or line.address}"
        if known is None or known.line != line:
            return LineState(line, self._rules, at, label)
        known.label = label
        return known

    def _device(self, device: Device, lines: Sequence[LineState], at: float) -> DeviceState:
        state = self.devices.get(device.name) or DeviceState(device, at)
        state.device = device
        state.lines = tuple(lines)
        state.polled = self._polled(state, at)
        state.have_members(state.parts, at)
        return state

    def _polled(self, state: DeviceState, at: float) -> Track | None:
        """The polls of a device that has no echo are its slots."""
        device = state.device
        if device.echo or device.snmp is None:
            return None
        if state.polled and state.polled.slots.interval == device.snmp_interval:
            return state.polled
        return Track(device.snmp_interval, self._rules, at, device.name, "polls")

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
        unit.have_members((part for device in unit.devices for part in device.parts), at)
        return unit


def _deciding(devices: Iterable[DeviceState]) -> tuple[DeviceState, ...]:
    """Its uplink devices decide a unit; all of its devices do where none of role uplink is measured."""
    measured = tuple(device for device in devices if device.parts)
    return tuple(device for device in measured if device.device.role is Role.UPLINK) or measured

"""How faults begin and end, and what each changes at once in a box, a fibre or a battery."""

from __future__ import annotations

import dataclasses
import math
from typing import TYPE_CHECKING

from netwatch.lab.agents import equipment
from netwatch.lab.faults import DEFINITIONS, FaultKind, Strikes
from netwatch.lab.world import lines
from netwatch.lab.world.power import empties_at
from netwatch.lab.world.situation import InForce
from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.lab.agents.machine import Ups
    from netwatch.lab.faults import Fault
    from netwatch.lab.world.situation import Running, Situation
    from netwatch.lab.world.timeline import Timeline


class Effects:
    """Begins and ends faults in a situation; what follows later by itself is planned.

    `clock_offset` is what the poller's wall clock is wrong by, in seconds; `local_failures` are the times
    during which the poller could not send, the last one until infinity while it lasts.
    """

    def __init__(self, situation: Situation, timeline: Timeline, start: float) -> None:
        self.clock_offset = 0.0
        self.local_failures: list[tuple[float, float]] = []
        self._situation = situation
        self._timeline = timeline
        self._start = start

    def begin(self, fault: Fault, where: str, at: float) -> None:
        """Let a fault begin at a target; one of its kind that is in force there ends."""
        if fault.kind is FaultKind.CLOCK_STEP:
            self.clock_offset += fault.seconds("by")
        elif DEFINITIONS[fault.kind].momentary:
            self._change_box(fault, self._situation.devices[where], at)
        else:
            self._put_in_force(
                fault, fault.text("carrier") if fault.kind is FaultKind.WAY_OUT_CUT else where, at
            )

    def mend(self, kind: FaultKind | None, names: tuple[str, ...], at: float) -> None:
        """End the faults of a kind (None: all) at the devices named and their units.

        None named: those of the poller.
        """
        for each, where in list(self._in_force(kind, names)):
            self._end(each, where, at)

    def _in_force(self, kind: FaultKind | None, names: tuple[str, ...]) -> Iterator[tuple[FaultKind, str]]:
        devices = self._situation.devices
        targets = {*names, *(devices[name].device.unit for name in names)} - {""}
        for each, where in self._situation.faults:
            struck = where in targets if names else DEFINITIONS[each].strikes is Strikes.POLLER
            if struck and kind in {None, each}:
                yield each, where

    def _put_in_force(self, fault: Fault, where: str, at: float) -> None:
        kind, situation = fault.kind, self._situation
        if (kind, where) in situation.faults:
            self._end(kind, where, at)
        situation.faults[kind, where] = in_force = InForce(self._with_port(fault, where), at)
        if kind is FaultKind.POWER_CUT:
            self._on_battery(in_force, where)
        elif kind is FaultKind.LIGHT_FADING:
            self._fade(in_force, where)
        elif kind is FaultKind.FLAPPING:
            self._flap(in_force, where, at)
        elif kind is FaultKind.REPLACED:
            running = situation.devices[where]
            situation.let_be(running, equipment.spare(running.device, at))
        elif kind is FaultKind.CANNOT_SEND:
            self.local_failures.append((at, math.inf))

    def _end(self, kind: FaultKind, where: str, at: float) -> None:
        situation = self._situation
        del situation.faults[kind, where]
        if kind is FaultKind.POWER_CUT:
            if ups := self._ups(where):
                ups.on_battery_since = None
        elif kind is FaultKind.LIGHT_FADING:
            situation.lights[where].fading_since = None
        elif kind is FaultKind.REPLACED:
            running = situation.devices[where]
            situation.let_be(running, equipment.machine(running.device, self._start))
        elif kind is FaultKind.CANNOT_SEND:
            self.local_failures[-1] = (self.local_failures[-1][0], at)

    def _change_box(self, fault: Fault, running: Running, at: float) -> None:
        """Reboot a box, or renumber its interfaces."""
        if fault.kind is FaultKind.REBOOT:
            running.go_off(at, Cause.RESTART)
            running.boot(at, at + fault.seconds("off"))
            self._timeline.mark(running.ready)
        else:
            running.turned += 1
            self._situation.let_be(running, running.machine)
            running.machine.table_changed = at

    def _with_port(self, fault: Fault, where: str) -> Fault:
        """Return a fault of a port that is said to be the fibre's, with that port's name."""
        if fault.kind is not FaultKind.PORT_DOWN or fault.text("port"):
            return fault
        office = self._situation.offices.get(self._situation.devices[where].device.unit)
        return dataclasses.replace(fault, values={"port": office.port if office else ""})

    def _on_battery(self, cut: InForce, where: str) -> None:
        if ups := self._ups(where):
            ups.on_battery_since, ups.capacity = cut.since, cut.fault.seconds("battery")
            ups.line_bads += 1
            self._timeline.mark(empties_at(cut))

    def _ups(self, where: str) -> Ups | None:
        office = self._situation.offices.get(where)
        return self._situation.devices[office.ups].machine.ups if office and office.ups else None

    def _fade(self, fading: InForce, where: str) -> None:
        light = self._situation.lights[where]
        light.fading_since, light.rate = fading.since, fading.fault.seconds("rate")
        fails = light.fails_at()
        if fails is not None:
            self._timeline.mark(fails)

    def _flap(self, flapping: InForce, where: str, at: float) -> None:
        """Look around whenever the fibre changes, as long as this very fault lasts."""
        if self._situation.fault(FaultKind.FLAPPING, where) is flapping:
            _, changes = lines.flap_phase(flapping, at)
            self._timeline.plan(changes, lambda now: self._flap(flapping, where, now))

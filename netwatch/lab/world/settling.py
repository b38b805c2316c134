"""What follows by itself from the faults in force: boxes start and stop, ports go up and down."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netwatch.lab.agents.equipment import BOOT
from netwatch.lab.faults import FaultKind
from netwatch.lab.plan.layout import BACKUP_INTERFACE
from netwatch.lab.world import lines
from netwatch.lab.world.power import powered
from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from netwatch.lab.world.situation import Running, Situation
    from netwatch.lab.world.timeline import Timeline


def settle(situation: Situation, timeline: Timeline, at: float) -> None:
    """Bring every box, fibre and port along with the faults in force."""
    for running in situation.devices.values():
        _settle_box(situation, timeline, running, at)
    for office in situation.plan.offices:
        light = situation.lights[office.unit]
        light.dark = lines.broken(situation, office, at)
        light.false = situation.fault(FaultKind.LIGHT_FALSE, office.unit) is not None
        if onu := situation.onus.get(office.unit):
            onu.online = lines.ont_online(situation, office, at)
    for running in situation.devices.values():
        if running.agent and running.runs(at):
            _settle_ports(situation, running, at)


def _settle_box(situation: Situation, timeline: Timeline, running: Running, at: float) -> None:
    device = running.device
    has_power = powered(situation, device, at)
    if has_power and not situation.fault(FaultKind.HANG, device.name):
        if running.ready == math.inf:
            running.boot(at, at + BOOT)
            timeline.mark(running.ready)
    elif running.ready != math.inf:
        running.go_off(at, Cause.UNDETERMINED if has_power else Cause.POWER)


def _settle_ports(situation: Situation, running: Running, at: float) -> None:
    """Let the ports be up that should be; those that nobody struck yet are, and need no state."""
    device, machine = running.device, running.machine
    ports = dict.fromkeys(machine.ports, True)
    office = situation.offices.get(device.unit)
    if office and device.name == office.gateway:
        ports[office.port] = lines.port_up(situation, office, at)
        if office.backup:
            ports[BACKUP_INTERFACE] = lines.backup(situation, office)
    if down := situation.fault(FaultKind.PORT_DOWN, device.name):
        ports[down.fault.text("port")] = False
    for port, up in ports.items():
        machine.set_port(port, at, up=up)

"""What there is at this moment: the devices, whether they run, and the faults in force."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from netwatch.lab.agents import equipment, lldp
from netwatch.lab.agents.agent import Agent
from netwatch.lab.agents.machine import Onu
from netwatch.lab.plan.cabling import cabling
from netwatch.lab.plan.layout import Feature
from netwatch.model.cause import Cause
from netwatch.model.device import Role

if TYPE_CHECKING:
    from netwatch.lab.agents.machine import Light, Machine
    from netwatch.lab.agents.mib import Variable
    from netwatch.lab.faults import Fault, FaultKind
    from netwatch.lab.plan.layout import Plan, SimulatedDevice


@dataclass(frozen=True, slots=True)
class InForce:
    """A fault, and since when (steady seconds)."""

    fault: Fault
    since: float


@dataclass(slots=True)
class Running:
    """A device as it is now. It is of use from `ready` on; infinity: it is off."""

    device: SimulatedDevice
    machine: Machine
    agent: Agent | None
    ready: float
    turned: int = 0  # how often its interfaces were renumbered
    off_since: float = -math.inf
    why_off: Cause = Cause.UNDETERMINED

    def runs(self, at: float) -> bool:
        """Tell whether it is of use."""
        return at >= self.ready

    def go_off(self, at: float, why: Cause) -> None:
        """Stop running."""
        self.off_since, self.why_off, self.ready = at, why, math.inf

    def boot(self, at: float, ready: float) -> None:
        """Begin to run."""
        self.ready = ready
        self.machine.boot(at, ready)


class Situation:
    """The plan's devices in a world that began at `start`, and what is wrong with them."""

    def __init__(self, plan: Plan, start: float) -> None:
        self.plan = plan
        self.faults: dict[tuple[FaultKind, str], InForce] = {}
        self.offices = {office.unit: office for office in plan.offices}
        self.lights: dict[str, Light] = {
            office.unit: equipment.light(office.gateway) for office in plan.offices
        }
        self.onus = {
            office.unit: Onu(office.gateway, self.lights[office.unit])
            for office in plan.offices
            if Feature.ONT in office.features
        }
        self._layout = equipment.layouts()
        self._cables = cabling(plan)
        self.devices: dict[str, Running] = {}
        for device in plan.devices:
            self.devices[device.name] = running = Running(
                device, equipment.machine(device, start), None, start
            )
            self.let_be(running, running.machine)

    def fault(self, kind: FaultKind, target: str) -> InForce | None:
        """Return the fault of a kind that is in force at a target."""
        return self.faults.get((kind, target))

    def runs(self, name: str, at: float) -> bool:
        """Tell whether a device is of use."""
        return self.devices[name].runs(at)

    def let_be(self, running: Running, machine: Machine) -> None:
        """Let a device's place be taken by `machine`, numbered as `turned` says."""
        device = running.device
        running.machine = machine
        office = self.offices.get(device.unit) if device.role is Role.UPLINK else None
        if office and office.port.startswith("sfp"):
            machine.light = self.lights[office.unit]
        machine.onus = tuple(self.onus[unit] for unit in device.onus)
        if device.ports:
            mib = self._layout(
                device.role,
                device.ports,
                office.port if office else "",
                running.turned,
                behind=office.switch_ports if office else 0,
                onus=len(device.onus),
            )
            running.agent = Agent(mib, machine, equipment.COMMUNITY, partial(self.neighbours, device.name))

    def neighbours(self, name: str, at: float) -> list[Variable]:
        """Return what a device tells of itself and of those that run at the other ends of its cables.

        A real one would remember a dead neighbour until its TTL is over, two minutes as a rule.
        """
        machine = self.devices[name].machine
        cables = self._cables[name]
        peers = [
            lldp.Peer(cable.port, other.machine, cable.other_port, other.device.address)
            for cable, other in ((cable, self.devices[cable.other]) for cable in cables)
            if other.runs(at) and machine.port_up(cable.port) and other.machine.port_up(cable.other_port)
        ]
        return lldp.variables(machine, tuple(dict.fromkeys(cable.port for cable in cables)), peers)

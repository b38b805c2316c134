"""Which models of device the province has, and what each single device has of its own.

Everything is derived from names, so that a lab started again has the same devices; only the time since
they were booted is counted from the start of the lab.
"""

from __future__ import annotations

import functools
import zlib
from typing import TYPE_CHECKING

from netwatch.lab.agent import Agent
from netwatch.lab.mib import Machine, Mib, Port
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.lab.plan import SimulatedDevice

COMMUNITY = b"public"
GIGABIT = 10**9
DAY = 86400.0
LONGEST_UPTIME = 300  # days: sysUpTime wraps after 497

MODELS = {Role.CORE: 1, Role.UPLINK: 2, Role.SWITCH: 3}  # last arc of sysObjectID
UPLINK_PORTS = 2  # of a switch, its last ones


def agents(started: float) -> Callable[[SimulatedDevice], Agent | None]:
    """Return what builds the agent of a device of a lab that `started` then (seconds on the agents' axis)."""
    layout = functools.cache(mib)

    def build(device: SimulatedDevice) -> Agent | None:
        if not device.ports:
            return None
        return Agent(layout(device.role, device.ports), machine(device, started), COMMUNITY)

    return build


def machine(device: SimulatedDevice, started: float) -> Machine:
    """Return what is the device's own."""
    number = zlib.crc32(device.name.encode())
    return Machine(
        name=device.name,
        location=device.area,
        booted=started - (1 + number % LONGEST_UPTIME) * DAY,
        share=0.5 + number % 1000 / 1000,
        mac=b"\x02" + number.to_bytes(4, "big"),
    )


def mib(role: Role, ports: int) -> Mib:
    """Return the layout of a model: a gateway, a switch or a router of the backbone with so many ports."""
    make = {Role.UPLINK: _gateway_port, Role.SWITCH: _switch_port}.get(role, _backbone_port)
    return Mib(
        f"netwatch lab {role} with {ports} ports",
        MODELS[role],
        tuple(make(index, ports) for index in range(1, ports + 1)),
    )


def _gateway_port(index: int, _: int) -> Port:
    """Port 1 is the fibre, port 2 goes to the access switch."""
    alias = {1: "fibre", 2: "access switch"}.get(index, "")
    return Port(index, f"ether{index}", alias, GIGABIT, up=index <= 2, load=1_500_000)


def _switch_port(index: int, ports: int) -> Port:
    """Every 6th desk is empty; the last ports lead on, of which one is in use."""
    desk = ports - UPLINK_PORTS
    if index > desk:
        return Port(index, f"te{index - desk}", "uplink", 10 * GIGABIT, up=index == desk + 1, load=1_500_000)
    return Port(
        index, f"gi{index}", f"desk {index}", GIGABIT, up=index % 6 != 0, load=20_000 * (1 + index % 5)
    )


def _backbone_port(index: int, _: int) -> Port:
    return Port(index, f"xe{index}", "", 10 * GIGABIT, up=True, load=40_000_000)

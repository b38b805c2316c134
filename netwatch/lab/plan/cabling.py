"""Which port of which device is plugged into which port of which other one.

Everything that a device tells of its neighbours follows from here. A port of a router serves as many
offices as there are, if need be: what comes in on it may be the trunk of a passive network.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.agents.equipment import SWITCH_TRUNK, UPS_INTERFACE, backbone_port
from netwatch.lab.plan.layout import SWITCH_PORT, UPS_PORT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.lab.plan.layout import Office, Plan


class Cable(NamedTuple):
    """One end of a cable: the port that it is plugged into, and what is at the other end."""

    port: str
    other: str  # a device
    other_port: str


def cabling(plan: Plan) -> Mapping[str, tuple[Cable, ...]]:
    """Return the cables of each device that has an agent, by name; a backup over the air is none."""
    ends: dict[str, list[Cable]] = {device.name: [] for device in plan.devices if device.ports}
    ports = {device.name: device.ports for device in plan.devices}
    next_place = {name: itertools.count() for name in ends}
    offices = {office.gateway: office for office in plan.offices}

    def place(name: str) -> str:
        return backbone_port(next(next_place[name]) % ports[name] + 1)

    def lay(upper: str, upper_port: str, lower: str, lower_port: str) -> None:
        ends[upper].append(Cable(upper_port, lower, lower_port))
        ends[lower].append(Cable(lower_port, upper, upper_port))

    for device in plan.devices:
        for parent in device.parents if device.name in ends else ():
            office = offices.get(device.name)
            if office:
                lay(parent, place(parent), device.name, office.port)
            elif device.unit:
                lay(parent, *_inside(offices[parent], device.name))
            else:
                lay(parent, place(parent), device.name, place(device.name))
    return {name: tuple(cables) for name, cables in ends.items()}


def _inside(office: Office, name: str) -> tuple[str, str, str]:
    """Return the gateway's port, the device behind it, and the port that it is plugged in by."""
    return (SWITCH_PORT, name, SWITCH_TRUNK) if name == office.switch else (UPS_PORT, name, UPS_INTERFACE)

"""Which models of device the province has, and what each single device has of its own.

Everything is derived from names, so that a lab started again has the same devices; only the time since
they were booted is counted from the start of the lab.
"""

from __future__ import annotations

import dataclasses
import functools
import zlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from netwatch.lab.agents import bridge, chassis, hosts, olt, way_out
from netwatch.lab.agents.machine import Light, Machine, Ups
from netwatch.lab.agents.mib import EXAMPLE_ENTERPRISE, GPON, MOBILE, Mib, Port
from netwatch.lab.plan.layout import BACKUP_INTERFACE, GATEWAY_PORTS
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netwatch.lab.agents.mib import Object
    from netwatch.lab.plan.layout import SimulatedDevice

COMMUNITY = b"public"
GIGABIT = 10**9
GPON_SPEED = 2_488_320_000  # bits per second towards the subscribers (ITU-T G.984.2)
DAY = 86400.0
LONGEST_UPTIME = 300  # days: sysUpTime wraps after 497
BOOT = 10.0  # seconds that any device takes to be of use again
BATTERY = 7200.0  # seconds, of a UPS that nobody says otherwise of

MODELS = {Role.CORE: 1, Role.UPLINK: 2, Role.SWITCH: 3, Role.UPS: 4}  # last arc of sysObjectID
OLT_MODEL = 5
GATEWAY_OBJECT_ID = (*EXAMPLE_ENTERPRISE, 1, MODELS[Role.UPLINK])
OLT_OBJECT_ID = (*EXAMPLE_ENTERPRISE, 1, OLT_MODEL)
SWITCH_UPLINKS = 2  # ports of a switch that lead on, its last ones
SWITCH_TRUNK = "te1"  # the one of them that is in use
UPS_INTERFACE = "eth0"
WEAKEST, STRONGEST = -2200, -1400  # 0.01 dBm: received light of a fibre that is well


def machine(device: SimulatedDevice, started: float) -> Machine:
    """Return what is the device's own, in a lab that `started` then (steady seconds)."""
    number = zlib.crc32(device.name.encode())
    booted = started - (1 + number % LONGEST_UPTIME) * DAY
    return Machine(
        name=device.name,
        location=device.area,
        booted=booted,
        ready=booted + BOOT,
        share=0.5 + number % 1000 / 1000,
        mac=b"\x02" + number.to_bytes(4, "big"),
        serial=f"LAB{number:010}",
        ups=Ups(BATTERY) if device.role is Role.UPS else None,
    )


Layout = Callable[..., Mib]


def backbone_port(place: int) -> str:
    """Return the name of a port of the core or a router."""
    return f"xe{place}"


def light(gateway: str) -> Light:
    """Return the light that arrives at a gateway, or at the ONT before it, while all is well."""
    return Light(WEAKEST + zlib.crc32(gateway.encode()) % (STRONGEST - WEAKEST))


def spare(device: SimulatedDevice, at: float) -> Machine:
    """Return the box that takes a device's place: another name, another MAC address, booted before `at`."""
    other = machine(device, at)
    number = zlib.crc32(b"spare " + device.name.encode())
    other.name, other.serial = f"spare-{number % 10000:04}", f"LAB{number:010}"
    other.mac = b"\x02" + number.to_bytes(4, "big")
    other.booted = at - 600.0
    other.ready = other.booted + BOOT
    return other


def layouts() -> Layout:
    """Return `mib` with a memory: thousands of devices share a few layouts."""
    return functools.cache(mib)


def mib(role: Role, ports: int, fibre: str = "", turned: int = 0, *, behind: int = 0, onus: int = 0) -> Mib:
    """Return the layout of a model with so many ports; `fibre` is the port of a gateway that it comes in by.

    Behind a gateway is an access switch with `behind` ports (0: none). A switch that has `onus` is an OLT.
    Renumbering turns the ifIndex of all ports by one place, so that each has that of another port.
    """
    makes = {Role.UPLINK: _gateway_port, Role.SWITCH: _switch_port, Role.UPS: _ups_port}
    make = _olt_port if onus else makes.get(role, _backbone_port)
    places = tuple(
        dataclasses.replace(port, index=(port.index - 1 + turned) % ports + 1)
        for port in (make(place, ports, fibre) for place in range(1, ports + 1))
    )
    return Mib(
        f"netwatch lab {'OLT' if onus else role} with {ports} ports",
        OLT_MODEL if onus else MODELS[role],
        places,
        ups=role is Role.UPS,
        more=olt.objects(ports - 1, onus) if onus else _more(role, places, behind),
    )


def _more(role: Role, ports: tuple[Port, ...], behind: int) -> Iterable[Object]:
    """Return what criteria and boards ask for.

    Of a gateway it is its way out and the hosts behind it, of a switch the stations behind its ports and how
    its box is.

    Where the fibre ends in an ONT and there is a 4G, nobody has configured a probe.
    """
    if role is Role.SWITCH:
        return (*bridge.objects(ports), *chassis.objects(f"LAB-{len(ports)}", "1.0"))
    if role is not Role.UPLINK:
        return ()
    backup = ports[GATEWAY_PORTS] if len(ports) > GATEWAY_PORTS else None
    return (
        *way_out.objects(ports[0], backup, probes=ports[0].optical or backup is None),
        *hosts.objects(ports[1], _at_desks(behind)),
    )


def _at_desks(ports: int) -> Iterator[tuple[int, ...]]:
    """Yield the MAC addresses of what is at the desks of a switch with so many ports."""
    for index in range(1, ports - SWITCH_UPLINKS + 1):
        port = _switch_port(index, ports, "")
        if port.up:
            yield from bridge.stations(port)


def _gateway_port(index: int, _: int, fibre: str) -> Port:
    """Port 1 is the fibre, port 2 goes to the access switch, port 3 to the UPS; the last may be 4G."""
    if index > GATEWAY_PORTS:
        return Port(index, BACKUP_INTERFACE, "4G", 10**8, up=True, load=20_000, kind=MOBILE)
    name = fibre if index == 1 else f"ether{index}"
    alias = {1: "fibre", 2: "access switch", 3: "UPS"}.get(index, "")
    optical = name.startswith("sfp")
    return Port(index, name, alias, GIGABIT, up=index <= 3, load=1_500_000, optical=optical)


def _switch_port(index: int, ports: int, _: str) -> Port:
    """Every 6th desk is empty; the last ports lead on, of which one is in use."""
    desk = ports - SWITCH_UPLINKS
    if index > desk:
        return Port(index, f"te{index - desk}", "uplink", 10 * GIGABIT, up=index == desk + 1, load=1_500_000)
    return Port(
        index, f"gi{index}", f"desk {index}", GIGABIT, up=index % 6 != 0, load=20_000 * (1 + index % 5)
    )


def _olt_port(index: int, ports: int, _: str) -> Port:
    """Port 1 leads to the core, the others are those of the passive networks."""
    if index == 1:
        return _backbone_port(index, ports, "")
    return Port(index, f"gpon{index - 1}", "", GPON_SPEED, up=True, load=8_000_000, kind=GPON)


def _ups_port(index: int, _: int, __: str) -> Port:
    return Port(index, UPS_INTERFACE, "", 10**8, up=True, load=100)


def _backbone_port(index: int, _: int, __: str) -> Port:
    return Port(index, backbone_port(index), "", 10 * GIGABIT, up=True, load=40_000_000)

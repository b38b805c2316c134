"""Which equipment each unit has, and how it is connected: the plan of the province.

    poller ── noc-gateway ─┬─ vnpt-handoff-a ────┐
                           ├─ vnpt-handoff-b ────┤          ┌─ area-x ───┐
                           ├─ viettel-handoff-a ─┼── core ──┤            ├── gateway ── switch, UPS
                           └─ …                  ┘          └─ area-x-b ─┘    fibre or 4G

The observation of a unit passes the hand-offs of its carrier, either of them; its own internet passes the
routers of its *branch* and the core. A branch is what hangs on one router, or on two of which one is enough:
up to eight units of one area, unless told otherwise. Equipment goes by the unit's place in the plan, so that
any eight units in a row have one of each kind (`KINDS`). A unit's 4G comes from its carrier, by the same
hand-offs and routers.

A carrier that has ONTs has an OLT, which tells of them. It hangs on the core beside everybody's way: nothing
is reached through it, and no unit is lost with it.
"""

from __future__ import annotations

import enum
import itertools
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.plan import addresses
from netwatch.lab.plan.branches import branches
from netwatch.lab.plan.names import slugs
from netwatch.lab.plan.sites import without_kind
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netwatch.lab.plan.addresses import AddressSpace
    from netwatch.lab.plan.branches import Branch
    from netwatch.lab.plan.sites import Site

REFERENCE_NAME = "noc-gateway"
CORE_NAME = "core"
IPV6_EVERY = 8  # the switch of every 8th unit is reached by IPv6, where there is IPv6
LARGE_SWITCH_EVERY = 4
UNITS_PER_BRANCH = 8
GATEWAY_PORTS = 5  # copper or SFP; a 4G backup is one more interface
BACKUP_INTERFACE = "lte1"
SWITCH_PORT = "ether2"  # of a gateway: the access switch is behind it
UPS_PORT = "ether3"  # of a gateway: the UPS is behind it
OLT_PORTS = 17  # one that leads on, and 16 of a passive network each


class TooManyUnitsError(ValueError):
    """There are more units or areas than the address space has room for."""


class Carrier(NamedTuple):
    """Who sells a line; `path` is the name of the observation path that leads by its hand-offs."""

    path: str
    provider: str


CARRIERS = (Carrier("vnpt", "VNPT"), Carrier("viettel", "Viettel"), Carrier("fpt", "FPT Telecom"))


class Feature(enum.StrEnum):
    """What the equipment of one unit has and that of another has not."""

    SFP = "sfp"  # the fibre ends in the gateway
    ONT = "ont"  # it ends in a bridged ONT: a box without an address before the gateway's copper port
    UPS = "ups"  # the gateway runs on while mains fail, as long as the battery lasts
    ONT_ON_UPS = "ont-on-ups"  # and so does the ONT
    BACKUP = "4g"  # a second uplink, with an address of its own


KINDS: tuple[frozenset[Feature], ...] = (
    frozenset({Feature.SFP}),
    frozenset({Feature.ONT}),
    frozenset({Feature.SFP, Feature.UPS}),
    frozenset({Feature.ONT, Feature.UPS}),
    frozenset({Feature.SFP, Feature.BACKUP}),
    frozenset({Feature.ONT, Feature.UPS, Feature.ONT_ON_UPS}),
    frozenset({Feature.ONT, Feature.BACKUP}),
    frozenset({Feature.SFP, Feature.UPS, Feature.BACKUP}),
)
"""The kinds of equipment, in the order in which units get them."""


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a device answers while nothing is wrong: after `delay` and up to `jitter` more, in seconds."""

    delay: float = 0.0
    jitter: float = 0.0


NEAR = Behaviour(delay=0.001, jitter=0.0002)
"""Round trips within the backbone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedDevice:
    """One device of the province."""

    name: str
    address: str
    role: Role
    area: str
    ports: int = 0  # interfaces; 0: it has no SNMP agent
    unit: str = ""  # code; "" where it belongs to none
    parents: tuple[str, ...] = ()
    via: str = "default"
    behaviour: Behaviour = Behaviour()
    address6: str = ""  # of the backbone, from which errors about IPv6 are sent; it is not asked there
    onus: tuple[str, ...] = ()  # of an OLT: codes of the units whose ONTs it tells of


@dataclass(frozen=True, slots=True)
class Office:
    """One unit's equipment: names of its devices, and how they hang together."""

    unit: str  # code
    area: str
    carrier: Carrier
    features: frozenset[Feature]
    routers: tuple[str, ...]  # of its branch; one alive is enough
    gateway: str
    switch: str
    switch_ports: int
    ups: str  # "": none
    backup: str  # address of the 4G backup, "": none

    @property
    def port(self) -> str:
        """Name of the gateway's port that the fibre, or the ONT, is plugged into."""
        return "sfp1" if Feature.SFP in self.features else "ether1"

    @property
    def devices(self) -> tuple[str, ...]:
        """Names of its devices."""
        return tuple(name for name in (self.gateway, self.switch, self.ups) if name)


@dataclass(frozen=True, slots=True)
class Plan:
    """The province as it was built."""

    devices: tuple[SimulatedDevice, ...]
    offices: tuple[Office, ...]
    hand_offs: dict[str, tuple[str, ...]]  # names, by observation path
    branches: tuple[Branch, ...]  # the largest first


def plan(
    sites: Sequence[Site], province: str, space: AddressSpace, units_per_branch: int = UNITS_PER_BRANCH
) -> Plan:
    """Lay out the backbone, the routers of each branch, and the equipment of each site.

    Raises `TooManyUnitsError` where they do not fit into `space`.
    """
    found = branches(sites, units_per_branch)
    room_for_branches, room_for_units = space.rooms()
    if len(found) > room_for_branches or len(sites) > room_for_units:
        raise TooManyUnitsError(
            f"room for {room_for_units} units in {room_for_branches} branches, "
            f"not for {len(sites)} in {len(found)}"
        )
    devices = list(_backbone(province, space))
    routers: dict[str, tuple[str, ...]] = {}  # by unit
    for k, branch in enumerate(found):
        devices += _routers(k, branch, space)
        routers.update((site.unit.code, branch.routers) for site in branch.sites)
    offices = []
    names = slugs(without_kind(site.unit) for site in sites)
    for i, (site, name) in enumerate(zip(sites, names, strict=True)):
        offices.append(_office(i, site, name, routers[site.unit.code], space))
        devices += _equipment(i, offices[-1], space)
    devices += _olts(offices, province, space)
    return Plan(tuple(devices), tuple(offices), _hand_offs(), found)


def _hand_offs() -> dict[str, tuple[str, ...]]:
    return {carrier.path: tuple(f"{carrier.path}-handoff-{side}" for side in "ab") for carrier in CARRIERS}


def _backbone(province: str, space: AddressSpace) -> Iterator[SimulatedDevice]:
    """Yield what is no unit's and no area's, and comes before the areas."""
    for name, role, offset, ports in (
        (REFERENCE_NAME, Role.REFERENCE, addresses.REFERENCE, 0),
        (CORE_NAME, Role.CORE, addresses.CORE, 24),
    ):
        yield SimulatedDevice(
            name=name,
            address=space.at(offset),
            role=role,
            ports=ports,
            area=province,
            behaviour=NEAR,
            address6=space.ipv6_at(offset),
        )
    hand_offs = itertools.chain.from_iterable(_hand_offs().values())
    for offset, name in enumerate(hand_offs, start=addresses.HAND_OFFS):
        yield SimulatedDevice(
            name=name,
            address=space.at(offset),
            role=Role.REFERENCE,
            area=province,
            behaviour=NEAR,
            address6=space.ipv6_at(offset),
        )


def _routers(k: int, branch: Branch, space: AddressSpace) -> Iterator[SimulatedDevice]:
    for j, name in enumerate(branch.routers):
        offset = addresses.ROUTERS + addresses.ROUTERS_PER_BRANCH * k + j
        yield SimulatedDevice(
            name=name,
            address=space.at(offset),
            role=Role.CORE,
            ports=8,
            area=branch.area,
            parents=(CORE_NAME,),
            behaviour=NEAR,
            address6=space.ipv6_at(offset),
        )


def _olts(offices: Sequence[Office], province: str, space: AddressSpace) -> Iterator[SimulatedDevice]:
    """Yield the OLT of each carrier that has an ONT: by its role a switch, as it passes frames on."""
    for c, carrier in enumerate(CARRIERS):
        onus = tuple(
            each.unit for each in offices if each.carrier == carrier and Feature.ONT in each.features
        )
        if onus:
            yield SimulatedDevice(
                name=f"olt-{carrier.path}",
                address=space.at(addresses.OLTS + c),
                role=Role.SWITCH,
                ports=OLT_PORTS,
                area=province,
                parents=(CORE_NAME,),
                behaviour=NEAR,
                onus=onus,
            )


def _office(i: int, site: Site, name: str, routers: tuple[str, ...], space: AddressSpace) -> Office:
    features = KINDS[i % len(KINDS)]
    backup = space.at(_base(i) + addresses.BACKUP) if Feature.BACKUP in features else ""
    return Office(
        unit=site.unit.code,
        area=site.area,
        carrier=CARRIERS[i % len(CARRIERS)],
        features=features,
        routers=routers,
        gateway=f"gw-{name}",
        switch=f"sw-{name}",
        switch_ports=26 if i % LARGE_SWITCH_EVERY else 52,
        ups=f"ups-{name}" if Feature.UPS in features else "",
        backup=backup,
    )


def _equipment(i: int, office: Office, space: AddressSpace) -> Iterator[SimulatedDevice]:
    base = _base(i)
    switch = space.ipv6_at if i % IPV6_EVERY == 0 else space.at
    gateway_ports = GATEWAY_PORTS + (Feature.BACKUP in office.features)
    rows = [
        (office.gateway, space.at(base + addresses.GATEWAY), Role.UPLINK, gateway_ports, office.routers),
        (office.switch, switch(base + addresses.SWITCH), Role.SWITCH, office.switch_ports, (office.gateway,)),
    ]
    if office.ups:
        rows.append((office.ups, space.at(base + addresses.UPS), Role.UPS, 1, (office.gateway,)))
    for name, address, role, ports, parents in rows:
        yield SimulatedDevice(
            name=name,
            address=address,
            role=role,
            ports=ports,
            area=office.area,
            unit=office.unit,
            parents=parents,
            via=office.carrier.path,
            behaviour=_steady(name),
        )


def _base(i: int) -> int:
    return addresses.UNITS + i * addresses.ADDRESSES_PER_UNIT


def _steady(name: str) -> Behaviour:
    """Return round trips as on a province's fibre: 2 to 8 ms to an office."""
    return Behaviour(delay=0.002 + zlib.crc32(name.encode()) % 6000 / 1e6, jitter=0.001)

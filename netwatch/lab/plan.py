"""Where everything in the simulated province is: which devices there are, their addresses, their parents.

The plan is a pure function of the units. In the namespace it uses the address space that is set aside for
benchmarks and never routed (198.18.0.0/15, RFC 2544; 2001:2::/48, RFC 5180). Offsets into it:

    1         the poller            2            noc-gateway, its way out (the reference)
    3         core                  4096 + 8 i   unit i: + 1 its gateway, + 2 its access switch
    257 + k   router of area k
"""

from __future__ import annotations

import collections
import datetime as dt
import ipaddress
import unicodedata
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from netwatch.model.register import Register, Unit

POLLER, REFERENCE, CORE, AREAS, UNITS = 1, 2, 3, 257, 4096
ADDRESSES_PER_UNIT = 8
IPV6_EVERY = 8  # the switch of every 8th unit is reached by IPv6, where there is IPv6
LARGE_SWITCH_EVERY = 4

REFERENCE_NAME = "noc-gateway"
CORE_NAME = "core"
UNNAMED = "unit"  # where a name has no letter that ASCII knows

T = TypeVar("T")


class TooManyUnitsError(ValueError):
    """There are more units or areas than the address space has room for."""


@dataclass(frozen=True, slots=True)
class AddressSpace:
    """The networks that the province is laid out in."""

    ipv4: ipaddress.IPv4Network
    ipv6: ipaddress.IPv6Network | None

    def at(self, offset: int) -> str:
        """Return the IPv4 address at `offset`."""
        return str(self.ipv4[offset])

    def ipv6_at(self, offset: int) -> str:
        """Return the IPv6 address at `offset`; the IPv4 address where there is no IPv6."""
        return str(self.ipv6[offset]) if self.ipv6 else self.at(offset)


BENCHMARK = AddressSpace(ipaddress.IPv4Network("198.18.0.0/15"), ipaddress.IPv6Network("2001:2::/48"))
LOOPBACK = AddressSpace(ipaddress.IPv4Network("127.18.0.0/15"), None)


@dataclass(frozen=True, slots=True)
class Behaviour:
    """How a device answers. An answer comes after `delay` and up to `jitter` more, in seconds."""

    delay: float = 0.0
    jitter: float = 0.0
    loss: float = 0.0  # share of the questions that get no answer
    echo: bool = True
    snmp: bool = True


@dataclass(frozen=True, slots=True)
class Site:
    """A unit that is given devices, and the area that operators group it in."""

    unit: Unit
    area: str
    predecessor: str  # code of the older unit that its office lies in, "" where not known


@dataclass(frozen=True, slots=True)
class SimulatedDevice:
    """One device of the province, and how it behaves while nothing is wrong."""

    name: str
    address: str
    role: Role
    ports: int  # interfaces; 0: it has no SNMP agent
    area: str
    unit: str  # code; "" where it belongs to none
    parents: tuple[str, ...]
    behaviour: Behaviour


def spread(items: Sequence[T], count: int) -> tuple[T, ...]:
    """Return `count` of `items`, evenly spread, so that those left out are not all of one area."""
    total = len(items)
    return tuple(item for i, item in enumerate(items) if (i + 1) * count // total > i * count // total)


def slug(name: str) -> str:
    """Return a Vietnamese name as lower-case ASCII with hyphens: `Như Quỳnh` → `nhu-quynh`."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    letters = (char for char in plain if not unicodedata.combining(char))
    return "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in letters).split())


def slugs(names: Iterable[str]) -> tuple[str, ...]:
    """Return the slug of each name; one that came before is given a number."""
    seen: collections.Counter[str] = collections.Counter()
    unique = []
    for name in names:
        short = slug(name) or UNNAMED
        seen[short] += 1
        unique.append(short if seen[short] == 1 else f"{short}-{seen[short]}")
    return tuple(unique)


def sites(register: Register, day: dt.date) -> tuple[Site, ...]:
    """Return the units in force on `day`, each in the district that it or most of its predecessors were in.

    A province without districts would be one area otherwise; units whose predecessors the register does not
    list are grouped under the province.
    """
    return tuple(_site(register, unit) for unit in register.as_of(day))


def _site(register: Register, unit: Unit) -> Site:
    eve = unit.valid_from - dt.timedelta(days=1)
    older = [each for each in register.units if each.code in unit.predecessors and each.in_force(eve)]
    districts = collections.Counter(each.district for each in older if each.district)
    grouped = unit.district or (districts.most_common(1)[0][0] if districts else unit.province)
    return Site(unit, grouped or register.name, older[0].code if older else "")


def plan(offices: Sequence[Site], province: str, space: AddressSpace) -> tuple[SimulatedDevice, ...]:
    """Return the reference, the core, a router for each area, and a gateway and a switch for each site.

    Raises `TooManyUnitsError` where they do not fit into `space`.
    """
    areas = tuple(dict.fromkeys(site.area for site in offices))
    room = (space.ipv4.num_addresses - UNITS) // ADDRESSES_PER_UNIT
    if len(areas) > UNITS - AREAS or len(offices) > room:
        raise TooManyUnitsError(f"room for {room} units in {UNITS - AREAS} areas, not for {len(offices)}")
    routers = {area: f"area-{short}" for area, short in zip(areas, slugs(areas), strict=True)}
    names = slugs(_without_kind(site.unit) for site in offices)
    devices = [
        _device(REFERENCE_NAME, Role.REFERENCE, space.at(REFERENCE), area=province),
        _device(CORE_NAME, Role.CORE, space.at(CORE), ports=24, area=province),
    ]
    for k, (area, router) in enumerate(routers.items()):
        devices.append(
            _device(router, Role.CORE, space.at(AREAS + k), ports=8, area=area, parents=(CORE_NAME,))
        )
    for i, (site, name) in enumerate(zip(offices, names, strict=True)):
        devices += _office(i, site, name, routers[site.area], space)
    return tuple(devices)


def _office(i: int, site: Site, name: str, router: str, space: AddressSpace) -> Iterable[SimulatedDevice]:
    base = UNITS + i * ADDRESSES_PER_UNIT
    own = {"area": site.area, "unit": site.unit.code}
    switch = space.ipv6_at(base + 2) if i % IPV6_EVERY == 0 else space.at(base + 2)
    ports = 52 if i % LARGE_SWITCH_EVERY == 0 else 26
    yield _device(f"gw-{name}", Role.UPLINK, space.at(base + 1), ports=5, parents=(router,), **own)
    yield _device(f"sw-{name}", Role.SWITCH, switch, ports=ports, parents=(f"gw-{name}",), **own)


def _device(
    name: str,
    role: Role,
    address: str,
    *,
    area: str,
    ports: int = 0,
    unit: str = "",
    parents: tuple[str, ...] = (),
) -> SimulatedDevice:
    return SimulatedDevice(name, address, role, ports, area, unit, parents, _steady(name, role))


def _steady(name: str, role: Role) -> Behaviour:
    """Return round trips as on a province's fibre: 1 ms to the backbone, 2 to 8 ms to an office."""
    if role in {Role.REFERENCE, Role.CORE}:
        return Behaviour(delay=0.001, jitter=0.0002)
    return Behaviour(delay=0.002 + zlib.crc32(name.encode()) % 6000 / 1e6, jitter=0.001)


def _without_kind(unit: Unit) -> str:
    prefix = unit.kind + " "
    return unit.name[len(prefix) :] if unit.name.lower().startswith(prefix) else unit.name

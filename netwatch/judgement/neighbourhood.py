"""Compares what devices tell of their neighbours with what the configuration says of their parents.

From it come the graph of who is plugged into whom, the parents that it suggests, and a warning where a
configured parent is not there. A wrong match would be worse than none: a neighbour is taken for a device
only where all that tells devices apart (management address, chassis id, sysName) points at the same one.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from netwatch.model.device import Device
    from netwatch.model.neighbour import Neighbour, Neighbourhood

_MAC = re.compile(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}")
_NUMERIC = re.compile(r"[0-9.]+|[0-9a-f:]*:[0-9a-f:.]*")
MOST_NAMED = 3
"""Neighbours that are named in one warning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One device as it was configured or found. `told` is None where it was not asked or did not answer."""

    name: str  # unique
    addresses: tuple[str, ...] = ()  # numeric, in their compressed form
    parents: tuple[str, ...] = ()
    role: Role = Role.SERVER
    unit: str = ""
    sys_name: str = ""  # as it tells it, else as it is expected to
    uplink_ports: frozenset[str] = frozenset()  # that are configured to lead up (ifName)
    told: Neighbourhood | None = None

    @property
    def names(self) -> frozenset[str]:
        """What neighbours may call it, normalised."""
        told = (self.sys_name, self.told.own.name if self.told else "")
        return frozenset(map(normalised, told)) - {""}


@dataclass(frozen=True, slots=True)
class Mismatch:
    """A configured parent that is not a neighbour of its child, which sees somebody else in its place."""

    device: str
    unit: str
    parent: str
    neighbour: str  # whom the device sees instead; of several, with ", " between
    line: str  # for people


@dataclass(frozen=True, slots=True)
class Graph:
    """Who is plugged into whom: for each device its neighbours, and its own port towards each ("": unknown).

    `strangers` are the neighbours that are no device known, by the device that tells of them.
    """

    ports: Mapping[str, Mapping[str, str]]
    strangers: Mapping[str, tuple[Neighbour, ...]]


def station(device: Device, addresses: Iterable[str], sys_name: str, told: Neighbourhood | None) -> Station:
    """Return a configured device as what there is to compare.

    `addresses` are what its own address and those of its uplinks resolve to, numeric and compressed;
    `sys_name` is what it tells ("": not known, then what is expected of it counts).
    """
    return Station(
        name=device.name,
        addresses=tuple(addresses),
        parents=device.parents,
        role=device.role,
        unit=device.unit,
        sys_name=sys_name or dict(device.expect).get("sysName", ""),
        uplink_ports=frozenset(uplink.interface for uplink in device.uplinks) - {""},
        told=told,
    )


def normalised(name: str) -> str:
    """Return a sysName without its domain and in lower case; numeric addresses stay whole."""
    name = name.strip().lower()
    return name if _NUMERIC.fullmatch(name) else name.partition(".")[0]


def graph(stations: Sequence[Station]) -> Graph:
    """Find out who is plugged into whom, from both ends of each cable."""
    find = _finder(stations)
    ports: dict[str, dict[str, str]] = {station.name: {} for station in stations}
    strangers: dict[str, tuple[Neighbour, ...]] = {}
    for station in stations:
        unknown = []
        for neighbour in station.told.neighbours if station.told else ():
            other = find(neighbour)
            if other is None:
                unknown.append(neighbour)
            elif other != station.name:  # a loop of its own cable tells nothing
                ports[station.name][other] = ports[station.name].get(other) or neighbour.port
        if unknown:
            strangers[station.name] = tuple(unknown)
    for station in stations:  # what only the other end tells; ports as it calls them
        for neighbour in station.told.neighbours if station.told else ():
            other = find(neighbour)
            if other is not None and other != station.name:
                ports[other].setdefault(station.name, neighbour.remote_port)
    return Graph(ports, strangers)


def _finder(stations: Sequence[Station]) -> Callable[[Neighbour], str | None]:
    by_address = _index((address, each.name) for each in stations for address in each.addresses)
    by_chassis = _index(
        (each.told.own.chassis, each.name) for each in stations if each.told and each.told.own.chassis
    )
    by_name = _index((name, each.name) for each in stations for name in each.names)
    chassis = {each.name: each.told.own.chassis for each in stations if each.told}

    def find(neighbour: Neighbour) -> str | None:
        strong = {
            by_address.get(neighbour.address),
            by_chassis.get(neighbour.chassis),
            by_address.get(neighbour.chassis),  # which may be a network address (LldpChassisIdSubtype 5)
        } - {None}
        named = by_name.get(normalised(neighbour.name))
        if strong:
            return strong.pop() if len(strong | ({named} - {None})) == 1 else None
        if named is None or _contradicts(neighbour.chassis, chassis.get(named, "")):
            return None
        return named

    return find


def _contradicts(one: str, other: str) -> bool:
    """Tell whether two chassis ids are of two boxes: only MAC addresses can be compared for sure."""
    return bool(one != other and _MAC.fullmatch(one) and _MAC.fullmatch(other))


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return names by what tells them apart; what is told of two tells nothing."""
    found: dict[str, str] = {}
    shared: set[str] = set()
    for key, name in pairs:
        if found.setdefault(key, name) != name:
            shared.add(key)
    return {key: name for key, name in found.items() if key and key not in shared}


def configured_roots(stations: Sequence[Station]) -> tuple[str, ...]:
    """Return where the tree begins by the configuration: cores and references that have no parents."""
    return tuple(
        each.name for each in stations if each.role in {Role.CORE, Role.REFERENCE} and not each.parents
    )


def levels(found: Graph, roots: Collection[str]) -> dict[str, int]:
    """Return how many cables each device is away from the nearest root; those not connected are left out."""
    distance = {root: 0 for root in roots if root in found.ports}
    waiting = deque(distance)
    while waiting:
        name = waiting.popleft()
        for other in found.ports[name]:
            if other not in distance:
                distance[other] = distance[name] + 1
                waiting.append(other)
    return distance


def suggested_parents(found: Graph, roots: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Return for each device the neighbours that are one cable nearer a root; one alive is enough."""
    distance = levels(found, roots)
    return {
        name: tuple(sorted(other for other in found.ports[name] if distance[other] == level - 1))
        for name, level in distance.items()
    }


def components(found: Graph) -> tuple[tuple[str, ...], ...]:
    """Return the devices that hang together, in their order; those without neighbours are left out."""
    seen: set[str] = set()
    parts = []
    for name, others in found.ports.items():
        if others and name not in seen:
            part = levels(found, (name,))
            seen |= part.keys()
            parts.append(tuple(each for each in found.ports if each in part))
    return tuple(parts)


def middle(found: Graph, component: Sequence[str]) -> str:
    """Return the device from which the farthest is nearest, of several the one with most neighbours.

    A guess at where a tree begins, for want of anything better.
    """
    return min(
        component,
        key=lambda name: (max(levels(found, (name,)).values()), -len(found.ports[name]), name),
    )


def mismatches(stations: Sequence[Station], found: Graph) -> tuple[Mismatch, ...]:
    """Return the configured parents that are not plugged into their children, which see others instead.

    Only where both tell neighbours and both tables were read to the end: a device that tells nobody says
    nothing. Nor does one that sees nobody above it: its cable may be cut, and the lines of carriers let no
    LLDP through.
    """
    by_name = {station.name: station for station in stations}
    below = _descendants(stations)
    return tuple(
        _mismatch(station, parent, instead)
        for station in stations
        if station.parents and _can_tell(station)
        if (instead := _instead(station, below, found))
        for parent in station.parents
        if _can_tell(by_name.get(parent))
        and parent not in found.ports[station.name]  # which is known of both ends, if one tells of it
    )


def _can_tell(station: Station | None) -> bool:
    return bool(station and station.told and station.told.complete and station.told.neighbours)


def _descendants(stations: Sequence[Station]) -> Callable[[str], set[str]]:
    children: dict[str, list[str]] = {}
    for station in stations:
        for parent in station.parents:
            children.setdefault(parent, []).append(station.name)

    def below(name: str) -> set[str]:
        found: set[str] = set()
        waiting = [name]
        while waiting:
            for child in children.get(waiting.pop(), ()):
                if child not in found:
                    found.add(child)
                    waiting.append(child)
        return found

    return below


class _End(NamedTuple):
    """Somebody whom a device sees, and the ports of the cable."""

    name: str
    port: str
    remote_port: str

    def __str__(self) -> str:
        behind = f" (port {self.remote_port})" if self.remote_port else ""
        return f"{self.name}{behind}{f' on {self.port}' if self.port else ''}"


def _instead(station: Station, below: Callable[[str], set[str]], found: Graph) -> list[_End]:
    """Return whom a device sees that is neither a parent nor below it; strangers on its uplinks alone."""
    ports = found.ports[station.name]
    others = ports.keys() - set(station.parents) - below(station.name)
    return [
        *(_End(other, ports[other], found.ports[other].get(station.name, "")) for other in sorted(others)),
        *(
            _End(each.name or each.chassis or each.address, each.port, each.remote_port)
            for each in found.strangers.get(station.name, ())
            if each.port in station.uplink_ports
        ),
    ]


def _mismatch(station: Station, parent: str, instead: Sequence[_End]) -> Mismatch:
    seen = instead[:MOST_NAMED]
    return Mismatch(
        station.name,
        station.unit,
        parent,
        ", ".join(each.name for each in seen),
        f"{station.name}: its parent {parent} is not among its neighbours, nor the other way round; "
        f"it sees {'; '.join(map(str, seen))}",
    )

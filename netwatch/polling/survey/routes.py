"""By which port a device reaches the internet: the interface of its default route.

Three tables tell routes, each the successor of the one before: inetCidrRouteTable (IP-FORWARD-MIB, RFC 4292),
ipCidrRouteTable (RFC 2096) and ipRouteTable (RFC1213-MIB); the first that has a default route is believed. Of
each only the rows of the default route are asked for: a router may have a million others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.fact import FactKind
from netwatch.polling.survey.asking import Table, Told
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netwatch.polling.survey.asking import Asker
    from netwatch.polling.survey.ports import Ports

_INET = (1, 3, 6, 1, 2, 1, 4, 24, 7, 1)
_CIDR = (1, 3, 6, 1, 2, 1, 4, 24, 4, 1)
_ROUTE = (1, 3, 6, 1, 2, 1, 4, 21, 1)

MOST = 8
"""Default routes of one version of IP that are told; more are no path that anybody could name."""

ACTIVE = 1  # of RowStatus (RFC 2579)


NEXT_HOPS = Table(
    "ipNetToMediaTable by address",
    (Column("ipNetToMediaType", (1, 3, 6, 1, 2, 1, 4, 22, 1, 4), "integer"),),
    arcs=5,
)
"""RFC1213-MIB, indexed by ifIndex and IPv4 address."""


class Source(NamedTuple):
    """One way to ask: the table, which of its rows are the default route, and which of them lead on."""

    version: str
    table: Table
    default: tuple[int, ...]
    exact: tuple[int, ...] | None  # what must be left of the index; None: anything
    forwarding: frozenset[int]  # values of the type column: neither local, rejected nor invalid


def _table(name: str, entry: tuple[int, ...], **columns: int) -> Table:
    return Table(name, [Column(each, (*entry, arc), "integer") for each, arc in columns.items()])


_INET_TABLE = _table(
    "inetCidrRouteTable",
    _INET,
    inetCidrRouteIfIndex=7,
    inetCidrRouteType=8,
    inetCidrRouteMetric1=12,
    inetCidrRouteStatus=17,
)
_CIDR_TABLE = _table(
    "ipCidrRouteTable",
    _CIDR,
    ipCidrRouteIfIndex=5,
    ipCidrRouteType=6,
    ipCidrRouteMetric1=11,
    ipCidrRouteStatus=16,
)
_ROUTE_TABLE = _table("ipRouteTable", _ROUTE, ipRouteIfIndex=2, ipRouteType=8, ipRouteMetric1=3)

# InetAddressType ipv4(1) or ipv6(2), the length of the destination, the destination, the prefix length.
_INET_4 = (1, 4, *(0,) * 4, 0)
_INET_6 = (2, 16, *(0,) * 16, 0)
_OTHER_OR_REMOTE = frozenset((1, 4))  # inetCidrRouteType and ipCidrRouteType

SOURCES = (
    Source("4", _INET_TABLE, _INET_4, None, _OTHER_OR_REMOTE),
    Source("4", _CIDR_TABLE, (0,) * 8, None, _OTHER_OR_REMOTE),  # destination and mask
    # Its rows are single objects, so that all but the last arc of the destination is asked for. A default
    # route by a point-to-point link is direct(3).
    Source("4", _ROUTE_TABLE, (0,) * 3, (0,), frozenset((1, 3, 4))),
    Source("6", _INET_TABLE, _INET_6, None, _OTHER_OR_REMOTE),
)


class Route(NamedTuple):
    """One default route."""

    port: int  # ifIndex; 0: not told
    metric: int | None  # None: not told, or not used
    hop: tuple[int, ...] = ()  # the next hop's IPv4 address, where the port is not told


async def read_default_routes(asker: Asker) -> tuple[tuple[str, str, int], ...]:
    """Return default routes as (IP version, what says so, ifIndex). Raises NoAnswerError."""
    found: dict[str, tuple[tuple[str, str, int], ...]] = {}
    for source in SOURCES:
        if found.get(source.version):
            continue
        walk = await asker.walk_below(source.table, *source.default)
        routes = best(_routes(source, walk.integers()))
        found[source.version] = (*_direct(source, routes), *await _by_next_hop(asker, source, routes))[:MOST]
    return tuple(each for routes in found.values() for each in routes)


def _direct(source: Source, routes: Iterable[Route]) -> tuple[tuple[str, str, int], ...]:
    name = source.table.columns[0].name
    return tuple((source.version, name, route.port) for route in routes if route.port)


async def _by_next_hop(
    asker: Asker, source: Source, routes: Iterable[Route]
) -> tuple[tuple[str, str, int], ...]:
    """Find the ports of routes that name a next hop alone, as static ones do on Cisco and Ruijie: by ARP."""
    hops = {route.hop for route in routes if not route.port and any(route.hop)}
    if not hops:
        return ()
    places = (arcs(index) for index in (await asker.walk(NEXT_HOPS)).integers())
    ports = dict.fromkeys(place[0] for place in places if place[1:] in hops and place[0])
    return tuple((source.version, NEXT_HOPS.columns[0].name, port) for port in ports)


def tell_default_routes(routes: Iterable[tuple[str, str, int]], ports: Ports) -> tuple[Told, ...]:
    """Return the facts: one for each port that a default route leaves by."""
    return tuple(
        Told(FactKind.DEFAULT_ROUTE, version, None, ports.key(index), source)
        for version, source, index in routes
    )


def best(routes: Sequence[Route]) -> tuple[Route, ...]:
    """Return the routes that are used: those of the lowest metric, all where one tells none."""
    metrics = [route.metric for route in routes if route.metric is not None]
    lowest = min(metrics) if metrics and len(metrics) == len(routes) else None
    used = (route for route in routes if lowest is None or route.metric == lowest)
    return tuple({(route.port, route.hop): route for route in used}.values())


def _routes(source: Source, rows: Mapping[bytes, Sequence[int | None]]) -> list[Route]:
    found = []
    for rest, (index, kind, metric, *status) in rows.items():
        place = arcs(rest)
        if source.exact is not None and place != source.exact:
            continue
        if kind is not None and kind not in source.forwarding:
            continue
        if status and status[0] not in {None, ACTIVE}:
            continue
        port = index or 0
        hop = place[-4:] if port == 0 and source.version == "4" and source.exact is None else ()
        if port >= 0:
            found.append(Route(port, metric if metric is not None and metric >= 0 else None, hop))
    return found

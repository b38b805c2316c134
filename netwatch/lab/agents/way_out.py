"""What a simulated gateway tells of its way to the internet: its default route, and a probe of its own.

inetCidrRouteTable (IP-FORWARD-MIB, RFC 4292) has the one default route: it leaves by the fibre's port, or by
the 4G where that port is down. pingResultsTable and pingProbeHistoryTable (DISMAN-PING-MIB, RFC 4560) have a
probe that the gateway runs each minute, as somebody configured it; it answers while a way out is up.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netwatch.lab.agents.machine import Machine
    from netwatch.lab.agents.mib import Object, Port, Value

INET_CIDR_ROUTE_ENTRY = (1, 3, 6, 1, 2, 1, 4, 24, 7, 1)
PING_CTL_ENTRY = (1, 3, 6, 1, 2, 1, 80, 1, 2, 1)
PING_RESULTS_ENTRY = (1, 3, 6, 1, 2, 1, 80, 1, 3, 1)
PING_HISTORY_ENTRY = (1, 3, 6, 1, 2, 1, 80, 1, 4, 1)

NEXT_HOP = (192, 0, 2, 1)
"""Set aside for documentation (RFC 5737)."""

DEFAULT_ROUTE = (1, 4, 0, 0, 0, 0, 0, 2, 0, 0, 1, 4, *NEXT_HOP)
"""The index: IPv4, 0.0.0.0/0, no policy, and the next hop."""

REMOTE, ACTIVE, DNS_NAME = 4, 1, 16  # inetCidrRouteType, RowStatus, InetAddressType
RESPONSE_RECEIVED, REQUEST_TIMED_OUT = 1, 4  # OperationResponseStatus
ENABLED = 1  # pingResultsOperStatus
PROBE = tuple(octet for word in (b"netwatch", b"internet") for octet in (len(word), *word))
"""The index of the probe: whose it is, and its name."""

MINUTE = 60
RTT = 21  # milliseconds


def objects(fibre: Port, backup: Port | None, *, probes: bool) -> Iterator[Object]:
    """Yield what a gateway tells whose fibre comes in by one port, and whose 4G is another, if any."""
    route: Mapping[int, Value] = {
        7: lambda machine, _: ber.encode_integer(_leaves_by(machine, fibre, backup).index),
        8: lambda _, __: ber.encode_integer(REMOTE),
        12: lambda _, __: ber.encode_integer(1),
        17: lambda _, __: ber.encode_integer(ACTIVE),
    }
    for column, value in route.items():
        yield (*INET_CIDR_ROUTE_ENTRY, column, *DEFAULT_ROUTE), value
    if probes:
        yield from _probe(fibre, backup)


def _leaves_by(machine: Machine, fibre: Port, backup: Port | None) -> Port:
    return fibre if backup is None or machine.port_up(fibre.name) else backup


def _probe(fibre: Port, backup: Port | None) -> Iterator[Object]:
    def answered(machine: Machine) -> bool:
        return machine.port_up(_leaves_by(machine, fibre, backup).name)

    yield (*PING_CTL_ENTRY, 3, *PROBE), lambda _, __: ber.encode_integer(DNS_NAME)
    results: Mapping[int, Value] = {
        1: lambda _, __: ber.encode_integer(ENABLED),
        6: lambda machine, _: ber.encode_integer(RTT if answered(machine) else 0, snmp.GAUGE32),
        7: lambda machine, _: ber.encode_integer(3 if answered(machine) else 0, snmp.GAUGE32),
        8: lambda _, __: ber.encode_integer(3, snmp.GAUGE32),
    }
    for column, value in results.items():
        yield (*PING_RESULTS_ENTRY, column, *PROBE), value
    history: Mapping[int, Value] = {
        2: lambda machine, _: ber.encode_integer(RTT if answered(machine) else 0, snmp.GAUGE32),
        3: lambda machine, _: ber.encode_integer(
            RESPONSE_RECEIVED if answered(machine) else REQUEST_TIMED_OUT
        ),
        5: lambda _, now: ber.encode(ber.OCTET_STRING, date_and_time(now // MINUTE * MINUTE)),
    }
    for column, value in history.items():
        yield (*PING_HISTORY_ENTRY, column, *PROBE, 1), value


def date_and_time(at: float) -> bytes:
    """Return Unix seconds as DateAndTime in UTC (SNMPv2-TC, RFC 2579)."""
    when = dt.datetime.fromtimestamp(at, dt.UTC)
    clock = (when.month, when.day, when.hour, when.minute, when.second, 0)
    return when.year.to_bytes(2, "big") + bytes(clock) + b"+\x00\x00"

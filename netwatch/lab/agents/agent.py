"""An SNMP v2c agent without a socket: a datagram and a time in, a reply or nothing out.

It reads (GET, GETNEXT, GETBULK) and nothing else. Like a real agent it says nothing to a wrong community or
to bytes that are no request. RFC 1901, RFC 3416.
"""

from __future__ import annotations

import bisect
import dataclasses
import itertools
from typing import TYPE_CHECKING, NamedTuple

from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.lab.agents.machine import Machine
    from netwatch.lab.agents.mib import Mib

LARGEST = 1452
"""Octets of the largest reply: what an Ethernet frame holds besides the headers of IPv6 and UDP."""
FRAME = 29  # octets of a reply besides its community and its varbinds, at most
MOST_NAMES = 128  # in one request: more than fit into a frame
READS = frozenset((snmp.GET, snmp.GETNEXT, snmp.GETBULK))


class Request(NamedTuple):
    """A request taken apart. `second` and `third` are what the PDU has in place of status and index."""

    community: bytes
    pdu: int
    request_id: bytes  # encoded, to be returned as it came
    second: int
    third: int
    names: tuple[bytes, ...]  # the contents of object identifiers


def decode_request(data: bytes) -> Request:
    """Read a version 2c request; raise :class:`netwatch.protocols.ber.MalformedError` where it is none."""
    at, stop = ber.expect(data, 0, len(data), ber.SEQUENCE)
    at, end = ber.expect(data, at, stop, ber.INTEGER)
    if ber.integer(data[at:end]) != snmp.VERSION_2C:
        raise ber.MalformedError("version")
    start, end = ber.expect(data, end, stop, ber.OCTET_STRING)
    community = data[start:end]
    pdu, body, stop = ber.header(data, end, stop)
    if pdu not in READS:
        raise ber.MalformedError("not a request")
    at, end = ber.expect(data, body, stop, ber.INTEGER)
    request_id = data[body:end]
    ber.integer(data[at:end])
    numbers = []
    for _ in range(2):
        at, end = ber.expect(data, end, stop, ber.INTEGER)
        numbers.append(ber.integer(data[at:end]))
    at, stop = ber.expect(data, end, stop, ber.SEQUENCE)
    return Request(community, pdu, request_id, numbers[0], numbers[1], tuple(_names(data, at, stop)))


def _names(data: bytes, at: int, stop: int) -> Iterator[bytes]:
    for _ in range(MOST_NAMES):
        if at == stop:
            return
        name, tag, _, at = snmp.varbind(data, at, stop)
        if tag == snmp.DAMAGED:
            raise ber.MalformedError("varbind")
        yield name
    if at != stop:
        raise ber.MalformedError("too many names")


@dataclasses.dataclass(frozen=True, slots=True)
class Agent:
    """One device's agent."""

    mib: Mib
    machine: Machine
    community: bytes

    def answer(self, datagram: bytes, now: float) -> bytes | None:
        """Return the reply to `datagram` at the time `now`; None where an agent keeps silent."""
        try:
            request = decode_request(datagram)
            arcs = [ber.oid(name) for name in request.names]
        except ber.MalformedError:
            return None
        if request.community != self.community:
            return None
        names = [ber.encode(ber.OBJECT_IDENTIFIER, name) for name in request.names]
        room = LARGEST - FRAME - len(request.community)
        if request.pdu == snmp.GETBULK:
            once = min(max(request.second, 0), len(names))
            return _reply(request, _fitting(self._bulk(arcs, names, once, request.third, now), room))
        read = self._get if request.pdu == snmp.GET else self._next
        varbinds = b"".join(map(read, arcs, names, itertools.repeat(now)))
        return _reply(request, varbinds) if len(varbinds) <= room else _reply(request, b"", snmp.TOO_BIG)

    def _get(self, arcs: tuple[int, ...], name: bytes, now: float) -> bytes:
        position = self.mib.positions.get(name)
        if position is not None:
            return self._read(position, name, now)
        known = any(arcs[:length] in self.mib.objects for length in range(len(arcs) + 1))
        return _exception(name, snmp.NO_SUCH_INSTANCE if known else snmp.NO_SUCH_OBJECT)

    def _next(self, arcs: tuple[int, ...], name: bytes, now: float) -> bytes:
        return self._read(self._after(arcs), name, now)

    def _bulk(
        self, arcs: list[tuple[int, ...]], names: list[bytes], once: int, repetitions: int, now: float
    ) -> Iterator[bytes]:
        """Give the varbinds of a GETBULK one by one (RFC 3416 section 4.2.3), however many there may be."""
        end = len(self.mib.variables)
        yield from map(self._next, arcs[:once], names[:once], itertools.repeat(now))
        walks = [(self._after(each), name) for each, name in zip(arcs[once:], names[once:], strict=True)]
        for _ in range(repetitions):
            for position, name in walks:
                yield self._read(position, name, now)
            if all(position == end for position, _ in walks):
                return
            walks = [
                (position + 1, self.mib.variables[position].name) if position < end else (end, name)
                for position, name in walks
            ]

    def _after(self, arcs: tuple[int, ...]) -> int:
        """Return the position of the first variable behind `arcs`."""
        return bisect.bisect_right(self.mib.arcs, arcs)

    def _read(self, position: int, asked: bytes, now: float) -> bytes:
        """Return the varbind at `position`; behind the last one, the end of the MIB beside the name asked."""
        if position == len(self.mib.variables):
            return _exception(asked, snmp.END_OF_MIB_VIEW)
        variable = self.mib.variables[position]
        return ber.encode(ber.SEQUENCE, variable.name + variable.value(self.machine, now))


def _exception(name: bytes, tag: int) -> bytes:
    return ber.encode(ber.SEQUENCE, name + ber.encode(tag, b""))


def _fitting(varbinds: Iterator[bytes], room: int) -> bytes:
    """Return as many of `varbinds` as fit into `room` octets."""
    taken = []
    for varbind in varbinds:
        room -= len(varbind)
        if room < 0:
            break
        taken.append(varbind)
    return b"".join(taken)


def _reply(request: Request, varbinds: bytes, status: int = 0) -> bytes:
    body = request.request_id + ber.encode_integer(status) + ber.encode_integer(0)
    pdu = ber.encode(snmp.RESPONSE, body + ber.encode(ber.SEQUENCE, varbinds))
    community = ber.encode(ber.OCTET_STRING, request.community)
    return ber.encode(ber.SEQUENCE, ber.encode_integer(snmp.VERSION_2C) + community + pdu)

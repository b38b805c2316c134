"""An SNMP v2c agent without a socket: a datagram and a time in, a reply or nothing out.

It reads (GET, GETNEXT, GETBULK) and nothing else. Like a real agent it says nothing to a wrong community or
to bytes that are no request. RFC 1901, RFC 3416.
"""

from __future__ import annotations

import bisect
import dataclasses
from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.agents import lldp
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from netwatch.lab.agents.machine import Machine
    from netwatch.lab.agents.mib import Mib, Variable

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
    """One device's agent. `neighbours` gives what it tells of its neighbours at a time, in order."""

    mib: Mib
    machine: Machine
    community: bytes
    neighbours: Callable[[float], Sequence[Variable]] = lambda _: ()

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
        # Few requests are about neighbours, and only they pay for finding out who is there.
        before = self.neighbours(now) if min(arcs, default=lldp.BEHIND) < lldp.BEHIND else ()
        view = _View(self.mib, before, self.machine, now)
        if request.pdu == snmp.GETBULK:
            once = min(max(request.second, 0), len(names))
            return _reply(request, _fitting(view.bulk(arcs, names, once, request.third), room))
        read = view.get if request.pdu == snmp.GET else view.next
        varbinds = b"".join(map(read, arcs, names))
        return _reply(request, varbinds) if len(varbinds) <= room else _reply(request, b"", snmp.TOO_BIG)

    def refuses(self, datagram: bytes) -> bool:
        """Tell whether a request that is not answered had a wrong community."""
        try:
            return decode_request(datagram).community != self.community
        except ber.MalformedError:
            return False


class _View:
    """Everything that an agent has to tell at one moment: what stands before its model's MIB, and that."""

    def __init__(self, mib: Mib, before: Sequence[Variable], machine: Machine, now: float) -> None:
        self._mib = mib
        self._before = before
        self._variables = (*before, *mib.variables) if before else mib.variables
        self._machine = machine
        self._now = now
        self._end = len(self._variables)

    def get(self, arcs: tuple[int, ...], name: bytes) -> bytes:
        """Return the varbind of one object, or what there is to say instead."""
        position = self._mib.positions.get(name)
        if position is not None:
            return self._read(len(self._before) + position, name)
        at = self._after(arcs) - 1
        if 0 <= at < len(self._before) and self._before[at].name == name:
            return self._read(at, name)
        beginnings = [arcs[:length] for length in range(len(arcs) + 1)]
        known = any(beginning in self._mib.objects for beginning in beginnings)
        return _exception(name, snmp.NO_SUCH_INSTANCE if known else snmp.NO_SUCH_OBJECT)

    def next(self, arcs: tuple[int, ...], name: bytes) -> bytes:
        """Return the varbind of the object behind one."""
        return self._read(self._after(arcs), name)

    def bulk(
        self, arcs: list[tuple[int, ...]], names: list[bytes], once: int, repetitions: int
    ) -> Iterator[bytes]:
        """Give the varbinds of a GETBULK one by one (RFC 3416 section 4.2.3), however many there may be."""
        yield from map(self.next, arcs[:once], names[:once])
        walks = [(self._after(each), name) for each, name in zip(arcs[once:], names[once:], strict=True)]
        for _ in range(repetitions):
            for position, name in walks:
                yield self._read(position, name)
            if all(position == self._end for position, _ in walks):
                return
            walks = [
                (position + 1, self._variables[position].name) if position < self._end else (position, name)
                for position, name in walks
            ]

    def _after(self, arcs: tuple[int, ...]) -> int:
        """Return the position of the first variable behind `arcs`."""
        if arcs < lldp.BEHIND:
            return bisect.bisect_right(self._before, arcs, key=lambda variable: variable.arcs)
        return len(self._before) + bisect.bisect_right(self._mib.arcs, arcs)

    def _read(self, position: int, asked: bytes) -> bytes:
        """Return the varbind at `position`; behind the last one, the end of the MIB beside the name asked."""
        if position == self._end:
            return _exception(asked, snmp.END_OF_MIB_VIEW)
        variable = self._variables[position]
        return ber.encode(ber.SEQUENCE, variable.name + variable.value(self._machine, self._now))


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

"""Traps and informs of every version as one shape: bytes in, a :class:`Notification` out; no sockets.

The two PDUs that RFC 3416 has (SNMPv2-Trap, InformRequest) and the one of RFC 1157 say the same in different
words; RFC 3584 section 3.1 tells how the old one reads in the new words. What arrives here was sent by
anybody: everything that is wrong with it is a :class:`~netwatch.protocols.ber.MalformedError`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from netwatch.protocols.ber import (
    INTEGER,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    MalformedError,
    encode,
    encode_integer,
    expect,
    header,
    integer,
    oid,
    unsigned,
)
from netwatch.protocols.snmp import DAMAGED, RESPONSE, TIMETICKS, VERSION_2C, varbind

TRAP_V1 = 0xA4
INFORM = 0xA6
TRAP = 0xA7
IP_ADDRESS = 0x40

VERSION_1 = 0
VERSION_3 = 3

MAX_VARBINDS = 64
"""Varbinds of one notification that are read; the rest is ignored (an inform is answered with all)."""

SYS_UP_TIME = (1, 3, 6, 1, 2, 1, 1, 3, 0)
SNMP_TRAP_OID = (1, 3, 6, 1, 6, 3, 1, 1, 4, 1, 0)
SNMP_TRAPS = (1, 3, 6, 1, 6, 3, 1, 1, 5)
"""snmpTraps (SNMPv2-MIB): coldStart is its first child, and generic trap 0 of RFC 1157."""

ENTERPRISE_SPECIFIC = 6

Oid = tuple[int, ...]


class Varbind(NamedTuple):
    """One object that a notification tells of; the content is that of the value, not decoded."""

    name: Oid
    tag: int
    content: bytes


@dataclass(frozen=True, slots=True)
class Notification:
    """A trap or an inform, whatever its version."""

    trap: Oid  # snmpTrapOID
    uptime: int | None  # sysUpTime in ticks of 10 ms; None where it was left out
    varbinds: tuple[Varbind, ...]  # without the two above
    confirmed: bool = False  # an inform: to be answered
    request_id: int = 0
    agent: str = ""  # agent-addr of a version 1 trap, in numbers; "" where there is none
    listed: bytes = b""  # the content of the list of varbinds as it came, for the answer


class Message(NamedTuple):
    """A version 1 or 2c message."""

    version: int
    community: bytes
    notification: Notification


def version(data: bytes) -> int:
    """Return the number of the version that a message says it is of: 0, 1 or 3 where it is one of ours."""
    start, stop = expect(data, 0, len(data), SEQUENCE)
    if stop != len(data):
        raise MalformedError("trailing octets")
    at, end = expect(data, start, stop, INTEGER)
    return integer(data[at:end])


def decode(data: bytes) -> Message:
    """Read a version 1 or 2c message; raise MalformedError where it is none or holds no notification."""
    number = version(data)
    if number not in {VERSION_1, VERSION_2C}:
        raise MalformedError("version")
    start, stop = expect(data, 0, len(data), SEQUENCE)
    _, end = expect(data, start, stop, INTEGER)
    at, end = expect(data, end, stop, OCTET_STRING)
    community = data[at:end]
    if number == VERSION_1:
        at, end = _last(data, end, stop, TRAP_V1)
        return Message(number, community, _old(data, at, end))
    return Message(number, community, decode_pdu(data, end, stop))


def decode_pdu(data: bytes, at: int, stop: int) -> Notification:
    """Read an SNMPv2-Trap or InformRequest PDU that fills `data[at:stop]` (RFC 3416, 4.2.6 and 4.2.7)."""
    tag, start, end = header(data, at, stop)
    if end != stop:
        raise MalformedError("trailing octets")
    return read_pdu(tag, data, start, end)


def read_pdu(tag: int, data: bytes, start: int, end: int) -> Notification:
    """Read what such a PDU holds, its header read before, as that of a scoped PDU of version 3 is."""
    if tag not in {TRAP, INFORM}:
        raise MalformedError("not a notification")
    numbers = []
    for _ in range(3):  # request-id, error-status, error-index
        at, last = expect(data, start, end, INTEGER)
        numbers.append(integer(data[at:last]))
        start = last
    at, last = _last(data, start, end, SEQUENCE)
    uptime: int | None = None
    trap: Oid | None = None
    told = []
    for each in _varbinds(data, at, last):
        if each.name == SNMP_TRAP_OID and each.tag == OBJECT_IDENTIFIER:
            trap = trap or oid(each.content)
        elif each.name == SYS_UP_TIME and each.tag == TIMETICKS:
            uptime = unsigned(each.content, 4)
        else:
            told.append(each)
    if trap is None:
        raise MalformedError("no snmpTrapOID")
    return Notification(
        trap, uptime, tuple(told), confirmed=tag == INFORM, request_id=numbers[0], listed=data[at:last]
    )


def _old(data: bytes, at: int, stop: int) -> Notification:
    """Read what a Trap-PDU of RFC 1157 (4.1.6) holds."""
    start, end = expect(data, at, stop, OBJECT_IDENTIFIER)
    enterprise = oid(data[start:end])
    start, end = expect(data, end, stop, IP_ADDRESS)
    if end - start != 4:
        raise MalformedError("agent-addr")
    agent = ".".join(map(str, data[start:end]))
    numbers = []
    for tag in (INTEGER, INTEGER):
        start, end = expect(data, end, stop, tag)
        numbers.append(integer(data[start:end]))
    start, end = expect(data, end, stop, TIMETICKS)
    uptime = unsigned(data[start:end], 4)
    start, end = _last(data, end, stop, SEQUENCE)
    return Notification(
        trap_oid(enterprise, *numbers),
        uptime,
        tuple(_varbinds(data, start, end)),
        agent="" if agent == "0.0.0.0" else agent,  # noqa: S104 - what an agent without an address says
        listed=data[start:end],
    )


def trap_oid(enterprise: Oid, generic: int, specific: int) -> Oid:
    """Return the snmpTrapOID of a version 1 trap (RFC 3584, 3.1 (2) and (3))."""
    if 0 <= generic < ENTERPRISE_SPECIFIC:
        return (*SNMP_TRAPS, generic + 1)
    if generic != ENTERPRISE_SPECIFIC or specific < 0:
        raise MalformedError("generic-trap")
    return (*enterprise, 0, specific)


def _last(data: bytes, at: int, stop: int, tag: int) -> tuple[int, int]:
    """Read the header of what must be the last thing before `stop`."""
    start, end = expect(data, at, stop, tag)
    if end != stop:
        raise MalformedError("trailing octets")
    return start, end


def _varbinds(data: bytes, at: int, stop: int) -> list[Varbind]:
    """Read the first varbinds; one that is broken inside is left out, a broken list is refused."""
    found: list[Varbind] = []
    for _ in range(MAX_VARBINDS):
        if at >= stop:
            break
        name, tag, content, at = varbind(data, at, stop)
        if tag == DAMAGED:
            continue
        try:
            found.append(Varbind(oid(name), tag, content))
        except MalformedError:
            continue
    return found


def response_pdu(inform: Notification) -> bytes:
    """Encode the Response to an inform: its request-id and varbinds, no error (RFC 3416, 4.2.7)."""
    numbers = encode_integer(inform.request_id) + encode_integer(0) * 2
    return encode(RESPONSE, numbers + encode(SEQUENCE, inform.listed))


def response(message: Message) -> bytes:
    """Encode the whole version 2c message that confirms an inform."""
    body = encode_integer(message.version) + encode(OCTET_STRING, message.community)
    return encode(SEQUENCE, body + response_pdu(message.notification))

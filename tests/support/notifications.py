"""Datagrams as senders of traps make them, built by hand from the RFCs' words."""

from __future__ import annotations

from netwatch.protocols import ber
from netwatch.protocols.traps import INFORM, IP_ADDRESS, SNMP_TRAP_OID, SYS_UP_TIME, TRAP, TRAP_V1

Oid = tuple[int, ...]

LINK_DOWN = (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)
ENTERPRISE = (1, 3, 6, 1, 4, 1, 9999)


def varbind(name: Oid, value: bytes) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(name)) + value)


def text(value: str) -> bytes:
    return ber.encode(ber.OCTET_STRING, value.encode())


def number(value: int) -> bytes:
    return ber.encode_integer(value)


def name(value: Oid) -> bytes:
    return ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(value))


def ticks(value: int) -> bytes:
    return ber.encode_integer(value, 0x43)


def message(version: int, community: str, pdu: bytes) -> bytes:
    return ber.encode(ber.SEQUENCE, ber.encode_integer(version) + text(community) + pdu)


def old_pdu(
    enterprise: Oid = ENTERPRISE,
    agent: bytes = b"\x00\x00\x00\x00",
    generic: int = 6,
    specific: int = 1,
    varbinds: bytes = b"",
) -> bytes:
    return ber.encode(
        TRAP_V1,
        name(enterprise)
        + ber.encode(IP_ADDRESS, agent)
        + number(generic)
        + number(specific)
        + ticks(4711)
        + ber.encode(ber.SEQUENCE, varbinds),
    )


def pdu(trap: Oid = LINK_DOWN, varbinds: bytes = b"", *, inform: bool = False, request_id: int = 77) -> bytes:
    listed = varbind(SYS_UP_TIME, ticks(4711)) + varbind(SNMP_TRAP_OID, name(trap)) + varbinds
    numbers = number(request_id) + number(0) + number(0)
    return ber.encode(INFORM if inform else TRAP, numbers + ber.encode(ber.SEQUENCE, listed))


def v1(community: str = "public", **of: object) -> bytes:
    return message(0, community, old_pdu(**of))  # type: ignore[arg-type]


def v2c(community: str = "public", trap: Oid = LINK_DOWN, varbinds: bytes = b"", **of: object) -> bytes:
    return message(1, community, pdu(trap, varbinds, **of))  # type: ignore[arg-type]

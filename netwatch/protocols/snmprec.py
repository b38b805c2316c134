"""Recordings of agents as text: one object a line, `OID|TAG|VALUE` (the .snmprec files of snmpsim).

The tag is the decimal BER tag of the value; an `x` after it says that the value is written in hexadecimal.
Text is written as it is where every octet of it can be read and no space stands at its ends.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.protocols import ber
from netwatch.protocols.snmp import COUNTER32, COUNTER64, GAUGE32, TIMETICKS
from netwatch.protocols.snmp_dump import IP_ADDRESS, OPAQUE

if TYPE_CHECKING:
    from netwatch.protocols.snmp_dump import Row

_OCTETS = frozenset((ber.OCTET_STRING, IP_ADDRESS, OPAQUE))
_UNSIGNED = {COUNTER32: 4, GAUGE32: 4, TIMETICKS: 4, COUNTER64: 8}


def line(row: Row) -> str:
    """Return an object's line, without its end. Raises MalformedError where a value is none of its tag."""
    name = dotted(row.oid)
    if row.tag in _OCTETS:
        if row.tag == ber.OCTET_STRING and is_plain(row.content):
            return f"{name}|{row.tag}|{row.content.decode('ascii')}"
        return f"{name}|{row.tag}x|{row.content.hex()}"
    return f"{name}|{row.tag}|{shown(row)}"


def shown(row: Row) -> str:
    """Return a value that consists of no octets as text."""
    if row.tag in _UNSIGNED:
        return str(ber.unsigned(row.content, _UNSIGNED[row.tag]))
    if row.tag == ber.INTEGER:
        return str(ber.integer(row.content))
    if row.tag == ber.OBJECT_IDENTIFIER:
        return dotted(ber.oid(row.content))
    return ""


def is_plain(octets: bytes) -> bool:
    """Tell whether text survives being written as it is: ASCII that can be read, no space at its ends."""
    return all(0x20 <= octet < 0x7F for octet in octets) and octets == octets.strip(b" ")


def dotted(name: tuple[int, ...]) -> str:
    """Return an object identifier as people write it."""
    return ".".join(map(str, name))

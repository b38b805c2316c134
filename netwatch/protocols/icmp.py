"""Echo of ICMP (RFC 792) and ICMPv6 (RFC 4443 §4): what we send, and what may be wrong with what comes back.

An echo of ours is 22 bytes long, in network byte order:

    0   type (1), code (1), checksum (2), identifier (2)    its *head*: the same as long as a line lives
    6   sequence (2), its complement (2)                    its *mark*: all that changes from round to round
    10  line number (4), secret cookie (8)                  its *body*

The sequence and its one's complement always add up to 0xFFFF, so that the checksum (RFC 1071) never changes
when the sequence moves. The cookie is known to nobody off the path: who cannot read our echoes cannot answer
for a device. Mark and body come back as they were sent, and are the *key* under which an open slot is found.
"""

from __future__ import annotations

import enum
import struct
from dataclasses import dataclass
from typing import NamedTuple

COOKIE_SIZE = 8
HEAD_SIZE = 6
MARK_SIZE = 4
SIZE = 22
KEY_SIZE = SIZE - HEAD_SIZE
QUOTE_SIZE = 8
"""What the oldest routers quote of a packet behind its IP header (RFC 792); newer ones quote all of it."""
IPV4_HEADER = 20

REQUEST = {4: 8, 6: 128}
REPLY = {4: 0, 6: 129}

_HEAD = struct.Struct("!BBHH")
_MARK = struct.Struct("!HH")
_BODY = struct.Struct("!I8s")
_ECHO = struct.Struct("!BBHHHHI8s")
_QUOTE = struct.Struct("!BBHHH")


class Rejection(enum.StrEnum):
    """Why a datagram fills no slot: the `reason` of `netwatch_rejected_datagrams_total`."""

    SHORT = "short"  # ends before our fields do
    FOREIGN = "foreign"  # another type, identifier or cookie: not about us
    CORRUPT = "corrupt"  # ours, but checksum, complement or length do not fit
    UNKNOWN_LINE = "unknown_line"  # a line that is not asked (any more)
    UNKNOWN_SEQUENCE = "unknown_sequence"  # never sent, or too long ago to remember
    WRONG_SENDER = "wrong_sender"  # another address than the one asked
    LATE = "late"  # after its timeout
    DUPLICATE = "duplicate"  # answered before


class Reply(NamedTuple):
    """A reply to one of our echoes, whole and unharmed."""

    line: int
    sequence: int


class Quote(NamedTuple):
    """The echo of ours that an ICMP error speaks of; `line` is None where the quote ends before it."""

    line: int | None
    sequence: int


def checksum(data: bytes) -> int:
    """Return the Internet checksum (RFC 1071) over `data`; 0 over data that carry a right one."""
    if len(data) % 2:
        data += b"\0"
    # Modulo 0xFFFF a number is the sum of its 16-bit words, which in one's complement tells 0 as 0xFFFF.
    words = int.from_bytes(data, "big")
    total = words % 0xFFFF
    return 0xFFFF - (total or (0xFFFF if words else 0))


def mark(sequence: int) -> bytes:
    """Return the four bytes that tell one round from another: the sequence (16 bits) and its complement."""
    return _MARK.pack(sequence, sequence ^ 0xFFFF)


def sequence_of(key: bytes) -> int:
    """Return the sequence of the echo whose bytes from the sixth on are `key`."""
    return key[0] << 8 | key[1]


@dataclass(frozen=True, slots=True, repr=False)
class EchoFormat:
    """How the echoes of one socket look.

    `identifier` has 16 bits and `cookie` 8 bytes. `checked` says that the kernel has looked at the checksum
    of what it hands over, as it does but for raw sockets of IPv4.
    """

    version: int  # 4 | 6
    identifier: int
    cookie: bytes
    checked: bool

    def head(self, line: int) -> bytes:
        """Return the first six bytes of a line's requests. ICMPv6's checksum is left to the kernel."""
        head = _HEAD.pack(REQUEST[self.version], 0, 0, self.identifier)
        if self.version == 6:  # its checksum covers addresses that only the kernel knows
            return head
        return _HEAD.pack(REQUEST[4], 0, checksum(head + mark(0) + self.body(line)), self.identifier)

    def body(self, line: int) -> bytes:
        """Return the last twelve bytes of a line's requests."""
        return _BODY.pack(line, self.cookie)

    def reply(self, message: bytes) -> Reply | Rejection:
        """Read an ICMP message as the reply to one of our echoes, or tell what is wrong with it."""
        if len(message) < SIZE:
            return Rejection.SHORT
        kind, code, _, identifier, sequence, complement, line, cookie = _ECHO.unpack_from(message)
        if (kind, code, identifier, cookie) != (REPLY[self.version], 0, self.identifier, self.cookie):
            return Rejection.FOREIGN
        harmed = not self.checked and checksum(message) != 0
        if harmed or len(message) != SIZE or sequence ^ complement != 0xFFFF:
            return Rejection.CORRUPT
        return Reply(line, sequence)

    def quoted(self, quote: bytes) -> Quote | Rejection:
        """Read what an ICMP error quotes from behind the IP header as one of our requests."""
        if len(quote) < QUOTE_SIZE:
            return Rejection.SHORT
        kind, code, _, identifier, sequence = _QUOTE.unpack_from(quote)
        if (kind, code, identifier) != (REQUEST[self.version], 0, self.identifier):
            return Rejection.FOREIGN
        if len(quote) < SIZE:
            return Quote(None, sequence)
        *_, complement, line, cookie = _ECHO.unpack_from(quote)
        if cookie != self.cookie:
            return Rejection.FOREIGN
        return Quote(line, sequence) if sequence ^ complement == 0xFFFF else Rejection.CORRUPT


def without_ip_header(datagram: bytes) -> bytes:
    """Return what follows the IPv4 header, which a raw socket is given too; empty where there is none."""
    length = (datagram[0] & 15) * 4 if datagram else 0
    return datagram[length:] if length >= IPV4_HEADER and datagram[0] >> 4 == 4 else b""


_KINDS = {
    (4, 3, 0): "network unreachable",
    (4, 3, 1): "host unreachable",
    (4, 3, 2): "protocol unreachable",
    (4, 3, 3): "port unreachable",
    (4, 3, 4): "fragmentation needed",
    (4, 3, 5): "source route failed",
    (4, 3, 6): "network unknown",
    (4, 3, 7): "host unknown",
    (4, 3, 8): "source host isolated",
    (4, 3, 9): "network administratively prohibited",
    (4, 3, 10): "host administratively prohibited",
    (4, 3, 11): "network unreachable for type of service",
    (4, 3, 12): "host unreachable for type of service",
    (4, 3, 13): "communication administratively prohibited",
    (4, 3, 14): "host precedence violation",
    (4, 3, 15): "precedence cutoff in effect",
    (4, 11, 0): "time exceeded",
    (4, 11, 1): "fragment reassembly time exceeded",
    (4, 12, 0): "parameter problem",
    (4, 12, 1): "parameter problem: required option missing",
    (4, 12, 2): "parameter problem: bad length",
    (6, 1, 0): "network unreachable",
    (6, 1, 1): "communication administratively prohibited",
    (6, 1, 2): "beyond scope of source address",
    (6, 1, 3): "host unreachable",
    (6, 1, 4): "port unreachable",
    (6, 1, 5): "source address failed policy",
    (6, 1, 6): "route rejected",
    (6, 2, 0): "packet too big",
    (6, 3, 0): "time exceeded",
    (6, 3, 1): "fragment reassembly time exceeded",
    (6, 4, 0): "parameter problem: erroneous header field",
    (6, 4, 1): "parameter problem: unrecognised next header",
    (6, 4, 2): "parameter problem: unrecognised option",
}


def error_kind(version: int, kind: int, code: int) -> str:
    """Name an ICMP error by its type and code (RFC 792, RFC 1122 §3.2.2, RFC 1812 §5.2.7, RFC 4443 §3).

    Both families call the same thing by the same name.
    """
    return _KINDS.get((version, kind, code), f"ICMP error {kind}/{code}")

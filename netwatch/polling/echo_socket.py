"""The sockets that echoes go through: one a family, raw where we may, datagram where only that is allowed.

Linux has two kinds. A raw ICMP socket needs CAP_NET_RAW. A datagram ICMP socket needs the process' group to
lie within `net.ipv4.ping_group_range` (which holds for IPv6 too); of its echoes the kernel keeps identifier
and checksum. Both are made to look alike here:

- With a datagram comes the time at which the kernel received it (SO_TIMESTAMPNS): no need to be quick.
- ICMP errors are read from the error queue (IP_RECVERR, ip(7)), parsed by the kernel, with who sent them.
  Without that option Linux keeps to itself that the interface's queue dropped a packet (no ENOBUFS), and a
  local failure would look like a lost echo.
- What the receive buffer had no room for is counted (SO_MEMINFO, see `mmsg`).
"""

from __future__ import annotations

import ctypes
import select
import socket
import struct
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from netwatch.polling.mmsg import SO_TIMESTAMPNS, Cut, Inbox, Outbox
from netwatch.polling.sockaddr import ADDRESS_SIZE, BINARY, FAMILY, extended_error
from netwatch.protocols.bpf import echo_filter
from netwatch.protocols.icmp import (
    COOKIE_SIZE,
    HEAD_SIZE,
    KEY_SIZE,
    MARK_SIZE,
    REPLY,
    EchoFormat,
    without_ip_header,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from random import Random

    from netwatch.polling.mmsg import Arrival

BUFFER = 4 * 2**20  # bytes each way; the kernel doubles it for its own book-keeping
_DATAGRAM = 512  # bytes: whatever is longer is not ours, and is known by what is left of it
_ANCILLARY = 512  # bytes

# <asm-generic/socket.h>, <linux/in.h>, <linux/in6.h>, <linux/icmp.h>: what Python's socket module lacks.
_SO_RCVBUFFORCE = 33
_SO_SNDBUFFORCE = 32
_SO_ATTACH_FILTER = 26
_IP_MTU_DISCOVER = 10
_IP_PMTUDISC_DO = 2
_IP_RECVERR = 11
_IPV6_RECVERR = 25
_SOL_RAW = 255
_ICMP_FILTER = 1
_ICMPV6_FILTER = 1
_MSG_ERRQUEUE = 0x2000

_IPV4_ADDRESSES = slice(12, 20)  # source and destination in an IPv4 header


class EchoUnavailable(Exception):  # noqa: N818  (it says what is the matter, as the field's own names do)
    """No ICMP socket can be opened at all; the message says what to do about it."""


class IcmpError(NamedTuple):
    """An ICMP error: who sent it, about a packet to where, and what it quotes from behind the IP header."""

    kind: int
    code: int
    sender: str
    destination: str
    quote: bytes


class EchoOutbox(Protocol):
    """Messages that lie ready to be sent."""

    def send(self, mark: bytes, start: int, stop: int) -> tuple[int, int]:
        """Send those from `start` up to but not including `stop` with this mark between head and body.

        Return how many were sent, and where that is none the errno of the first one's failure, else 0.
        """
        ...


class EchoSocket(Protocol):
    """What the engine needs of a socket; tests bring their own."""

    @property
    def format(self) -> EchoFormat:
        """How its echoes look."""
        ...

    @property
    def method(self) -> str:
        """Return "raw" or "datagram"."""
        ...

    @property
    def drops(self) -> int:
        """Datagrams that the receive buffer had no room for, since the socket was opened."""
        ...

    @property
    def drained(self) -> bool:
        """Whether the last `receive` ended because nothing was left."""
        ...

    def outbox(self, messages: Sequence[tuple[bytes, bytes, bytes]]) -> EchoOutbox:
        """Make these messages ready to be sent, again and again: packed address, head, body."""
        ...

    def receive(self, limit: int) -> Iterable[Iterable[Arrival]]:
        """Yield batches of what has arrived, about `limit` datagrams at most.

        The last six bytes of an origin are the first six of the ICMP message, the key is all the others; both
        are empty where there are not so many. What stands before says who sent it: see `sender`.
        """
        ...

    def sender(self, origin: bytes) -> bytes:
        """Return the binary address (4 or 16 bytes) in an origin."""
        ...

    def errors(self, limit: int) -> Iterable[IcmpError]:
        """Yield the ICMP errors that have arrived, at most `limit`."""
        ...

    def close(self) -> None:
        """Give the socket back."""
        ...


class KernelEchoSocket:
    """An open, non-blocking ICMP socket of Linux."""

    def __init__(self, version: int, method: str, identifier: int, cookie: bytes) -> None:
        """Open one; OSError where the kernel does not allow it. The kernel may choose another identifier."""
        family, protocol = FAMILY[version]
        raw = method == "raw"
        kind = socket.SOCK_RAW if raw else socket.SOCK_DGRAM
        self._socket = socket.socket(family, kind | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC, protocol)
        try:
            if not raw:
                identifier = _bind(self._socket, identifier)
            self._ip_header = raw and version == 4
            self.format = EchoFormat(version, identifier, cookie, checked=not self._ip_header)
            _prepare(self._socket, self.format, raw=raw, ip_header=self._ip_header)
        except OSError:
            self._socket.close()
            raise
        self.method = method
        self._troubled = select.poll()
        self._troubled.register(self._socket, 0)  # told of errors alone
        name = ADDRESS_SIZE[version]
        cut = Cut(name, -name, name + HEAD_SIZE, KEY_SIZE)
        if self._ip_header:  # the header's two addresses stand where the packed one does otherwise
            cut = Cut(name, _IPV4_ADDRESSES.start, 8 + HEAD_SIZE, KEY_SIZE)
        self._sender = slice(0, 4) if self._ip_header else BINARY[version]
        self._inbox = Inbox(self._socket.fileno(), cut, self._split)
        self.receive = self._inbox.receive

    def outbox(self, messages: Sequence[tuple[bytes, bytes, bytes]]) -> Outbox:
        """Make these messages ready to be sent, again and again: packed address, head, body."""
        return Outbox(self._socket.fileno(), MARK_SIZE, messages)

    def sender(self, origin: bytes) -> bytes:
        """Return the binary address in an origin."""
        return origin[self._sender]

    def _split(self, name: bytes, data: bytes) -> tuple[bytes, bytes]:
        """Cut a datagram whose size is not the usual one."""
        message = without_ip_header(data) if self._ip_header else data
        if len(message) < HEAD_SIZE:
            return b"", b""
        origin = data[_IPV4_ADDRESSES] if self._ip_header else name
        return origin + message[:HEAD_SIZE], message[HEAD_SIZE:]

    @property
    def drops(self) -> int:
        """Datagrams that the receive buffer had no room for, since the socket was opened."""
        return self._inbox.drops

    @property
    def drained(self) -> bool:
        """Whether the last `receive` ended because nothing was left."""
        return self._inbox.drained

    def errors(self, limit: int) -> Iterator[IcmpError]:
        """Yield the ICMP errors that have arrived, at most `limit`."""
        if not self._troubled.poll(0):
            return
        for _ in range(limit):
            try:
                quote, ancillary, _, destination = self._socket.recvmsg(_DATAGRAM, _ANCILLARY, _MSG_ERRQUEUE)
            except OSError:
                return
            for level, kind, value in ancillary:
                if (level, kind) in {
                    (socket.IPPROTO_IP, _IP_RECVERR),
                    (socket.IPPROTO_IPV6, _IPV6_RECVERR),
                }:
                    told = extended_error(value)
                    if told is not None and destination:
                        yield IcmpError(*told, destination[0], quote)

    def close(self) -> None:
        """Give the socket back."""
        self._socket.close()


def _bind(sock: socket.socket, identifier: int) -> int:
    """Ask for an identifier for a datagram socket, or take the one that the kernel gives."""
    with suppress(OSError):
        sock.bind(("", identifier))
    if sock.getsockname()[1] == 0:
        sock.bind(("", 0))
    return int(sock.getsockname()[1])


def _prepare(sock: socket.socket, echo: EchoFormat, *, raw: bool, ip_header: bool) -> None:
    """Set what this module's docstring promises."""
    program = ctypes.create_string_buffer(echo_filter(echo, ip_header=ip_header))
    length = (len(program) - 1) // 8
    sock.setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_FILTER, struct.pack("@HP", length, ctypes.addressof(program))
    )
    if raw:  # by type the kernel sorts out before it copies anything
        _admit_replies(sock, echo.version)
    if echo.version == 4:
        sock.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
        # "Do not fragment" spares the kernel the search for an identification, a twentieth of an echo's cost.
        sock.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _IP_PMTUDISC_DO)
    else:
        sock.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    for forced, asked in ((_SO_RCVBUFFORCE, socket.SO_RCVBUF), (_SO_SNDBUFFORCE, socket.SO_SNDBUF)):
        try:
            sock.setsockopt(socket.SOL_SOCKET, forced, BUFFER)
        except PermissionError:  # without CAP_NET_ADMIN: as much as net.core.rmem_max allows
            sock.setsockopt(socket.SOL_SOCKET, asked, BUFFER)


def _admit_replies(sock: socket.socket, version: int) -> None:
    """Let echo replies alone into a raw socket: a bit set in these masks keeps its type out."""
    if version == 4:
        sock.setsockopt(_SOL_RAW, _ICMP_FILTER, struct.pack("=I", 0xFFFFFFFF & ~(1 << REPLY[4])))
        return
    mask = [0xFFFFFFFF] * 8
    mask[REPLY[6] >> 5] &= ~(1 << (REPLY[6] & 31))
    sock.setsockopt(socket.IPPROTO_ICMPV6, _ICMPV6_FILTER, struct.pack("=8I", *mask))


@dataclass(frozen=True, slots=True)
class EchoSockets:
    """The sockets that could be opened, by IP version, and why others could not."""

    by_version: dict[int, KernelEchoSocket]
    problems: dict[int, str]


def open_echo_sockets(
    randomness: Random, methods: tuple[str, ...] = ("raw", "datagram"), versions: tuple[int, ...] = (4, 6)
) -> EchoSockets:
    """Open one socket a family, by the first of `methods` that the kernel allows.

    Raises EchoUnavailable where no family can be had. `randomness` must be unpredictable
    (`random.SystemRandom`): it makes the cookie that keeps others from answering.
    """
    cookie = randomness.randbytes(COOKIE_SIZE)
    identifier = randomness.randrange(1, 2**16)
    by_version: dict[int, KernelEchoSocket] = {}
    problems: dict[int, str] = {}
    for version in versions:
        reasons: list[str] = []
        for method in methods:
            try:
                by_version[version] = KernelEchoSocket(version, method, identifier, cookie)
            except OSError as error:
                reasons.append(f"{method}: {error.strerror or error}")
            else:
                break
        else:
            problems[version] = f"no ICMP socket for IPv{version} ({', '.join(reasons)})"
    if not by_version:
        raise EchoUnavailable(
            f"{'; '.join(problems.values())}: give the process CAP_NET_RAW (systemd: "
            "AmbientCapabilities=CAP_NET_RAW), or let its group ping: "
            "sysctl -w net.ipv4.ping_group_range='0 2147483647'"
        )
    return EchoSockets(by_version, problems)

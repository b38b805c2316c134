"""The two UDP sockets that every SNMP request leaves by, one a family; ICMP errors about them are told.

Unconnected, so that thousands of devices share one socket and its large buffer. IP_RECVERR (ip(7)) makes the
kernel keep ICMP errors with the address they are about; without it an unconnected socket learns nothing.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import struct
from typing import TYPE_CHECKING, NamedTuple, Protocol

from netwatch.polling import receive_buffer

if TYPE_CHECKING:
    from collections.abc import Callable

Address = tuple[str, int]
"""A numeric address as the kernel writes it, and a port."""

_LARGEST = 65535  # octets of any UDP datagram
_IP_RECVERR = 11
_IPV6_RECVERR = 25
_EXTENDED_ERROR = struct.Struct("=IBBBBII")  # struct sock_extended_err
_FAMILY = struct.Struct("=H")


class IcmpError(NamedTuple):
    """An ICMP error, or a failure of this host, about a datagram that was sent."""

    to: Address
    errno: int
    local: bool  # found by this host itself
    sender: str  # who reported it, "" where not told
    quoted: bytes  # as much of the datagram as came back


class Transport(Protocol):
    """What the engine needs of a socket; the tests have their own."""

    def fileno(self) -> int:
        """Return the descriptor to be watched for reading."""
        ...

    def send(self, data: bytes, to: Address) -> OSError | None:
        """Send a datagram; return why it could not be sent."""
        ...

    def receive(self) -> tuple[bytes, Address] | None:
        """Return the next datagram and its sender, or None where none is waiting."""
        ...

    def errors(self) -> list[IcmpError]:
        """Return the errors that were reported since, and forget them."""
        ...

    @property
    def dropped(self) -> int:
        """Datagrams that the kernel threw away because the buffer was full."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


def open_transport(family: socket.AddressFamily) -> UdpTransport:
    """Open a transport of a family (AF_INET, AF_INET6); raise OSError where the host has none."""
    return UdpTransport(family)


class UdpTransport:
    """A :class:`Transport` on a socket of the kernel."""

    def __init__(self, family: socket.AddressFamily) -> None:
        self._socket = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        self._reported: list[IcmpError] = []
        self._receive: Callable[[int], tuple[bytes, tuple[str, int]]] = self._socket.recvfrom
        try:
            self._prepare(family)
        except OSError:
            self._socket.close()
            raise

    def _prepare(self, family: socket.AddressFamily) -> None:
        receive_buffer.widen(self._socket)
        if family == socket.AF_INET:
            self._socket.setsockopt(socket.IPPROTO_IP, _IP_RECVERR, 1)
            self._socket.bind(("", 0))
        else:
            self._socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            self._socket.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVERR, 1)
            self._socket.bind(("::", 0))

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._socket.fileno()

    def send(self, data: bytes, to: Address) -> OSError | None:
        """Send a datagram; return why it could not be sent."""
        try:
            self._socket.sendto(data, to)
        except OSError:
            # An error that is pending on the socket is raised by whichever call comes next.
            self._collect()
            try:
                self._socket.sendto(data, to)
            except OSError as error:
                return error
        return None

    def receive(self) -> tuple[bytes, Address] | None:
        """Return the next datagram and its sender."""
        try:
            data, sender = self._receive(_LARGEST)
        except BlockingIOError:
            return None
        except OSError:  # a pending error, raised once; it stands in the queue of errors
            self._collect()
            return self._receive_again()
        return data, sender[:2]

    def _receive_again(self) -> tuple[bytes, Address] | None:
        with contextlib.suppress(OSError):
            data, sender = self._receive(_LARGEST)
            return data, sender[:2]
        return None

    def errors(self) -> list[IcmpError]:
        """Return the errors that were reported since, and forget them."""
        self._collect()
        reported, self._reported = self._reported, []
        return reported

    def _collect(self) -> None:
        """Empty the kernel's queue of errors: while anything stands in it, the loop is woken for ever."""
        with contextlib.suppress(OSError):
            while True:
                quoted, control, _, to = self._socket.recvmsg(_LARGEST, 512, socket.MSG_ERRQUEUE)
                for level, _, content in control:
                    if level in {socket.IPPROTO_IP, socket.IPPROTO_IPV6}:
                        self._reported.append(_icmp_error(quoted, content, to))

    @property
    def dropped(self) -> int:
        """Datagrams dropped for want of room, asked for when wanted."""
        return receive_buffer.dropped(self._socket)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def _icmp_error(quoted: bytes, content: bytes, to: tuple[str, int]) -> IcmpError:
    number, origin = _EXTENDED_ERROR.unpack_from(content)[:2]
    offender = content[_EXTENDED_ERROR.size :]
    sender = ""
    if len(offender) >= 8 and _FAMILY.unpack_from(offender)[0] == socket.AF_INET:
        sender = socket.inet_ntop(socket.AF_INET, offender[4:8])
    elif len(offender) >= 24 and _FAMILY.unpack_from(offender)[0] == socket.AF_INET6:
        sender = socket.inet_ntop(socket.AF_INET6, offender[8:24])
    return IcmpError(to[:2], number or errno.EIO, origin == 1, sender, quoted)

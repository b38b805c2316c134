"""The UDP sockets that notifications arrive at: handed over by a service manager, or opened here.

Unlike the sockets that requests leave by, they are bound to a port that everybody knows and may be sent to by
anybody; what does not fit the buffer is counted by the kernel, not silently gone.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Protocol

from netwatch.polling import receive_buffer

if TYPE_CHECKING:
    from netwatch.polling.snmp_socket import Address

Way = tuple[int, int, bytes]
"""To which of our addresses a datagram came, as the kernel writes it (IP_PKTINFO, IPV6_PKTINFO)."""

Arrival = tuple[bytes, "Address", Way | None]
"""A datagram, its sender, and where it came to."""

_LARGEST = 65535  # octets of any UDP datagram
_IP_PKTINFO = 8
_IPV6_RECVPKTINFO, _IPV6_PKTINFO = 49, 50
_IN_PKTINFO = struct.Struct("=i4s4s")  # struct in_pktinfo: interface, our address, that of the packet
_IN6_PKTINFO = struct.Struct("=16si")  # struct in6_pktinfo: our address, interface
_ANCILLARY = 64  # octets, of one of these


class TrapTransport(Protocol):
    """What the receiver needs of a socket; the tests have their own."""

    def fileno(self) -> int:
        """Return the descriptor to be watched for reading."""
        ...

    def receive(self) -> Arrival | None:
        """Return the next datagram, or None where none is waiting."""
        ...

    def send(self, data: bytes, to: Address, way: Way | None) -> bool:
        """Send an answer the way that the question came; tell whether it left."""
        ...

    @property
    def dropped(self) -> int:
        """Datagrams that the kernel threw away because the buffer was full."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class TrapSocket:
    """A :class:`TrapTransport` on a bound UDP socket, which it owns from now on.

    An answer leaves from the address that was asked: a host has several, of which a sender knows one.
    """

    def __init__(self, bound: socket.socket) -> None:
        bound.setblocking(False)
        self._socket = bound
        if bound.family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, _IPV6_RECVPKTINFO, 1)
        else:
            bound.setsockopt(socket.IPPROTO_IP, _IP_PKTINFO, 1)
        receive_buffer.widen(bound)

    @property
    def address(self) -> Address:
        """Where it listens."""
        host, port = self._socket.getsockname()[:2]
        return host, port

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._socket.fileno()

    def receive(self) -> Arrival | None:
        """Return the next datagram; a v4-mapped IPv6 address is told as IPv4."""
        try:
            data, ancillary, _, sender = self._socket.recvmsg(_LARGEST, _ANCILLARY)
        except OSError:  # nothing there, or a pending error that is none of ours
            return None
        host, port = sender[:2]
        mapped = "." in host and host.startswith("::ffff:")
        return data, (host[7:] if mapped else host, port), _way(ancillary)

    def send(self, data: bytes, to: Address, way: Way | None) -> bool:
        """Send an answer."""
        host, port = to
        if self._socket.family == socket.AF_INET6 and ":" not in host:
            host = "::ffff:" + host
        try:
            self._socket.sendmsg((data,), [way] if way else [], 0, (host, port))
        except OSError:
            return False
        return True

    @property
    def dropped(self) -> int:
        """Datagrams dropped for want of room."""
        return receive_buffer.dropped(self._socket)

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


def _way(ancillary: list[tuple[int, int, bytes]]) -> Way | None:
    """Return what makes an answer leave from the address that was asked, by any interface."""
    for level, kind, content in ancillary:
        if (level, kind) == (socket.IPPROTO_IP, _IP_PKTINFO) and len(content) == _IN_PKTINFO.size:
            _, ours, _ = _IN_PKTINFO.unpack(content)
            return level, kind, _IN_PKTINFO.pack(0, ours, bytes(4))
        if (level, kind) == (socket.IPPROTO_IPV6, _IPV6_PKTINFO) and len(content) == _IN6_PKTINFO.size:
            ours, _ = _IN6_PKTINFO.unpack(content)
            return level, kind, _IN6_PKTINFO.pack(ours, 0)
    return None


def open_trap_socket(host: str, port: int) -> TrapSocket:
    """Open a socket on an address; on none, on every address of both families. Raises OSError."""
    every = not host and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if ":" in host or every else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC)
    try:
        if family == socket.AF_INET6:
            bound.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, not every)
        bound.bind((host, port))
        return TrapSocket(bound)
    except OSError:
        bound.close()
        raise

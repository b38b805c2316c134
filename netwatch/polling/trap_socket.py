"""The UDP sockets that notifications arrive at: handed over by a service manager, or opened here.

Unlike the sockets that requests leave by, they are bound to a port that everybody knows and may be sent to by
anybody; what does not fit the buffer is counted by the kernel, not silently gone.
"""

from __future__ import annotations

import contextlib
import socket
import struct
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from netwatch.polling.snmp_socket import Address

RECEIVE_BUFFER = 8 * 1024 * 1024  # octets

_LARGEST = 65535  # octets of any UDP datagram
_SO_RCVBUFFORCE = 33
_SO_MEMINFO = 55
_MEMINFO = struct.Struct("=9I")  # the last of them: datagrams dropped (<linux/sock_diag.h>)


class TrapTransport(Protocol):
    """What the receiver needs of a socket; the tests have their own."""

    def fileno(self) -> int:
        """Return the descriptor to be watched for reading."""
        ...

    def receive(self) -> tuple[bytes, Address] | None:
        """Return the next datagram and its sender, or None where none is waiting."""
        ...

    def send(self, data: bytes, to: Address) -> bool:
        """Send an answer; tell whether it left."""
        ...

    @property
    def dropped(self) -> int:
        """Datagrams that the kernel threw away because the buffer was full."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


class TrapSocket:
    """A :class:`TrapTransport` on a bound UDP socket, which it owns from now on."""

    def __init__(self, bound: socket.socket) -> None:
        bound.setblocking(False)
        self._socket = bound
        try:
            bound.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, RECEIVE_BUFFER)
        except PermissionError:  # needs CAP_NET_ADMIN; a systemd unit says ReceiveBuffer= instead
            self._widen(RECEIVE_BUFFER)

    def _widen(self, size: int) -> None:
        """Ask for a larger buffer, up to net.core.rmem_max; never narrow what was handed over."""
        # The kernel tells twice what was set (socket(7)).
        if self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) < 2 * size:
            with contextlib.suppress(OSError):
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size)

    @property
    def address(self) -> Address:
        """Where it listens."""
        host, port = self._socket.getsockname()[:2]
        return host, port

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._socket.fileno()

    def receive(self) -> tuple[bytes, Address] | None:
        """Return the next datagram and its sender; a v4-mapped IPv6 address is told as IPv4."""
        try:
            data, sender = self._socket.recvfrom(_LARGEST)
        except OSError:  # nothing there, or a pending error that is none of ours
            return None
        host, port = sender[:2]
        return data, (host.removeprefix("::ffff:") if "." in host else host, port)

    def send(self, data: bytes, to: Address) -> bool:
        """Send an answer."""
        host, port = to
        if self._socket.family == socket.AF_INET6 and ":" not in host:
            host = "::ffff:" + host
        try:
            self._socket.sendto(data, (host, port))
        except OSError:
            return False
        return True

    @property
    def dropped(self) -> int:
        """Datagrams dropped for want of room, as SO_MEMINFO has them."""
        with contextlib.suppress(OSError):
            return int(
                _MEMINFO.unpack(self._socket.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))[8]
            )
        return 0

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()


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

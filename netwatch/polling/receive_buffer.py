"""The buffer that datagrams wait in until the loop reads them: made large, and what it had no room for."""

from __future__ import annotations

import contextlib
import socket
import struct

OCTETS = 8 * 1024 * 1024
"""Some 3,000 answers that arrive while the loop is busy."""

_SO_RCVBUFFORCE = 33
_SO_MEMINFO = 55
_MEMINFO = struct.Struct("=9I")  # the last of them: datagrams dropped (<linux/sock_diag.h>)


def widen(sock: socket.socket) -> None:
    """Ask for a large buffer; never narrow one that was handed over.

    Without CAP_NET_ADMIN net.core.rmem_max is the limit; a systemd socket may say ReceiveBuffer=.
    """
    try:
        sock.setsockopt(socket.SOL_SOCKET, _SO_RCVBUFFORCE, OCTETS)
    except PermissionError:
        # The kernel tells twice what was set (socket(7)).
        if sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF) < 2 * OCTETS:
            with contextlib.suppress(OSError):
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, OCTETS)


def dropped(sock: socket.socket) -> int:
    """Return how many datagrams the kernel dropped for want of room: the counter of SO_RXQ_OVFL."""
    with contextlib.suppress(OSError):
        return int(_MEMINFO.unpack(sock.getsockopt(socket.SOL_SOCKET, _SO_MEMINFO, _MEMINFO.size))[8])
    return 0

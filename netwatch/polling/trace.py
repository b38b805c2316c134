"""Traceroute: who on the way to an address still answers. Taken when an outage begins, kept as its evidence.

It blocks, and runs in a thread beside the loop. Its echoes bear an identifier that is not the echo engine's,
whose sockets therefore throw away all that comes of them.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Protocol

import icmplib

from netwatch.model.trace import Hop

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

MOST_HOPS = 20
TRIES = 2
"""Echoes to a hop that is silent; routers limit how often they say "time exceeded"."""
PATIENCE = 0.5
"""Seconds that each echo waits."""
GAP = 4
"""Silent hops in a row after which nobody further is expected to answer."""
LONGEST = 12.0
"""Seconds that one trace may take; the echo under way then is still waited for."""

_TIME_EXCEEDED_V4, _TIME_EXCEEDED_V6 = 11, 3  # RFC 792, RFC 4443


class Reply(Protocol):
    """An ICMP message about one of our echoes."""

    @property
    def source(self) -> str:
        """Who sent it."""
        ...

    @property
    def type(self) -> int:
        """Its ICMP type."""
        ...


class Socket(Protocol):
    """What a trace needs of an icmplib socket; tests bring their own."""

    def send(self, request: icmplib.ICMPRequest) -> None:
        """Send an echo. Raises icmplib.ICMPLibError."""
        ...

    def receive(self, request: icmplib.ICMPRequest, timeout: float) -> Reply:
        """Wait for what comes of it. Raises icmplib.TimeoutExceeded and other icmplib.ICMPLibError."""
        ...


def open_socket(address: str) -> AbstractContextManager[Socket]:
    """Open a raw ICMP socket of the address' family. Raises icmplib.ICMPLibError."""
    opened: AbstractContextManager[Socket] = (
        icmplib.ICMPv6Socket() if ":" in address else icmplib.ICMPv4Socket()
    )
    return opened


def take_trace(
    address: str,
    identifier: int,
    opening: Callable[[str], AbstractContextManager[Socket]] = open_socket,
    monotonic: Callable[[], float] = time.monotonic,
) -> tuple[Hop, ...]:
    """Return who answers on the way to a numeric address; blocks for up to LONGEST seconds.

    Raises PermissionError without CAP_NET_RAW, OSError where this host cannot send.
    """
    try:
        with opening(address) as sock:
            return _Trace(sock, address, identifier, monotonic).take()
    except icmplib.SocketPermissionError as error:
        raise PermissionError("a traceroute needs CAP_NET_RAW") from error
    except icmplib.ICMPLibError as error:
        raise OSError(str(error)) from error


class _Trace:
    def __init__(self, sock: Socket, address: str, identifier: int, monotonic: Callable[[], float]) -> None:
        self._socket = sock
        self._address = address
        self._identifier = identifier
        self._exceeded = _TIME_EXCEEDED_V6 if ":" in address else _TIME_EXCEEDED_V4
        self._monotonic = monotonic
        self._end = monotonic() + LONGEST

    def take(self) -> tuple[Hop, ...]:
        hops: list[Hop] = []
        silent = 0
        for ttl in range(1, MOST_HOPS + 1):
            if silent == GAP or self._monotonic() >= self._end:
                break
            found = self._ask(ttl)
            if found is None:
                silent += 1
                continue
            silent = 0
            hop, is_router = found
            hops.append(hop)
            if not is_router:  # the address itself, or a router that says it cannot be reached
                break
        return tuple(hops)

    def _ask(self, ttl: int) -> tuple[Hop, bool] | None:
        """Return who answers at this distance, and whether the way leads on from there."""
        for attempt in range(TRIES):
            sequence = ttl * TRIES + attempt  # its own for each echo: a late answer is nobody else's
            request = icmplib.ICMPRequest(self._address, self._identifier, sequence, ttl=ttl)
            sent = self._monotonic()
            self._socket.send(request)
            with contextlib.suppress(icmplib.TimeoutExceeded):
                reply = self._socket.receive(request, PATIENCE)
                hop = Hop(ttl, reply.source, self._monotonic() - sent)
                return hop, reply.type == self._exceeded
        return None

"""A socket for SNMP that leads into a world of the lab."""

from __future__ import annotations

import errno
import ipaddress
import os
from collections import deque
from functools import cache
from typing import TYPE_CHECKING

from netwatch.polling.snmp_socket import IcmpError

if TYPE_CHECKING:
    import socket

    from netwatch.lab.world.world import World
    from netwatch.polling.snmp_socket import Address
    from tools.truth.virtual import VirtualClock, VirtualLoop

FIRST_DESCRIPTOR = 1_000_000  # far above those that are open: only the virtual loop knows them


class WorldTransport:
    """A `netwatch.polling.snmp_socket.Transport` of one address family."""

    dropped = 0

    def __init__(
        self, family: socket.AddressFamily, world: World, loop: VirtualLoop, clock: VirtualClock
    ) -> None:
        self._descriptor = FIRST_DESCRIPTOR + int(family)
        self._world = world
        self._loop = loop
        self._clock = clock
        self._arrived: deque[tuple[bytes, Address]] = deque()
        self._reported: list[IcmpError] = []

    def fileno(self) -> int:
        """Return a descriptor that nothing is behind."""
        return self._descriptor

    def send(self, data: bytes, to: Address) -> OSError | None:
        """Ask the agent at an address, now."""
        world, address = self._world, packed(to[0])
        if not world.can_send:
            return OSError(errno.ENETUNREACH, os.strerror(errno.ENETUNREACH))
        now = self._clock.epoch + self._clock.monotonic()
        answer = world.snmp(address, data, now)
        if answer is not None:
            delay, reply = answer
            self._loop.call_later(delay, self._arrive, reply, to)
        elif (error := world.error(address, now)) is not None:
            sender = str(ipaddress.ip_address(error.sender))
            told = IcmpError(to, errno.EHOSTUNREACH, local=False, sender=sender, quoted=data)
            self._loop.call_later(error.delay, self._report, told)
        return None

    def receive(self) -> tuple[bytes, Address] | None:
        """Return what arrived first."""
        received = self._arrived.popleft() if self._arrived else None
        self._tell()
        return received

    def errors(self) -> list[IcmpError]:
        """Return the errors that were reported, and forget them."""
        reported, self._reported = self._reported, []
        self._tell()
        return reported

    def close(self) -> None:
        """Hear nothing any more."""
        self._arrived.clear()
        self._reported.clear()
        self._tell()

    def _arrive(self, data: bytes, sender: Address) -> None:
        self._arrived.append((data, sender))
        self._tell()

    def _report(self, error: IcmpError) -> None:
        self._reported.append(error)
        self._tell()

    def _tell(self) -> None:
        """Let the loop know whether there is anything to be read."""
        readable = self._loop.selector.readable
        if self._arrived or self._reported:
            readable.add(self._descriptor)
        else:
            readable.discard(self._descriptor)


@cache
def packed(address: str) -> bytes:
    """Return a numeric address as bytes."""
    return ipaddress.ip_address(address).packed

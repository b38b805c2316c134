"""A socket for echoes that leads into a world of the lab: no kernel, no wire, the real engine before it."""

from __future__ import annotations

import errno
import heapq
import ipaddress
import itertools
from typing import TYPE_CHECKING

from netwatch.polling.echo_socket import IcmpError
from netwatch.polling.sockaddr import BINARY
from netwatch.protocols.icmp import HEAD_SIZE, REPLY, EchoFormat

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netwatch.lab.world.world import World
    from netwatch.polling.mmsg import Arrival
    from tools.truth.virtual import VirtualClock

COOKIE = b"truthful"
IDENTIFIER = 4242


class WorldSocket:
    """An `netwatch.polling.echo_socket.EchoSocket` of one IP version."""

    method = "virtual"
    drops = 0
    drained = True

    def __init__(self, version: int, world: World, clock: VirtualClock) -> None:
        self.format = EchoFormat(version, IDENTIFIER, COOKIE, checked=True)
        self._world = world
        self._clock = clock
        self._order = itertools.count()
        self._coming: list[tuple[float, int, bytes, bytes]] = []  # steady time of arrival, order, origin, key
        self._errors: list[tuple[float, int, IcmpError]] = []

    def outbox(self, messages: Sequence[tuple[bytes, bytes, bytes]]) -> WorldOutbox:
        """Make messages ready to be sent: packed address, head, body."""
        where = BINARY[self.format.version]
        kind = bytes((REPLY[self.format.version],))
        return WorldOutbox(
            self,
            [(address[where], kind + head[1:HEAD_SIZE], head, body) for address, head, body in messages],
        )

    def send(self, address: bytes, answer: bytes, head: bytes, rest: bytes) -> int:
        """Send one echo, now, whose reply begins with `answer`; return an errno, 0 where it is on its way."""
        now = self._clock.epoch + self._clock.monotonic()
        world = self._world
        if not world.can_send:
            return errno.ENETUNREACH
        delays, error = world.echo(address, now)
        for delay in delays:
            heapq.heappush(self._coming, (now + delay, next(self._order), address + answer, rest))
        if error is not None:
            told = IcmpError(
                error.type,
                error.code,
                str(ipaddress.ip_address(error.sender)),
                str(ipaddress.ip_address(address)),
                head + rest,
            )
            heapq.heappush(self._errors, (now + error.delay, next(self._order), told))
        return 0

    def receive(self, limit: int) -> Iterable[Iterable[Arrival]]:
        """Yield what has arrived by now."""
        coming, clock = self._coming, self._clock
        now = clock.epoch + clock.monotonic()
        batch: list[Arrival] = []
        while coming and coming[0][0] <= now and len(batch) < limit:
            when, _, origin, key = heapq.heappop(coming)
            stamp = clock.wall_at(when)
            seconds = int(stamp)
            batch.append((seconds, int((stamp - seconds) * 1e9), origin, key))
        return [batch] if batch else []

    def sender(self, origin: bytes) -> bytes:
        """Return the binary address in an origin."""
        return origin[:-HEAD_SIZE]

    def errors(self, limit: int) -> Iterator[IcmpError]:
        """Yield the ICMP errors that have arrived by now."""
        now = self._clock.epoch + self._clock.monotonic()
        for _ in range(limit):
            if not self._errors or self._errors[0][0] > now:
                return
            yield heapq.heappop(self._errors)[2]

    def close(self) -> None:
        """Let nothing arrive any more."""
        self._coming.clear()
        self._errors.clear()


class WorldOutbox:
    """Messages of one socket that lie ready."""

    def __init__(self, socket: WorldSocket, messages: Sequence[tuple[bytes, bytes, bytes, bytes]]) -> None:
        self._socket = socket
        self._messages = messages

    def send(self, mark: bytes, start: int, stop: int) -> tuple[int, int]:
        """Send some; return how many were sent, and the errno where that is none."""
        for place in range(start, stop):
            address, answer, head, body = self._messages[place]
            error = self._socket.send(address, answer, head, mark + body)
            if error:
                return (place - start, 0) if place > start else (0, error)
        return stop - start, 0

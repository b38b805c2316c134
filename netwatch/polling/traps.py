"""Receives notifications on the one loop, so that no flood of them holds anything else up.

Three bounds, the last two with a count of what they cost: a wake-up reads only so many datagrams; a sender
may have only so many a second looked at (all that are unknown count as one); and what waits to be looked at
fits a queue. Reading is cheap and looking is not, so that a flood is dropped here, by its sender, rather than
by the kernel, which would drop everybody's.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Sequence

    from netwatch.polling.clock import Clock
    from netwatch.polling.trap_socket import Arrival, TrapTransport

READ = 256  # datagrams read a wake-up
LOOK = 16  # datagrams looked at a turn of the loop
QUEUE = 2048  # datagrams that wait to be looked at
LARGEST = 8192  # octets of a notification; a sender may send more (RFC 3417 asks for 484), but none does
RATE = 20.0  # datagrams of one sender that are looked at a second…
BURST = 200.0  # …after so many at once: a switch loses all its ports with a line card


class Intake(Protocol):
    """Who looks at what arrives."""

    def knows(self, host: str) -> bool:
        """Tell whether a device that is watched has this address."""
        ...

    def take(self, data: bytes, host: str, now: float) -> bytes | None:
        """Look at a datagram; return the answer to it, if any. `now` is monotonic. Raises nothing."""
        ...


class _Allowance:
    """How many datagrams of a sender may still be looked at; it fills up again with time."""

    __slots__ = ("at", "left")

    def __init__(self, at: float) -> None:
        self.at = at
        self.left = BURST

    def spend(self, now: float) -> bool:
        """Take one, where there is one."""
        self.left = min(BURST, self.left + (now - self.at) * RATE)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


class TrapReceiver:
    """Reads the sockets that it is handed, which it closes at the end.

    Counters: `received`; `dropped` of those, by bound ("rate", "queue", "size"); `kernel_drops`.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        transports: Sequence[TrapTransport],
        intake: Intake,
    ) -> None:
        self.received = 0
        self.dropped: Counter[str] = Counter()
        self._loop = loop
        self._clock = clock
        self._transports = tuple(transports)
        self._intake = intake
        self._queue: deque[tuple[TrapTransport, Arrival]] = deque()
        self._allowances: dict[str, _Allowance] = {}
        self._turn: asyncio.Handle | None = None
        self._dropped_before = 0  # by the kernel, at sockets that are closed

    def start(self) -> None:
        """Begin to receive."""
        for transport in self._transports:
            self._loop.add_reader(transport.fileno(), self._read, transport)

    @property
    def kernel_drops(self) -> int:
        """Datagrams that the kernel threw away because a receive buffer was full."""
        return self._dropped_before + sum(transport.dropped for transport in self._transports)

    @property
    def waiting(self) -> int:
        """Datagrams that wait to be looked at."""
        return len(self._queue)

    def forget(self) -> None:
        """Forget what senders have spent; to be called when other devices are watched."""
        self._allowances.clear()

    def close(self) -> None:
        """Receive no more; what waits is not looked at."""
        self._dropped_before = self.kernel_drops
        for transport in self._transports:
            self._loop.remove_reader(transport.fileno())
            transport.close()
        self._transports = ()
        self._queue.clear()
        if self._turn is not None:
            self._turn.cancel()
            self._turn = None

    def _read(self, transport: TrapTransport) -> None:
        """Read a batch, and keep what its sender and the queue have room for."""
        now = self._clock.monotonic()
        for _ in range(READ):
            arrived = transport.receive()
            if arrived is None:
                break
            self.received += 1
            data, sender, _ = arrived
            if bound := self._bound(data, sender[0], now):
                self.dropped[bound] += 1
            else:
                self._queue.append((transport, arrived))
        if self._queue and self._turn is None:
            self._turn = self._loop.call_soon(self._look)

    def _bound(self, data: bytes, host: str, now: float) -> str:
        """Return the bound that a datagram exceeds, "" where it exceeds none."""
        if len(data) > LARGEST:
            return "size"
        if len(self._queue) >= QUEUE:
            return "queue"
        key = host if self._intake.knows(host) else ""
        allowance = self._allowances.get(key)
        if allowance is None:
            allowance = self._allowances[key] = _Allowance(now)
        return "" if allowance.spend(now) else "rate"

    def _look(self) -> None:
        """Look at a few, then let others have their turn."""
        self._turn = None
        now = self._clock.monotonic()
        for _ in range(min(LOOK, len(self._queue))):
            transport, (data, sender, way) = self._queue.popleft()
            answer = self._intake.take(data, sender[0], now)
            if answer is not None:
                transport.send(answer, sender, way)
        if self._queue:
            self._turn = self._loop.call_soon(self._look)

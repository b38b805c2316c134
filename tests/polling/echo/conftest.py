"""An engine without a kernel: time that passes when a test says so, and a network that does as it is told."""

from __future__ import annotations

import heapq
import itertools
import math
import socket
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from netwatch.model.device import Line
from netwatch.model.outcome import SlotResult
from netwatch.polling.echo import EchoEngine
from netwatch.polling.echo_socket import IcmpError
from netwatch.protocols.icmp import HEAD_SIZE, REPLY, REQUEST, EchoFormat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from netwatch.model.observation import EchoError, EchoSlots, EchoStray

EPOCH = 1_800_000_000
COOKIE = b"cookie!!"
IDENTIFIER = 0x4242
WAKING = 100e-6
"""Seconds that a loop is late at best."""
FAR = 0.010
"""Seconds there and back unless a test says otherwise."""


class Timer:
    def __init__(self, when: float, callback: Callable[[], None]) -> None:
        self.when = when
        self.callback = callback
        self.cancelled = False

    def cancel(self) -> None:
        self.cancelled = True


class Time:
    """The clock and the loop: seconds pass in `run`, where timers fire, and in `stall`, where none does."""

    epoch = float(EPOCH)

    def __init__(self) -> None:
        self.now = 1000.0
        self.steps: list[tuple[float, float]] = []  # when the wall clock was set, and by how much
        self._timers: list[tuple[float, int, Timer]] = []
        self._count = itertools.count()

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.wall_at(self.now)

    def wall_at(self, when: float) -> float:
        return EPOCH + when + self.stepped_at(when)

    def stepped_at(self, when: float) -> float:
        return sum(by for since, by in self.steps if since <= when)

    def stamp(self, when: float) -> tuple[int, int]:
        """How the kernel would stamp a datagram that came then."""
        since = when + self.stepped_at(when)
        return EPOCH + math.floor(since), int((since - math.floor(since)) * 1e9)

    def set_wall(self, by: float) -> None:
        self.steps.append((self.now, by))

    def call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        timer = Timer(self.now + delay, callback)
        heapq.heappush(self._timers, (timer.when, next(self._count), timer))
        return timer

    def run(self, seconds: float) -> None:
        until = self.now + seconds
        while self._timers and self._timers[0][0] + WAKING <= until:
            when, _, timer = heapq.heappop(self._timers)
            self.now = max(self.now, when + WAKING)
            if not timer.cancelled:
                timer.callback()
        self.now = max(self.now, until)

    def stall(self, seconds: float) -> None:
        self.now += seconds


class Echo(NamedTuple):
    """One request as it left."""

    at: float  # monotonic
    to: bytes  # binary address
    message: bytes

    @property
    def sequence(self) -> int:
        return int.from_bytes(self.message[6:8], "big")


Datagram = tuple[float, bytes, bytes]
"""Seconds on the way, the binary address of who sent it, the ICMP message."""


class Socket:
    """What the engine needs of a socket, with the kernel and the network behind it.

    `hosts`, by binary address: from a request to the datagrams that come of it. `failing`, likewise: the
    errno that sending ends with, 0 for none.
    """

    method = "raw"

    def __init__(self, time: Time, version: int) -> None:
        self.format = EchoFormat(version, IDENTIFIER, COOKIE, checked=True)
        self.drops = 0
        self.drained = True
        self.closed = False
        self.sent: list[Echo] = []
        self.hosts: dict[bytes, Callable[[Echo], Iterable[Datagram]]] = {}
        self.failing: Callable[[bytes], int] = lambda _: 0
        self.pending: list[int] = []  # errnos of ICMP errors: the next send fails with it, whomever it is to
        self.room = 10_000_000  # datagrams that the receive buffer has room for
        self.slow = 0.0  # seconds that the kernel takes for an echo
        self.flood = False  # never read empty
        self.reading: Callable[[], None] = lambda: None  # called as the engine starts to read
        self.errors_ready: list[IcmpError] = []
        self.receives = 0
        self.looks_for_errors = 0
        self.time = time
        self._on_the_way: list[tuple[float, int, bytes, bytes]] = []
        self._buffer: list[tuple[float, bytes, bytes]] = []
        self._count = itertools.count()

    def outbox(self, messages: Sequence[tuple[bytes, bytes, bytes]]) -> Outbox:
        return Outbox(self, messages)

    def deliver(self, when: float, sender: bytes, message: bytes) -> None:
        """Let a datagram arrive at a monotonic time."""
        heapq.heappush(self._on_the_way, (when, next(self._count), sender, message))

    def receive(self, limit: int) -> Iterator[list[tuple[float, float, bytes, bytes]]]:
        self.receives += 1
        self.reading()
        self._arrive()
        self.drained = False
        while limit > 0:
            batch = self._buffer[:128]
            del self._buffer[:128]
            limit -= 128
            if batch:
                yield [self._arrival(*datagram) for datagram in batch]
            if len(batch) < 128:
                self.drained = not self.flood
                return

    def sender(self, origin: bytes) -> bytes:
        return origin[:-HEAD_SIZE]

    def errors(self, limit: int) -> list[IcmpError]:
        self.looks_for_errors += 1
        ready = self.errors_ready[:limit]
        del self.errors_ready[:limit]
        return ready

    def close(self) -> None:
        self.closed = True

    def _arrive(self) -> None:
        while self._on_the_way and self._on_the_way[0][0] <= self.time.now:
            when, _, sender, message = heapq.heappop(self._on_the_way)
            if len(self._buffer) < self.room:
                self._buffer.append((when, sender, message))
            else:
                self.drops += 1

    def _arrival(self, when: float, sender: bytes, message: bytes) -> tuple[float, float, bytes, bytes]:
        if len(message) < HEAD_SIZE:
            return *self.time.stamp(when), b"", b""
        return *self.time.stamp(when), sender + message[:HEAD_SIZE], message[HEAD_SIZE:]


class Outbox:
    def __init__(self, sock: Socket, messages: Sequence[tuple[bytes, bytes, bytes]]) -> None:
        self._socket = sock
        where = slice(4, 8) if sock.format.version == 4 else slice(8, 24)
        self._messages = [(address[where], head, body) for address, head, body in messages]

    def send(self, mark: bytes, start: int, stop: int) -> tuple[int, int]:
        sock, sent = self._socket, 0
        for to, head, body in self._messages[start:stop]:
            error = sock.pending.pop(0) if sock.pending else sock.failing(to)
            if error:
                return (sent, 0) if sent else (0, error)
            echo = Echo(sock.time.now, to, head + mark + body)
            sock.time.now += sock.slow
            sock.sent.append(echo)
            for delay, sender, message in sock.hosts.get(to, answering(FAR))(echo):
                sock.deliver(echo.at + delay, sender, message)
            sent += 1
        return sent, 0


def reply_to(request: bytes) -> bytes:
    kind = REPLY[4] if request[0] == REQUEST[4] else REPLY[6]
    return bytes([kind]) + request[1:]


def answering(*delays: float) -> Callable[[Echo], list[Datagram]]:
    """A host whose replies come so many seconds after a request; none where none is given."""
    return lambda echo: [(delay, echo.to, reply_to(echo.message)) for delay in delays]


class End(NamedTuple):
    """How a slot ended."""

    line: int
    due: float  # monotonic, to be read more easily
    result: SlotResult
    rtt: float
    at: float  # monotonic


class First:
    """The randomness that the engine takes its first sequence from."""

    def __init__(self, first: int) -> None:
        self._first = first

    def randrange(self, stop: int) -> int:
        return self._first % stop


class World:
    """An engine, its sockets, and all that it told."""

    FAR = FAR
    WAKING = WAKING
    EPOCH = EPOCH
    answering = staticmethod(answering)
    reply_to = staticmethod(reply_to)

    def __init__(self, versions: Sequence[int] = (4,), timeout: float = 1.0, first: int = 65_500) -> None:
        self.time = Time()
        self.sockets = {version: Socket(self.time, version) for version in versions}
        self.ends: list[End] = []
        self.batches: list[EchoSlots] = []
        self.batched_at: list[float] = []
        self.errors: list[EchoError] = []
        self.strays: list[EchoStray] = []
        parts: Any = (self.time, self.time, self.sockets, First(first), timeout)
        self.engine = EchoEngine(
            *parts, on_slots=self._take, on_error=self.errors.append, on_stray=self.strays.append
        )

    @property
    def socket(self) -> Socket:
        """The socket of IPv4."""
        return self.sockets[4]

    def _take(self, slots: EchoSlots) -> None:
        self.batches.append(slots)
        self.batched_at.append(self.time.now)
        rows = zip(slots.lines, slots.due, slots.results, slots.rtts, strict=True)
        self.ends += [
            End(line, due - EPOCH, SlotResult(result), rtt, slots.at - EPOCH)
            for line, due, result, rtt in rows
        ]

    def line(self, number: int, address: str = "", interval: float = 1.0) -> Line:
        return Line(number, f"gw-{number}", None, address or self.address(number), interval)

    @staticmethod
    def address(number: int) -> str:
        return socket.inet_ntoa((0xC6120000 + number).to_bytes(4, "big"))

    def host(self, number: int) -> bytes:
        """The binary address of a line."""
        return socket.inet_aton(self.address(number))

    def ask(self, *lines: Line) -> None:
        """Start with these lines."""
        self.engine.set_lines(lines)
        self.engine.start()

    def run(self, seconds: float) -> None:
        self.time.run(seconds)

    def of(self, number: int) -> list[End]:
        """How the slots of a line ended, by date."""
        return sorted(end for end in self.ends if end.line == number)

    def results(self, number: int) -> list[SlotResult]:
        return [end.result for end in self.of(number)]

    def dues(self) -> dict[int, list[float]]:
        """The dates of the slots that ended, by line."""
        found: dict[int, list[float]] = defaultdict(list)
        for end in sorted(self.ends):
            found[end.line].append(end.due)
        return found

    def icmp_error(self, echo: Echo, sender: str, kind: tuple[int, int] = (3, 1), size: int = 22) -> None:
        """Put an ICMP error into the error queue, quoting so many bytes of an echo."""
        family = socket.AF_INET if len(echo.to) == 4 else socket.AF_INET6
        sock = self.sockets[4 if len(echo.to) == 4 else 6]
        told = IcmpError(*kind, sender, socket.inet_ntop(family, echo.to), echo.message[:size])
        sock.errors_ready.append(told)


@pytest.fixture
def make_world() -> Callable[..., World]:
    """A world of its own for tests that need another one than `world`."""
    return World


@pytest.fixture
def world() -> World:
    """One IPv4 socket, a timeout of a second, and sequences that wrap within a minute."""
    return World()

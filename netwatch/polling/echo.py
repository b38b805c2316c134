"""Asks every line once an interval whether it is there, and tells of each slot exactly once how it ended.

The engine works in ticks of 20 ms: it reads what came, ends what timed out, sends what is due, and reports
all of it in one batch. Nothing wakes it in between. It may be slow to read, as the kernel has noted when a
reply came: the round trip is the monotonic time that elapsed since the send, minus how long ago by the wall
clock the kernel stamped the reply. That is exact as long as the two clocks keep their distance; where they
did not, the slot is good without a time.

A slot ends GOOD by a reply within its timeout from the address asked, with the right identifier, sequence and
cookie; LOST by none; UNREACHABLE by none where an ICMP error told why (an error alone ends nothing: it may be
forged, or speak of one way of two); INVALID where this host failed: nothing was sent, or the answer may have
been among what the receive buffer had no room for.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from netwatch.model.observation import EchoError, EchoStray
from netwatch.model.outcome import SlotResult
from netwatch.polling.echo_line import EchoLine
from netwatch.polling.echo_send import SPAN, EchoSender
from netwatch.polling.echo_slots import OpenSlots, SlotColumns
from netwatch.protocols.icmp import HEAD_SIZE, Rejection, error_kind, mark, sequence_of

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    from netwatch.model.device import Line
    from netwatch.model.observation import EchoSlots
    from netwatch.polling.clock import Clock
    from netwatch.polling.echo_slots import Slot
    from netwatch.polling.echo_socket import EchoSocket, IcmpError

TICK = 0.020
"""Seconds from one tick to the next."""
DRAIN = 4096
"""Datagrams read from a socket in one tick; more wait for the next."""
ERRORS = 4096
"""ICMP errors read from a socket at once."""
ERROR_TICKS = 5
"""Ticks from one look for ICMP errors to the next."""
FLOOD_GRACE = 1.0
"""Seconds that a verdict waits at most for a socket that is never read empty."""
CLOCK_STEP = 0.001
"""Seconds by which the clocks may part from one tick to the next."""


class EchoEngine:
    """One echo a line and interval.

    `sockets` holds an open socket by IP version (4, 6); lines of a version without one end INVALID.
    `timeout` is in seconds. `on_slots` is called at most once a tick, `on_error` and `on_stray` as datagrams
    are read.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        sockets: Mapping[int, EchoSocket],
        randomness: Random,
        timeout: float,
        *,
        on_slots: Callable[[EchoSlots], None],
        on_error: Callable[[EchoError], None],
        on_stray: Callable[[EchoStray], None],
    ) -> None:
        self.timeout = timeout
        self.rejected: Counter[str] = Counter()  # datagrams by `Rejection`
        self._loop = loop
        self._clock = clock
        self._sockets = dict(sockets)
        self._on_slots = on_slots
        self._on_error = on_error
        self._on_stray = on_stray
        self._lines: dict[int, EchoLine] = {}
        self._by_host: dict[str, list[EchoLine]] = {}
        self._slots = OpenSlots()
        self._columns = SlotColumns()
        # Where the sequences begin nobody can guess, as old routers quote no more of an echo than that.
        self._first = randomness.randrange(2**16)
        self._sender = EchoSender(clock, self._sockets, self._slots, self._columns, self._first)
        self._asked: dict[int, EchoSocket] = {}  # the sockets that have lines
        self._ticks = 0
        self._drops = 0
        self._dropped = -math.inf  # monotonic: when it was last seen that a socket had dropped something
        self._distance = self._clock_distance()
        self._stepped = 0.0  # monotonic: when it was last seen that the clocks had parted
        self._timer: asyncio.TimerHandle | None = None

    @property
    def method(self) -> dict[int, str]:
        """How echoes are sent, by IP version: "raw" or "datagram"."""
        return {version: sock.method for version, sock in self._sockets.items()}

    @property
    def drops(self) -> int:
        """Datagrams that the sockets' receive buffers had no room for."""
        return sum(sock.drops for sock in self._sockets.values())

    @property
    def failures(self) -> Counter[str]:
        """Echoes that were not sent, by the name of the errno; "missed" where the loop was held up."""
        return self._sender.failures

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Ask these from now on. Equal lines keep their state; open slots of those that went vanish."""
        known = self._lines
        self._lines = {}
        self._by_host = defaultdict(list)
        for line in lines:
            kept = known.get(line.number)
            asked = kept if kept is not None and kept.line == line else EchoLine(line, self._sockets)
            self._lines[line.number] = asked
            self._by_host[asked.host].append(asked)
        self._slots.keep(set(self._lines.values()))
        versions = {line.version for line in self._lines.values()}
        self._asked = {version: sock for version, sock in self._sockets.items() if version in versions}
        self._sender.set_lines(self._lines.values(), TICK)

    def start(self) -> None:
        """Begin: the first slots are those due from now on."""
        self._sender.start()
        self._plan()

    def close(self) -> None:
        """Stop asking and close the sockets; open slots vanish."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for sock in self._sockets.values():
            sock.close()

    def _plan(self) -> None:
        # To the next multiple of a tick; one that has almost come is this one, told by a hair too early.
        left = TICK - self._clock.monotonic() % TICK
        self._timer = self._loop.call_later(left if left > TICK / 4 else left + TICK, self._tick)

    def _tick(self) -> None:
        self._plan()  # first, so that whatever happens in this tick there is a next
        now = self._clock.monotonic()
        self._have_clocks_parted(now)
        self._ticks += 1
        for version, sock in self._asked.items():
            if self._ticks % ERROR_TICKS == 0:
                for error in sock.errors(ERRORS):
                    self._take_error(version, sock, error)
            self._receive(sock)
        if self._have_clocks_parted(now):  # in between
            self._columns.forget_times()
        self._expire(now)
        self._sender.send_due(self._clock.epoch + now)
        slots = self._columns.take(self._now())
        if slots is not None:
            self._on_slots(slots)

    def _now(self) -> float:
        return self._clock.epoch + self._clock.monotonic()

    def _have_clocks_parted(self, now: float) -> bool:
        """Compare them; where they have, no time is told of what was under way until `now`."""
        distance = self._clock_distance()
        parted = abs(distance - self._distance) >= CLOCK_STEP
        if parted:
            self._stepped = now
        self._distance = distance
        return parted

    def _clock_distance(self) -> float:
        """Return wall time less monotonic time, both read at one moment.

        The process may lose the CPU between two readings of a clock: it is tried again up to twice.
        """
        tightest, distance = math.inf, 0.0
        for _ in range(3):
            before = self._clock.monotonic()
            wall = self._clock.wall()
            width = self._clock.monotonic() - before
            if width < tightest:
                tightest, distance = width, wall - before - width / 2
            if tightest < 5e-6:
                break
        return distance

    def _receive(self, sock: EchoSocket) -> None:
        """Read what has arrived. A reply that is as expected costs one look-up; all else is examined."""
        now, take, timeout = self._clock.monotonic(), self._slots.by_key.pop, self.timeout
        distance, stepped = self._distance, self._stepped
        number, date, rtt = self._columns.good
        for batch in sock.receive(DRAIN):
            for seconds, nanoseconds, origin, key in batch:
                slot = take(key, None)
                if slot is None or origin != slot[0].origin:
                    slot = self._examine(sock, origin, key, slot)
                    if slot is None:
                        continue
                line, due, sent = slot
                elapsed = seconds + nanoseconds * 1e-9 - distance - sent
                if elapsed > timeout and self._have_clocks_parted(now):
                    distance, stepped = self._distance, self._stepped
                if sent < stepped:
                    if now - abs(sent) > timeout:  # nobody can tell any more whether it came in time
                        self._columns.end(line.number, due, SlotResult.INVALID)
                        continue
                    elapsed = math.nan
                elif elapsed > timeout:
                    self._lose(sent, key, slot)
                    self._take_stray(line, sequence_of(key))
                    continue
                elif elapsed < 0.0:  # the grain of the clocks, or a batch that did not go out evenly
                    elapsed = 0.0 if elapsed > -SPAN else math.nan
                number(line.number)
                date(due)
                rtt(elapsed)

    def _examine(self, sock: EchoSocket, origin: bytes, key: bytes, slot: Slot | None) -> Slot | None:
        """Look at a datagram closely: return the slot that it fills, or count why it fills none."""
        reply = sock.format.reply(origin[-HEAD_SIZE:] + key)
        if isinstance(reply, Rejection):
            reason = reply
        elif (line := self._lines.get(reply.line)) is None:
            reason = Rejection.UNKNOWN_LINE
        elif sock.sender(origin) != line.binary:
            reason = Rejection.WRONG_SENDER
        elif slot is None:
            self._take_stray(line, reply.sequence)
            return None
        else:
            line.origin = origin  # the checksum in it is right, and it never changes
            return slot
        self.rejected[reason] += 1
        if slot is not None:
            self._slots.by_key[key] = slot
        return None

    def _take_stray(self, line: EchoLine, sequence: int) -> None:
        """Tell of a reply to an echo that has ended."""
        at = self._now()
        due = line.due(sequence - self._first, at)
        if due is None:
            self.rejected[Rejection.UNKNOWN_SEQUENCE] += 1
            return
        late = line.find(sequence)
        self.rejected[Rejection.LATE if late else Rejection.DUPLICATE] += 1
        self._on_stray(EchoStray(at, line.number, late, due))

    def _take_error(self, version: int, sock: EchoSocket, error: IcmpError) -> None:
        """Tell of an ICMP error about an echo of ours, and note it for the slot if that is still open."""
        quote = sock.format.quoted(error.quote)
        if isinstance(quote, Rejection):
            self.rejected[quote] += 1
            return
        at = self._now()
        about = [
            line for line in self._by_host.get(error.destination, ()) if quote.line in {None, line.number}
        ]
        asked = [line for line in about if line.due(quote.sequence - self._first, at) is not None]
        if not asked:
            self.rejected[Rejection.UNKNOWN_SEQUENCE if about else Rejection.UNKNOWN_LINE] += 1
        for line in asked:
            self._slots.quote(mark(quote.sequence) + line.body)
            kind = error_kind(version, error.kind, error.code)
            self._on_error(EchoError(at, line.number, error.sender, kind))

    def _expire(self, now: float) -> None:
        """End what was sent a timeout ago: all that came until `now` has been read."""
        drops = self.drops
        if drops != self._drops:
            self._drops, self._dropped = drops, now
        limit = now - self.timeout
        if not all(sock.drained for sock in self._asked.values()):
            limit -= FLOOD_GRACE
        for sent, key, slot in self._slots.expire(limit):
            self._lose(sent, key, slot)

    def _lose(self, sent: float, key: bytes, slot: Slot) -> None:
        line, due, _ = slot
        line.lose(sequence_of(key))
        result = SlotResult.UNREACHABLE if self._slots.was_quoted(key) else SlotResult.LOST
        if sent <= self._dropped:
            result = SlotResult.INVALID
        self._columns.end(line.number, due, result)

"""The sending half of the echo engine: what is due, in batches, each echo once or not at all."""

from __future__ import annotations

import errno
import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.outcome import SlotResult
from netwatch.polling.schedule import Turn, Wheel
from netwatch.protocols.icmp import mark

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from netwatch.polling.clock import Clock
    from netwatch.polling.echo_line import EchoLine
    from netwatch.polling.echo_slots import OpenSlots, SlotColumns
    from netwatch.polling.echo_socket import EchoOutbox, EchoSocket

BATCH = 32
"""Echoes sent in one system call at most, and timed together."""
SPAN = 0.001
"""Seconds that a batch may take; the times of its echoes are drawn evenly between its beginning and end.

After one that took longer, batches are smaller for a while; of its own echoes no round trip is told.
"""
CATCH_UP = 4
"""How many times its share a tick may send where the loop was held up; what does not fit waits."""
STALL = 60.0
"""Seconds of missed slots that are told one by one; older ones are missing, which says the same."""

TRIES = 4
"""How often an echo is tried: errors about others may come in between."""

_FULL = {errno.EAGAIN, errno.EWOULDBLOCK, errno.ENOBUFS, errno.ENOMEM}


@dataclass(frozen=True, slots=True)
class _Round:
    """The lines of one IP version and interval, and their echoes, ready to be sent."""

    wheel: Wheel[EchoLine]
    outbox: EchoOutbox | None  # None: there is no socket for them


class EchoSender:
    """Sends echoes when they are due and opens their slots; ends those of echoes that were not sent.

    The sequence of an echo is the number of the cycle that it is due in plus `first`, so that all lines of an
    interval share it and a round rewrites four bytes. `tick` are the seconds from one `send_due` to the next.
    """

    def __init__(
        self,
        clock: Clock,
        sockets: Mapping[int, EchoSocket],
        slots: OpenSlots,
        columns: SlotColumns,
        first: int,
    ) -> None:
        self.failures: Counter[str] = Counter()  # echoes that were not sent, by the name of the errno
        self._clock = clock
        self._sockets = sockets
        self._slots = slots
        self._columns = columns
        self._first = first
        self._rounds: dict[tuple[int, float], _Round] = {}  # by IP version and interval
        self._share = 0  # echoes that a tick may send
        self._batch = BATCH  # echoes to send in a call
        self._cold = True  # nothing was sent yet in this tick

    def set_lines(self, lines: Collection[EchoLine], tick: float) -> None:
        """Send to these. A round whose lines are the same stays; others go on from where they were."""
        groups: dict[tuple[int, float], list[EchoLine]] = defaultdict(list)
        for line in lines:
            groups[line.version, line.line.interval].append(line)
        self._rounds = {group: self._round(*group, members) for group, members in groups.items()}
        rate = sum(len(round_.wheel.things) / round_.wheel.interval for round_ in self._rounds.values())
        self._share = math.ceil(CATCH_UP * rate * tick) + CATCH_UP

    def start(self) -> None:
        """Pass over what was due until now."""
        for round_ in self._rounds.values():
            round_.wheel.walk_from(self._clock.epoch + self._clock.monotonic())

    def send_due(self, until: float) -> None:
        """Send what is due until a steady time. What is an interval late is not: its successor is due."""
        left = self._share
        self._cold = True
        for round_ in self._rounds.values():
            wheel = round_.wheel
            missed = until - wheel.interval
            if wheel.walked < missed - STALL:
                wheel.walk_from(missed - STALL)
            for turn in wheel.turns(missed):
                self._fail(wheel, turn, "missed")
            for turn in wheel.turns(until, left):
                left -= turn.stop - turn.start
                if round_.outbox is None:
                    self._fail(wheel, turn, errno.errorcode[errno.EAFNOSUPPORT])
                else:
                    self._send(wheel, round_.outbox, turn)

    def _round(self, version: int, interval: float, lines: list[EchoLine]) -> _Round:
        known = self._rounds.get((version, interval))
        now = self._clock.epoch + self._clock.monotonic()
        wheel = Wheel(interval, [(line.offset, line) for line in lines], now)
        if known is not None:
            if known.wheel.things == wheel.things:
                return known
            wheel.follow(known.wheel)
        if version not in self._sockets:
            return _Round(wheel, None)
        sock = self._sockets[version]
        messages = [(line.address, sock.format.head(line.number), line.body) for line in wheel.things]
        return _Round(wheel, sock.outbox(messages))

    def _send(self, wheel: Wheel[EchoLine], outbox: EchoOutbox, turn: Turn) -> None:
        """Send batch after batch. One that fails at its first echo is tried again.

        An ICMP error about an earlier echo makes the next send fail, once, whomever it is to: only a failure
        that stays is about this one. A buffer that is full stays full.
        """
        at, failed = turn.start, 0
        marked = mark((turn.cycle + self._first) % 2**16)
        while at < turn.stop:
            # The first pays for what the caches have lost: alone, it spoils no other's time.
            most = 1 if self._cold else self._batch
            self._cold = False
            before = self._clock.monotonic()
            count, error = outbox.send(marked, at, min(at + most, turn.stop))
            after = self._clock.monotonic()
            if count:
                self._open(wheel, Turn(turn.cycle, at, at + count), marked, (before, after))
            elif failed + 1 == TRIES or error in _FULL:
                count = 1
                self._fail(wheel, Turn(turn.cycle, at, at + 1), errno.errorcode.get(error, str(error)))
            failed = 0 if count else failed + 1
            at += count

    def _open(self, wheel: Wheel[EchoLine], sent: Turn, marked: bytes, between: tuple[float, float]) -> None:
        """Open the slots of a batch that was sent between two monotonic times."""
        cycle, start, stop = sent
        before, after = between
        timed = after - before < SPAN
        self._batch = min(self._batch + 1, BATCH) if timed else max(self._batch // 2, 1)
        step = (after - before) / (stop - start)
        lines = wheel.things[start:stop]
        begin = cycle * wheel.interval
        dues = [begin + offset for offset in wheel.offsets[start:stop]]
        times = [before + index * step for index in range(stop - start)] if timed else [-before] * len(lines)
        keys = [marked + line.body for line in lines]
        self._slots.open(after, keys, zip(lines, dues, times, strict=True))

    def _fail(self, wheel: Wheel[EchoLine], turn: Turn, why: str) -> None:
        """End slots whose echoes were not sent."""
        self.failures[why] += turn.stop - turn.start
        for index in range(turn.start, turn.stop):
            self._columns.end(wheel.things[index].number, wheel.due(turn.cycle, index), SlotResult.INVALID)

from __future__ import annotations

import errno
import heapq
import itertools
import math
import random
import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.device import Line
from netwatch.model.outcome import SlotResult
from netwatch.polling.echo import FLOOD_GRACE, TICK, EchoEngine
from netwatch.polling.echo_send import CATCH_UP, STALL
from netwatch.polling.echo_socket import IcmpError
from netwatch.polling.schedule import offset
from netwatch.protocols.icmp import HEAD_SIZE, EchoFormat, Rejection, checksum

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from netwatch.model.observation import EchoError, EchoSlots, EchoStray

EPOCH = 1_800_000_000.0
COOKIE = b"8 secret"
GOOD, LOST, UNREACHABLE, INVALID = SlotResult
RTT = 0.004


@dataclass(frozen=True)
class Sent:
    """One echo on its way."""

    at: float  # monotonic
    host: str
    data: bytes


@dataclass
class FakeSocket:
    """A raw socket of IPv4 whose network is the test."""

    world: World
    on_sent: Callable[[Sent], None]
    format: EchoFormat = EchoFormat(4, 0x1234, COOKIE, checked=False)  # noqa: RUF009  (frozen)
    method: str = "raw"
    drops: int = 0
    drained: bool = True
    failing: dict[str, list[int]] = field(default_factory=dict)  # host: errnos, one a try; the last one stays
    waiting: list[tuple[float, float, bytes, bytes]] = field(default_factory=list)
    icmp_errors: list[IcmpError] = field(default_factory=list)
    closed: bool = False

    def outbox(self, messages: Iterable[tuple[bytes, bytes, bytes]]) -> FakeOutbox:
        return FakeOutbox(self, list(messages))

    def receive(self, limit: int) -> Iterator[list[tuple[float, float, bytes, bytes]]]:
        batch, self.waiting = self.waiting[:limit], self.waiting[limit:]
        yield batch
        yield []

    def sender(self, origin: bytes) -> bytes:
        return origin[:4]

    def errors(self, limit: int) -> list[IcmpError]:
        told, self.icmp_errors = self.icmp_errors[:limit], self.icmp_errors[limit:]
        return told

    def close(self) -> None:
        self.closed = True

    def deliver(self, message: bytes, sender: str, stamp: float) -> None:
        """Let an ICMP message arrive, stamped at a wall time."""
        addresses = socket.inet_aton(sender) + b"\xc6\x12\x00\x01"
        head, key = message[:HEAD_SIZE], message[HEAD_SIZE:]
        origin = addresses + head if len(message) >= HEAD_SIZE else b""
        self.waiting.append((math.floor(stamp), stamp % 1 * 1e9, origin, key if origin else b""))


@dataclass
class FakeOutbox:
    """Sends into the test's network, one at a time."""

    socket: FakeSocket
    messages: list[tuple[bytes, bytes, bytes]]

    def send(self, mark: bytes, start: int, stop: int) -> tuple[int, int]:
        for index in range(start, stop):
            address, head, body = self.messages[index]
            host = socket.inet_ntoa(address[4:8])
            reasons = self.socket.failing.get(host, [])
            if reasons:
                error = reasons.pop(0) if len(reasons) > 1 else reasons[0]
                if error:
                    return (index - start, 0) if index > start else (0, error)
            self.socket.on_sent(Sent(self.socket.world.now, host, head + mark + body))
        return stop - start, 0


@dataclass
class Timer:
    cancelled: bool = False

    def cancel(self) -> None:
        self.cancelled = True


class World:
    """Clock, loop and network in one: time passes when the test says so."""

    epoch = EPOCH

    def __init__(self, rtt: float = RTT, timeout: float = 1.0) -> None:
        self.now = 1000.0
        self.wall_step = 0.0
        self.held_until = 0.0  # the loop is hogged until then
        self.rtt = rtt
        self.sent: list[Sent] = []
        self.answering = True
        self.ended: list[tuple[int, float, SlotResult, float]] = []
        self.batches: list[EchoSlots] = []
        self.errors: list[EchoError] = []
        self.strays: list[EchoStray] = []
        self._timers: list[tuple[float, int, Timer, Callable[[], None]]] = []
        self._arrivals: list[tuple[float, int, bytes, str]] = []
        self._order = itertools.count()
        self.socket = FakeSocket(self, self._network)
        self.engine = EchoEngine(
            self, self, {4: self.socket}, random.Random(7), timeout,  # type: ignore[arg-type]
            on_slots=self._take_slots, on_error=self.errors.append, on_stray=self.strays.append,
        )  # fmt: skip

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return EPOCH + self.now + self.wall_step

    def call_later(self, delay: float, call: Callable[[], None]) -> Timer:
        timer = Timer()
        heapq.heappush(self._timers, (self.now + delay, next(self._order), timer, call))
        return timer

    def run(self, seconds: float) -> None:
        """Let time pass, timers fire and datagrams arrive, in their order."""
        end = self.now + seconds
        while True:
            timer = self._timers[0][0] if self._timers else math.inf
            arrival = self._arrivals[0][0] if self._arrivals else math.inf
            if min(timer, arrival) > end:
                break
            if arrival <= timer:
                at, _, message, host = heapq.heappop(self._arrivals)
                self.now = max(self.now, at)
                self.socket.deliver(message, host, EPOCH + at + self.wall_step)
            elif timer < self.held_until and self.held_until > self.now:
                # The loop is held up: what is due waits, what arrives lies in the kernel.
                _, order, handle, call = heapq.heappop(self._timers)
                heapq.heappush(self._timers, (self.held_until, order, handle, call))
            else:
                at, _, handle, call = heapq.heappop(self._timers)
                self.now = max(self.now, at)
                if not handle.cancelled:
                    call()
        self.now = end

    def hold(self, seconds: float) -> None:
        """Let nothing of the loop run for so long."""
        self.held_until = self.now + seconds

    def answer(self, echo: Sent, after: float, sender: str | None = None, data: bytes | None = None) -> None:
        """Answer an echo so long after it was sent."""
        message = replied(echo.data) if data is None else data
        heapq.heappush(self._arrivals, (echo.at + after, next(self._order), message, sender or echo.host))

    def results(self, number: int) -> list[SlotResult]:
        return [result for line, _, result, _ in self.ended if line == number]

    def _network(self, echo: Sent) -> None:
        self.sent.append(echo)
        if self.answering:
            self.answer(echo, self.rtt)

    def _take_slots(self, slots: EchoSlots) -> None:
        self.batches.append(slots)
        columns = (slots.lines, slots.due, slots.results, slots.rtts)
        for number, due, result, rtt in zip(*columns, strict=True):
            self.ended.append((number, due, SlotResult(result), rtt))


def replied(request: bytes) -> bytes:
    """What an honest host answers."""
    blank = b"\0\0\0\0" + request[4:]
    return b"\0\0" + checksum(blank).to_bytes(2, "big") + request[4:]


def line(number: int, interval: float = 1.0, host: str = "") -> Line:
    return Line(number, f"gw-{number}", None, host or f"198.18.{number // 250}.{number % 250 + 1}", interval)


def started(*lines: Line, **more: Any) -> World:
    world = World(**more)
    world.engine.set_lines(lines)
    world.engine.start()
    return world


def test_an_answered_echo_is_good_and_tells_its_round_trip() -> None:
    world = started(line(1))
    world.run(5)
    assert world.results(1) == [GOOD] * 5
    assert [rtt for *_, rtt in world.ended] == pytest.approx([RTT] * 5, abs=1e-6)


def test_slots_are_dated_by_when_they_were_due() -> None:
    """The phase is that of the line's key, whatever the tick in which the echo is sent."""
    world = started(line(1), line(2, interval=2.5))
    world.run(20)
    for number, interval in ((1, 1.0), (2, 2.5)):
        phase = offset(f"gw-{number}/None", interval)
        dues = [due for one, due, *_ in world.ended if one == number]
        assert len(dues) == 20 / interval
        assert [due % interval for due in dues] == pytest.approx([phase] * len(dues), abs=1e-6)
        assert [b - a for a, b in itertools.pairwise(dues)] == pytest.approx([interval] * (len(dues) - 1))


def test_echoes_are_sent_within_a_tick_of_their_due_time_and_never_before() -> None:
    world = started(*map(line, range(200)))
    world.run(2)
    world.run(1.5)
    assert len(world.sent) >= 400
    for echo in world.sent:
        number = int.from_bytes(echo.data[10:14], "big")
        late = (EPOCH + echo.at - offset(f"gw-{number}/None", 1.0)) % 1.0
        assert min(late, abs(late - 1.0)) <= TICK + 1e-6


def test_silence_is_lost_a_timeout_after_the_echo_was_sent() -> None:
    world = started(line(1))
    world.answering = False
    world.run(10)
    assert world.results(1)[:8] == [LOST] * 8
    assert all(math.isnan(rtt) for *_, rtt in world.ended)
    first = world.batches[0]
    assert 0 <= first.at - (EPOCH + world.sent[0].at + 1.0) <= TICK + 1e-6


def test_there_is_at_most_one_batch_a_tick() -> None:
    world = started(*map(line, range(1000)))
    world.run(3)
    ats = [slots.at for slots in world.batches]
    assert all(b - a >= TICK - 1e-6 for a, b in itertools.pairwise(ats))
    assert sum(len(slots.lines) for slots in world.batches) >= 2900


def test_half_an_hour_leaves_nothing_behind() -> None:
    world = started(line(1, interval=0.5))
    world.run(1800)
    assert len(world.ended) == 3600
    assert {result for _, _, result, _ in world.ended} == {GOOD}
    assert not world.engine.rejected
    assert len(world.engine._slots.by_key) <= 1
    assert len(world.engine._slots._batches) <= 3


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda data: data[:10], Rejection.SHORT),
        (lambda data: b"", Rejection.SHORT),
        (lambda data: b"\x03" + data[1:], Rejection.FOREIGN),
        (lambda data: data[:4] + b"\xff\xff" + data[6:], Rejection.FOREIGN),
        (lambda data: data[:-1] + b"\x00", Rejection.FOREIGN),
        (lambda data: data[:2] + b"\xab\xcd" + data[4:], Rejection.CORRUPT),
        (lambda data: data + b"more", Rejection.CORRUPT),
    ],
    ids=["cut", "empty", "type", "identifier", "cookie", "checksum", "tail"],
)
def test_a_wrong_reply_fills_no_slot_and_is_counted(
    make: Callable[[bytes], bytes], reason: Rejection
) -> None:
    world = started(line(1))
    world.answering = False
    world.run(1.1)
    world.answer(world.sent[0], 0.2, data=make(replied(world.sent[0].data)))
    world.run(2)
    assert world.results(1)[0] is LOST
    assert world.engine.rejected == {reason: 1}
    assert not world.strays


def test_a_wrong_reply_leaves_the_slot_to_the_right_one() -> None:
    """Also where it is the very reply, but from elsewhere, and also once the line's replies are known."""
    world = started(line(1))
    world.run(1.1)
    world.answering = False
    world.run(1)
    echo = world.sent[-1]
    world.answer(echo, 0.1, sender="203.0.113.9")
    world.answer(echo, 0.2, data=replied(echo.data)[:2] + b"\xab\xcd" + replied(echo.data)[4:])
    world.answer(echo, 0.3)
    world.run(1)
    assert world.results(1)[1] is GOOD
    assert world.ended[1][3] == pytest.approx(0.3, abs=1e-6)
    assert world.engine.rejected == {Rejection.WRONG_SENDER: 1, Rejection.CORRUPT: 1}


def test_a_reply_for_a_line_that_is_not_asked_is_counted() -> None:
    world = started(line(1))
    world.answering = False
    world.run(1.1)
    strange = world.socket.format
    echo = strange.head(99) + world.sent[0].data[6:10] + strange.body(99)
    world.answer(world.sent[0], 0.2, data=replied(echo))
    world.run(0.5)
    assert world.engine.rejected == {Rejection.UNKNOWN_LINE: 1}


@pytest.mark.parametrize("apart", [1, 100, -70, 2**15])
def test_a_reply_with_a_sequence_that_was_not_sent_lately_is_counted(apart: int) -> None:
    world = started(line(1))
    world.run(1.1)
    echo = world.sent[0].data
    sequence = (int.from_bytes(echo[6:8], "big") + apart) % 2**16
    forged = echo[:6] + sequence.to_bytes(2, "big") + (sequence ^ 0xFFFF).to_bytes(2, "big") + echo[10:]
    world.answer(world.sent[0], 0.5, data=replied(forged))
    world.run(0.2)
    assert world.engine.rejected == {Rejection.UNKNOWN_SEQUENCE: 1}
    assert not world.strays


def test_each_copy_of_a_reply_but_the_first_is_a_duplicate() -> None:
    world = started(line(1))
    world.run(1.01)
    for after in (0.3, 0.3, 20.5):
        world.answer(world.sent[0], after)
    world.run(30)
    assert world.engine.rejected == {Rejection.DUPLICATE: 3}
    assert [(stray.line, stray.late) for stray in world.strays] == [(1, False)] * 3
    assert set(world.results(1)) == {GOOD}


@pytest.mark.parametrize("after", [1.001, 1.5, 30.0])
def test_a_reply_after_the_timeout_is_lost_and_late(after: float) -> None:
    """However late; its second copy is a duplicate."""
    world = started(line(1))
    world.answering = False
    world.run(1.01)
    world.answering = True
    world.answer(world.sent[0], after)
    world.answer(world.sent[0], after + 5)
    world.run(60)
    assert world.results(1).count(LOST) == 1
    assert [stray.late for stray in world.strays] == [True, False]
    assert {stray.due for stray in world.strays} == {
        due for _, due, result, _ in world.ended if result is LOST
    }
    assert world.engine.rejected == {Rejection.LATE: 1, Rejection.DUPLICATE: 1}


def test_a_reply_within_the_timeout_is_good_however_late_it_is_read() -> None:
    """The kernel's time of receipt counts, not when the loop came round to it."""
    world = started(line(1), rtt=0.9)
    world.run(0.9)
    world.hold(3)
    world.run(10)
    ended = [(result, rtt) for _, _, result, rtt in world.ended if result is not INVALID]
    assert {result for result, _ in ended} == {GOOD}
    assert [rtt for _, rtt in ended] == pytest.approx([0.9] * len(ended), abs=1e-6)


def test_timeouts_longer_than_the_interval_keep_several_slots_open() -> None:
    world = started(line(1, interval=0.2), rtt=0.95)
    world.run(5)
    assert set(world.results(1)) == {GOOD}
    assert len(world.ended) >= 20
    assert not world.engine.rejected


@pytest.mark.parametrize("step", [3600.0, -3600.0, 0.5, -0.002])
def test_a_step_of_the_clock_costs_the_time_of_what_was_under_way_and_nothing_else(step: float) -> None:
    world = started(line(1), rtt=0.3)
    world.run(1.01)
    while world.engine._slots.by_key:
        world.run(TICK)
    while not world.engine._slots.by_key:
        world.run(TICK)
    world.wall_step += step
    world.run(5)
    assert set(world.results(1)) == {GOOD}
    rtts = [rtt for *_, rtt in world.ended]
    assert sum(map(math.isnan, rtts)) == 1
    assert [rtt for rtt in rtts if not math.isnan(rtt)] == pytest.approx([0.3] * (len(rtts) - 1), abs=1e-5)


def test_a_slewed_clock_costs_nothing() -> None:
    """NTP moves a clock by at most half a millisecond a second."""
    world = started(line(1), rtt=0.3)
    for _ in range(1000):
        world.run(TICK)
        world.wall_step += 0.0005 * TICK
    assert not any(math.isnan(rtt) for *_, rtt in world.ended)


def quoting(echo: Sent, size: int = 22, kind: int = 3, code: int = 1, to: str | None = None) -> IcmpError:
    return IcmpError(kind, code, "198.19.0.1", to or echo.host, echo.data[:size])


@pytest.mark.parametrize("size", [22, 8], ids=["quoted in full", "eight bytes"])
def test_an_icmp_error_is_told_and_makes_silence_unreachable(size: int) -> None:
    world = started(line(1), line(2))
    world.answering = False
    world.run(1.01)
    echo = next(echo for echo in world.sent if echo.host == line(1).address)
    world.socket.icmp_errors.append(quoting(echo, size))
    world.run(1.2)
    assert world.results(1)[0] is UNREACHABLE
    assert world.results(2)[0] is LOST
    assert [(e.line, e.sender, e.kind) for e in world.errors] == [(1, "198.19.0.1", "host unreachable")]


def test_an_icmp_error_alone_ends_nothing() -> None:
    """The reply comes all the same: the slot is good, and nothing of the error is left."""
    world = started(line(1))
    world.answering = False
    world.run(1.01)
    world.socket.icmp_errors.append(quoting(world.sent[-1]))
    world.run(0.12)
    world.answer(world.sent[-1], 0.9)
    world.run(2)
    assert world.results(1)[0] is GOOD
    assert not world.engine._slots._quoted, "what is noted does not pile up"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"quote": b"\x08\0"}, Rejection.SHORT),
        ({"quote": b"\x08\0\0\0\xde\xad\0\0" + bytes(14)}, Rejection.FOREIGN),
        ({"destination": "203.0.113.7"}, Rejection.UNKNOWN_LINE),
    ],
)
def test_an_error_about_something_else_is_counted(change: dict[str, Any], reason: Rejection) -> None:
    world = started(line(1))
    world.run(1.01)
    world.socket.icmp_errors.append(quoting(world.sent[-1])._replace(**change))
    world.run(0.2)
    assert world.engine.rejected == {reason: 1}
    assert not world.errors


def test_an_error_about_an_echo_of_long_ago_is_counted() -> None:
    world = started(line(1))
    world.run(1.01)
    world.socket.icmp_errors.append(quoting(world.sent[0]))
    world.run(0.2)
    assert len(world.errors) == 1, "one of a second ago is told"
    world.run(100)
    world.socket.icmp_errors.append(quoting(world.sent[0]))
    world.run(0.2)
    assert len(world.errors) == 1
    assert world.engine.rejected == {Rejection.UNKNOWN_SEQUENCE: 1}


@pytest.mark.parametrize(
    "number", [errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EPERM, errno.EACCES, errno.EINVAL, errno.ENOBUFS]
)
def test_what_could_not_be_sent_is_invalid_and_the_others_go_out(number: int) -> None:
    world = started(*map(line, range(50)))
    world.socket.failing[line(20).address] = [number]
    world.run(3)
    assert set(world.results(20)) == {INVALID}
    assert len(world.results(20)) == 3
    assert {result for one, _, result, _ in world.ended if one != 20} == {GOOD}
    assert world.engine.failures == {errno.errorcode[number]: 3}


def test_an_error_left_by_another_echo_is_not_held_against_this_one() -> None:
    """It makes one send fail; the second try goes through."""
    world = started(line(1))
    world.socket.failing[line(1).address] = [errno.EHOSTUNREACH, 0, errno.EHOSTUNREACH, 0]
    world.run(3)
    assert world.results(1) == [GOOD] * 3
    assert not world.engine.failures


@pytest.mark.parametrize("number", [errno.EAGAIN, errno.ENOBUFS])
def test_a_full_send_buffer_does_not_spin(number: int) -> None:
    """Each echo is tried once, and its slot is invalid."""
    world = started(*map(line, range(300)))
    tries = 0

    class Counted(list[int]):
        def __bool__(self) -> bool:
            nonlocal tries
            tries += 1
            return True

    world.socket.failing = {line(one).address: Counted([number]) for one in range(300)}
    world.run(2)
    assert {result for _, _, result, _ in world.ended} == {INVALID}
    assert len(world.ended) == 600
    assert tries == 600


def test_a_line_that_cannot_be_asked_is_invalid_and_harms_no_other() -> None:
    """A name that was not resolved, a family without a socket, nonsense."""
    world = started(
        line(1), line(2, host="gw.example"), line(3, host="2001:db8::1"), line(4, host="10.0.0.1\0")
    )
    world.run(3)
    assert set(world.results(1)) == {GOOD}
    for number in (2, 3, 4):
        assert world.results(number) == [INVALID] * 3
    assert world.engine.failures == {"EAFNOSUPPORT": 9}


def test_slots_that_a_held_up_loop_missed_are_invalid_and_not_made_up_for() -> None:
    world = started(*map(line, range(100)))
    world.run(2)
    before = len(world.sent)
    world.hold(10)
    world.run(13)
    for number in range(100):
        results = world.results(number)
        assert results.count(INVALID) == 9
        assert set(results) == {GOOD, INVALID}
        dues = sorted(due for one, due, *_ in world.ended if one == number)
        assert [b - a for a, b in itertools.pairwise(dues)] == pytest.approx([1.0] * (len(dues) - 1))
    assert len(world.sent) - before == 400
    assert world.engine.failures == {"missed": 900}


def test_a_burst_after_a_hold_up_is_spread_over_ticks() -> None:
    world = started(*map(line, range(1000)))
    world.run(1)
    world.hold(0.8)
    world.run(3)
    per_moment: dict[float, int] = {}
    for echo in world.sent:
        per_moment[echo.at] = per_moment.get(echo.at, 0) + 1
    assert max(per_moment.values()) <= CATCH_UP * (1000 * TICK + 2)
    assert {result for _, _, result, _ in world.ended} == {GOOD}


def test_after_a_long_stall_the_missed_are_told_of_the_last_minute_only() -> None:
    world = started(line(1))
    world.run(2)
    world.hold(3600)
    world.run(3605)
    assert abs(world.results(1).count(INVALID) - STALL) <= 1


def test_what_a_full_receive_buffer_may_have_swallowed_is_invalid() -> None:
    """The kernel counts what it dropped: of the silence until then nothing is known."""
    world = started(line(1))
    world.answering = False
    world.run(1.5)
    world.socket.drops = 12
    world.run(0.1)
    world.run(3)
    assert world.results(1)[:3] in ([INVALID, LOST, LOST], [INVALID, INVALID, LOST])
    assert world.engine.drops == 12


def test_a_flood_puts_off_verdicts_for_a_second_at_most() -> None:
    """The reply may lie behind the flood; but nobody keeps netwatch from its verdict for ever."""
    world = started(line(1))
    world.answering = False
    world.socket.drained = False
    world.run(1.01)
    sent = world.sent[0].at
    world.run(6)
    assert world.batches[0].at - (EPOCH + sent) == pytest.approx(1.0 + FLOOD_GRACE, abs=2 * TICK)


def test_new_lines_keep_the_state_of_the_unchanged() -> None:
    """Nobody is asked twice or left out; open slots go on."""
    world = started(*map(line, range(10)), rtt=0.5)
    for count in (10, 9, 10, 12, 10):
        world.run(0.77)
        world.engine.set_lines([line(number) for number in range(count)])
    world.run(3)
    for number in range(9):
        dues = sorted(due for one, due, *_ in world.ended if one == number)
        assert [b - a for a, b in itertools.pairwise(dues)] == pytest.approx([1.0] * (len(dues) - 1))
        assert set(world.results(number)) == {GOOD}


def test_open_slots_of_removed_lines_vanish() -> None:
    world = started(line(1), line(2), rtt=0.5)
    world.run(1.01)
    ended = len(world.ended)
    world.engine.set_lines([])
    world.run(5)
    assert len(world.ended) == ended
    assert not world.engine._slots.by_key
    assert set(world.engine.rejected) <= {Rejection.UNKNOWN_LINE}


def test_a_line_whose_address_changed_is_another_line() -> None:
    """An answer of the old address does not vouch for the new one."""
    world = started(line(1), rtt=0.5)
    world.run(1.01)
    world.engine.set_lines([line(1, host="198.19.9.9")])
    world.run(0.6)
    assert set(world.engine.rejected) <= {Rejection.WRONG_SENDER}
    world.run(3)
    assert world.sent[-1].host == "198.19.9.9"
    assert set(world.results(1)) == {GOOD}


def test_closing_stops_everything() -> None:
    world = started(line(1))
    world.run(2.01)
    sent = len(world.sent)
    world.engine.close()
    world.run(5)
    assert len(world.sent) == sent
    assert world.socket.closed


def test_a_consumer_that_raises_does_not_stop_the_engine() -> None:
    """The next tick is planned before this one does anything."""
    world = started(line(1))

    def broken(_: EchoSlots) -> None:
        raise ZeroDivisionError

    working, world.engine._on_slots = world.engine._on_slots, broken
    with pytest.raises(ZeroDivisionError):
        world.run(3)
    world.engine._on_slots = working
    world.run(3)
    assert set(world.results(1)) == {GOOD}


def test_it_says_how_it_sends() -> None:
    assert started(line(1)).engine.method == {4: "raw"}


def test_two_engines_do_not_begin_with_the_same_sequence() -> None:
    """An off-path forger of ICMP errors has to guess it."""
    firsts = {
        EchoEngine(
            World(), World(), {}, random.Random(seed), 1.0,  # type: ignore[arg-type]
            on_slots=print, on_error=print, on_stray=print,
        )._first
        for seed in range(20)
    }  # fmt: skip
    assert len(firsts) > 15

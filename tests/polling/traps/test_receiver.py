"""The bounds of the receiver: what is read, what is looked at, what is dropped and counted."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections import Counter, deque
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.polling import traps
from netwatch.polling.clock import SystemClock
from netwatch.polling.trap_socket import TrapSocket, open_trap_socket
from netwatch.polling.traps import TrapReceiver

if TYPE_CHECKING:
    from netwatch.polling.snmp_socket import Address
    from netwatch.polling.trap_socket import Arrival, Way

NOISY, QUIET = ("198.18.4.1", 4000), ("198.18.4.2", 4000)


class Loop:
    """Readers are called by the test, turns one by one."""

    def __init__(self) -> None:
        self.readers: dict[int, Any] = {}
        self.turns: deque[Any] = deque()

    def add_reader(self, fd: int, callback: Any, *args: Any) -> None:
        self.readers[fd] = lambda: callback(*args)

    def remove_reader(self, fd: int) -> None:
        del self.readers[fd]

    def call_soon(self, callback: Any) -> Any:
        self.turns.append(callback)
        return self

    def cancel(self) -> None:
        self.turns.clear()

    def wake(self) -> None:
        for reader in list(self.readers.values()):
            reader()

    def turn(self) -> None:
        self.turns.popleft()()


class Wire:
    """A transport whose datagrams the test has put there."""

    dropped = 3

    def __init__(self) -> None:
        self.arriving: deque[tuple[bytes, Address, Way | None]] = deque()
        self.sent: list[tuple[bytes, Address, Way | None]] = []
        self.closed = False

    def fileno(self) -> int:
        return 7

    def receive(self) -> Arrival | None:
        return self.arriving.popleft() if self.arriving else None

    def send(self, data: bytes, to: Address, way: Way | None) -> bool:
        self.sent.append((data, to, way))
        return True

    def close(self) -> None:
        self.closed = True


class Intake:
    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()

    def knows(self, host: str) -> bool:
        return host in {NOISY[0], QUIET[0]}

    def take(self, data: bytes, host: str, now: float) -> bytes | None:
        self.taken[host] += 1
        return b"answer" if data == b"inform" else None


class Hand:
    now = 0.0
    epoch = 0.0

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now


class Bench:
    def __init__(self) -> None:
        self.loop, self.clock, self.wire, self.intake = Loop(), Hand(), Wire(), Intake()
        self.receiver = TrapReceiver(self.loop, self.clock, (self.wire,), self.intake)  # type: ignore[arg-type]
        self.receiver.start()

    def put(self, sender: Address, count: int, data: bytes = b"trap") -> None:
        self.wire.arriving.extend([(data, sender, (0, 0, sender[0].encode()))] * count)

    def run(self) -> None:
        """Wake and turn until nothing is left."""
        while self.wire.arriving or self.loop.turns:
            if self.wire.arriving:
                self.loop.wake()
            if self.loop.turns:
                self.loop.turn()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def test_a_wake_up_reads_a_batch_and_a_turn_looks_at_a_few(bench: Bench) -> None:
    bench.put(QUIET, 150)
    bench.put(NOISY, 150)
    bench.loop.wake()
    assert (bench.receiver.received, len(bench.wire.arriving)) == (traps.READ, 300 - traps.READ)
    assert bench.intake.taken.total() == 0, "nothing is looked at while the reader is called"
    bench.loop.turn()
    assert bench.intake.taken.total() == traps.LOOK
    assert len(bench.loop.turns) == 1, "the rest has its turn after others"
    bench.run()
    assert bench.intake.taken == {QUIET[0]: 150, NOISY[0]: 150}


def test_a_noisy_sender_loses_its_own_and_starves_nobody(bench: Bench) -> None:
    bench.put(NOISY, 5000)
    bench.put(QUIET, 100)
    bench.run()
    assert bench.intake.taken == {NOISY[0]: traps.BURST, QUIET[0]: 100}
    assert bench.receiver.dropped == {"rate": 5000 - traps.BURST}
    assert bench.receiver.received == bench.intake.taken.total() + bench.receiver.dropped.total()


def test_a_sender_is_looked_at_again_as_time_passes(bench: Bench) -> None:
    bench.put(NOISY, 300)
    bench.run()
    bench.clock.now += 2
    bench.put(NOISY, 300)
    bench.run()
    assert bench.intake.taken[NOISY[0]] == traps.BURST + 2 * traps.RATE
    bench.clock.now += 3600
    bench.put(NOISY, 300)
    bench.run()
    assert bench.intake.taken[NOISY[0]] == 2 * traps.BURST + 2 * traps.RATE, (
        "no more than a burst is saved up"
    )


def test_all_that_are_unknown_share_one_allowance(bench: Bench) -> None:
    """Whoever forges addresses gets no more of the daemon's time by forging more of them."""
    for last in range(250):
        bench.put((f"203.0.113.{last}", 1), 4)
    bench.put(QUIET, 3)
    bench.run()
    assert bench.intake.taken.total() - bench.intake.taken[QUIET[0]] == traps.BURST
    assert bench.intake.taken[QUIET[0]] == 3
    assert bench.receiver.dropped == {"rate": 1000 - traps.BURST}


def test_the_queue_is_bounded_and_what_it_refuses_counted(bench: Bench) -> None:
    known = [f"10.0.{each}.1" for each in range(20)]
    bench.intake.knows = lambda host: host in known  # type: ignore[method-assign]
    for host in known:
        bench.put((host, 1), 150)
    while bench.wire.arriving:
        bench.loop.wake()
    assert bench.receiver.waiting == traps.QUEUE
    assert bench.receiver.dropped == {"queue": 3000 - traps.QUEUE}
    bench.run()
    assert bench.intake.taken.total() == traps.QUEUE


def test_what_is_too_large_for_a_notification_is_not_looked_at(bench: Bench) -> None:
    bench.put(QUIET, 1, bytes(traps.LARGEST + 1))
    bench.put(QUIET, 1, bytes(traps.LARGEST))
    bench.run()
    assert (bench.intake.taken.total(), dict(bench.receiver.dropped)) == (1, {"size": 1})


def test_an_answer_goes_to_whom_it_answers(bench: Bench) -> None:
    bench.put(NOISY, 1)
    bench.put(QUIET, 1, b"inform")
    bench.run()
    assert bench.wire.sent == [(b"answer", QUIET, (0, 0, b"198.18.4.2"))], "the way that it came"


def test_after_the_end_nothing_is_looked_at(bench: Bench) -> None:
    bench.put(QUIET, 50)
    bench.loop.wake()
    bench.receiver.close()
    assert (bench.loop.readers, len(bench.loop.turns), bench.wire.closed) == ({}, 0, True)
    assert (bench.receiver.waiting, bench.receiver.kernel_drops) == (0, 3), "no total steps back"


# On sockets of the kernel


def test_a_socket_of_every_address_hears_both_families_and_answers_them() -> None:
    heard = open_trap_socket("", 0)
    port = heard.address[1]
    try:
        for family, address in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
            with socket.socket(family, socket.SOCK_DGRAM) as sender:
                sender.bind((address, 0))
                sender.sendto(b"trap", (address, port))
                arrived = heard.receive()
                assert arrived is not None
                assert arrived[:2] == (b"trap", (address, sender.getsockname()[1]))
                assert heard.send(b"answer", *arrived[1:])
                assert sender.recv(100) == b"answer"
        assert heard.receive() is None
    finally:
        heard.close()


@pytest.mark.parametrize("host", ["", "0.0.0.0"])
def test_an_answer_leaves_from_the_address_that_was_asked(host: str) -> None:
    """Of several that the host has; else a sender would take it for somebody else's."""
    heard = open_trap_socket(host, 0)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.bind(("127.0.0.2", 0))
            asked = ("127.0.0.9", heard.address[1])
            sender.sendto(b"inform", asked)
            arrived = heard.receive()
            assert arrived is not None
            assert heard.send(b"answer", *arrived[1:])
            assert sender.recvfrom(100) == (b"answer", asked)
    finally:
        heard.close()


def test_a_port_that_is_taken_is_an_error() -> None:
    first = open_trap_socket("127.0.0.1", 0)
    try:
        with pytest.raises(OSError, match="in use"):
            open_trap_socket("127.0.0.1", first.address[1])
    finally:
        first.close()


def test_the_drops_that_are_told_are_the_kernels_own() -> None:
    """Into a small buffer that nobody reads: what fits, and what does not, is all that was sent."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.bind(("127.0.0.1", 0))
    heard = TrapSocket(bound)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            for _ in range(500):
                sender.sendto(bytes(100), heard.address)
        read = 0
        while heard.receive() is not None:
            read += 1
        assert 0 < read < 500
        assert heard.dropped == 500 - read == kernels_drops(heard.address[1])
    finally:
        heard.close()


def kernels_drops(port: int) -> int:
    """The last column of the socket's row in /proc/net/udp (proc(5))."""
    for row in Path("/proc/net/udp").read_text("ascii").splitlines()[1:]:
        columns = row.split()
        if columns[1].endswith(f":{port:04X}"):
            return int(columns[-1])
    raise AssertionError(port)


FLOOD = """
import socket, sys, time
port, count, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
datagram = bytes.fromhex(sys.argv[4])
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
began = time.monotonic()
for number in range(count):
    sender.sendto(datagram, ("127.0.0.1", port))
    if number % 100 == 99:
        ahead = began + (number + 1) * seconds / count - time.monotonic()
        if ahead > 0:
            time.sleep(ahead)
"""


@pytest.mark.system
@pytest.mark.parametrize("buffer", [None, 65536], ids=["own buffer", "small buffer"])
def test_of_a_flood_every_datagram_is_accounted_for(buffer: int | None) -> None:
    """50,000 in 5 s: taken, dropped by us and dropped by the kernel are all that were sent."""
    count = 50_000
    heard = open_trap_socket("127.0.0.1", 0)
    if buffer:
        os_level = socket.socket(fileno=os.dup(heard.fileno()))
        os_level.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        os_level.close()
    port = heard.address[1]
    intake = Intake()
    kernels = -1

    async def receive() -> TrapReceiver:
        nonlocal kernels
        receiver = TrapReceiver(asyncio.get_running_loop(), SystemClock(), (heard,), intake)
        receiver.start()
        sender = await asyncio.create_subprocess_exec(
            sys.executable, "-c", FLOOD, str(port), str(count), "5", bytes(120).hex()
        )
        assert await sender.wait() == 0
        seen = -1
        while seen != receiver.received or receiver.waiting:  # read on until nothing more comes
            seen = receiver.received
            await asyncio.sleep(0.05)
        kernels = kernels_drops(port)
        assert receiver.kernel_drops == kernels
        return receiver

    receiver = asyncio.run(receive())
    heard.close()
    assert receiver.received + kernels == count
    assert intake.taken.total() + receiver.dropped.total() == receiver.received

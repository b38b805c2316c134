"""Packets that arrive at the province's end of the cable are answered, each when it is due."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

import pytest

from netwatch.lab import packets
from netwatch.lab.faults import FaultKind, fault
from netwatch.lab.wire import DRAIN, TRAP_PORT, Wire
from netwatch.lab.world.originator import Sent
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.lab.province import Province

POLLER, GATEWAY = bytes((198, 18, 0, 1)), bytes((198, 18, 16, 1))
POLLER6 = bytes.fromhex("20010002" + "0" * 22 + "01")
SWITCH6 = bytes.fromhex("20010002" + "0" * 20 + "1002")
SYS_NAME = snmp.encode_request(
    b"public", snmp.GET, snmp.REQUEST_IDS[0], snmp.encode_varbind(ber.encode_oid((1, 3, 6, 1, 2, 1, 1, 5, 0)))
)


def ip(protocol: int, payload: bytes, source: bytes = POLLER, destination: bytes = GATEWAY) -> bytes:
    if len(source) == 16:
        return struct.pack("!IHBB", 6 << 28, len(payload), protocol, 64) + source + destination + payload
    return (
        struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64, protocol, 0)
        + source
        + destination
        + payload
    )


ECHO = ip(1, bytes.fromhex("08000000beef0007"))
ECHO6 = ip(58, bytes.fromhex("80000000beef0007"), POLLER6, SWITCH6)


def udp(payload: bytes, port: int = 161) -> bytes:
    return ip(17, struct.pack("!HHHH", 40000, port, 8 + len(payload), 0) + payload)


class Link:
    """One end of a cable: what arrives is put in, what leaves is kept."""

    def __init__(self) -> None:
        self.arriving: list[bytes] = []
        self.left: list[tuple[bytes, int]] = []
        self.broken = False

    def fileno(self) -> int:
        return 99

    def recv(self, size: int, /) -> bytes:
        if not self.arriving:
            raise BlockingIOError
        return self.arriving.pop(0)[:size]

    def sendto(self, packet: bytes, address: tuple[str, int, int, int, bytes], /) -> int:
        if self.broken:
            raise OSError(105, "No buffer space available")
        self.left.append((packet, address[1]))
        return len(packet)


class Loop:
    """The part of an event loop that the wire uses, in a time that the test moves."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.time = clock
        self.readers: dict[int, Callable[[], None]] = {}
        self.timers: list[tuple[float, Callable[..., None], tuple[object, ...]]] = []

    def add_reader(self, fd: int, call: Callable[[], None]) -> None:
        self.readers[fd] = call

    def remove_reader(self, fd: int) -> None:
        del self.readers[fd]

    def call_at(self, when: float, call: Callable[..., None], *arguments: object) -> None:
        self.timers.append((when, call, arguments))

    def run_until(self, moment: float) -> None:
        due = sorted((timer for timer in self.timers if timer[0] <= moment), key=lambda timer: timer[0])
        self.timers = [timer for timer in self.timers if timer[0] > moment]
        for _, call, arguments in due:
            call(*arguments)


@pytest.fixture
def loop(clock: Callable[[], float]) -> Loop:
    return Loop(clock)


@pytest.fixture
def link() -> Link:
    return Link()


@pytest.fixture
def wire(loop: Loop, link: Link, province: Province) -> Wire:
    return Wire(loop, link, province)  # type: ignore[arg-type] - a loop's time alone


def strike(province: Province, kind: str, *names: str, **said: str) -> None:
    province.world.strike(fault(FaultKind(kind), said), names, province.clock())


def exchange(wire: Wire, link: Link, loop: Loop, *packets: bytes) -> list[tuple[bytes, int]]:
    """Let packets arrive, and return what has left within ten seconds."""
    link.left.clear()
    link.arriving += packets
    wire.receive()
    loop.run_until(loop.time() + 10)
    return link.left


def test_echo_and_snmp_are_answered_in_their_family(wire: Wire, link: Link, loop: Loop) -> None:
    left = {packet[0] >> 4: (packet, kind) for packet, kind in exchange(wire, link, loop, ECHO, ECHO6)}
    (echo, kind), (echo6, kind6) = left[4], left[6]
    assert (kind, kind6) == (0x0800, 0x86DD)
    assert (echo[12:16], echo[20]) == (GATEWAY, 0)
    assert (echo6[8:24], echo6[40]) == (SWITCH6, 129)
    ((reply, kind_of_reply),) = exchange(wire, link, loop, udp(SYS_NAME))
    assert kind_of_reply == 0x0800
    assert b"gw-nhu-quynh" in reply


@pytest.mark.parametrize(
    "packet",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\x45 garbage", id="garbage"),
        pytest.param(udp(SYS_NAME, port=162), id="another port"),
        pytest.param(udp(b"no SNMP"), id="no SNMP"),
        pytest.param(ip(1, ECHO[20:], destination=bytes((198, 18, 99, 99))), id="nobody's address"),
    ],
)
def test_anything_else_is_not(wire: Wire, link: Link, loop: Loop, packet: bytes) -> None:
    assert exchange(wire, link, loop, packet) == []


def test_a_silent_device_answers_nothing(wire: Wire, link: Link, loop: Loop, province: Province) -> None:
    strike(province, "silent", "gw-nhu-quynh")
    assert exchange(wire, link, loop, ECHO, udp(SYS_NAME)) == []


def test_an_answer_leaves_when_its_delay_is_over_and_not_before(
    wire: Wire, link: Link, loop: Loop, province: Province
) -> None:
    strike(province, "delay", "gw-nhu-quynh", by="3s")
    link.arriving += [ECHO, udp(SYS_NAME)]
    wire.receive()
    loop.run_until(loop.time() + 3.0)
    assert link.left == []
    loop.run_until(loop.time() + 3.012)
    assert len(link.left) == 2


def test_a_doubled_reply_leaves_each_time(wire: Wire, link: Link, loop: Loop, province: Province) -> None:
    strike(province, "duplicates", "gw-nhu-quynh", copies="2")
    left = exchange(wire, link, loop, ECHO)
    assert len(left) == 3
    assert len({packet for packet, _ in left}) == 1


def test_replies_that_are_held_back_are_overtaken(
    wire: Wire, link: Link, loop: Loop, province: Province
) -> None:
    strike(province, "reordering", "gw-nhu-quynh", share="50%", by="2s")
    sequences = [number.to_bytes(2, "big") for number in range(50)]
    left = exchange(wire, link, loop, *(ECHO[:-2] + sequence for sequence in sequences))
    arrived = [packet[-2:] for packet, _ in left]
    assert sorted(arrived) == sequences
    assert arrived != sequences


@pytest.mark.parametrize("question", [ECHO, udp(SYS_NAME), ECHO6], ids=["echo", "SNMP", "echo of IPv6"])
def test_a_router_on_the_way_refuses_what_it_cannot_reach(
    wire: Wire, link: Link, loop: Loop, province: Province, question: bytes
) -> None:
    """Host unreachable (RFC 792) or address unreachable (RFC 4443), from the router, quoting the question."""
    strike(province, "tells-unreachable", "area-van-lam")
    strike(province, "hang", "gw-nhu-quynh")
    ((packet, kind),) = exchange(wire, link, loop, question)
    if kind == 0x0800:
        assert (packet[9], packet[12:16], packet[16:20]) == (1, bytes((198, 18, 1, 1)), POLLER)
        assert (packet[20:22], packet[28:]) == (b"\x03\x01", question)
    else:
        assert (packet[6], packet[8:24]) == (58, bytes.fromhex("20010002" + "0" * 21 + "101"))
        assert (packet[40:42], packet[48:]) == (b"\x01\x03", question)


@pytest.mark.parametrize(("device", "arrives"), [(GATEWAY, (POLLER, 0x0800)), (SWITCH6, (POLLER6, 0x86DD))])
def test_a_notification_reaches_the_poller_in_its_family_when_it_is_due(
    wire: Wire, link: Link, loop: Loop, device: bytes, arrives: tuple[bytes, int]
) -> None:
    wire.notify(Sent(device, b"told", 0.004))
    loop.run_until(loop.time() + 0.003)
    assert link.left == []
    loop.run_until(loop.time() + 0.006)
    ((packet, kind),) = link.left
    poller, ip_or_ipv6 = arrives
    assert kind == ip_or_ipv6
    assert packets.parse(packet) == packets.Datagram(device, poller, 161, TRAP_PORT, b"told")


def test_answers_of_one_millisecond_share_a_timer(wire: Wire, link: Link, loop: Loop) -> None:
    link.arriving += [ECHO] * 10
    wire.receive()
    assert len(loop.timers) <= 3, "their jitter is a millisecond"
    loop.run_until(loop.time() + 1)
    assert len(link.left) == 10


def test_a_flood_is_taken_in_portions(wire: Wire, link: Link) -> None:
    link.arriving += [ECHO] * (DRAIN + 1)
    wire.receive()
    assert len(link.arriving) == 1


def test_a_cable_that_takes_nothing_loses_packets_and_no_more(wire: Wire, link: Link, loop: Loop) -> None:
    link.broken = True
    assert exchange(wire, link, loop, ECHO) == []


def test_it_listens_from_start_to_stop(wire: Wire, loop: Loop) -> None:
    wire.start()
    assert loop.readers == {99: wire.receive}
    wire.stop()
    assert loop.readers == {}

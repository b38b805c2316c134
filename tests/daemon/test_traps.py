"""What follows from a notification: a poll out of turn, a count, of a dying gasp a sign; never a verdict."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections import deque
from typing import TYPE_CHECKING, Any

import notifications as sent
import pytest

from netwatch.daemon.traps import GASP_EVERY, Traps, open_sockets
from netwatch.model.device import Credential, Device, Role, Uplink
from netwatch.model.secret import Secret
from netwatch.polling.resolver import Resolver

if TYPE_CHECKING:
    from netwatch.model.sign import Sign
    from netwatch.polling.trap_socket import Arrival, Way

OAM = (1, 3, 6, 1, 2, 1, 158)
COLD_START = (1, 3, 6, 1, 6, 3, 1, 1, 5, 1)
CREDENTIALS = {"lab": Credential("lab", "2c", Secret("public"))}
UPLINK = Uplink("ether1", "fibre", "VNPT", "", None, "198.18.5.1")
GW = Device(name="gw", address="198.18.4.1", role=Role.UPLINK, unit="12004", snmp="lab", uplinks=(UPLINK,))
OLT = Device(name="olt", address="olt.noc.example", role=Role.CORE, snmp="lab")


def gasp(location: int = 1) -> bytes:
    row = (*OAM, 1, 6, 1)
    told = sent.varbind((*row, 4, 3, 1), sent.number(257)) + sent.varbind(
        (*row, 5, 3, 1), sent.number(location)
    )
    return sent.v2c(trap=(*OAM, 0, 2), varbinds=told)


class Wire:
    """A transport on which the test puts datagrams; the socket only lends its descriptor to the loop."""

    dropped = 3

    def __init__(self) -> None:
        self.woken, self._waker = socket.socketpair()
        self.arriving: deque[Arrival] = deque()

    def put(self, data: bytes, host: str) -> None:
        self.arriving.append((data, (host, 50000), None))
        self._waker.send(b"!")

    def fileno(self) -> int:
        return self.woken.fileno()

    def receive(self) -> Arrival | None:
        if not self.arriving:
            return None
        self.woken.recv(1)
        return self.arriving.popleft()

    def send(self, data: bytes, to: tuple[str, int], way: Way | None) -> bool:
        raise AssertionError((data, to))

    def close(self) -> None:
        self.woken.close()
        self._waker.close()


class World:
    def __init__(self, clock: Any) -> None:
        self.clock, self.wire = clock, Wire()
        self.asked: list[str] = []
        self.signs: list[Sign] = []
        self.names = {"olt.noc.example": "198.18.4.9"}
        self.resolver = Resolver(self.look_up)
        self.traps = Traps(
            asyncio.get_running_loop(),
            clock,
            (self.wire,),
            self.resolver,
            ask=self.asked.append,
            tell=self.signs.append,
        )
        self.traps.start()

    async def look_up(self, name: str) -> str:
        return self.names[name]

    async def hear(self, datagram: bytes, host: str = "198.18.4.1") -> None:
        self.wire.put(datagram, host)
        for _ in range(5):
            await asyncio.sleep(0)

    @property
    def notices(self) -> dict[tuple[str, str, str], int]:
        return dict(self.traps.counts.notices())


@pytest.fixture
def play(hand: Any) -> Any:
    """Runs a test on a loop, with a receiver that watches `devices`."""

    def play(test: Any, *devices: Device) -> World:
        async def run() -> World:
            world = World(hand)
            world.traps.use(devices, CREDENTIALS)
            try:
                await test(world)
            finally:
                world.traps.close()
            return world

        return asyncio.run(run())

    return play


def test_a_device_that_says_something_is_asked_at_once(play: Any) -> None:
    async def test(world: World) -> None:
        await world.hear(sent.v2c(trap=COLD_START))
        await world.hear(sent.v2c(), "198.18.5.1")  # from the address of its uplink

    world = play(test, GW, OLT)
    assert world.asked == ["gw", "gw"]
    assert world.notices == {("gw", "12004", "cold_start"): 1, ("gw", "12004", "link_down"): 1}
    assert world.signs == []


def test_strangers_are_counted_and_nobody_is_asked(play: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)

    async def test(world: World) -> None:
        for _ in range(50):
            await world.hear(sent.v2c(), "203.0.113.9")
        await world.hear(sent.v2c("guess"))

    world = play(test, GW)
    assert (world.asked, world.notices) == ([], {})
    assert dict(world.traps.counts.rejected()) == {"unknown sender": 50, "wrong community": 1}
    assert world.traps.counts.kernel_drops() == 3, "also of sockets that are closed: no total steps back"
    assert caplog.records == []


def test_a_dying_gasp_is_a_sign_once_a_minute(play: Any) -> None:
    """A device dies once; what is repeated may be anybody's."""

    async def test(world: World) -> None:
        for _ in range(3):
            await world.hear(gasp())
        world.clock.now += GASP_EVERY
        await world.hear(gasp())

    world = play(test, GW)
    steady = world.clock.epoch + world.clock.now
    assert [(each.device, each.kind.value, each.start, each.detail) for each in world.signs] == [
        ("gw", "dying_gasp", steady - GASP_EVERY, "not signed"),
        ("gw", "dying_gasp", steady, "not signed"),
    ]
    assert world.notices == {("gw", "12004", "dying_gasp"): 4}


def test_the_gasp_of_a_neighbour_is_not_the_senders(play: Any) -> None:
    async def test(world: World) -> None:
        await world.hear(gasp(location=2))

    world = play(test, GW)
    assert (world.signs, world.asked) == ([], ["gw"])
    assert world.notices == {("gw", "12004", "neighbour_gasp"): 1}


def test_ups_traps_are_believed_by_the_poll_that_follows(play: Any) -> None:
    async def test(world: World) -> None:
        await world.hear(sent.v2c(trap=(1, 3, 6, 1, 2, 1, 33, 2, 1)))

    world = play(test, GW)
    assert (world.signs, world.asked) == ([], ["gw"])


def test_a_name_is_matched_by_the_address_that_it_has(play: Any) -> None:
    async def test(world: World) -> None:
        await world.hear(sent.v2c(), "198.18.4.9")
        await world.resolver.refresh(["olt.noc.example"])
        world.traps.find_addresses()
        await world.hear(sent.v2c(), "198.18.4.9")
        world.names["olt.noc.example"] = "198.18.4.10"
        await world.resolver.refresh(["olt.noc.example"])
        world.traps.find_addresses()
        await world.hear(sent.v2c(), "198.18.4.9")

    world = play(test, GW, OLT)
    assert world.asked == ["olt"]
    assert dict(world.traps.counts.rejected()) == {"unknown sender": 2}


def test_what_is_no_longer_watched_is_heard_and_counted_no_longer(play: Any) -> None:
    async def test(world: World) -> None:
        await world.hear(sent.v2c())
        world.traps.use((OLT,), CREDENTIALS)
        await world.hear(sent.v2c())
        world.traps.use((GW,), CREDENTIALS)
        await world.hear(sent.v2c())

    world = play(test, GW)
    assert world.notices == {("gw", "12004", "link_down"): 1}
    assert dict(world.traps.counts.rejected()) == {"unknown sender": 1}


# The sockets


def test_a_socket_that_was_handed_over_goes_before_the_configured_one() -> None:
    handed = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    handed.bind(("127.0.0.1", 0))
    (taken,) = open_sockets((handed,), ("127.0.0.1", 1))
    assert taken.fileno() == handed.fileno()
    taken.close()


def test_a_port_that_is_taken_is_one_warning(caplog: pytest.LogCaptureFixture) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        assert open_sockets((), ("127.0.0.1", port)) == ()
    assert [record.getMessage() for record in caplog.records] == [
        f"no traps are received: 127.0.0.1 port {port}: Address already in use"
    ]


def test_none_is_opened_where_none_is_wanted() -> None:
    assert open_sockets((), None) == ()

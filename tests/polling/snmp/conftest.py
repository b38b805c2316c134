"""No sockets and no waiting: a loop of virtual time, and agents with the faults of real ones."""

from __future__ import annotations

import asyncio
import dataclasses
import random
from collections import deque
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.device import Credential, Device, Role
from netwatch.model.profile import LightTable, Metric, PortKey, Profile, Quantity
from netwatch.model.secret import Secret
from netwatch.polling.conversation import Conversations
from netwatch.polling.device import DevicePoller
from netwatch.polling.snmp import SnmpEngine
from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from netwatch.model.observation import Observation
    from netwatch.polling.snmp_socket import Address, IcmpError

Oid = tuple[int, ...]

SYSTEM = (1, 3, 6, 1, 2, 1, 1)
IF_TABLE = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IF_X_TABLE = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
IF_NUMBER = (1, 3, 6, 1, 2, 1, 2, 1, 0)
LAST_CHANGE = (1, 3, 6, 1, 2, 1, 31, 1, 5, 0)
NUMBERS = (
    ("ifOperStatus", (*IF_TABLE, 8), "integer"),
    ("ifHighSpeed", (*IF_X_TABLE, 15), "gauge32"),
    ("ifHCInOctets", (*IF_X_TABLE, 6), "counter64"),
    ("ifInErrors", (*IF_TABLE, 14), "counter32"),
)
NAMES = (("ifName", (*IF_X_TABLE, 1)), ("ifAlias", (*IF_X_TABLE, 18)), ("ifDescr", (*IF_TABLE, 2)))


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time passes only when nothing else is to be done; the fake network calls the readers."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.readers: dict[int, Callable[[], object]] = {}
        super().__init__()

    def time(self) -> float:
        return self.now

    def add_reader(self, fd: Any, callback: Callable[..., Any], *args: Any) -> None:
        self.readers[fd] = lambda: callback(*args)

    def remove_reader(self, fd: Any) -> bool:
        return self.readers.pop(fd, None) is not None

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]  # asyncio's own
        if not ready and scheduled:
            self.now = max(self.now, scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]  # asyncio's own


class LoopClock:
    """The virtual loop's time as netwatch's clock."""

    epoch = 1_800_000_000.0

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop = loop

    def monotonic(self) -> float:
        return self._loop.now

    def wall(self) -> float:
        return self.epoch + self._loop.now


class Transport:
    """A socket of the fake network. `agents`, by address: functions from a request to replies."""

    def __init__(self, loop: VirtualLoop) -> None:
        self.sent: list[tuple[bytes, Address]] = []
        self.failing: OSError | None = None
        self.agents: dict[Address, Callable[[bytes], list[tuple[float, bytes, Address]]]] = {}
        self.reported: list[IcmpError] = []
        self.closed = False
        self.dropped = 0
        self.wakes = True  # the loop is told of what arrives
        self._loop = loop
        self._arrived: deque[tuple[bytes, Address]] = deque()

    def fileno(self) -> int:
        return 77

    def send(self, data: bytes, to: Address) -> OSError | None:
        if self.failing is not None:
            return self.failing
        self.sent.append((data, to))
        for delay, reply, sender in self.agents.get(to, lambda _: [])(data):
            self._loop.call_later(delay, self.arrive, reply, sender)
        return None

    def arrive(self, data: bytes, sender: Address) -> None:
        self._arrived.append((data, sender))
        self.wake()

    def report(self, error: IcmpError) -> None:
        self.reported.append(error)
        self.wake()

    def wake(self) -> None:
        if self.wakes and 77 in self._loop.readers:
            self._loop.readers[77]()

    def receive(self) -> tuple[bytes, Address] | None:
        return self._arrived.popleft() if self._arrived else None

    def errors(self) -> list[IcmpError]:
        reported, self.reported = self.reported, []
        return reported

    def close(self) -> None:
        self.closed = True


class Agent:
    """An agent over a dictionary of encoded values, with faults to be switched on."""

    def __init__(self) -> None:
        self.objects: dict[Oid, bytes] = {}
        self.booted = 0.0
        self.community = b"public"
        self.largest = 65000  # octets of an answer
        self.says_too_big = False  # instead of sending fewer repetitions
        self.silent_above = 1000  # repetitions
        self.cuts_above = 65000  # octets, after which answers are cut off
        self.skips_above = 1000  # repetitions, above which every third row is left out
        self.knows_getbulk = True
        self.loops = False
        self.on_request: Callable[[int], None] = lambda _: None
        self.requests: list[tuple[int, int, int, int]] = []  # pdu, non-repeaters, repetitions, names

    def add_interface(self, index: int, name: str, alias: bytes = b"", octets: int = 5) -> None:
        values = {
            "ifOperStatus": ber.encode_integer(1),
            "ifHighSpeed": ber.encode_integer(1000, snmp.GAUGE32),
            "ifHCInOctets": ber.encode_integer(octets, snmp.COUNTER64),
            "ifInErrors": ber.encode_integer(0, snmp.COUNTER32),
        }
        for metric, column, _ in NUMBERS:
            self.objects[*column, index] = values[metric]
        for (_, column), text in zip(NAMES, (name.encode(), alias, b"port " + name.encode()), strict=True):
            self.objects[*column, index] = ber.encode(ber.OCTET_STRING, text)

    def remove_interface(self, index: int) -> None:
        for column in (*(column for _, column, _ in NUMBERS), *(column for _, column in NAMES)):
            self.objects.pop((*column, index), None)

    def handle(self, data: bytes, now: float) -> bytes | None:
        """Answer a request as RFC 3416 has it, but for the faults."""
        self.objects[*SYSTEM, 3, 0] = ber.encode_integer(
            int((now - self.booted) * 100) % 2**32, snmp.TIMETICKS
        )
        at, stop = ber.expect(data, 0, len(data), ber.SEQUENCE)
        _, end = ber.expect(data, at, stop, ber.INTEGER)
        at, end = ber.expect(data, end, stop, ber.OCTET_STRING)
        if data[at:end] != self.community:
            return None
        pdu, at, stop = ber.header(data, end, stop)
        numbers = []
        for _ in range(3):
            start, at = ber.expect(data, at, stop, ber.INTEGER)
            numbers.append(ber.integer(data[start:at]))
        at, stop = ber.expect(data, at, stop, ber.SEQUENCE)
        names = []
        while at < stop:
            name, _, _, at = snmp.varbind(data, at, stop)
            names.append(ber.oid(name))
        request_id, non_repeaters, repetitions = numbers
        self.requests.append((pdu, non_repeaters, repetitions, len(names)))
        self.on_request(len(self.requests))
        if pdu == snmp.GETBULK and (not self.knows_getbulk or repetitions > self.silent_above):
            return None
        varbinds = self._varbinds(pdu, non_repeaters, repetitions, names)
        if varbinds is None:
            return self._message(request_id, snmp.TOO_BIG, b"")
        return self._message(request_id, 0, b"".join(varbinds))[: self.cuts_above]

    def _varbinds(
        self, pdu: int, non_repeaters: int, repetitions: int, names: list[Oid]
    ) -> list[bytes] | None:
        if pdu == snmp.GET:
            found = [(name, self.objects.get(name, bytes((snmp.NO_SUCH_INSTANCE, 0)))) for name in names]
        elif pdu == snmp.GETNEXT:
            found = [self._next(name) for name in names]
        else:
            found = [self._next(name) for name in names[:non_repeaters]]
            cursors = names[non_repeaters:]
            for _ in range(repetitions):
                repetition = [self._next(name, skipping=repetitions > self.skips_above) for name in cursors]
                cursors = [name for name, _ in repetition] if not self.loops else cursors
                found += repetition
        varbinds = [
            ber.encode(ber.SEQUENCE, ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(name)) + value)
            for name, value in found
        ]
        total = sum(map(len, varbinds))
        if total > self.largest and (self.says_too_big or pdu != snmp.GETBULK):
            return None
        while total > self.largest:
            total -= len(varbinds.pop())
        return varbinds

    def _next(self, name: Oid, *, skipping: bool = False) -> tuple[Oid, bytes]:
        following = sorted(oid for oid in self.objects if oid > name)
        if self.loops and len(following) > 1 and len(name) > len(IF_TABLE) + 1:
            return name, self.objects[following[0]]
        for oid in following:
            if not (skipping and len(oid) > 9 and oid[-1] % 3 == 0):
                return oid, self.objects[oid]
        return name, bytes((snmp.END_OF_MIB_VIEW, 0))

    def _message(self, request_id: int, status: int, varbinds: bytes) -> bytes:
        body = ber.encode_integer(request_id) + ber.encode_integer(status) + ber.encode_integer(0)
        pdu = ber.encode(snmp.RESPONSE, body + ber.encode(ber.SEQUENCE, varbinds))
        community = ber.encode(ber.OCTET_STRING, self.community)
        return ber.encode(ber.SEQUENCE, ber.encode_integer(snmp.VERSION_2C) + community + pdu)


class World:
    """An engine, a poller and agents on one virtual loop."""

    def __init__(self, loop: VirtualLoop, **settings: Any) -> None:
        self.loop = loop
        self.clock = LoopClock(loop)
        self.transport = Transport(loop)
        self.engine = SnmpEngine(
            loop, self.clock, random.Random(1), transports=lambda _: self.transport, **settings
        )
        self.device = device
        self.poller = DevicePoller(Conversations(self.engine), PROFILES)

    def agent(self, ports: int, address: str = "198.51.100.1") -> Agent:
        """Put a switch on the network."""
        agent = Agent()
        agent.booted = self.loop.now - 1000.0
        for arc, text in ((1, b"a switch"), (4, b"ops"), (5, b"sw-1"), (6, b"here")):
            agent.objects[*SYSTEM, arc, 0] = ber.encode(ber.OCTET_STRING, text)
        agent.objects[*SYSTEM, 2, 0] = ber.encode(
            ber.OBJECT_IDENTIFIER, ber.encode_oid((1, 3, 6, 1, 4, 1, 9, 1))
        )
        agent.objects[IF_NUMBER] = ber.encode_integer(ports)
        agent.objects[LAST_CHANGE] = ber.encode_integer(100, snmp.TIMETICKS)
        for index in range(1, ports + 1):
            agent.add_interface(index, f"ge{index}", octets=10**9 + index)
        self.attach(agent, address)
        return agent

    def attach(
        self, agent: Agent, address: str, *, delay: float = 0.01, copies: int = 1, sender: str | None = None
    ) -> None:
        """Let an agent answer at an address, in some way."""

        def replies(data: bytes) -> list[tuple[float, bytes, Address]]:
            reply = agent.handle(data, self.loop.now)
            return [] if reply is None else [(delay, reply, (sender or address, 161))] * copies

        self.transport.agents[address, 161] = replies

    async def poll(self, address: str = "198.51.100.1", **changes: Any) -> Observation:
        """Poll the device of that address."""
        return await self.poller.poll(device(f"sw-{address}", address, **changes), CREDENTIAL, address)


def device(name: str, address: str, **changes: Any) -> Device:
    """A device with every default filled in."""
    fields: dict[str, Any] = {
        "name": name, "unit": "12004", "register": "", "area": "a", "predecessor": "",
        "address": address, "role": Role.SWITCH, "via": "default", "parents": (), "snmp": "c",
        "snmp_port": 161, "profile": "auto", "expect": (), "uplinks": (), "echo": True,
        "echo_interval": 1.0, "snmp_interval": 60.0, "all_interfaces": False, "hours": "24x7",
        "since": None, "until": None,
    }  # fmt: skip
    return Device(**(fields | changes))


CREDENTIAL = Credential("c", "2c", Secret("public"))
PROFILE = Profile(
    "generic",
    "",
    (),
    (),
    tuple(Metric(name, oid, "text", "") for name, oid in NAMES),
    tuple(Metric(name, oid, syntax, "") for name, oid, syntax in NUMBERS),
    all_interfaces=False,
)
SPECIAL = Profile(
    "special",
    "Special Switches",
    ((1, 3, 6, 1, 4, 1, 9999),),
    (Metric("temperature", (1, 3, 6, 1, 4, 1, 9999, 7), "integer", ""),),
    PROFILE.identity,
    PROFILE.columns,
    all_interfaces=True,
)
OPTICAL = dataclasses.replace(
    PROFILE,
    name="optical",
    light=(
        LightTable(
            PortKey.IF_INDEX,
            Quantity(
                Metric("rxPower", (1, 3, 6, 1, 4, 1, 9999, 8, 1), "integer", ""), "0.01 dBm", (2**31 - 1,)
            ),
            low_alarm=Quantity(
                Metric("rxLowAlarm", (1, 3, 6, 1, 4, 1, 9999, 8, 2), "integer", ""), "0.01 dBm", (2**31 - 1,)
            ),
        ),
    ),
)
BARE = dataclasses.replace(SPECIAL, name="bare", prefixes=(), identity=(), columns=())
PROFILES = {profile.name: profile for profile in (PROFILE, SPECIAL, OPTICAL, BARE)}


@pytest.fixture
def play() -> Callable[..., Any]:
    """Run a story (a coroutine function that is given the world) in virtual time."""

    def play(story: Callable[[World], Coroutine[Any, Any, None]], **settings: Any) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            loop = runner.get_loop()
            assert isinstance(loop, VirtualLoop)

            async def told() -> None:
                world = World(loop, **settings)
                try:
                    await story(world)
                finally:
                    world.engine.close()

            runner.run(told())

    return play

"""Polls a recording with the real engine, in virtual time."""

from __future__ import annotations

import asyncio
import random
from collections import deque
from typing import TYPE_CHECKING

from netwatch.model.device import Credential, Device, Role
from netwatch.model.secret import Secret
from netwatch.polling.conversation import Conversations
from netwatch.polling.device import DevicePoller
from netwatch.polling.snmp import SnmpEngine
from tests.support.recording import Agent
from tools.truth.virtual import VirtualClock, VirtualLoop

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netwatch.model.observation import Observation
    from netwatch.model.profile import Profile
    from netwatch.polling.snmp_socket import Address, IcmpError
    from tests.support.recording import Oid, Recording

ADDRESS = "198.51.100.1"
DELAY = 0.002  # seconds until an answer is there
INTERVAL = 60.0  # seconds between two polls
START = 1_800_000_000.0  # wall time of the beginning
DESCRIPTOR = 1_000_000  # far above those that are open: only the virtual loop knows it
ALWAYS = ((1, 3, 6, 1, 2, 1, 1), (1, 3, 6, 1, 2, 1, 2), (1, 3, 6, 1, 2, 1, 31, 1, 5))
ALIAS_MAPPING = (1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1, 2)
ENTITIES = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)


class ReplayTransport:
    """A `netwatch.polling.snmp_socket.Transport` with one agent behind it."""

    dropped = 0

    def __init__(self, loop: VirtualLoop, agent: Agent) -> None:
        self._loop = loop
        self._agent = agent
        self._arrived: deque[tuple[bytes, Address]] = deque()

    def fileno(self) -> int:
        """Return a descriptor that nothing is behind."""
        return DESCRIPTOR

    def send(self, data: bytes, to: Address) -> OSError | None:
        """Ask the agent."""
        reply = self._agent.answer(data, self._loop.time())
        if reply is not None:
            self._loop.call_later(DELAY, self._arrive, reply, to)
        return None

    def receive(self) -> tuple[bytes, Address] | None:
        """Return what arrived first."""
        received = self._arrived.popleft() if self._arrived else None
        self._tell()
        return received

    def errors(self) -> list[IcmpError]:
        """Return no errors: the agent is always there."""
        return []

    def close(self) -> None:
        """Hear nothing any more."""
        self._arrived.clear()
        self._tell()

    def _arrive(self, data: bytes, sender: Address) -> None:
        self._arrived.append((data, sender))
        self._tell()

    def _tell(self) -> None:
        change = self._loop.selector.readable
        (change.add if self._arrived else change.discard)(DESCRIPTOR)


def polls(recording: Recording, profiles: Mapping[str, Profile], times: int = 2) -> list[Observation]:
    """Poll a recording so many times. What the engine does not handle is raised, also out of callbacks."""
    unhandled: list[str] = []

    async def told() -> list[Observation]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        loop.set_exception_handler(lambda _, context: unhandled.append(str(context)))
        transport = ReplayTransport(loop, Agent(recording))
        clock = VirtualClock(loop, START)
        engine = SnmpEngine(loop, clock, random.Random(1), transports=lambda _: transport)
        poller = DevicePoller(Conversations(engine), profiles)
        found = []
        for _ in range(times):
            found.append(await poller.poll(DEVICE, CREDENTIAL, ADDRESS))
            await asyncio.sleep(INTERVAL)
        engine.close()
        return found

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        found = runner.run(told())
    if unhandled:
        raise AssertionError(unhandled)
    return found


def asked(profiles: Iterable[Profile]) -> tuple[Oid, ...]:
    """Return the subtrees that any of these profiles may ask for: nothing else of a recording is needed."""
    names = set(ALWAYS) | {ALIAS_MAPPING, *((*ENTITIES, column) for column in (2, 4, 7))}
    for profile in profiles:
        names.update(_asked(profile))
    return tuple(sorted(names))


def _asked(profile: Profile) -> Iterator[Oid]:
    """Give every object of a profile, wherever it stands: all that has a field `oid`."""
    waiting: list[object] = [profile]
    while waiting:
        part = waiting.pop()
        if isinstance(part, tuple):
            waiting += [each for each in part if not isinstance(each, int | str)]
            continue
        fields = getattr(type(part), "__dataclass_fields__", {})
        for name in fields:
            value = getattr(part, name)
            if name in {"oid", "thresholds"} and value:
                yield value
            elif name not in {"prefixes", "values"}:
                waiting.append(value)


DEVICE = Device(
    name="recorded", unit="12004", register="", area="a", predecessor="", address=ADDRESS, role=Role.SWITCH,
    via="default", parents=(), snmp="c", snmp_port=161, profile="auto", expect=(), uplinks=(), echo=True,
    echo_interval=1.0, snmp_interval=60.0, all_interfaces=False, hours="24x7", since=None, until=None,
)  # fmt: skip
CREDENTIAL = Credential("c", "2c", Secret("public"))

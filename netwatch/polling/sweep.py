"""Asks many addresses once who is there: first by echo, gently, then by SNMP those that seem worth it.

For `discover`, which looks for devices that nobody has configured yet. It asks through the same engines as
the daemon, so that what it finds is what the daemon will find.
"""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from netwatch.model.device import Device, Line, Role
from netwatch.model.outcome import Outcome, SlotResult
from netwatch.polling.conversation import Conversations, NoAnswerError
from netwatch.polling.device import DevicePoller
from netwatch.polling.echo import EchoEngine
from netwatch.polling.neighbours import read_neighbourhood
from netwatch.polling.system import read_system
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    import random
    from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence

    from netwatch.model.device import Credential
    from netwatch.model.neighbour import Neighbourhood
    from netwatch.model.observation import EchoSlots, Observation
    from netwatch.model.profile import Profile
    from netwatch.polling.clock import Clock
    from netwatch.polling.echo_socket import EchoSocket
    from netwatch.polling.snmp import SnmpEngine

T = TypeVar("T")

SHORTEST_ROUND = 1.0
"""Seconds over which even a few addresses are spread."""
FIRST_QUESTION = 5.0
"""Seconds for finding out whether a credential opens an agent."""
WHOLE_QUESTION = 20.0
"""Seconds for reading neighbours."""
POLL_INTERVAL = 60.0

_UPS_BATTERY_STATUS = Column("upsBatteryStatus", (1, 3, 6, 1, 2, 1, 33, 1, 2, 1), "integer")
"""UPS-MIB (RFC 1628): whoever tells it is a UPS."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Who answered at an address.

    Without a credential it answered echo alone, or its agent refused all of them: then `refusal` says why.
    """

    address: str
    credential: str = ""
    observation: Observation | None = None
    neighbourhood: Neighbourhood | None = None
    is_ups: bool = False
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class EchoSweep:
    """Sends one echo to each of many addresses. `wait` are the seconds that a reply is waited for.

    `opening` opens the sockets of a round, by IP version; they are closed at its end.
    """

    loop: asyncio.AbstractEventLoop
    clock: Clock
    randomness: random.Random
    wait: float
    opening: Callable[[], Mapping[int, EchoSocket]]

    async def round(
        self,
        addresses: Sequence[str],
        rate: float,
        *,
        on_heard: Callable[[str], None],
        on_ended: Callable[[], None],
    ) -> None:
        """Ask each numeric address, `rate` a second, spread by chance; return when all have ended.

        `on_heard` is told each address that answers, also late, once or more; `on_ended` comes once for each.
        """
        if not addresses:
            return
        left = set(range(len(addresses)))
        all_ended = asyncio.Event()

        def take(slots: EchoSlots) -> None:
            for line, result in zip(slots.lines, slots.results, strict=True):
                if result == SlotResult.GOOD:
                    on_heard(addresses[line])
                if line in left:
                    left.remove(line)
                    on_ended()
            if not left:
                all_ended.set()

        engine = EchoEngine(
            self.loop,
            self.clock,
            self.opening(),
            self.randomness,
            self.wait,
            on_slots=take,
            on_error=lambda _: None,
            on_stray=lambda stray: on_heard(addresses[stray.line]),
        )
        interval = max(SHORTEST_ROUND, len(addresses) / rate)
        engine.set_lines(
            [Line(number, address, None, address, interval) for number, address in enumerate(addresses)]
        )
        engine.start()
        try:
            await all_ended.wait()
        finally:
            engine.close()


class Interviewer:
    """Asks whoever is at an address all that there is to know of it, with the first credential that opens.

    `problems` says which of the credentials cannot be used, and why; then nobody is to be asked.
    """

    def __init__(
        self,
        engine: SnmpEngine,
        profiles: Mapping[str, Profile],
        credentials: Sequence[Credential],
        port: int,
    ) -> None:
        self._conversations = Conversations(engine)
        self._poller = DevicePoller(self._conversations, profiles)
        self._credentials = credentials
        self._port = port
        self.problems = [problem for each in credentials if (problem := self._conversations.cannot(each))]

    async def ask(self, address: str) -> Answerer | None:
        """Interview whoever is at a numeric address; None where no agent answers any credential.

        An agent that refuses is told with its first refusal: a credential that was mistyped is worth knowing.
        """
        device = Device(
            name=address,
            address=address,
            role=Role.SERVER,
            snmp_port=self._port,
            snmp_interval=POLL_INTERVAL,
            all_interfaces=True,
        )
        refusal = ""
        for credential in self._credentials:
            try:
                await read_system(self._conversations.open(device, credential, address, FIRST_QUESTION))
            except NoAnswerError as error:
                if error.ending.by_icmp:  # nobody listens there
                    return None
                if error.ending.outcome is Outcome.REFUSED:
                    refusal = refusal or error.ending.detail
                continue
            return await self._interview(device, credential)
        return Answerer(address, refusal=refusal) if refusal else None

    async def _interview(self, device: Device, credential: Credential) -> Answerer:
        address = device.address
        observation = await self._poller.poll(device, credential, address)
        self._poller.keep(())
        rows = observation.interfaces.rows if observation.interfaces else ()
        conversation = self._conversations.open(device, credential, address, WHOLE_QUESTION)
        neighbourhood = await read_neighbourhood(conversation, rows)
        return Answerer(
            address, credential.name, observation, neighbourhood, await self._is_ups(device, credential)
        )

    async def _is_ups(self, device: Device, credential: Credential) -> bool:
        conversation = self._conversations.open(device, credential, device.address, FIRST_QUESTION)
        try:
            return bool(await conversation.get((_UPS_BATTERY_STATUS,)))
        except NoAnswerError:
            return False


async def few_at_a_time(work: Callable[[T], Awaitable[None]], items: Iterable[T], at_once: int) -> None:
    """Do `work` for each item, at most `at_once` of them at any moment."""
    waiting = iter(items)

    async def go_on() -> None:
        for item in waiting:  # one iterator for all of them: each item is taken once
            await work(item)

    async with asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(go_on())


def is_own(address: str) -> bool:
    """Tell whether a numeric address is one of this host's, for which the way there begins where it ends."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((address, 9))  # sends nothing
            return str(probe.getsockname()[0]) == address
    except OSError:
        return False

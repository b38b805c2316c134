"""One survey of one device: every question that criteria put, as one Survey, whatever happens."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.model.fact import Survey
from netwatch.model.outcome import Outcome
from netwatch.polling.clock import steady
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.neighbours import read_neighbourhood
from netwatch.polling.snmp_question import Ending
from netwatch.polling.survey.asking import Asker
from netwatch.polling.survey.hosts import read_hosts
from netwatch.polling.survey.inside_probes import read_results, tell_results
from netwatch.polling.survey.medium import read_media
from netwatch.polling.survey.ports import Ports, read_ports
from netwatch.polling.survey.routes import read_default_routes, tell_default_routes
from netwatch.polling.survey.stations import read_stations
from netwatch.polling.tuning import Tunings
from netwatch.protocols.ber import MalformedError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection

    from netwatch.model.device import Credential, Device
    from netwatch.model.neighbour import Neighbourhood
    from netwatch.polling.clock import Clock
    from netwatch.polling.conversation import Conversation, Conversations
    from netwatch.polling.survey.asking import Told

LONGEST_SURVEY = 120.0
"""Seconds that one survey may take: tables of thousands of rows, over lines of thousands of kilometres."""

GIVE_UP = 2
"""Questions in a row without an answer after which a device is left alone until the next survey."""

FRESH = 7200.0
"""Seconds that the result of a probe of the device's own is news: two surveys, at the usual interval."""


@dataclass(slots=True)
class _Memory:
    """What is known of a device from one survey to the next."""

    asked: tuple[object, ...]
    tunings: Tunings = field(default_factory=Tunings)
    marks: dict[str, tuple[object, ...]] = field(
        default_factory=dict
    )  # of results of its own probes, by name


class Surveyor:
    """Surveys devices. Of addresses that pass through, nothing is remembered."""

    def __init__(self, conversations: Conversations) -> None:
        self._clock = conversations.engine.clock
        self._conversations = conversations
        self._memories: dict[str, _Memory] = {}

    def keep(self, names: Collection[str]) -> None:
        """Forget every device but these."""
        self._memories = {name: memory for name, memory in self._memories.items() if name in names}

    async def survey(self, device: Device, credential: Credential, address: str) -> Survey:
        """Survey a device at a numeric address. Never raises for what a device or the network does."""
        began = self._clock.monotonic()
        problem = self._conversations.cannot(credential) or _wrong(address)
        if problem:
            return Survey(device.name, steady(self._clock), Outcome.LOCAL_ERROR, 0.0, problem)
        memory = self._memory(device, credential, address)
        conversation = self._conversations.open(device, credential, address, LONGEST_SURVEY)
        run = _Run(conversation, memory, self._clock)
        await run.ask_everything()
        at = steady(self._clock)
        return Survey(
            device.name,
            at,
            run.outcome,
            self._clock.monotonic() - began,
            run.detail,
            tuple(told.fact(device.name, at) for told in run.told),
            tuple(run.failed),
            tuple(sorted(conversation.refused.items())),
            run.neighbourhood,
        )

    def _memory(self, device: Device, credential: Credential, address: str) -> _Memory:
        asked = (address, device.snmp_port, credential)
        memory = self._memories.get(device.name)
        if memory is None or memory.asked != asked:
            memory = self._memories[device.name] = _Memory(asked)
        return memory


class _Run:
    """The questions of one survey, one after the other; one that fails costs its own facts."""

    def __init__(self, conversation: Conversation, memory: _Memory, clock: Clock) -> None:
        self.told: list[Told] = []
        self.failed: list[str] = []
        self.neighbourhood: Neighbourhood | None = None
        self._conversation = conversation
        self._asker = Asker(conversation, memory.tunings)
        self._memory = memory
        self._clock = clock
        self._ports = Ports()
        self._ending = Ending(Outcome.ANSWERED)  # of the last question that failed
        self._answered = 0
        self._in_vain = 0  # questions in a row

    @property
    def outcome(self) -> Outcome:
        """How it ended: answered where any question was."""
        return Outcome.ANSWERED if self._answered else self._ending.outcome

    @property
    def detail(self) -> str:
        """What went wrong, in one line."""
        return f"{', '.join(self.failed)}: {self._ending.detail}" if self.failed else ""

    async def ask_everything(self) -> None:
        """Put the questions. Without names of ports none is put: facts would be of nothing."""
        if not await self._ask("ports", self._ask_ports):
            return
        for name, question in (
            ("routes", self._ask_routes),
            ("stations", self._ask_stations),
            ("hosts", self._ask_hosts),
            ("probes", self._ask_probes),
        ):
            if self._in_vain < GIVE_UP:
                await self._ask(name, question)
            else:
                self.failed.append(name)
        if self._in_vain < GIVE_UP:
            self.neighbourhood = await read_neighbourhood(
                self._conversation, self._ports.rows, self._memory.tunings
            )

    async def _ask(self, name: str, question: Callable[[], Awaitable[None]]) -> bool:
        try:
            await question()
        except NoAnswerError as error:
            self._ending = error.ending
        except MalformedError as error:  # an index that no walk should have let through
            self._ending = Ending(Outcome.MALFORMED, f"answer cannot be read: {error.reason}")
        else:
            self._answered += 1
            self._in_vain = 0
            return True
        self.failed.append(name)
        self._in_vain += 1
        return False

    async def _ask_ports(self) -> None:
        self._ports = await read_ports(self._asker)

    async def _ask_routes(self) -> None:
        routes = await read_default_routes(self._asker)
        self.told += tell_default_routes(routes, self._ports)
        self.told += await read_media(self._asker, [index for _, _, index in routes], self._ports)

    async def _ask_stations(self) -> None:
        self.told += await read_stations(self._asker, self._ports)

    async def _ask_hosts(self) -> None:
        self.told += await read_hosts(self._asker, self._ports)

    async def _ask_probes(self) -> None:
        results = await read_results(self._asker, self._clock.wall())
        self.told += tell_results(results, self._memory.marks, FRESH)
        self._memory.marks = {result.name: result.mark for result in results}


def _wrong(address: str) -> str:
    try:
        ipaddress.ip_address(address)
    except ValueError:
        return f"not a numeric address: {address}"
    return ""

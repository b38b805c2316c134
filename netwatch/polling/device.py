"""One poll of one device by SNMP: everything its profile asks for, as one Observation, whatever happens."""

from __future__ import annotations

import ipaddress
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.inventory.profiles import select
from netwatch.model.observation import Observation
from netwatch.model.outcome import Outcome
from netwatch.polling.besides import Besides, BesidesReader
from netwatch.polling.clock import steady
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.interfaces import Interfaces, Plan
from netwatch.polling.snmp_question import Ending
from netwatch.polling.system import SYS_UPTIME, read_system
from netwatch.polling.uptime import Uptime, advance

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from netwatch.model.device import Credential, Device
    from netwatch.model.observation import InterfaceTable, Mains, SystemGroup
    from netwatch.model.profile import Profile
    from netwatch.polling.conversation import Conversation, Conversations
    from netwatch.protocols.snmp_walk import Walk

LONGEST_POLL = 20.0
"""Seconds that one poll may take; less where its interval is short."""


class DevicePoller:
    """Polls devices, and remembers of each what makes the next poll cheap and its values comparable."""

    def __init__(self, conversations: Conversations, profiles: Mapping[str, Profile]) -> None:
        self._clock = conversations.engine.clock
        self._conversations = conversations
        self._profiles = profiles
        self._plans = {profile.name: Plan(profile) for profile in profiles.values()}
        self._memories: dict[str, _Memory] = {}

    def keep(self, names: Collection[str]) -> None:
        """Forget every device but these."""
        self._memories = {name: memory for name, memory in self._memories.items() if name in names}

    async def poll(self, device: Device, credential: Credential, address: str) -> Observation:
        """Poll a device at a numeric address. Never raises for what a device, the network or a name does."""
        clock = self._clock
        began = clock.monotonic()
        memory = self._memory(device, credential, address)
        found = _Found()
        refused: Counter[str] = Counter()
        ending = Ending(Outcome.ANSWERED)
        problem = self._cannot_ask(device, credential, address)
        if problem:
            ending = Ending(Outcome.LOCAL_ERROR, problem)
        else:
            within = min(LONGEST_POLL, 0.8 * device.snmp_interval)
            conversation = self._conversations.open(device, credential, address, within)
            try:
                await self._ask(conversation, device, memory, found)
            except NoAnswerError as error:
                ending = error.ending
            refused = conversation.refused
        profile = memory.interfaces.plan.profile if memory.interfaces is not None else None
        answered = ending.outcome is Outcome.ANSWERED
        return Observation(
            device=device.name,
            at=steady(clock),
            outcome=ending.outcome,
            duration=clock.monotonic() - began,
            detail=ending.detail,
            profile=profile.name if profile else "",
            vendor=profile.vendor if profile else "",
            uptime=found.uptime if answered else None,
            restarted=found.restarted,
            system=memory.system if answered else None,
            interfaces=found.interfaces if answered else None,
            scalars=found.scalars if answered else (),
            light=found.besides.light if answered else (),
            identity=found.besides.identity if answered else None,
            mains=found.mains if answered else None,
            readings=found.besides.readings if answered else None,
            onus=found.besides.onus if answered else None,
            refused=tuple(sorted(refused.items())),
        )

    def _memory(self, device: Device, credential: Credential, address: str) -> _Memory:
        asked = (address, device.snmp_port, credential, device.profile)
        memory = self._memories.get(device.name)
        if memory is None or memory.asked != asked:
            memory = self._memories[device.name] = _Memory(asked)
        return memory

    def _cannot_ask(self, device: Device, credential: Credential, address: str) -> str:
        if problem := self._conversations.cannot(credential):
            return problem
        if device.profile != "auto" and device.profile not in self._profiles:
            return f"no profile is named {device.profile}"
        try:
            ipaddress.ip_address(address)
        except ValueError:
            return f"not a numeric address: {address}"
        return ""

    async def _ask(self, conversation: Conversation, device: Device, memory: _Memory, found: _Found) -> None:
        """Ask for everything; once more from the beginning where the device turns out to have restarted."""
        walk = await self._read(conversation, device, memory, found)
        self._judge_uptime(memory, walk, found)
        if found.restarted:
            memory.identified = False
            walk = await self._read(conversation, device, memory, found)
        if memory.interfaces is not None and memory.besides is not None:
            plan = memory.interfaces.plan
            found.scalars = tuple(
                (name, value) for name, value in walk.first.items() if name in plan.exported
            )
            found.mains = plan.mains.read(walk.first, conversation.refused)
            if found.interfaces is not None or not plan.columns:
                sys_descr = memory.system.sys_descr if memory.system is not None else ""
                now = self._clock.monotonic()
                found.besides = await memory.besides.read(conversation, memory.interfaces, sys_descr, now)

    async def _read(self, conversation: Conversation, device: Device, memory: _Memory, found: _Found) -> Walk:
        now = self._clock.monotonic()
        if memory.interfaces is None or not memory.identified or memory.interfaces.stale(now):
            memory.system, memory.announced = await read_system(conversation)
            profile = select(self._profiles, device.profile, memory.system.sys_object_id)
            plan = self._plans[profile.name]
            if memory.interfaces is None or memory.interfaces.plan is not plan:
                memory.interfaces = Interfaces(plan)
                memory.besides = BesidesReader(plan.besides)
            memory.interfaces.forget_names()
            if memory.besides is not None:
                memory.besides.look_again()
            memory.identified = True
        found.interfaces, walk = await memory.interfaces.read(conversation, now, memory.announced)
        return walk

    def _judge_uptime(self, memory: _Memory, walk: Walk, found: _Found) -> None:
        ticks = walk.latest.get(SYS_UPTIME.name)
        if ticks is None:
            return
        memory.uptime = advance(memory.uptime, ticks, steady(self._clock))
        found.uptime = memory.uptime.seconds if memory.uptime is not None and ticks else None
        found.restarted = memory.uptime is not None and memory.uptime.restarted


class _Memory:
    """What is known of a device from one poll to the next."""

    __slots__ = ("announced", "asked", "besides", "identified", "interfaces", "system", "uptime")

    def __init__(self, asked: tuple[str, int, Credential, str]) -> None:
        self.asked = asked  # address, port, credential, profile: another one is another device
        self.identified = False  # the system group was read since the device's last start
        self.system: SystemGroup | None = None
        self.announced = 0  # ifNumber
        self.interfaces: Interfaces | None = None
        self.besides: BesidesReader | None = None
        self.uptime: Uptime | None = None


@dataclass(slots=True)
class _Found:
    """What one poll found, as far as it got."""

    interfaces: InterfaceTable | None = None
    scalars: tuple[tuple[str, int], ...] = ()
    mains: Mains | None = None
    besides: Besides = field(default_factory=Besides)
    uptime: float | None = None
    restarted: bool = False

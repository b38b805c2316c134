"""What all devices say unasked, and what of it arrives: the notification originators of the province.

A device speaks of what has changed between two settlings, and of some things again while they last; whether
the poller hears it is up to the way between them at that moment. A gateway whose fibre is out speaks by its
4G, from that address. What is lost is not said again.
"""

from __future__ import annotations

import dataclasses
import ipaddress
import itertools
from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.agents import notifications as say
from netwatch.lab.agents.equipment import COMMUNITY
from netwatch.lab.faults import FaultKind
from netwatch.lab.world.manner import manner
from netwatch.lab.world.ways import way

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from netwatch.lab.agents.agent import Agent
    from netwatch.lab.agents.machine import Machine
    from netwatch.lab.agents.notifications import Told
    from netwatch.lab.plan.layout import SimulatedDevice
    from netwatch.lab.world.situation import Running, Situation

OTHER_COMMUNITY = b"private"
"""In the trap host of the second router of a branch: somebody else has set it up."""

AGAIN = 60.0  # seconds after which a UPS says anew that it is on battery (RFC 1628, upsTrapOnBattery)
MOST = 100  # notifications about one thing that lasts, at once
REQUEST_IDS = 2**31


class Sent(NamedTuple):
    """A notification on its way to the poller: from a packed address, there after `delay` seconds."""

    source: bytes
    datagram: bytes
    delay: float


class Originator:
    """Speaks for every device of a situation, of what changes from now on."""

    def __init__(self, situation: Situation, randomness: random.Random) -> None:
        plan = situation.plan
        self._situation = situation
        self._randomness = randomness
        self._seen = {name: _seen(running.machine) for name, running in situation.devices.items()}
        self._elsewhere = {name for branch in plan.branches for name in branch.routers[1:]}
        self._backups = {office.gateway: office.backup for office in plan.offices if office.backup}
        self._ups = tuple(office.ups for office in plan.offices if office.ups)
        self._lasting: dict[_Lasting, int] = {}  # how often each was told
        self._numbers = itertools.count(1)
        self._sent: list[Sent] = []

    def compare(self, at: float) -> None:
        """Let each device speak of what has changed; to be called after every settling."""
        for name, running in self._situation.devices.items():
            if running.agent is None or not running.runs(at):
                continue
            before, after = self._seen[name], _seen(running.machine)
            if after != before:
                self._seen[name] = after
                for told in _changes(before, after, running.agent, at):
                    self._send(running, told, at)
        self._lasting = {each: self._lasting.get(each, 0) for each in self._now_lasting()}

    def refuse(self, running: Running, at: float) -> None:
        """Let a device speak of having been asked with a wrong community."""
        self._send(running, say.AUTHENTICATION_FAILURE, at)

    def take(self, now: float) -> tuple[Sent, ...]:
        """Return what was sent since the last time and arrives."""
        for lasting, told in self._lasting.items():
            self._lasting[lasting] = due = int((now - lasting.since) / lasting.every)
            running = self._situation.devices[lasting.name]
            if running.agent is not None and running.runs(now):
                for _ in range(min(due - told, MOST)):
                    self._send(running, _again(lasting, running.agent, now), now)
        sent = tuple(self._sent)
        self._sent.clear()
        return sent

    def _now_lasting(self) -> Iterator[_Lasting]:
        devices = self._situation.devices
        for (kind, where), each in self._situation.faults.items():
            if kind is FaultKind.LOOP:
                yield _Lasting(where, each.since, 1 / each.fault.seconds("rate"), loop=True)
        for name in self._ups:
            ups = devices[name].machine.ups
            if ups is not None and ups.on_battery_since is not None:
                yield _Lasting(name, ups.on_battery_since, AGAIN)

    def _send(self, running: Running, told: Told, at: float) -> None:
        """Put a notification on its way, if there is one and it is not lost there."""
        device, machine = running.device, running.machine
        usual = manner(self._situation, device)
        source = self._source(device, at)
        delay = usual.time(self._randomness) if source and usual.snmp else None
        if delay is None:
            return
        community = OTHER_COMMUNITY if device.name in self._elsewhere else COMMUNITY
        number = next(self._numbers) % REQUEST_IDS
        datagram = say.encode(told, community, machine.ticks(at), number)
        self._sent.append(Sent(ipaddress.ip_address(source).packed, datagram, delay / 2))  # one way

    def _source(self, device: SimulatedDevice, at: float) -> str:
        """Return the address from which a device reaches the poller, "" where it does not."""
        if way(self._situation, device, at).reached:
            return device.address
        backup = self._backups.get(device.name, "")
        return backup if backup and way(self._situation, device, at, by_backup=True).reached else ""


@dataclasses.dataclass(frozen=True, slots=True)
class _Lasting:
    """What a device tells of again each `every` seconds, the first time so long after it began."""

    name: str
    since: float
    every: float
    loop: bool = False  # or else the battery


class _Seen(NamedTuple):
    """What of a device is spoken of when it changes."""

    machine: Machine
    booted: float
    down: frozenset[str]  # ports
    rows: float | None  # when those of ifTable changed
    on_battery: bool


def _seen(machine: Machine) -> _Seen:
    down = frozenset(name for name, state in machine.ports.items() if not state.up)
    on_battery = machine.ups is not None and machine.ups.on_battery_since is not None
    return _Seen(machine, machine.booted, down, machine.table_changed, on_battery)


def _changes(before: _Seen, after: _Seen, agent: Agent, at: float) -> Iterator[Told]:
    """Yield what it has to say of a change. Another box at its address runs already: nothing."""
    if after.machine is not before.machine:
        return
    mib, machine = agent.mib, agent.machine
    booted = after.booted != before.booted
    if booted:
        yield say.COLD_START
    for port in mib.ports:
        was_up, is_up = port.name not in before.down and not booted, port.name not in after.down
        if port.up and was_up is not is_up:
            yield say.link(mib, port, machine, at, up=is_up)
    if after.rows != before.rows and not booted:
        yield say.ENT_CONFIG_CHANGE
    if machine.ups and after.on_battery is not before.on_battery and not booted:
        if after.on_battery:
            yield say.on_battery(mib, machine, machine.ups, at)
        yield say.battery_alarm(machine.ups.line_bads, came=after.on_battery)


def _again(lasting: _Lasting, agent: Agent, now: float) -> Told:
    ups = agent.machine.ups
    if lasting.loop or ups is None:
        return say.TOPOLOGY_CHANGE
    return say.on_battery(agent.mib, agent.machine, ups, now)

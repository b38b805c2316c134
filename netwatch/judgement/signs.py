"""Reads signs off polls: what changed at a device between two answered ones (see `netwatch.model.sign`).

Times are the device's own where it tells them: when it started (sysUpTime), when a port took its present
status (ifLastChange, RFC 2863), for how long a UPS has been on battery (upsSecondsOnBattery, RFC 1628). Only
where it tells none, the time of the poll before stands for the earliest that it can have been.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.observation import MISSING
from netwatch.model.outcome import Outcome
from netwatch.model.sign import Sign, SignKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from netwatch.model.device import Device
    from netwatch.model.observation import InterfaceTable, Light, Observation

MOVED = 5.0
"""Seconds by which the time of a start may seem to move without the device having started anew."""

FADED = 3.0
"""dB below what it had been: light is fading."""

UP, TICKS_A_SECOND = 1, 100
WRAP = 2**32 / TICKS_A_SECOND  # seconds after which TimeTicks begin at 0 again


class Port(NamedTuple):
    """Whether a port is up, and since when (steady seconds); None where the device does not tell."""

    up: bool
    since: float | None

    def differs(self, before: Port) -> bool:
        """Tell whether it changed since it was seen before. A change is told modulo `WRAP`."""
        if self.up is not before.up or self.since is None or before.since is None:
            return self.up is not before.up
        return MOVED < (self.since - before.since) % WRAP < WRAP - MOVED


@dataclass(slots=True)
class Memory:
    """What the last answered poll of a device showed."""

    at: float | None = None  # steady time of the last answered poll
    silent: bool = True  # no poll was answered since
    booted: float | None = None
    ports: dict[str, Port] = field(default_factory=dict)
    light: dict[tuple[str, str], float] = field(default_factory=dict)  # dBm of port and lane when all is well
    dim: dict[str, SignKind] = field(default_factory=dict)  # ports whose light is lost or fading
    on_battery: bool = False
    line_bads: int | None = None
    identity: tuple[str, tuple[int, ...]] | None = None


class SignReader:
    """Remembers the last answered poll of each device."""

    def __init__(self) -> None:
        self._memories: dict[str, Memory] = {}

    def keep(self, names: Collection[str]) -> None:
        """Forget every device but these."""
        self._memories = {name: memory for name, memory in self._memories.items() if name in names}

    def ask(self, name: str) -> None:
        """Have the next answered poll tell that it was answered, as after a silence."""
        self._memories.setdefault(name, Memory()).silent = True

    def read(self, device: Device, poll: Observation) -> tuple[Sign, ...]:
        """Return what a poll shows that the one before did not."""
        memory = self._memories.setdefault(device.name, Memory())
        if poll.outcome is not Outcome.ANSWERED:
            memory.silent = True
            return ()
        changed = _identity(memory, device, poll)
        if changed:  # nothing that was known of the one before holds for this one
            memory = self._memories[device.name] = Memory()
        memory.identity = _name(poll) or memory.identity
        signs = (
            *changed,
            *_start(memory, device, poll),
            *_ports(memory, device, poll),
            *_light(memory, device, poll),
            *_mains(memory, device, poll),
            *_answered(memory, device, poll),
        )
        memory.at, memory.silent = poll.at, False
        return signs


def _name(poll: Observation) -> tuple[str, tuple[int, ...]] | None:
    return (poll.system.sys_name, poll.system.sys_object_id) if poll.system else None


def _identity(memory: Memory, device: Device, poll: Observation) -> tuple[Sign, ...]:
    found, before = _name(poll), memory.identity
    if found is None or before is None or found == before:
        return ()
    return (Sign(poll.at, device.name, SignKind.IDENTITY, poll.at, f"{found[0]} instead of {before[0]}"),)


def _start(memory: Memory, device: Device, poll: Observation) -> Iterator[Sign]:
    if poll.uptime is None:
        return
    booted = poll.at - poll.uptime
    moved = memory.booted is None or abs(booted - memory.booted) > MOVED
    if moved or memory.silent or poll.restarted:
        yield Sign(poll.at, device.name, SignKind.BOOTED, booted)
        memory.booted = booted


def _answered(memory: Memory, device: Device, poll: Observation) -> Iterator[Sign]:
    if memory.silent:
        shown = ", ".join(name for name in _watched(device) if name in memory.ports)
        yield Sign(poll.at, device.name, SignKind.ANSWERED, poll.at, shown)


def _ports(memory: Memory, device: Device, poll: Observation) -> Iterator[Sign]:
    known, memory.ports = memory.ports, {}
    if poll.interfaces is None:
        return
    for name in _watched(device):
        port = _port(poll.interfaces, name, poll)
        if port is None:
            continue
        memory.ports[name] = port
        before = known.get(name)
        if _is_new(port, memory) if before is None else port.differs(before):
            earliest = poll.at if memory.at is None else memory.at
            yield Sign(
                poll.at, device.name, _port_kind(port), earliest if port.since is None else port.since, name
            )


def _is_new(port: Port, memory: Memory) -> bool:
    """Tell whether the first look at a port shows more than that it has been up since the device started."""
    if not port.up:
        return True
    return port.since is not None and memory.booted is not None and port.since > memory.booted + MOVED


def _port(table: InterfaceTable, name: str, poll: Observation) -> Port | None:
    """Return how a port is; None where the table does not tell."""
    row = next((place for place, each in enumerate(table.rows) if each.key == name), None)
    if row is None:
        return None
    values = {column: table.values[place][row] for place, column in enumerate(table.columns)}
    status, changed = values.get("ifOperStatus", MISSING), values.get("ifLastChange", MISSING)
    if status == MISSING:
        return None
    if changed == MISSING or poll.uptime is None:
        return Port(status == UP, None)
    # Of a port that has not changed since the agent started, ifLastChange is 0.
    age = poll.uptime - changed / TICKS_A_SECOND
    return Port(status == UP, poll.at - (0.0 if -MOVED < age < 0 else age % WRAP))


def _port_kind(port: Port) -> SignKind:
    return SignKind.PORT_UP if port.up else SignKind.PORT_DOWN


def _light(memory: Memory, device: Device, poll: Observation) -> Iterator[Sign]:
    kinds: dict[str, list[SignKind | None]] = {}
    for light in poll.light:
        lane = light.interface, light.lane
        kind = _dimness(light, memory.light.get(lane))
        if kind is None and light.received is not None:
            memory.light[lane] = max(light.received, memory.light.get(lane, light.received))
        kinds.setdefault(light.interface, []).append(kind)
    for port, lanes in kinds.items():
        kind = _worst(lanes)
        before = memory.dim.pop(port, None)
        if kind is not None:
            memory.dim[port] = kind
        if kind is not before:
            start = memory.at if kind and memory.at is not None else poll.at
            yield Sign(poll.at, device.name, kind or SignKind.LIGHT_BACK, start, port)


def _worst(lanes: Iterable[SignKind | None]) -> SignKind | None:
    """Return how a port is: as its worst lane, without which it carries nothing."""
    found = set(lanes)
    return next((kind for kind in (SignKind.LIGHT_LOST, SignKind.LIGHT_FADING) if kind in found), None)


def _dimness(light: Light, usual: float | None) -> SignKind | None:
    """Tell whether light is lost or fading; a port that never had any has lost none."""
    if usual is None:
        return None
    if light.received is None or (light.low_alarm is not None and light.received < light.low_alarm):
        return SignKind.LIGHT_LOST
    return SignKind.LIGHT_FADING if light.received <= usual - FADED else None


def _mains(memory: Memory, device: Device, poll: Observation) -> Iterator[Sign]:
    mains = poll.mains
    if mains is None or mains.on_battery is None:
        return
    if mains.on_battery and not memory.on_battery:
        yield Sign(poll.at, device.name, SignKind.MAINS_LOST, poll.at - (mains.seconds_on_battery or 0))
    elif not mains.on_battery and (memory.on_battery or memory.at is None):
        # The first look tells it too: whatever was told before a restart of ours ends here at the latest.
        yield Sign(poll.at, device.name, SignKind.MAINS_BACK, poll.at)
    elif _missed(memory, mains.lost_count) and not mains.on_battery and memory.at is not None:
        yield Sign(poll.at, device.name, SignKind.MAINS_LOST, memory.at, "between two polls")
        yield Sign(poll.at, device.name, SignKind.MAINS_BACK, poll.at)
    memory.on_battery, memory.line_bads = mains.on_battery, mains.lost_count


def _missed(memory: Memory, bads: int | None) -> bool:
    """Tell whether the input was bad meanwhile: upsInputLineBads counts each time (RFC 1628)."""
    return bads is not None and memory.line_bads is not None and bads > memory.line_bads


def _watched(device: Device) -> tuple[str, ...]:
    return tuple(dict.fromkeys(uplink.interface for uplink in device.uplinks if uplink.interface))

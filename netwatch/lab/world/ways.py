"""Who can be reached: by the poller, and by a unit on its own way to the internet.

A way is a row of hops. Where one of several would do, as with a carrier's two hand-offs or an area's two
routers, the hop is the first of them that runs. What is not on the way does not matter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.faults import FaultKind
from netwatch.lab.plan.layout import CORE_NAME, REFERENCE_NAME, SWITCH_PORT, UPS_PORT
from netwatch.lab.world import lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netwatch.lab.plan.layout import Office, SimulatedDevice
    from netwatch.lab.world.situation import Situation

EVERY_WAY = "all"


class Hop(NamedTuple):
    """One step of a way. `name` is that of the device that it leads to, "" for a line."""

    name: str
    passes: bool


class Way(NamedTuple):
    """How far one comes, and the devices that are passed until then, the destination included."""

    reached: bool
    passed: tuple[str, ...]


def way(situation: Situation, device: SimulatedDevice, at: float, *, by_backup: bool = False) -> Way:
    """Return how far the poller comes on its way to a device, or to the address of a gateway's backup."""
    passed: list[str] = []
    for hop in _hops(situation, device, at, by_backup=by_backup):
        if not hop.passes:
            return Way(reached=False, passed=tuple(passed))
        if hop.name:
            passed.append(hop.name)
    return Way(reached=True, passed=tuple(passed))


def in_sight(situation: Situation, office: Office, at: float) -> bool:
    """Tell whether an echo from the poller could tell how a unit is.

    The way to its carrier is open, and there is somebody at the unit who answers echo while all is well.
    """
    hops = [*_way_out(situation, at), *_to_carrier(situation, office.carrier.path, at)]
    if not all(hop.passes for hop in hops):
        return False
    return _answers(situation, office.gateway) or (
        _answers(situation, office.switch) and situation.runs(office.switch, at)
    )


def dead_above(situation: Situation, office: Office, at: float) -> tuple[str, ...]:
    """Return the ancestors that keep a unit from the internet: the core, or all routers of its area."""
    if not situation.runs(CORE_NAME, at):
        return (CORE_NAME,)
    dead = tuple(name for name in office.routers if not situation.runs(name, at))
    return dead if len(dead) == len(office.routers) else ()


def _hops(situation: Situation, device: SimulatedDevice, at: float, *, by_backup: bool) -> Iterator[Hop]:
    yield from _way_out(situation, at)
    if device.name == REFERENCE_NAME:
        return
    office = situation.offices.get(device.unit)
    if office is None:
        yield from _to_backbone(situation, device, at)
        return
    yield from _to_carrier(situation, office.carrier.path, at)
    yield Hop(CORE_NAME, situation.runs(CORE_NAME, at))
    yield _first_running(situation, office.routers, at)
    yield Hop("", _uplink(situation, office, at, by_backup=by_backup))
    yield Hop(office.gateway, situation.runs(office.gateway, at))
    if device.name != office.gateway:
        port = SWITCH_PORT if device.name == office.switch else UPS_PORT
        yield Hop("", not lines.port_forced_down(situation, office.gateway, port))
        yield Hop(device.name, situation.runs(device.name, at))


def _way_out(situation: Situation, at: float) -> Iterator[Hop]:
    sends = situation.fault(FaultKind.CANNOT_SEND, "") is None
    yield Hop("", sends and situation.fault(FaultKind.WAY_OUT_CUT, EVERY_WAY) is None)
    yield Hop(REFERENCE_NAME, situation.runs(REFERENCE_NAME, at))


def _to_carrier(situation: Situation, path: str, at: float) -> Iterator[Hop]:
    yield Hop("", situation.fault(FaultKind.WAY_OUT_CUT, path) is None)
    yield _first_running(situation, situation.plan.hand_offs[path], at)


def _to_backbone(situation: Situation, device: SimulatedDevice, at: float) -> Iterator[Hop]:
    """Yield the hops to a hand-off, to the core, or behind it to an area's router."""
    for path, names in situation.plan.hand_offs.items():
        if device.name in names:
            yield Hop("", situation.fault(FaultKind.WAY_OUT_CUT, path) is None)
    for name in dict.fromkeys((*device.parents, device.name)):
        yield Hop(name, situation.runs(name, at))


def _first_running(situation: Situation, names: Iterable[str], at: float) -> Hop:
    running = next((name for name in names if situation.runs(name, at)), "")
    return Hop(running, bool(running))


def _uplink(situation: Situation, office: Office, at: float, *, by_backup: bool) -> bool:
    """Tell whether the line carries what is sent to the gateway's own address, or to its backup's."""
    over_4g = by_backup or situation.fault(FaultKind.BACKUP_TAKES_OVER, office.unit) is not None
    carried = lines.backup(situation, office) and over_4g
    return carried or (not by_backup and lines.fibre(situation, office, at))


def _answers(situation: Situation, name: str) -> bool:
    silent = situation.fault(FaultKind.SILENT, name)
    return silent is None or silent.fault.text("to") == "snmp"

"""Why a unit is down: what the script did to it, in the words of `netwatch.model.cause`.

==========================================================  ============  ====================================
what happened                                               true cause    a sign of it can be read
==========================================================  ============  ====================================
the core, or all routers of the area, do not run            upstream      by echo
mains cut: the gateway without power, or the ONT            power         where a UPS tells, else no: the
                                                                          gateway was booted at the *end*
the gateway rebooted                                        restart       sysUpTime
the gateway hung until somebody restarted it                undetermined  no
the gateway's port down; the fibre dark that ends in it;    link          ifLastChange, received light
the ONT without power beside a gateway that runs;
the 4G lost, where it was the last line
the fibre cut behind a bridged ONT that has power           access        sysUpTime ran on, the port stayed up
==========================================================  ============  ====================================
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.faults import FaultKind
from netwatch.lab.plan.layout import Feature
from netwatch.lab.world import lines
from netwatch.lab.world.power import ont_powered
from netwatch.lab.world.ways import dead_above
from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from netwatch.lab.plan.layout import Office
    from netwatch.lab.world.situation import Situation


class Break(NamedTuple):
    """What keeps a unit from the internet, and since when."""

    since: float
    cause: Cause
    sign: bool = True  # of the cause, that SNMP can tell afterwards
    roots: tuple[str, ...] = ()  # the failed ancestors, the last one to fail first


def above(situation: Situation, office: Office, at: float) -> Break | None:
    """Return the break above the unit; None while one of its parents has a way to the core."""
    dead = dead_above(situation, office, at)
    if not dead:
        return None
    by_time = sorted(dead, key=lambda name: -situation.devices[name].off_since)
    return Break(situation.devices[by_time[0]].off_since, Cause.UPSTREAM, roots=tuple(by_time))


def own(situation: Situation, office: Office, at: float) -> Break | None:
    """Return the unit's own break: its gateway, or the last of its lines to fail."""
    gateway = situation.devices[office.gateway]
    if not gateway.runs(at):
        told = {Cause.POWER: bool(office.ups), Cause.RESTART: True}.get(gateway.why_off, False)
        return Break(gateway.off_since, gateway.why_off, sign=told)
    failed = [_fibre(situation, office, at)]
    if office.backup:
        failed.append(_backup(situation, office))
    found = [each for each in failed if each is not None]
    return max(found, key=lambda each: each.since) if len(found) == len(failed) else None


def _fibre(situation: Situation, office: Office, at: float) -> Break | None:
    if lines.fibre(situation, office, at):
        return None
    if lines.port_forced_down(situation, office.gateway, office.port):
        return Break(_since(situation, FaultKind.PORT_DOWN, office.gateway), Cause.LINK)
    if Feature.ONT in office.features and not ont_powered(situation, office, at):
        if situation.fault(FaultKind.ONT_OFF, office.unit):
            return Break(_since(situation, FaultKind.ONT_OFF, office.unit), Cause.LINK)
        return Break(_since(situation, FaultKind.POWER_CUT, office.unit), Cause.POWER, sign=bool(office.ups))
    cause = Cause.LINK if Feature.SFP in office.features else Cause.ACCESS
    return Break(_dark_since(situation, office, at), cause)


def _dark_since(situation: Situation, office: Office, at: float) -> float:
    if situation.fault(FaultKind.FIBRE_CUT, office.unit):
        return _since(situation, FaultKind.FIBRE_CUT, office.unit)
    fails = situation.lights[office.unit].fails_at()
    return fails if fails is not None and fails <= at else at  # else flapping: dark since this moment


def _backup(situation: Situation, office: Office) -> Break | None:
    if lines.backup(situation, office):
        return None
    return Break(_since(situation, FaultKind.BACKUP_DOWN, office.unit), Cause.LINK)


def _since(situation: Situation, kind: FaultKind, target: str) -> float:
    found = situation.fault(kind, target)
    return found.since if found else 0.0

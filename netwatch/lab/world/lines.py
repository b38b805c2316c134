"""Which lines carry anything: a unit's fibre, the port that it ends at, its 4G backup."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.lab.faults import FaultKind
from netwatch.lab.plan.layout import Feature
from netwatch.lab.world.power import ont_powered

if TYPE_CHECKING:
    from netwatch.lab.plan.layout import Office
    from netwatch.lab.world.situation import InForce, Situation

SAME = 1e-6  # seconds: far below what anybody sees, far above what floating point loses


def flap_phase(flapping: InForce, at: float) -> tuple[bool, float]:
    """Return whether a flapping fibre is dark at a time, and when that changes next."""
    period, down = flapping.fault.seconds("period"), flapping.fault.seconds("down")
    begun = flapping.since + ((at - flapping.since + SAME) // period) * period
    if at < begun + down - SAME:
        return True, begun + down
    return False, begun + period


def broken(situation: Situation, office: Office, at: float) -> bool:
    """Tell whether the glass itself is interrupted: cut, or a contact that comes and goes."""
    if situation.fault(FaultKind.FIBRE_CUT, office.unit):
        return True
    flapping = situation.fault(FaultKind.FLAPPING, office.unit)
    return flapping is not None and flap_phase(flapping, at)[0]


def lit(situation: Situation, office: Office, at: float) -> bool:
    """Tell whether enough light comes in at the fibre's end."""
    fails = situation.lights[office.unit].fails_at()
    return not broken(situation, office, at) and (fails is None or at < fails)


def port_forced_down(situation: Situation, device: str, port: str) -> bool:
    """Tell whether a port was shut, or is broken."""
    down = situation.fault(FaultKind.PORT_DOWN, device)
    return down is not None and down.fault.text("port") == port


def port_up(situation: Situation, office: Office, at: float) -> bool:
    """Tell whether the gateway's port of the fibre is up: it sees the light, or the ONT beside it."""
    if port_forced_down(situation, office.gateway, office.port):
        return False
    if Feature.SFP in office.features:
        return lit(situation, office, at)
    return ont_powered(situation, office, at)


def fibre(situation: Situation, office: Office, at: float) -> bool:
    """Tell whether the unit's fibre carries anything."""
    return port_up(situation, office, at) and lit(situation, office, at)


def ont_online(situation: Situation, office: Office, at: float) -> bool:
    """Tell whether a unit's ONT is there for the OLT: it has power, and sees the light."""
    return ont_powered(situation, office, at) and lit(situation, office, at)


def backup(situation: Situation, office: Office) -> bool:
    """Tell whether the unit has a 4G backup that has service."""
    return bool(office.backup) and situation.fault(FaultKind.BACKUP_DOWN, office.unit) is None

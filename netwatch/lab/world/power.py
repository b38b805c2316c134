"""Who has power: mains, and behind a UPS the battery as long as it lasts.

The gateway and the UPS itself are on the battery, the ONT in some units, the access switch never.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.lab.faults import FaultKind
from netwatch.lab.plan.layout import Feature

if TYPE_CHECKING:
    from netwatch.lab.plan.layout import Office, SimulatedDevice
    from netwatch.lab.world.situation import InForce, Situation


def empties_at(cut: InForce) -> float:
    """Return when the battery of a place whose mains are cut is empty, where it has one."""
    return cut.since + cut.fault.seconds("battery")


def powered(situation: Situation, device: SimulatedDevice, at: float) -> bool:
    """Tell whether a device has power."""
    cut = situation.fault(FaultKind.POWER_CUT, device.unit or device.name)
    if cut is None:
        return True
    office = situation.offices.get(device.unit)
    if office is None or not office.ups or device.name not in {office.gateway, office.ups}:
        return False
    return at < empties_at(cut)


def ont_powered(situation: Situation, office: Office, at: float) -> bool:
    """Tell whether a unit's ONT has power."""
    if situation.fault(FaultKind.ONT_OFF, office.unit):
        return False
    cut = situation.fault(FaultKind.POWER_CUT, office.unit)
    return cut is None or (Feature.ONT_ON_UPS in office.features and at < empties_at(cut))

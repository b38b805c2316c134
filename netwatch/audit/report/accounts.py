"""A unit's account: all that a period shows of one unit of the register."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.audit.report.roster import deciding
from netwatch.audit.report.sums import NOTHING
from netwatch.audit.report.windows import covering, left_out
from netwatch.model.decision import Subject
from netwatch.model.device import Role
from netwatch.model.report import UplinkAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from netwatch.audit.report.masks import Calendar
    from netwatch.audit.report.sums import Account, Plan, Three, Totals
    from netwatch.evidence.kinds import Configured
    from netwatch.model.device import Device, Line, Uplink
    from netwatch.model.figures import Figures
    from netwatch.model.maintenance import Window
    from netwatch.model.register import Unit
    from netwatch.model.report import Excluded

UNTOLD: Three = (NOTHING, NOTHING, NOTHING)


@dataclass(frozen=True, slots=True)
class Place:
    """A unit, and what is watched of it at the period's end."""

    register: str
    unit: Unit
    area: str
    devices: tuple[Device, ...]  # all of them
    deciding: tuple[Device, ...]  # those whose minutes are the unit's
    lines: tuple[Line, ...]
    own: int  # the minutes of the period in which it was in force
    excluded: tuple[Excluded, ...]
    left_out: int  # the minutes that these leave out together
    judged: bool  # whether minutes of its code are its own, and not those of another register's unit


def places(
    units: Iterable[tuple[str, Unit]],
    configured: Configured | None,
    windows: Sequence[Window],
    calendar: Calendar,
    *,
    own: Mapping[tuple[str, str], int],
    passed: int,
) -> list[Place]:
    """Return the place of each unit, given with its register.

    `own` are the minutes of those that came into force later than the period began, `passed` those of all.
    """
    devices: dict[tuple[str, str], list[Device]] = defaultdict(list)
    lines: dict[str, list[Line]] = defaultdict(list)
    for device in configured.devices if configured else ():
        devices[device.register, device.unit].append(device)
    for line in configured.lines if configured else ():
        lines[line.device].append(line)
    register_of = {device.unit: device.register for device in configured.devices} if configured else {}
    found = []
    for register, unit in units:
        there = devices.get((register, unit.code), [])
        deciding_ = tuple(deciding([device for device in there if device.name in lines]))
        area = next((device.area for device in there if device.area), "") or unit.district or unit.province
        mine = own.get((register, unit.code), passed)
        about = covering(windows, unit.code, area, deciding_)
        excluded, gone = left_out(about, calendar, mine)
        of_them = tuple(line for device in there for line in lines.get(device.name, ()))
        judged = register == register_of.get(unit.code, register)
        found.append(
            Place(register, unit, area, tuple(there), deciding_, of_them, mine, excluded, gone, judged)
        )
    return found


@dataclass(frozen=True, slots=True)
class Books:
    """The sums of a period, as figures of whom they are asked for."""

    plan: Plan
    totals: Totals

    def unit(self, place: Place) -> tuple[Figures, Figures, Figures]:
        """Return the figures of a unit: gross, net, and of office hours."""
        return self._figures((Subject.UNIT, place.unit.code, None), place)

    def device(self, name: str, place: Place) -> tuple[Figures, Figures, Figures]:
        """Return those of one of its devices."""
        return self._figures((Subject.DEVICE, name, None), place)

    def uplinks(self, place: Place) -> tuple[UplinkAccount, ...]:
        """Return the uplinks of a unit: one for each device of that role; of several lines, one each."""
        return tuple(
            account
            for device in place.devices
            if device.role is Role.UPLINK
            for account in self._uplinks(device, place)
        )

    def _uplinks(self, device: Device, place: Place) -> Iterable[UplinkAccount]:
        lines = [line for line in place.lines if line.device == device.name]
        if len(lines) < 2:
            yield _account(device, device.uplinks, self.device(device.name, place)[0])
            return
        for line in lines:
            about = [each for each in device.uplinks if not each.address]
            if line.uplink is not None:
                about = [device.uplinks[line.uplink]]
            gross, _, _ = self._figures((Subject.LINE, device.name, line.uplink), place)
            yield _account(device, about, gross)

    def _figures(self, account: Account, place: Place) -> tuple[Figures, Figures, Figures]:
        gross, net, office = self.totals.sums.get(account, UNTOLD) if place.judged else UNTOLD
        own, kept, working = self.plan.of(place.unit.code)
        return gross.figures(own), net.figures(kept), office.figures(working)


def _account(device: Device, uplinks: Sequence[Uplink], figures: Figures) -> UplinkAccount:
    providers = dict.fromkeys(uplink.provider for uplink in uplinks if uplink.provider)
    media = dict.fromkeys(uplink.medium for uplink in uplinks if uplink.medium)
    return UplinkAccount(device.name, ", ".join(providers), ", ".join(media), figures)

"""The causes of outages that are over: each is settled once, when its devices have told what they know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from netwatch.judgement import cause
from netwatch.judgement.composite import DeviceState, UnitState
from netwatch.model.cause import Cause
from netwatch.model.decision import CauseSettled, RunEnded, Subject
from netwatch.model.device import Role
from netwatch.model.sign import Sign, SignKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from netwatch.judgement.composite import Composite
    from netwatch.judgement.roster import Roster
    from netwatch.model.maintenance import Window

POLLS = 2.5
"""SNMP intervals after an outage within which its devices must have told what they know."""

MARGIN = 30.0
"""Seconds beyond that: a poll may take a while itself."""

MOST = 200
"""Signs of one device that are kept; an older one goes for each new one."""


GASPS = 20
"""Of those, dying gasps: what anybody may send must not push out what polls have shown."""


class _Case(NamedTuple):
    """An outage that is over and whose cause is not settled."""

    run: RunEnded
    place: cause.Place
    until: float  # steady time until which its devices are waited for


class Inquest:
    """Signs and windows as they become known, and the outages that wait for them."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._signs: dict[str, list[Sign]] = {}  # by device, in the order in which they were learnt
        self._windows: tuple[Window, ...] = ()
        self._cases: list[_Case] = []

    def hear(self, sign: Sign) -> None:
        """Take a sign."""
        signs = self._signs.setdefault(sign.device, [])
        if sign.kind is SignKind.DYING_GASP:
            gasps = [place for place, other in enumerate(signs) if other.kind is SignKind.DYING_GASP]
            if len(gasps) >= GASPS:
                del signs[gasps[0]]
        signs.append(sign)
        del signs[:-MOST]

    def announce(self, windows: tuple[Window, ...]) -> None:
        """Know these windows from now on."""
        self._windows = windows

    def keep(self, devices: Collection[str]) -> None:
        """Forget the signs of every device but these, and of those that cases are about."""
        needed = {name for case in self._cases for name in (*case.place.devices, *case.place.ups)}
        self._signs = {
            name: signs for name, signs in self._signs.items() if name in devices or name in needed
        }

    def open(self, run: RunEnded, composite: Composite) -> None:
        """Let an outage that is over wait for its cause."""
        place, interval = self._place(composite)
        self._cases.append(_Case(run, place, run.end + POLLS * interval + MARGIN))
        composite.cases.add(run.start)

    def settle(self, at: float) -> Iterator[CauseSettled]:
        """Settle what can be settled at steady time `at`, by the signs learnt until then."""
        left: list[_Case] = []
        for case in self._cases:
            settled = self._settle(case, at)
            if settled is None:
                left.append(case)
                continue
            if (composite := self._composite(case.run)) is not None:
                composite.count_outage(settled)
            yield settled
        self._cases = left

    def _settle(self, case: _Case, at: float) -> CauseSettled | None:
        run = case.run
        outage = cause.Outage(run.start, run.end, run.root)
        names = (*case.place.devices, *case.place.ups)
        signs = [sign for name in names for sign in self._signs.get(name, ()) if sign.at <= at]
        if not run.root and at < case.until and not cause.told(outage, case.place, signs):
            return None
        found, facts = cause.find(outage, case.place, signs, self._windows)
        return CauseSettled(at, run.subject, run.key, run.start, run.end, found, run.root, facts, run.unknown)

    def _composite(self, run: RunEnded) -> Composite | None:
        if run.subject is Subject.UNIT:
            return self._roster.units.get(run.key)
        return self._roster.devices.get(run.key)

    def _place(self, composite: Composite) -> tuple[cause.Place, float]:
        """Return whose signs speak for an outage, and the longest interval at which one is polled."""
        if isinstance(composite, UnitState):
            devices, unit, area = composite.devices, composite.key, composite.area
        elif isinstance(composite, DeviceState):
            devices, unit, area = (composite,), composite.device.unit, composite.device.area
        else:
            raise TypeError(composite)
        ups = [
            other
            for other in self._roster.devices.values()
            if unit and other.device.unit == unit and other.device.role is Role.UPS
        ]
        asked = [each for each in (*devices, *ups) if each.device.snmp is not None]
        interval = max((each.device.snmp_interval for each in asked), default=0.0)
        names = tuple(device.key for device in devices)
        return (
            cause.Place(
                names, tuple(each.key for each in ups), tuple(each.key for each in asked), unit, area
            ),
            interval,
        )

    def dump(self) -> dict[str, Any]:
        """Return everything as JSON knows it, for a snapshot. Windows are told anew after a start."""
        return {
            "signs": [
                [sign.at, sign.device, sign.kind.value, sign.start, _detail(sign)]
                for signs in self._signs.values()
                for sign in signs
            ],
            "cases": [_dump_case(case) for case in self._cases],
        }

    def load(self, dumped: dict[str, Any]) -> None:
        """Take what was dumped. Raises ValueError, TypeError or KeyError for what was not."""
        for at, device, kind, start, detail in dumped["signs"]:
            self.hear(Sign(float(at), str(device), SignKind(kind), float(start), str(detail)))
        self._cases = [_load_case(each) for each in dumped["cases"]]
        for case in self._cases:
            if (composite := self._composite(case.run)) is not None:
                composite.cases.add(case.run.start)


def _detail(sign: Sign) -> str:
    """Return what a cause may follow from. Of an identity that is nothing, and its names are withheld."""
    return "" if sign.kind is SignKind.IDENTITY else sign.detail


def _dump_case(case: _Case) -> list[Any]:
    run, place = case.run, case.place
    return [
        [run.at, run.subject.value, run.key, run.start, run.end, run.cause.value, run.unknown, run.root],
        [list(place.devices), list(place.ups), list(place.asked), place.unit, place.area],
        case.until,
    ]


def _load_case(dumped: list[Any]) -> _Case:
    (at, subject, key, start, end, found, unknown, root), place, until = dumped
    devices, ups, asked, unit, area = place
    run = RunEnded(
        at, Subject(subject), key, start, end, outage=True, cause=Cause(found), unknown=unknown, root=root
    )
    return _Case(run, cause.Place(tuple(devices), tuple(ups), tuple(asked), unit, area), float(until))

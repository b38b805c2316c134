"""What a selector finds in a plan: names of devices, in the plan's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from netwatch.lab.faults import DEFINITIONS, Strikes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.lab.faults import FaultKind
    from netwatch.lab.plan.layout import Office, Plan
    from netwatch.lab.script.story import Selector

T = TypeVar("T")

POLLER = ""
"""The target of what strikes the poller."""


class NotFoundError(LookupError):
    """The plan has nothing that fits; the message says what was looked for."""


def select(selector: Selector, plan: Plan) -> tuple[str, ...]:
    """Return the names of the devices that a selector means; raise `NotFoundError` where there are none."""
    if selector.names:
        known = {device.name for device in plan.devices}
        for name in selector.names:
            if name not in known:
                raise NotFoundError(f"no device {name!r}")
        return selector.names
    area = _area(selector, plan)
    if selector.router is not None or selector.all_routers:
        routers = plan.routers[area]
        if selector.all_routers:
            return routers
        return (_nth(routers, selector.router or 0, f"router of {area}"),)
    offices = [office for office in plan.offices if _fits(office, selector, area)]
    if selector.unit is not None:
        offices = [_nth(offices, selector.unit, "such unit")]
    chosen = tuple(getattr(office, selector.part) for office in offices[:: selector.every])
    if not chosen or "" in chosen:
        raise NotFoundError(f"no such unit, or none with a {selector.part}")
    return chosen


def _area(selector: Selector, plan: Plan) -> str:
    if selector.area is None:
        return ""
    areas = [area for area, names in plan.routers.items() if selector.routers in {None, len(names)}]
    return _nth(areas, selector.area, "such area")


def _nth(found: Sequence[T], place: int, what: str) -> T:
    if place >= len(found):
        raise NotFoundError(f"there is no {what} {place}: only {len(found)}, counted from 0")
    return found[place]


def _fits(office: Office, selector: Selector, area: str) -> bool:
    return (
        selector.features <= office.features
        and not selector.without & office.features
        and selector.carrier in {"", office.carrier.path}
        and area in {"", office.area}
        and selector.routers in {None, len(office.routers)}
    )


def target(kind: FaultKind, name: str, plan: Plan) -> str:
    """Return what a fault strikes that was said of a device: the device, or the unit that it is of.

    Raise `NotFoundError` where that has no such thing.
    """
    strikes = DEFINITIONS[kind].strikes
    if strikes is Strikes.POLLER:
        return POLLER
    if strikes is Strikes.DEVICE:
        return name
    unit = next(device.unit for device in plan.devices if device.name == name)
    if unit or strikes is Strikes.PLACE:
        return unit or name
    raise NotFoundError(f"{kind} strikes {strikes}, and {name} is of none")

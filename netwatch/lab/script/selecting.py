"""What a selector finds in a plan: names of devices, in the plan's order."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from netwatch.lab.faults import DEFINITIONS, Strikes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.lab.faults import FaultKind
    from netwatch.lab.plan.branches import Branch
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
    branch = _branch(selector, plan)
    if branch and selector.all_routers:
        return branch.routers
    if branch and selector.router is not None:
        return (_nth(branch.routers, selector.router, f"router of the branch of {branch.routers[0]}"),)
    offices = [office for office in plan.offices if _fits(office, selector, branch)]
    if selector.unit is not None:
        offices = [_nth(offices, selector.unit, "such unit")]
    chosen = tuple(getattr(office, selector.part) for office in offices[:: selector.every])
    if not chosen or "" in chosen:
        raise NotFoundError(f"no unit fits, or one that does has no {selector.part}")
    return chosen


def _branch(selector: Selector, plan: Plan) -> Branch | None:
    if selector.branch is None:
        return None
    fitting = [each for each in plan.branches if selector.routers in {None, len(each.routers)}]
    return _nth(fitting, selector.branch, "such branch")


def _nth(found: Sequence[T], place: int, what: str) -> T:
    if place >= len(found):
        raise NotFoundError(f"there is no {what} {place}: only {len(found)}, counted from 0")
    return found[place]


def _fits(office: Office, selector: Selector, branch: Branch | None) -> bool:
    return (
        selector.features <= office.features
        and not selector.without & office.features
        and selector.carrier in {"", office.carrier.path}
        and selector.routers in {None, len(office.routers)}
        and (branch is None or office.routers == branch.routers)
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

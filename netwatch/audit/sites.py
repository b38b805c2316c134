"""Evidence by site: whose minutes speak for which office.

A unit of today may hold several offices, each in a unit of an older register that it was merged from. Minutes
of the whole unit say that one of them was up, not which; so they count only for a unit's only site.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.device import Role
from netwatch.model.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from netwatch.model.claim import Criterion, Found
    from netwatch.model.device import Device


@dataclass(frozen=True, slots=True)
class Site:
    """One office that has a device, and what the period shows of it."""

    register: str
    unit: str  # code in the register in force
    predecessor: str  # code of the unit of an older register that it lies in, or ""
    figures: Figures  # of its minutes, where they can be told to be its own
    found: tuple[tuple[Criterion, Found], ...] = ()  # what its devices' facts show; others: not shown


def sites(
    devices: Iterable[Device],
    of_unit: Callable[[str], Figures],
    of_device: Callable[[str], Figures],
    found: Callable[[Sequence[Device]], Mapping[Criterion, Found]] = lambda _devices: {},
) -> tuple[Site, ...]:
    """Return the sites of `devices`, with the minutes that can be told to be theirs.

    `of_unit` and `of_device` return the minutes of a unit's code and of a device's name; `found` what the
    facts of the devices of one site show. In a unit of several sites, a site with one uplink device has the
    minutes of that; with none or with more it has none.
    """
    places: dict[tuple[str, str], dict[str, list[Device]]] = defaultdict(lambda: defaultdict(list))
    for device in devices:
        if device.unit:
            places[device.register, device.unit][device.predecessor].append(device)
    return tuple(
        Site(
            register,
            unit,
            predecessor,
            of_unit(unit) if len(there) == 1 else _minutes(group, of_device),
            tuple(found(group).items()),
        )
        for (register, unit), there in places.items()
        for predecessor, group in there.items()
    )


def _minutes(group: list[Device], of_device: Callable[[str], Figures]) -> Figures:
    uplinks = [device for device in group if device.role is Role.UPLINK]
    return of_device(uplinks[0].name) if len(uplinks) == 1 else Figures()

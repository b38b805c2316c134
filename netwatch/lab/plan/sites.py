"""Which units get devices, and the areas that operators group them in."""

from __future__ import annotations

import collections
import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.model.register import Register, Unit

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Site:
    """A unit that is given devices, and the area that operators group it in."""

    unit: Unit
    area: str
    predecessor: str  # code of the older unit that its office lies in, "" where not known


def spread(items: Sequence[T], count: int) -> tuple[T, ...]:
    """Return `count` of `items`, evenly spread, so that those left out are not all of one area."""
    total = len(items)
    return tuple(item for i, item in enumerate(items) if (i + 1) * count // total > i * count // total)


def sites(register: Register, day: dt.date) -> tuple[Site, ...]:
    """Return the units in force on `day`, each in the district that it or most of its predecessors were in.

    A province without districts would be one area otherwise; units whose predecessors the register does not
    list are grouped under the province.
    """
    return tuple(_site(register, unit) for unit in register.as_of(day))


def _site(register: Register, unit: Unit) -> Site:
    eve = unit.valid_from - dt.timedelta(days=1)
    older = [each for each in register.units if each.code in unit.predecessors and each.in_force(eve)]
    districts = collections.Counter(each.district for each in older if each.district)
    grouped = unit.district or (districts.most_common(1)[0][0] if districts else unit.province)
    return Site(unit, grouped or register.name, older[0].code if older else "")


def without_kind(unit: Unit) -> str:
    """Return what a unit is called without saying of which kind it is: `Xã Như Quỳnh` → `Như Quỳnh`."""
    prefix = unit.kind + " "
    return unit.name[len(prefix) :] if unit.name.lower().startswith(prefix) else unit.name

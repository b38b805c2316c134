"""What became of units: which older ones a unit was made of, and what changed between two days.

Codes are reused (11953 was phường Hiến Nam and is phường Phố Hiến), so that two lists compared by their codes
would show renames where there were mergers. Only the register's `predecessors` tell.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.model.register import Register, Unit

_DAY = dt.timedelta(days=1)


class Lineage:
    """A register indexed by code, to be asked for many units."""

    def __init__(self, register: Register) -> None:
        self._by_code: dict[str, list[Unit]] = {}
        for unit in register.units:
            self._by_code.setdefault(unit.code, []).append(unit)

    def ancestors(self, unit: Unit, day: dt.date) -> frozenset[str]:
        """Return the codes, as of `day`, of the units that `unit` was made of; its own where it existed then.

        Predecessors that the register does not list (of a province that was merged in) are left out.
        """
        if unit.valid_from <= day:
            return frozenset({unit.code}) if unit.in_force(day) else frozenset()
        eve = unit.valid_from - _DAY
        older = (
            row for code in unit.predecessors for row in self._by_code.get(code, ()) if row.in_force(eve)
        )
        return frozenset().union(*(self.ancestors(row, day) for row in older))


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened to a register's units between two days. A unit may stand in `merged` and `split` both."""

    before: int  # units in force on the first day
    after: int
    created: tuple[Unit, ...]  # made of nothing that the register listed
    abolished: tuple[tuple[Unit, tuple[Unit, ...]], ...]  # (unit, the units that its area went to)
    merged: tuple[tuple[Unit, tuple[Unit, ...]], ...]  # (unit, the two or more that it was made of)
    renamed: tuple[tuple[Unit, Unit], ...]  # (before, after): another name, kind, code or district
    split: tuple[tuple[Unit, tuple[Unit, ...]], ...]  # (unit, the two or more that its area went to)


def compare(register: Register, first: dt.date, second: dt.date) -> Changes:
    """Tell what was created, abolished, merged, renamed and split from `first` to a later `second`."""
    old = {unit.code: unit for unit in register.as_of(first)}
    new = register.as_of(second)
    lineage = Lineage(register)
    made_of = {unit.code: tuple(old[code] for code in sorted(lineage.ancestors(unit, first))) for unit in new}
    became = {
        code: tuple(unit for unit in new if any(part.code == code for part in made_of[unit.code]))
        for code in old
    }
    renamed = tuple(
        (made_of[unit.code][0], unit)
        for unit in new
        if len(made_of[unit.code]) == 1
        and len(became[made_of[unit.code][0].code]) == 1
        and _told(made_of[unit.code][0]) != _told(unit)
    )
    lives_on = {before.code for before, _ in renamed}
    return Changes(
        before=len(old),
        after=len(new),
        created=tuple(unit for unit in new if not made_of[unit.code]),
        abolished=tuple(
            (unit, became[code])
            for code, unit in old.items()
            if code not in lives_on and not any(_same(unit, later) for later in became[code])
        ),
        merged=tuple((unit, made_of[unit.code]) for unit in new if len(made_of[unit.code]) > 1),
        renamed=renamed,
        split=tuple((unit, became[code]) for code, unit in old.items() if len(became[code]) > 1),
    )


def _told(unit: Unit) -> tuple[str, str, str, str]:
    return unit.code, unit.name, unit.kind, unit.district


def _same(before: Unit, after: Unit) -> bool:
    """Tell whether a unit lives on under its code and name, be it with more land."""
    return (before.code, before.name) == (after.code, after.name)

"""What a unit of a register was made of, and what became of it: codes are reused, so a day goes with each."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.model.register import Register, Unit

_DAY = dt.timedelta(days=1)


def find(register: Register, code: str, day: dt.date) -> Unit | None:
    """Return the unit that bears a code on a day; else the one that bore it last before, or first after."""
    there = sorted((unit for unit in register.units if unit.code == code), key=lambda unit: unit.valid_from)
    for unit in there:
        if unit.in_force(day):
            return unit
    before = [unit for unit in there if unit.valid_from <= day]
    return before[-1] if before else next(iter(there), None)


def made_of(register: Register, unit: Unit) -> tuple[tuple[str, Unit | None], ...]:
    """Return the (code, unit) that it was made of; None for one that the register does not list."""
    eve = unit.valid_from - _DAY
    listed = {each.code: each for each in register.units if each.in_force(eve)}
    return tuple((code, listed.get(code)) for code in unit.predecessors)


def became(register: Register, unit: Unit) -> tuple[Unit, ...]:
    """Return the units that were made of it when it ended; none of one that is in force."""
    if unit.valid_to is None:
        return ()
    return tuple(
        each
        for each in register.units
        if each.valid_from == unit.valid_to and (unit.code in each.predecessors)
    )

"""Names of units by register, code and day: codes are reused, so a code alone has no name."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from netwatch.model.register import Register, Unit


class UnitNames:
    """The units of some registers, indexed to be asked for many names."""

    def __init__(self, registers: Iterable[Register]) -> None:
        self._rows: dict[tuple[str, str], list[Unit]] = defaultdict(list)
        for register in registers:
            for unit in register.units:
                self._rows[register.name, unit.code].append(unit)

    def on(self, register: str, code: str, day: dt.date) -> str:
        """Return the name of a unit in force on a day; "" where the register lists none."""
        return next((unit.name for unit in self._rows.get((register, code), ()) if unit.in_force(day)), "")

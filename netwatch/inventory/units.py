"""Codes of a site file to units of a register, and what to say of codes that are none."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.inventory.succession import Lineage
from netwatch.inventory.wording import fold, nearest, quote

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.inventory.document import Scalar
    from netwatch.inventory.problem import Remarks
    from netwatch.model.register import Register, Unit

ADMINISTRATIVE = {"xã", "phường", "thị trấn", "đặc khu", "huyện", "quận", "thị xã", "thành phố", "tỉnh"}
"""Kinds of administrative units; a register of nothing else is one of administration."""

SUGGESTIONS = 50
DAY = dt.timedelta(days=1)


def main_register(registers: Iterable[Register]) -> Register | None:
    """Return the first register of administrative units, None where there is none."""
    return next((register for register in registers if administrative(register)), None)


def administrative(register: Register) -> bool:
    """Tell whether a register lists administrative units rather than organisations."""
    return all(unit.kind in ADMINISTRATIVE for unit in register.units)


class Units:
    """The units of one register on one day."""

    def __init__(self, register: Register, today: dt.date) -> None:
        self.register = register
        self._today = today
        self._lineage = Lineage(register)
        self._in_force = {unit.code: unit for unit in register.as_of(today)}
        self._rows: dict[str, list[Unit]] = defaultdict(list)
        for unit in register.units:
            self._rows[unit.code].append(unit)
        self._heirs: dict[tuple[str, dt.date], list[Unit]] = {}
        self._suggestions = SUGGESTIONS

    def unit(self, code: Scalar, remarks: Remarks, *, of_site: bool = True) -> Unit | None:
        """Return the unit in force; None where there is none, once remarked.

        `of_site`: it is named as a site's own, which may have a predecessor.
        """
        unit = self._in_force.get(code.text)
        if unit is None:
            remarks.error(code, self.why_none(code.text, of_site=of_site))
        return unit

    def check_predecessor(self, code: Scalar, unit: Unit, remarks: Remarks) -> None:
        """Remark a predecessor that the unit was not made of."""
        older = self.predecessors(unit)
        if code.text in older:
            return
        if older:
            known = ", ".join(f"{each} {name}".strip() for each, name in sorted(older.items()))
            told = f": it was made of {known}"
        else:
            told = ", which has none in this register: delete the line"
        remarks.error(code, f"{quote(code.text)} is no predecessor of {unit.code} {unit.name}{told}")

    def predecessors(self, unit: Unit) -> dict[str, str]:
        """Return code and name of all older units that a unit was made of, however long ago.

        One that the register only names, as it was another province's, has no name here.
        """
        found = {code: "" for older in (unit, *self._ancestry(unit)) for code in older.predecessors}
        return found | {older.code: older.name for older in self._ancestry(unit)}

    def merged(self, codes: Iterable[str], day: dt.date) -> list[str]:
        """Return those of the units in force that were several on `day`."""
        units = (self._in_force[code] for code in sorted(codes) if code in self._in_force)
        return [
            unit.code
            for unit in units
            if unit.valid_from > day and len(self._lineage.ancestors(unit, day)) > 1
        ]

    def _ancestry(self, unit: Unit) -> list[Unit]:
        """Return the rows of all units that a unit was made of, directly or not."""
        found: dict[tuple[str, dt.date], Unit] = {}
        pending = [unit]
        while pending:
            younger = pending.pop()
            eve = younger.valid_from - DAY
            for code in younger.predecessors:
                for older in self._rows.get(code, ()):
                    if older.in_force(eve) and (code, older.valid_from) not in found:
                        found[code, older.valid_from] = older
                        pending.append(older)
        return list(found.values())

    def heirs(self, unit: Unit) -> list[Unit]:
        """Return the units in force that were made of one that ended; none of one that is in force.

        Worked out once, for all of them.
        """
        if not self._heirs:
            for heir in self._in_force.values():
                for older in self._ancestry(heir):
                    self._heirs.setdefault((older.code, older.valid_from), []).append(heir)
        return self._heirs.get((unit.code, unit.valid_from), [])

    def why_none(self, code: str, *, of_site: bool = True) -> str:
        """Say why a code is that of no unit in force, and which was probably meant."""
        which = f"register {quote(self.register.name)}"
        rows = self._rows.get(code)
        if not rows:
            return f"unit {quote(code)} is not in {which}{self._suggest(code)}"
        ended = [(unit.valid_to, unit) for unit in rows if unit.valid_to and unit.valid_to <= self._today]
        if not ended:
            return f"unit {code} {rows[0].name} is in {which} only from {rows[0].valid_from} on"
        end, unit = max(ended, key=lambda row: row[0])
        heirs = " and ".join(f"{heir.code} {heir.name}" for heir in self.heirs(unit))
        told = f"; it is now part of {heirs}: write that code" if heirs else ""
        if heirs and of_site:
            told += f", and 'predecessor: {code}'"
        return f"unit {code} {unit.name} is in {which} only until {end - DAY}{told}"

    def _suggest(self, code: str) -> str:
        """Suggest by name where a name was written, by code else."""
        if self._suggestions == 0:
            return ""
        self._suggestions -= 1
        wanted = fold(code)
        named = [unit for unit in self._in_force.values() if len(wanted) > 2 and wanted in fold(unit.name)]
        if len(named) == 1:
            return f"; did you mean {named[0].code} ({named[0].name})?"
        near = nearest(code, self._in_force)
        if near:
            return f"; did you mean {near} ({self._in_force[near].name})?"
        return ": 'netwatch register show' lists its codes"

"""What a window can be about: the devices, units and areas that there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.units import Units, main_register
from netwatch.inventory.wording import quote

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from netwatch.inventory.document import Scalar
    from netwatch.inventory.names import Names
    from netwatch.inventory.problem import Remarks
    from netwatch.model.register import Register

HOME = "sites/*.yaml"


class Scope:
    """The names of a configuration on one day; `complete` is False where a register could not be read."""

    def __init__(
        self, devices: Names, areas: Names, registers: Iterable[Register], today: dt.date, *, complete: bool
    ) -> None:
        registers = tuple(registers)
        main = main_register(registers)
        self._devices = devices
        self._areas = areas
        self._codes = {unit.code for register in registers for unit in register.as_of(today)}
        self._main = Units(main, today) if main else None
        self._complete = complete

    def check(
        self, devices: Iterable[Scalar], units: Iterable[Scalar], areas: Iterable[Scalar], remarks: Remarks
    ) -> None:
        """Remark every name of something that does not exist."""
        for device in devices:
            self._devices.knows(device, remarks)
        for unit in units:
            self._check_unit(unit, remarks)
        for area in areas:
            self._areas.knows(area, remarks)

    def _check_unit(self, code: Scalar, remarks: Remarks) -> None:
        if code.text in self._codes or not self._complete:
            return
        if self._main is not None:
            self._main.unit(code, remarks, of_site=False)
        else:
            remarks.error(
                code, f"there is no unit {quote(code.text)}: netwatch.yaml names no register that lists it"
            )

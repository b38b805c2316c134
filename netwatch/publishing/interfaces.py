"""One device's interfaces as sample lines: labels are written once, numbers at each poll."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.observation import MISSING
from netwatch.publishing.exposition import EXACT, encoded, labels
from netwatch.publishing.families import OWN_PREFIX

if TYPE_CHECKING:
    from array import array
    from collections.abc import Sequence

    from netwatch.model.device import Device
    from netwatch.model.observation import InterfaceName, InterfaceTable

OPER_STATUS = "ifOperStatus"
UP, DOWN, LOWER_LAYER_DOWN = 1, 2, 7
"""Of ifOperStatus (RFC 2863); the other values are testing, unknown, dormant and notPresent."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a device may make us export."""

    rows: int = 1024  # of one device
    series: int = 2_000_000  # of all devices together
    label: int = 256  # characters of a label value


class Interfaces:
    """The rows of one device that are exported, and for each column a template with their labels.

    Only rows that the device's uplinks name are exported, or all of them. `refused` counts, by reason, the
    rows that are not for another reason.
    """

    def __init__(self, device: Device, rows: Sequence[InterfaceName], limits: Limits, *, every: bool) -> None:
        self.refused: Counter[str] = Counter()
        self._made_of = (device, rows, every)
        self._kept = self._keep(device, rows, limits, every=every)
        self._all = len(self._kept) == len(rows)
        self._labels = [_row_labels(device, rows[place], limits.label) for place in self._kept]
        self._templates: dict[str, bytes] = {}
        self._device = encoded(labels({"device": device.name, "unit": device.unit}))

    def fits(self, device: Device, rows: Sequence[InterfaceName], *, every: bool) -> bool:
        """Tell whether the same would come of making it anew."""
        return self._made_of == (device, rows, every)

    def _keep(
        self, device: Device, rows: Sequence[InterfaceName], limits: Limits, *, every: bool
    ) -> list[int]:
        """Choose the rows to export. No two have the same ifIndex, hence no two series the same labels."""
        named = {uplink.interface for uplink in device.uplinks if uplink.interface}
        taken: dict[int, int] = {}
        for place, row in enumerate(rows):
            if not (every or named & {row.key, row.name, row.descr}):
                continue
            if row.index in taken:
                self.refused["duplicate row"] += 1
            elif len(taken) == limits.rows:
                self.refused["too many rows exported"] += 1
            else:
                taken[row.index] = place
        return list(taken.values())

    def render(self, table: InterfaceTable) -> tuple[dict[str, bytes], int]:
        """Return the lines of each family, and how many there are."""
        rendered: dict[str, bytes] = {}
        series = 0
        for name, values in zip(table.columns, table.values, strict=True):
            if self._kept and not name.startswith(OWN_PREFIX):
                rendered[name], count = self._column(name, values)
                series += count
            if name == OPER_STATUS:
                rendered["netwatch_interfaces"] = self._by_status(values)
                series += 3
        return rendered, series

    def _column(self, name: str, values: array[int]) -> tuple[bytes, int]:
        lines = self._templates.get(name)
        if lines is None:
            lines = self._templates[name] = encoded("".join(f"{name}{row} %d\n" for row in self._labels))
        kept = tuple(values) if self._all else tuple([values[place] for place in self._kept])
        if max(kept) < EXACT:
            return lines % kept, len(kept)
        present = [
            line % (value % EXACT)
            for line, value in zip(lines.split(b"\n"), kept, strict=False)
            if value != MISSING
        ]
        return b"".join(line + b"\n" for line in present), len(present)

    def _by_status(self, values: array[int]) -> bytes:
        up = values.count(UP)
        down = values.count(DOWN) + values.count(LOWER_LAYER_DOWN)
        counts = (("up", up), ("down", down), ("other", len(values) - up - down))
        return b"".join(
            b'netwatch_interfaces{%b,status="%b"} %d\n' % (self._device, status.encode(), count)
            for status, count in counts
        )


def _row_labels(device: Device, row: InterfaceName, longest: int) -> str:
    """Return a row's label set as a piece of a `%` template."""
    inside = labels(
        {
            "device": device.name,
            "unit": device.unit,
            "ifIndex": str(row.index),
            "ifName": shortened(row.name, longest),
            "ifAlias": shortened(row.alias, longest),
            "ifDescr": shortened(row.descr, longest),
        }
    )
    return "{" + inside.replace("%", "%%") + "}"


def shortened(text: str, longest: int) -> str:
    """Cut text to `longest` characters, and show that it was cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"

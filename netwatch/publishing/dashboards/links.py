"""Links from what a panel shows to another board: they keep language, time range and datasource."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.publishing.dashboards.language import Text, uid

if TYPE_CHECKING:
    from netwatch.publishing.dashboards.language import Language


@dataclass(frozen=True, slots=True)
class Link:
    """A link to `board`.

    `fills`: variable of that board → what Grafana fills in (`field`, `label`). `carries`: variables that both
    boards have, with the values that are chosen here.
    """

    text: Text
    board: str
    fills: tuple[tuple[str, str], ...] = ()
    carries: tuple[str, ...] = ()

    def url(self, language: Language) -> str:
        """Return the address, as Grafana fills it in."""
        carried = [f"${{{name}:queryparam}}" for name in ("datasource", *self.carries)]
        filled = [f"var-{name}={value}" for name, value in self.fills]
        return f"/d/{uid(self.board, language)}?" + "&".join(["${__url_time_range}", *carried, *filled])

    def built(self, language: Language) -> dict[str, object]:
        """Return it as Grafana's JSON has it."""
        return {"title": self.text.said(language), "url": self.url(language), "targetBlank": False}


def field(name: str) -> str:
    """Return what stands for a column of the row that was clicked."""
    return f"${{__data.fields.{name}:percentencode}}"


def label(name: str) -> str:
    """Return what stands for a label of the series that was clicked."""
    return f"${{__field.labels.{name}:percentencode}}"


_TO_AREA = Text("Mở khu vực", "Open the area")
_TO_UNIT = Text("Mở đơn vị", "Open the unit")
_TO_DEVICE = Text("Mở thiết bị", "Open the device")
_TO_PORT = Text("Mở cổng", "Open the port")
_TO_CLAIM = Text("Mở công bố", "Open the claim")

ROW_AREA = Link(_TO_AREA, "area", (("area", field("area")),), ("register",))
ROW_UNIT = Link(_TO_UNIT, "unit", (("unit", field("unit")),), ("register",))
ROW_DEVICE = Link(_TO_DEVICE, "switch", (("device", field("device")),), ("register",))
ROW_PORT = Link(_TO_PORT, "port", (("device", field("device")), ("port", field("ifName"))), ("register",))
ROW_CLAIM = Link(_TO_CLAIM, "claims", (("claim", field("claim")),), ("register",))
"""From a row of a table, or a mark on a map, that has such columns."""

SERIES_AREA = Link(_TO_AREA, "area", (("area", label("area")),), ("register",))
SERIES_UNIT = Link(_TO_UNIT, "unit", (("unit", label("unit")),), ("register",))
SERIES_DEVICE = Link(_TO_DEVICE, "switch", (("device", label("device")),), ("register",))
SERIES_PORT = Link(_TO_PORT, "port", (("device", label("device")), ("port", label("ifName"))), ("register",))
"""From a line, a bar or a stripe whose series has such labels."""

PROVINCE = Link(Text("Toàn tỉnh", "Province"), "province", carries=("register",))
AREA = Link(Text("Khu vực", "Area"), "area", carries=("register", "area"))
UNIT = Link(Text("Đơn vị", "Unit"), "unit", carries=("register", "unit"))
DEVICE = Link(Text("Thiết bị", "Device"), "switch", carries=("register", "device"))
CLAIMS = Link(Text("Công bố", "Claims"), "claims", carries=("register",))
OPTICS = Link(Text("Công suất quang", "Optics"), "optics", carries=("register",))
ITSELF = Link(Text("Trạm đo", "Poller"), "netwatch", carries=("register",))
"""From the top of a board, where it has the variables that they carry."""

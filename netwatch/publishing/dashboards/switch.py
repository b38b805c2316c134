"""The board `switch`."""

from __future__ import annotations

from netwatch.publishing.dashboards import links
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.language import Words
from netwatch.publishing.dashboards.numbers import Number
from netwatch.publishing.dashboards.panels import DURATION, Query
from netwatch.publishing.dashboards.variables import DEVICE, REGISTER, UNIT_OF_DEVICE

SWITCH = Board(
    "switch",
    Words("Thiết bị", "Device", "Thiết bị.", "Device."),
    (REGISTER, DEVICE, UNIT_OF_DEVICE),
    (
        Number(
            Words("Thời gian hoạt động", "Uptime", "Thời gian hoạt động.", "Uptime."),
            (Query('min(netwatch_device_uptime_seconds{device="$device"})'),),
            width=6,
            height=4,
            unit=DURATION,
        ),
    ),
    links=(links.PROVINCE, links.UNIT),
)

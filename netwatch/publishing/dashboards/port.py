"""The board `port`."""

from __future__ import annotations

from netwatch.publishing.dashboards import links
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.language import Words
from netwatch.publishing.dashboards.numbers import Number
from netwatch.publishing.dashboards.panels import COUNT, Query
from netwatch.publishing.dashboards.variables import DEVICE, PORT as PORT_CHOICE, REGISTER

PORT = Board(
    "port",
    Words("Cổng", "Port", "Cổng.", "Port."),
    (REGISTER, DEVICE, PORT_CHOICE),
    (
        Number(
            Words("Trạng thái cổng", "State of the port", "Trạng thái cổng.", "State of the port."),
            (Query('min(ifOperStatus{device="$device",ifName="$port"})'),),
            width=6,
            height=4,
            unit=COUNT,
        ),
    ),
    links=(links.PROVINCE, links.DEVICE),
)

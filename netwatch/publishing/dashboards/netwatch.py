"""The board `netwatch`."""

from __future__ import annotations

from netwatch.publishing.dashboards import links
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.language import Words
from netwatch.publishing.dashboards.numbers import Number
from netwatch.publishing.dashboards.panels import COUNT, Query
from netwatch.publishing.dashboards.variables import REGISTER

NETWATCH = Board(
    "netwatch",
    Words("netwatch", "netwatch", "netwatch.", "netwatch."),
    (REGISTER,),
    (
        Number(
            Words(
                "Cấu hình đọc gần nhất",
                "Configuration read last",
                "Cấu hình đọc gần nhất.",
                "Configuration read last.",
            ),
            (Query("min(netwatch_config_last_reload_successful)"),),
            width=6,
            height=4,
            unit=COUNT,
        ),
    ),
    links=(links.PROVINCE,),
)

"""The board `optics`."""

from __future__ import annotations

from netwatch.publishing.dashboards import links
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.language import Words
from netwatch.publishing.dashboards.numbers import Number
from netwatch.publishing.dashboards.panels import DECIBEL_MILLIWATT, Query
from netwatch.publishing.dashboards.variables import AREAS, REGISTER

OPTICS = Board(
    "optics",
    Words("Công suất quang", "Optics", "Công suất quang.", "Optics."),
    (REGISTER, AREAS),
    (
        Number(
            Words(
                "Công suất thu thấp nhất",
                "Least received light",
                "Công suất thu thấp nhất.",
                "Least received light.",
            ),
            (Query("min(netwatch_optical_receive_power_dbm)"),),
            width=6,
            height=4,
            unit=DECIBEL_MILLIWATT,
        ),
    ),
    links=(links.PROVINCE,),
)

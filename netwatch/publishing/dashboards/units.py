"""Panels about the units of a register that the wall and the board of an area have alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.dashboards import links, promql, words
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.numbers import Bars, Number
from netwatch.publishing.dashboards.panels import (
    BLUE,
    DATE,
    GREEN,
    GREY,
    ORANGE,
    QUIET,
    RATIO,
    RED,
    SECONDS,
    Query,
)
from netwatch.publishing.dashboards.tables import Column, Rows

if TYPE_CHECKING:
    from collections.abc import Mapping


def _counted(
    words_: Words, state: int, width: int, colors: Mapping[float, str], *, loud: bool = False
) -> Number:
    height = 7 if loud else 4
    query = Query(promql.counted(state))
    return Number(words_, (query,), width=width, height=height, colors=colors, filled=loud, called=True)


LOUD_NUMBERS = (
    _counted(
        Words(
            "Mất kết nối",
            "Down",
            "Số đơn vị mất kết nối ngay lúc này.",
            "Units that are down at this moment.",
        ),
        promql.DOWN,
        6,
        {0.0: QUIET, 1.0: RED},
        loud=True,
    ),
    _counted(
        Words(
            "Không rõ",
            "Unknown",
            "Đơn vị có thiết bị mà lúc này không biết được trạng thái; không tính là mất kết nối.",
            "Units with a device of which nothing valid is known now; they do not count as down.",
        ),
        promql.UNKNOWN,
        6,
        {0.0: QUIET, 1.0: ORANGE},
        loud=True,
    ),
)

OTHER_NUMBERS = (
    _counted(
        Words("Có kết nối", "Up", "Số đơn vị có kết nối ngay lúc này.", "Units that are up at this moment."),
        promql.UP,
        8,
        {0.0: GREEN},
    ),
    _counted(
        Words(
            "Chưa giám sát",
            "Unmonitored",
            "Đơn vị trong danh mục chưa có thiết bị nào được giám sát.",
            "Units of the register that have no device.",
        ),
        promql.UNMONITORED,
        8,
        {0.0: GREY},
    ),
    Number(
        Words(
            "Trong danh mục",
            "Of the register",
            "Tổng số đơn vị của danh mục đang có hiệu lực.",
            "All units of the register in force.",
        ),
        (Query(f"count({promql.INFO})"),),
        width=8,
        height=4,
        colors={0.0: BLUE},
        called=True,
    ),
)

_SINCE = promql.of_units("netwatch_unit_down_since_timestamp_seconds{<register>}")
_ROOT = promql.of_units("netwatch_unit_outage_root{<register>}")

LOST = Rows(
    Words(
        "Đang mất kết nối",
        "Down now",
        "Các đơn vị đang mất kết nối, từ lúc nào, và do thiết bị phía trên nào (nếu có).",
        "Units that are down, since when, and because of which device above them, if any.",
    ),
    (
        Query(f"({promql.INFO} * on (unit) group_left () {promql.STATE}) == {promql.DOWN}"),
        Query(f"max by (unit) ({_SINCE}) * 1000"),
        Query(f"max by (unit, root) ({_ROOT})"),
    ),
    width=12,
    height=7,
    columns=(
        Column("name", words.NAME, links=(links.ROW_UNIT,)),
        Column("Value #B", words.SINCE, unit=DATE, width=155),
        Column("root", Text("Do thiết bị", "Because of")),
        Column("area", words.AREA, links=(links.ROW_AREA,)),
        Column("unit", words.CODE),
    ),
    sorted_by=("Value #B",),
    empty=Text("không có đơn vị nào được báo là mất kết nối", "no unit is told to be down"),
)


def _ended(words_: Words, metric: str, by: str) -> Number:
    counted = promql.of_units(f"increase({metric}{{<register>}}[$__range])")
    return Number(
        words_,
        (Query(f"sum(max by ({by}) ({counted}))"),),
        width=6,
        height=5,
        colors={0.0: GREEN, 1.0: ORANGE},
    )


def _available(words_: Words, bound: str) -> Number:
    return Number(
        words_, (Query(promql.availability(promql.of_units, bound)),), width=6, height=5, unit=RATIO
    )


SETTLED = (
    _available(
        Words(
            "Độ khả dụng, cận dưới",
            "Availability, lower bound",
            "Phút đã chốt có kết nối trên tổng số phút đã chốt của mọi đơn vị, trong khoảng đang xem.",
            "Settled minutes up of all settled minutes of all units, in the range shown.",
        ),
        "lower",
    ),
    _available(
        Words(
            "Độ khả dụng, cận trên",
            "Availability, upper bound",
            "Như cận dưới, nhưng phút không rõ được tính là có kết nối.",
            "As the lower bound, with unknown minutes counted as up.",
        ),
        "upper",
    ),
    _ended(
        Words(
            "Số lần mất kết nối",
            "Outages",
            "Các lần từ 30 giây trở lên, đã kết thúc, trong khoảng đang xem.",
            "Those of 30 s and more that ended, in the range shown.",
        ),
        "netwatch_unit_outages_total",
        "unit, cause",
    ),
    _ended(
        Words(
            "Số lần chập chờn",
            "Blips",
            "Các lần mất kết nối ngắn hơn 30 giây, trong khoảng đang xem.",
            "Times down for less than 30 s, in the range shown.",
        ),
        "netwatch_unit_blips_total",
        "unit",
    ),
)

LOSS_COLORS = {0.0: GREEN, 0.01: ORANGE, 0.1: RED}
"""From a loss of 1 % on it can be felt, from 10 % on nothing works."""


def worst(count: int, height: int) -> tuple[Bars, Bars]:
    """Return the devices that lose most now, and those that are slowest."""
    legend = "{{name}} · {{device}}"
    return (
        Bars(
            Words(
                f"Mất gói: {count} thiết bị kém nhất",
                f"Loss: the worst {count}",
                "Tỷ lệ gói bị mất của phút vừa qua. Diễn biến theo thời gian: mở đơn vị.",
                "Share of echoes lost in the last minute. Open the unit to see how it came about.",
            ),
            (Query(promql.worst("netwatch_echo_loss_ratio", count), legend),),
            width=12,
            height=height,
            unit=RATIO,
            colors=LOSS_COLORS,
            most=1.0,
            links=(links.SERIES_UNIT,),
        ),
        Bars(
            Words(
                f"Độ trễ: {count} thiết bị chậm nhất",
                f"RTT: the slowest {count}",
                "Độ trễ trung bình của phút vừa qua; gói bị mất không có độ trễ.",
                "Mean round-trip time of the last minute; a lost echo has none.",
            ),
            (Query(promql.worst("netwatch_echo_rtt_mean_seconds", count), legend),),
            width=12,
            height=height,
            unit=SECONDS,
            links=(links.SERIES_UNIT,),
        ),
    )

"""The board `area`: the units of one area, or of several."""

from __future__ import annotations

from dataclasses import replace

from netwatch.publishing.dashboards import links, promql, words
from netwatch.publishing.dashboards.annotations import BLIND, MASS_OUTAGE, OUTAGES
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.panels import COUNT, RATIO, Query
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import States
from netwatch.publishing.dashboards.units import LOST, LOUD_NUMBERS, OTHER_NUMBERS, SETTLED, worst
from netwatch.publishing.dashboards.variables import AREAS, REGISTER

UNIT_STATES = States(
    Words(
        "Từng đơn vị theo thời gian",
        "Each unit over time",
        "Trạng thái của từng đơn vị có thiết bị được giám sát. Khoảng trống: không có số liệu.",
        "The state of each unit with a device that is watched. A gap: there are no data.",
    ),
    (Query(f"{promql.STATE} * on (unit) group_left (name) {promql.INFO}", "{{name}}"),),
    width=24,
    height=16,
    said={key: words.STATES[key] for key in ("2", "1", "0")},
    links=(links.SERIES_UNIT,),
)

_OUTAGES = promql.of_units("increase(netwatch_unit_outages_total{<register>}[$__range])")

EACH = Rows(
    Words(
        "Từng đơn vị",
        "Each unit",
        "Trạng thái lúc này, và độ khả dụng trong khoảng đang xem: phút không rõ tính là mất kết nối "
        "ở cận dưới, là có kết nối ở cận trên.",
        "The state now, and the availability in the range shown: the lower bound counts unknown minutes as "
        "down, the upper bound as up.",
    ),
    (
        Query(promql.EACH_UNIT),
        Query(promql.availability(promql.of_units, "lower", "unit")),
        Query(promql.availability(promql.of_units, "upper", "unit")),
        Query(f"sum by (unit) (max by (unit, cause) ({_OUTAGES}))"),
    ),
    width=24,
    height=14,
    columns=(
        Column("name", words.NAME, links=(links.ROW_UNIT,)),
        Column("Value #A", words.STATE, said=words.STATES, least=120),
        Column("Value #B", Text("Khả dụng, cận dưới", "Availability, lower"), unit=RATIO),
        Column("Value #C", Text("Khả dụng, cận trên", "Availability, upper"), unit=RATIO),
        Column("Value #D", Text("Số lần mất kết nối", "Outages"), unit=COUNT),
        Column("kind", words.KIND),
        Column("area", words.AREA),
        Column("unit", words.CODE),
    ),
    sorted_by=("-Value #A", "name"),
)

AREA = Board(
    "area",
    Words(
        "Khu vực",
        "Area",
        "Các đơn vị của một khu vực: trạng thái, độ khả dụng đã chốt, mất gói và độ trễ.",
        "The units of an area: their states, settled availability, loss and round-trip times.",
    ),
    (REGISTER, AREAS),
    (*LOUD_NUMBERS, LOST, *OTHER_NUMBERS, UNIT_STATES, EACH, *SETTLED, *worst(10, 14)),
    annotations=(BLIND, MASS_OUTAGE, replace(OUTAGES, shown=False)),
    links=(links.PROVINCE, links.CLAIMS),
)

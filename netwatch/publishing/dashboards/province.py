"""The board `province`, for the wall: who is down, who is unknown, and whether netwatch sees at all."""

from __future__ import annotations

from dataclasses import replace

from netwatch.publishing.dashboards import links, promql, words
from netwatch.publishing.dashboards.alert_rows import ALERTS
from netwatch.publishing.dashboards.annotations import BLIND, MASS_OUTAGE, OUTAGES
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.claim_rows import DECLARED
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.numbers import Banner
from netwatch.publishing.dashboards.panels import QUIET, RED, Query
from netwatch.publishing.dashboards.tables import Column, Map
from netwatch.publishing.dashboards.timelines import Lines, States
from netwatch.publishing.dashboards.units import LOST, LOUD_NUMBERS, OTHER_NUMBERS, SETTLED, worst
from netwatch.publishing.dashboards.variables import AREAS, REGISTER

IN_SIGHT = Text("Trạm đo quan sát được mọi đường", "The poller sees by every path")
BLIND_TO = Text("KHÔNG QUAN SÁT ĐƯỢC: ${__field.labels.path}", "BLIND: ${__field.labels.path}")
SILENT = Text("KHÔNG CÓ SỐ LIỆU", "NO DATA")

BLIND_BANNER = Banner(
    Words(
        "Trạm đo",
        "What the poller can see",
        "Đỏ: không quan sát được qua đường đó; mọi đơn vị phía sau là không rõ, không phải mất kết nối.",
        "Red: an observation path is blind; all units behind it are unknown, not down.",
    ),
    (
        Query("max by (path) (netwatch_path_blind) == 1", "{{path}}"),
        Query("max(netwatch_path_blind or netwatch_build_info * 0) == 0", "netwatch"),
        Query("absent(netwatch_build_info) * 2", "netwatch"),
    ),
    width=24,
    height=3,
    said={
        "0": (IN_SIGHT, QUIET),
        "1": (Text("KHÔNG QUAN SÁT ĐƯỢC", "BLIND"), RED),
        "2": (SILENT, RED),
    },
    called=(BLIND_TO, IN_SIGHT, SILENT),
)


UNIT_COLUMNS = (
    Column("name", words.NAME, links=(links.ROW_UNIT, links.ROW_AREA)),
    Column("Value", words.STATE, said=words.STATES),
    Column("kind", words.KIND),
    Column("area", words.AREA, links=(links.ROW_AREA,)),
    Column("unit", words.CODE),
)

MAP = Map(
    Words(
        "Bản đồ đơn vị",
        "Map of the units",
        "Mỗi điểm là một đơn vị có tọa độ, tô màu theo trạng thái; trạng thái càng xấu điểm càng to. "
        "Chọn một điểm để mở.",
        "Each mark is a unit that has a position, in the color of its state; the worse, the bigger. Touch "
        "one to open it.",
    ),
    (Query(promql.EACH_UNIT),),
    width=12,
    height=13,
    columns=UNIT_COLUMNS,
    colored="Value",
)

AREA_STATES = States(
    Words(
        "Khu vực theo thời gian",
        "Areas over time",
        "Trạng thái xấu nhất: có đơn vị mất kết nối, có đơn vị không rõ, hay tất cả có kết nối.",
        "The worst state in an area: a unit is down, a unit is unknown, or all are up.",
    ),
    (Query(f"max by (area) ({promql.STATE})", "{{area}}"),),
    width=12,
    height=13,
    said={key: words.STATES[key] for key in ("2", "1", "0")},
    links=(links.SERIES_AREA,),
)

OVER_TIME = Lines(
    Words(
        "Số đơn vị theo trạng thái",
        "Units by state over time",
        "Các đơn vị có thiết bị được giám sát. Khoảng trống: không có số liệu.",
        "Units with a device that is watched. A gap: there are no data.",
    ),
    (
        Query(promql.counted(promql.DOWN), "down"),
        Query(promql.counted(promql.UNKNOWN), "unknown"),
        Query(promql.counted(promql.UP), "up"),
    ),
    width=24,
    height=8,
    names={state: words.STATE_NAMES[state] for state in ("down", "unknown", "up")},
    stacked=True,
)


PROVINCE = Board(
    "province",
    Words(
        "Toàn tỉnh",
        "Province",
        "Màn hình lớn: đơn vị nào mất kết nối, đơn vị nào không rõ, và trạm đo có quan sát được hay không.",
        "The wall: which units are down, which are unknown, and whether the poller can see.",
    ),
    (REGISTER, AREAS),
    (
        BLIND_BANNER,
        *LOUD_NUMBERS,
        LOST,
        *OTHER_NUMBERS,
        MAP,
        AREA_STATES,
        ALERTS,
        DECLARED,
        *worst(5, 8),
        *SETTLED,
        OVER_TIME,
    ),
    annotations=(BLIND, MASS_OUTAGE, replace(OUTAGES, shown=False)),
    links=(links.CLAIMS, links.OPTICS, links.ITSELF),
)

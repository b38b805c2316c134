"""The board `province`, for the wall: who is down, who is unknown, and whether netwatch sees at all."""

from __future__ import annotations

from netwatch.publishing.dashboards import links, promql, words
from netwatch.publishing.dashboards.annotations import BLIND, MASS_OUTAGE, OUTAGES
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.numbers import Banner, Number
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
from netwatch.publishing.dashboards.tables import Column, Map, Rows
from netwatch.publishing.dashboards.timelines import Lines, States
from netwatch.publishing.dashboards.variables import AREAS, REGISTER

SEEING, BLIND_TO, SILENT = "0", "1", "2"

BLIND_BANNER = Banner(
    Words(
        "Khả năng quan sát của trạm đo",
        "What the poller can see",
        "Đỏ: một tuyến quan sát bị mù, mọi đơn vị phía sau là không rõ, không phải mất kết nối.",
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
        SEEING: (Text("Quan sát được mọi tuyến", "All paths are in sight"), QUIET),
        BLIND_TO: (
            Text("KHÔNG QUAN SÁT ĐƯỢC: phía sau tuyến là không rõ", "BLIND: all behind the path is unknown"),
            RED,
        ),
        SILENT: (Text("KHÔNG CÓ SỐ LIỆU TỪ NETWATCH", "NO DATA FROM NETWATCH"), RED),
    },
)

NUMBERS = (
    Number(
        Words(
            "Mất kết nối",
            "Down",
            "Số đơn vị mất kết nối ngay lúc này.",
            "Units that are down at this moment.",
        ),
        (Query(promql.counted(promql.DOWN)),),
        width=5,
        height=6,
        colors={0.0: QUIET, 1.0: RED},
        filled=True,
    ),
    Number(
        Words(
            "Không rõ",
            "Unknown",
            "Đơn vị có thiết bị mà lúc này không biết được trạng thái; không tính là mất kết nối.",
            "Units with a device of which nothing valid is known now; they do not count as down.",
        ),
        (Query(promql.counted(promql.UNKNOWN)),),
        width=5,
        height=6,
        colors={0.0: QUIET, 1.0: ORANGE},
        filled=True,
    ),
    Number(
        Words("Có kết nối", "Up", "Số đơn vị có kết nối ngay lúc này.", "Units that are up at this moment."),
        (Query(promql.counted(promql.UP)),),
        width=5,
        height=6,
        colors={0.0: GREEN},
    ),
    Number(
        Words(
            "Chưa giám sát",
            "Unmonitored",
            "Đơn vị trong danh mục chưa có thiết bị nào được giám sát.",
            "Units of the register that have no device.",
        ),
        (Query(promql.counted(promql.UNMONITORED)),),
        width=5,
        height=6,
        colors={0.0: GREY},
    ),
    Number(
        Words(
            "Trong danh mục",
            "Of the register",
            "Tổng số đơn vị của danh mục đang có hiệu lực.",
            "All units of the register in force.",
        ),
        (Query(f"count({promql.INFO})"),),
        width=4,
        height=6,
        colors={0.0: BLUE},
    ),
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
        "Mỗi điểm là một đơn vị có tọa độ, tô màu theo trạng thái. Chạm vào để mở.",
        "Each mark is a unit that has a position, in the color of its state. Touch one to open it.",
    ),
    (Query(promql.EACH_UNIT),),
    width=8,
    height=14,
    columns=UNIT_COLUMNS,
    colored="Value",
)

AREA_STATES = States(
    Words(
        "Khu vực theo thời gian",
        "Areas over time",
        "Trạng thái xấu nhất trong khu vực: có đơn vị mất kết nối, có đơn vị không rõ, hay tất cả đều tốt.",
        "The worst state in an area: a unit is down, a unit is unknown, or all are up.",
    ),
    (Query(f"max by (area) ({promql.STATE})", "{{area}}"),),
    width=8,
    height=14,
    said={key: words.STATES[key] for key in ("2", "1", "0")},
    links=(links.SERIES_AREA,),
)

_SINCE = promql.of_units("netwatch_unit_down_since_timestamp_seconds{<register>}")
_ROOT = promql.of_units("netwatch_unit_outage_root{<register>}")

LOST = Rows(
    Words(
        "Đang mất kết nối",
        "Down now",
        "Các đơn vị đang mất kết nối, từ lúc nào, và tổ tiên nào hỏng trước (nếu có).",
        "Units that are down, since when, and below which dead ancestor, if any.",
    ),
    (
        Query(f"({promql.INFO} * on (unit) group_left () {promql.STATE}) == {promql.DOWN}"),
        Query(f"max by (unit) ({_SINCE}) * 1000"),
        Query(f"max by (unit, root) ({_ROOT})"),
    ),
    width=8,
    height=14,
    columns=(
        Column("name", words.NAME, links=(links.ROW_UNIT,)),
        Column("Value #B", words.SINCE, unit=DATE),
        Column("root", Text("Do thiết bị", "Because of")),
        Column("area", words.AREA, links=(links.ROW_AREA,)),
        Column("unit", words.CODE),
    ),
    sorted_by=("Value #B",),
    empty=Text("không đơn vị nào được báo mất kết nối", "no unit is told to be down"),
)

ALERTS = Rows(
    Words(
        "Cảnh báo đang phát",
        "Firing alerts",
        "Những gì Prometheus đang cảnh báo; Alertmanager quyết định ai được báo.",
        "What Prometheus alerts of; Alertmanager decides who is told.",
    ),
    (Query('max by (alertname, severity, kind, area, unit) (ALERTS{alertstate="firing",severity!="none"})'),),
    width=12,
    height=9,
    columns=(
        Column("severity", Text("Mức", "Severity"), said=words.SEVERITIES),
        Column("alertname", Text("Cảnh báo", "Alert")),
        Column("area", words.AREA, links=(links.ROW_AREA,)),
        Column("unit", words.CODE, links=(links.ROW_UNIT,)),
    ),
    sorted_by=("severity", "alertname"),
    empty=Text("không có cảnh báo nào", "no alert is firing"),
)


def _worst(words_: Words, metric: str, unit: str) -> Lines:
    return Lines(
        words_,
        (Query(f"topk(5, max by (unit, device, name) ({metric} {promql.NAMED}))", "{{name}} · {{device}}"),),
        width=12,
        height=8,
        unit=unit,
        links=(links.SERIES_UNIT,),
    )


WORST = (
    _worst(
        Words(
            "Mất gói: 5 thiết bị kém nhất",
            "Loss: the worst five",
            "Tỷ lệ gói bị mất của phút vừa qua.",
            "Share of echoes lost in the last minute.",
        ),
        "netwatch_echo_loss_ratio",
        RATIO,
    ),
    _worst(
        Words(
            "Độ trễ: 5 thiết bị chậm nhất",
            "RTT: the slowest five",
            "Độ trễ trung bình của phút vừa qua; gói bị mất không có độ trễ.",
            "Mean of the last minute; a lost echo has none.",
        ),
        "netwatch_echo_rtt_mean_seconds",
        SECONDS,
    ),
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

DECLARED = Rows(
    Words(
        "Công bố và chứng cứ",
        "Claims and evidence",
        "Mức công bố theo văn bản, cạnh mức đã chứng tỏ (cận dưới) và chưa bị bác bỏ (cận trên).",
        "What a document declares, beside what is shown (lower bound) and not refuted (upper bound).",
    ),
    (
        Query("max by (claim) (netwatch_claim_declared_ratio)"),
        Query('max by (claim) (netwatch_claim_ratio{bound="lower"})'),
        Query('max by (claim) (netwatch_claim_ratio{bound="upper"})'),
        Query(
            'max by (claim) (netwatch_claim_verdict{verdict="holds"})'
            ' - max by (claim) (netwatch_claim_verdict{verdict="does_not_hold"})'
        ),
    ),
    width=12,
    height=9,
    columns=(
        Column("claim", Text("Công bố", "Claim"), links=(links.ROW_CLAIM,)),
        Column("Value #A", Text("Mức công bố", "Declared"), unit=RATIO),
        Column("Value #B", Text("Cận dưới", "Lower bound"), unit=RATIO),
        Column("Value #C", Text("Cận trên", "Upper bound"), unit=RATIO),
        Column("Value #D", Text("Kết luận", "Verdict"), said=words.CLAIM_VERDICTS),
    ),
    sorted_by=("claim",),
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
    (BLIND_BANNER, *NUMBERS, LOST, MAP, AREA_STATES, ALERTS, DECLARED, *WORST, *SETTLED, OVER_TIME),
    annotations=(BLIND, MASS_OUTAGE, OUTAGES),
    links=(links.CLAIMS, links.OPTICS, links.ITSELF),
)

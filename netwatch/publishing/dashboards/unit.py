"""The board `unit`: one unit of a register, what is known of it, and what is not."""

from __future__ import annotations

from netwatch.publishing.dashboards import links, promql, words
from netwatch.publishing.dashboards.annotations import BLIND, ONE_OUTAGE
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.numbers import Number
from netwatch.publishing.dashboards.panels import (
    COUNT,
    DATE,
    DURATION,
    GREEN,
    ORANGE,
    RATIO,
    RED,
    SECONDS,
    Query,
)
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import Hours, Lines, States
from netwatch.publishing.dashboards.variables import AREA_OF_UNIT, REGISTER, UNIT as UNITS

ONE = 'netwatch_unit_info{register="$register",unit="$unit"}'
STATE = promql.state(promql.of_unit, "unit")

NOW = Number(
    Words(
        "${unit:text}",
        "${unit:text}",
        "Không rõ: lúc này không có gì chứng tỏ đơn vị có kết nối hay mất kết nối.",
        "Unknown: nothing shows at this moment whether the unit is up or down.",
    ),
    (Query(f"{STATE} or max by (unit) ({ONE}) * 0 - 1"),),
    width=6,
    height=5,
    said=words.STATES,
    filled=True,
)


def _available(bound: str, words_: Words) -> Number:
    return Number(
        words_,
        (Query(promql.availability(promql.of_unit, bound)),),
        width=5,
        height=5,
        unit=RATIO,
    )


def _ended(metric: str, words_: Words) -> Number:
    counted = promql.of_unit(f"increase({metric}{{<register>}}[$__range])")
    by = "unit, cause" if "outages" in metric else "unit"
    return Number(
        words_,
        (Query(f"sum(max by ({by}) ({counted}))"),),
        width=4,
        height=5,
        colors={0.0: GREEN, 1.0: RED},
    )


FIGURES = (
    NOW,
    _available(
        "lower",
        Words(
            "Độ khả dụng, cận dưới",
            "Availability, lower bound",
            "Phút đã chốt có kết nối trên tổng số phút đã chốt, trong khoảng đang xem.",
            "Settled minutes up of all settled minutes, in the range shown.",
        ),
    ),
    _available(
        "upper",
        Words(
            "Độ khả dụng, cận trên",
            "Availability, upper bound",
            "Như cận dưới, nhưng phút không rõ được tính là có kết nối.",
            "As the lower bound, with unknown minutes counted as up.",
        ),
    ),
    _ended(
        "netwatch_unit_outages_total",
        Words(
            "Mất kết nối",
            "Outages",
            "Số lần từ 30 giây trở lên, đã kết thúc, trong khoảng đang xem.",
            "Those of 30 s and more that ended, in the range shown.",
        ),
    ),
    _ended(
        "netwatch_unit_blips_total",
        Words(
            "Chập chờn",
            "Blips",
            "Số lần mất kết nối ngắn hơn 30 giây, trong khoảng đang xem.",
            "Times down for less than 30 s, in the range shown.",
        ),
    ),
)

STATES = States(
    Words(
        "Trạng thái theo thời gian",
        "States over time",
        "Đơn vị, và từng thiết bị của đơn vị. Khoảng trống: không có số liệu.",
        "The unit, and each of its devices. A gap: there are no data.",
    ),
    (Query(STATE, "unit"), Query(promql.device_state('unit="$unit"'), "{{device}}")),
    width=24,
    height=7,
    said={key: words.STATES[key] for key in ("2", "1", "0")},
    names={"unit": (Text("Đơn vị", "Unit"), "")},
)

_RTT = 'sum by (le) (rate(netwatch_echo_rtt_seconds_bucket{unit="$unit"}[$__rate_interval]))'

QUALITY = (
    Lines(
        Words(
            "Độ trễ",
            "Round-trip time",
            "Trung vị và phân vị 95 trên mọi thiết bị của đơn vị; gói bị mất không có độ trễ.",
            "Median and 95th percentile over all devices of the unit; a lost echo has none.",
        ),
        (
            Query(f"histogram_quantile(0.5, {_RTT})", "p50"),
            Query(f"histogram_quantile(0.95, {_RTT})", "p95"),
        ),
        width=12,
        height=8,
        unit=SECONDS,
        names={
            "p50": (Text("trung vị", "median"), GREEN),
            "p95": (Text("phân vị 95", "95th percentile"), ORANGE),
        },
    ),
    Lines(
        Words(
            "Mất gói",
            "Loss",
            "Tỷ lệ gói bị mất của phút vừa qua, theo thiết bị.",
            "Share of echoes lost in the last minute, by device.",
        ),
        (Query('max by (device) (netwatch_echo_loss_ratio{unit="$unit"})', "{{device}}"),),
        width=12,
        height=8,
        unit=RATIO,
        most=0.1,
        links=(links.SERIES_DEVICE,),
    ),
)

HOURS = Hours(
    Words(
        "Từng giờ trong 30 ngày",
        "Hours of the last 30 days",
        "Số phút đã chốt của mỗi ô mà đơn vị mất kết nối, và số phút không rõ; xanh là không có phút nào. "
        "Một ô là một giờ, trên màn hình hẹp thì dài hơn.",
        "Settled minutes of each cell in which the unit was down, and those that are unknown; green is none. "
        "A cell is an hour, or more on a narrow screen.",
    ),
    (
        Query(promql.minutes(promql.of_unit, "down", "$__interval"), "down", step="1h"),
        Query(promql.minutes(promql.of_unit, "unknown", "$__interval"), "unknown", step="1h"),
    ),
    width=24,
    height=6,
    unit="m",
    names={"down": (words.DOWN_SAID, RED), "unknown": (words.UNKNOWN_SAID, ORANGE)},
)

_LAST = promql.of_unit("netwatch_unit_last_outage_info{<register>}")
_BY_CAUSE = promql.of_unit("increase(netwatch_unit_outages_total{<register>}[$__range])")

OUTAGES = (
    Rows(
        Words(
            "Mất kết nối theo nguyên nhân",
            "Outages by cause",
            "Số lần đã kết thúc trong khoảng đang xem. Không có dấu hiệu thì nguyên nhân là chưa xác định.",
            "Those that ended in the range shown. Without a sign the cause is undetermined.",
        ),
        (Query(f"max by (cause) ({_BY_CAUSE})"),),
        width=8,
        height=9,
        columns=(
            Column("cause", words.CAUSE, said=words.CAUSES),
            Column("Value", Text("Số lần", "Outages"), unit=COUNT),
        ),
        sorted_by=("-Value",),
    ),
    Rows(
        Words(
            "Lần mất kết nối gần nhất",
            "The last outage",
            "Lần gần nhất đã kết thúc. Các lần trước có trong sổ chứng cứ.",
            "The last one that ended. Earlier ones are in the ledger.",
        ),
        (Query(f"max by (start, end, cause) ({_LAST})"),),
        width=8,
        height=9,
        columns=(
            Column("cause", words.CAUSE, said=words.CAUSES, least=115),
            Column("start", Text("Bắt đầu", "Start"), time=True, least=105),
            Column("end", Text("Kết thúc", "End"), time=True, least=105),
        ),
        empty=Text("chưa ghi nhận lần nào đã kết thúc", "none is told of that has ended"),
    ),
    Rows(
        Words(
            "Tiêu chí",
            "Criteria",
            "Những gì đã chứng tỏ được về đơn vị; chưa chứng tỏ không có nghĩa là không có.",
            "What is shown of the unit; not shown does not mean that it is not so.",
        ),
        (Query(f"max by (criterion) ({promql.of_unit('netwatch_unit_criterion{<register>}')})"),),
        width=8,
        height=9,
        columns=(
            Column("criterion", Text("Tiêu chí", "Criterion"), said=words.CRITERIA),
            Column("Value", Text("Kết quả", "Finding"), said=words.FINDINGS),
        ),
    ),
)

DEVICES = Rows(
    Words(
        "Thiết bị",
        "Devices",
        "Các thiết bị được giám sát của đơn vị; mở một thiết bị để xem cổng, lưu lượng và cảm biến.",
        "The devices of the unit that are watched; open one for its ports, traffic and sensors.",
    ),
    (
        Query('max by (device, role, vendor, profile, via) (netwatch_device_info{unit="$unit"})'),
        Query(promql.device_state('unit="$unit"')),
        Query('max by (device) (netwatch_device_uptime_seconds{unit="$unit"})'),
        Query('max by (device) (netwatch_snmp_last_success_timestamp_seconds{unit="$unit"}) * 1000'),
    ),
    width=24,
    height=6,
    columns=(
        Column("device", words.DEVICE, links=(links.ROW_DEVICE,), least=130),
        Column("Value #B", words.STATE, said=words.STATES, least=110),
        Column("role", words.ROLE, said=words.ROLES),
        Column("vendor", Text("Hãng", "Vendor")),
        Column("profile", Text("Hồ sơ", "Profile")),
        Column("via", Text("Đường quan sát", "Path")),
        Column("Value #C", Text("Thời gian hoạt động", "Uptime"), unit=DURATION),
        Column("Value #D", Text("Trả lời SNMP gần nhất", "Last SNMP answer"), unit=DATE),
    ),
    sorted_by=("device",),
)

UNIT = Board(
    "unit",
    Words(
        "Đơn vị",
        "Unit",
        "Một đơn vị: trạng thái, độ trễ và mất gói, các giờ trong tháng, nguyên nhân mất kết nối, thiết bị.",
        "One unit: its state, round-trip times and loss, hours of the month, causes of outages, devices.",
    ),
    (REGISTER, UNITS, AREA_OF_UNIT),
    (*FIGURES, STATES, *QUALITY, DEVICES, HOURS, *OUTAGES),
    annotations=(BLIND, ONE_OUTAGE),
    links=(links.PROVINCE, links.AREA, links.CLAIMS),
)

"""The board `optics`: where light is weak or fading, the worst first; and what OLTs tell of their ONUs."""

from __future__ import annotations

from netwatch.publishing.dashboards import device_words as say, links, promql, words
from netwatch.publishing.dashboards.annotations import BLIND
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.device_variables import AREAS_OF_DEVICES, CHOSEN, UNITS
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.numbers import Number
from netwatch.publishing.dashboards.panels import (
    BLUE,
    COUNT,
    DECIBEL,
    DECIBEL_MILLIWATT,
    GREEN,
    GREY,
    RED,
    Query,
)
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import Lines
from netwatch.publishing.dashboards.variables import REGISTER

LANES, PORTS, ONUS = "device, unit, ifName, lane", "device, ifName", "device, unit, onu"


def _chosen(series: str, by: str) -> str:
    """Return `series` once, of the devices that are chosen."""
    return f"max by ({by}) ({series} and on (device) netwatch_device_info{{{CHOSEN}}})"


RECEIVED = _chosen("netwatch_optical_receive_power_dbm", LANES)
SENT = _chosen("netwatch_optical_transmit_power_dbm", LANES)
ALARM = _chosen("netwatch_optical_receive_power_low_alarm_dbm", LANES)
WARNING = _chosen("netwatch_optical_receive_power_low_warning_dbm", LANES)

WORST = f"bottomk(100, {RECEIVED} - {ALARM})"


def _drift(metric: str) -> str:
    """Return by how much the mean of a day differs from that of the day a week before, dB."""
    now = _chosen(f"avg_over_time({metric}[1d])", LANES)
    return f"{now} - {_chosen(f'avg_over_time({metric}[1d] offset 7d)', LANES)}"


FADED = f"bottomk(50, {_drift('netwatch_optical_receive_power_dbm')})"


def _named(rows: str) -> Query:
    """Return a query that gives rows the names of their units."""
    return Query(f"({rows}) * 0 {promql.NAMED.replace('*', '+', 1)}")


def _ports(words_: Words, expr: str, colors: dict[float, str]) -> Number:
    """Return how many ports `expr` finds; nothing, and not 0, where no device tells of light."""
    return Number(
        words_, (Query(f"count({expr}) or count({RECEIVED}) * 0"),), width=6, height=4, colors=colors
    )


NUMBERS = (
    _ports(
        Words(
            "Dưới ngưỡng báo động",
            "Below the alarm threshold",
            "Cổng có làn nhận dưới ngưỡng báo động của chính thiết bị.",
            "Ports with a lane that receives less than the device's own alarm threshold.",
        ),
        f"min by ({PORTS}) ({RECEIVED} - {ALARM}) < 0",
        {0.0: GREEN, 1.0: RED},
    ),
    _ports(
        Words(
            "Dưới ngưỡng cảnh báo",
            "Below the warning threshold",
            "Kể cả các cổng dưới ngưỡng báo động.",
            "Those below the alarm threshold too.",
        ),
        f"min by ({PORTS}) ({RECEIVED} - {WARNING}) < 0",
        {0.0: GREEN, 1.0: "yellow"},
    ),
    _ports(
        Words(
            "Cổng có công suất quang",
            "Ports with light",
            "Cổng mà thiết bị cho biết công suất thu.",
            "Ports of which a device tells the received light.",
        ),
        f"max by ({PORTS}) ({RECEIVED})",
        {0.0: BLUE},
    ),
    _ports(
        Words(
            "Không có ngưỡng",
            "Without a threshold",
            "Cổng mà thiết bị không cho biết ngưỡng báo động: dự phòng của chúng là không rõ.",
            "Ports of which a device tells no alarm threshold: their margin is not known.",
        ),
        f"max by ({PORTS}) ({RECEIVED} unless {ALARM})",
        {0.0: GREY},
    ),
)

UNIT_NAME = Column("name", say.UNIT_NAME, links=(links.ROW_UNIT,), least=140)
PLACE = (
    Column("device", words.DEVICE, links=(links.ROW_DEVICE,)),
    Column("ifName", words.PORT, links=(links.ROW_PORT,), least=80),
    Column("lane", say.LANE, least=80),
)

MARGINS = Rows(
    Words(
        "Dự phòng thấp nhất",
        "Worst margins",
        "Công suất thu cao hơn ngưỡng báo động của thiết bị bao nhiêu, kém nhất trước; tối đa 100 làn.",
        "By how much received light is above the device's alarm threshold, the worst first; "
        "100 lanes at most.",
    ),
    (
        Query(WORST),
        Query(f"{RECEIVED} and {WORST}"),
        Query(f"{ALARM} and {WORST}"),
        Query(f"{SENT} and {WORST}"),
        _named(WORST),
    ),
    width=24,
    height=12,
    columns=(
        UNIT_NAME,
        Column("Value #A", say.MARGIN, unit=DECIBEL, decimals=1, colors=say.MARGINS, least=110),
        *PLACE,
        Column("Value #B", say.LIGHT, unit=DECIBEL_MILLIWATT, decimals=1),
        Column("Value #C", say.LOW_ALARM, unit=DECIBEL_MILLIWATT, decimals=1),
        Column("Value #D", say.LIGHT_SENT, unit=DECIBEL_MILLIWATT, decimals=1),
        Column("unit", words.CODE),
    ),
    sorted_by=("Value #A",),
)


def _over_time(words_: Words, metric: str) -> Lines:
    """Show the ports that were the weakest of the range, those that are no longer heard among them."""
    weakest = _chosen(f"min_over_time({metric}[$__range] @ end())", LANES)
    lanes = f"min by ({PORTS}) ({_chosen(metric, LANES)})"
    return Lines(
        words_,
        (Query(f"{lanes} and bottomk(10, min by ({PORTS}) ({weakest}))", "{{device}} {{ifName}}"),),
        width=12,
        height=10,
        unit=DECIBEL_MILLIWATT,
        decimals=1,
        least=None,
        links=(links.SERIES_PORT,),
    )


OVER_TIME = (
    _over_time(
        Words(
            "Công suất thu theo thời gian",
            "Received light over time",
            "Mười cổng yếu nhất trong khoảng đang xem, của khu vực và đơn vị đã chọn; "
            "làn yếu nhất của mỗi cổng.",
            "The ten ports that were the weakest in the range shown, of the areas and units chosen; "
            "the weakest lane of each.",
        ),
        "netwatch_optical_receive_power_dbm",
    ),
    _over_time(
        Words(
            "Công suất phát theo thời gian",
            "Transmitted light over time",
            "Mười cổng yếu nhất trong khoảng đang xem: laser già đi thì phát yếu dần.",
            "The ten ports that were the weakest in the range shown: a laser that ages sends less and less.",
        ),
        "netwatch_optical_transmit_power_dbm",
    ),
)

DRIFT = Rows(
    Words(
        "Thay đổi so với 7 ngày trước",
        "Drift against 7 days ago",
        "Trung bình một ngày qua trừ trung bình của ngày đó bảy ngày trước, giảm nhiều nhất trước. "
        "Cần số liệu của tám ngày.",
        "The mean of the last day less that of the day a week before, the greatest loss first. "
        "It takes the data of eight days.",
    ),
    (
        Query(FADED),
        Query(f"{_drift('netwatch_optical_transmit_power_dbm')} and {FADED}"),
        Query(f"{RECEIVED} and {FADED}"),
        _named(FADED),
    ),
    width=24,
    height=9,
    columns=(
        UNIT_NAME,
        Column(
            "Value #A",
            Text("Thay đổi công suất thu", "Drift of received light"),
            unit=DECIBEL,
            decimals=1,
            colors=say.DRIFTS,
        ),
        *PLACE,
        Column(
            "Value #B", Text("Thay đổi công suất phát", "Drift of what is sent"), unit=DECIBEL, decimals=1
        ),
        Column("Value #C", say.LIGHT, unit=DECIBEL_MILLIWATT, decimals=1),
        Column("unit", words.CODE),
    ),
    sorted_by=("Value #A",),
    empty=Text("không có đủ số liệu của tám ngày", "there are no data of eight days"),
)

ONU_LIGHT, ONU_ONLINE = (_chosen(f"netwatch_onu_{each}", ONUS) for each in ("receive_power_dbm", "online"))
_NO_ONU = Text("không có số liệu về ONU", "there are no data about ONUs")

SUBSCRIBERS = (
    Lines(
        Words(
            "ONU vắng mặt theo OLT",
            "ONUs offline by OLT",
            "Số ONU mà OLT cho là vắng mặt. Nhiều ONU vắng cùng lúc: thường là cáp hoặc bộ chia.",
            "ONUs that the OLT says are not there. Many at once: mostly a cable or a splitter.",
        ),
        (Query(f"sum by (device) (1 - {ONU_ONLINE})", "{{device}}"),),
        width=10,
        height=10,
        unit=COUNT,
        links=(links.SERIES_DEVICE,),
        empty=_NO_ONU,
    ),
    Rows(
        Words(
            "ONU yếu nhất, và ONU vắng mặt",
            "Weakest ONUs, and those offline",
            "Công suất quang của đường thuê bao do OLT cho biết: 50 đường yếu nhất, và mọi đường vắng mặt.",
            "Light of subscribers' lines as the OLT tells it: the 50 weakest, and all that are offline.",
        ),
        (
            Query(f"bottomk(50, {ONU_LIGHT})"),
            Query(f"{ONU_ONLINE} and bottomk(50, {ONU_LIGHT}) or {ONU_ONLINE} == 0"),
        ),
        width=14,
        height=10,
        columns=(
            Column("device", Text("OLT", "OLT"), links=(links.ROW_DEVICE,)),
            Column("onu", Text("ONU", "ONU")),
            Column("Value #A", say.LIGHT, unit=DECIBEL_MILLIWATT, decimals=1),
            Column("Value #B", words.STATE, said=say.ONLINE),
        ),
        sorted_by=("Value #B", "Value #A"),
        empty=_NO_ONU,
    ),
)

OPTICS = Board(
    "optics",
    Words(
        "Công suất quang",
        "Optics",
        "Công suất quang của các cổng: dự phòng so với ngưỡng báo động, diễn biến, thay đổi trong "
        "bảy ngày, ONU.",
        "Light of ports: margins to the alarm thresholds, the course of time, drift in seven days, ONUs.",
    ),
    (REGISTER, AREAS_OF_DEVICES, UNITS),
    (*NUMBERS, MARGINS, *OVER_TIME, DRIFT, *SUBSCRIBERS),
    annotations=(BLIND,),
    links=(links.PROVINCE,),
    since="now-2d",
    refresh="1m",
)

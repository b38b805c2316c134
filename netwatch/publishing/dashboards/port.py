"""The board `port`: one port of a device, and the line that leaves by it, if any."""

from __future__ import annotations

from netwatch.publishing.dashboards import device_words as say, links, words
from netwatch.publishing.dashboards.annotations import BLIND
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.device_promql import (
    LIT,
    NAMED,
    PORT as THIS,
    a_minute,
    bits,
    margin,
    port_state,
    unchanged,
)
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.numbers import Number
from netwatch.publishing.dashboards.panels import (
    BITS,
    BLUE,
    DECIBEL,
    DECIBEL_MILLIWATT,
    DURATION,
    GREEN,
    GREY,
    ORANGE,
    PER_MINUTE,
    PER_SECOND,
    POLLED,
    RATIO,
    RED,
    Query,
)
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import Lines, States
from netwatch.publishing.dashboards.variables import (
    DEVICE,
    PORT as PORTS,
    REGISTER,
    UNIT_OF_DEVICE,
)

_CONTRACTED = f"max(netwatch_uplink_contracted_bits_per_second{{{THIS}}})"
_SPEED = f"max(ifHighSpeed{{{THIS}}}) * 1000000"
_IN, _OUT = (f"max({bits(metric, THIS, NAMED)})" for metric in ("ifHCInOctets", "ifHCOutOctets"))

FIGURES = (
    Number(
        Words(
            "$device · $port",
            "$device · $port",
            "ifOperStatus lần hỏi gần nhất; bị khóa: người vận hành đã tắt cổng. Không có số liệu: cổng "
            "không được đọc, không phải mất tín hiệu.",
            "ifOperStatus at the last poll; shut down: its operator did that. No data: the port was not "
            "read, which does not mean that it is down.",
        ),
        (Query(port_state(THIS, NAMED)),),
        width=6,
        height=5,
        said=say.PORT_STATES,
        filled=True,
    ),
    Number(
        Words(
            "Ở trạng thái này đã",
            "In this state for",
            "Theo ifLastChange và sysUpTime của thiết bị.",
            "By the device's ifLastChange and sysUpTime.",
        ),
        (Query(unchanged(THIS, NAMED)),),
        width=5,
        height=5,
        unit=DURATION,
    ),
    Number(
        Words(
            "Số lần đổi trạng thái",
            "Changes of state",
            "Thấy được trong khoảng đang xem; đọc mỗi phút một lần.",
            "Seen in the range shown; the state is read once a minute.",
        ),
        (Query(f"max(changes(ifOperStatus{{{THIS}}}[$__range]))"),),
        width=4,
        height=5,
        colors={0.0: GREEN, 1.0: ORANGE},
    ),
    Number(
        Words("Tốc độ của cổng", "Speed of the port", "Theo ifHighSpeed.", "By ifHighSpeed."),
        (Query(_SPEED),),
        width=4,
        height=5,
        unit=BITS,
    ),
    Number(
        Words(
            "Công suất thu thấp nhất",
            "Weakest received light",
            "Trên mọi làn của cổng.",
            "Over all lanes of the port.",
        ),
        (Query(f"min(netwatch_optical_receive_power_dbm{{{THIS}}})"),),
        width=5,
        height=5,
        unit=DECIBEL_MILLIWATT,
        decimals=1,
    ),
)

ABOUT = Rows(
    Words(
        "Cổng và đường truyền",
        "Port and line",
        "Nhà mạng, mã kênh và tốc độ hợp đồng có khi cổng là đường truyền đã khai báo của đơn vị.",
        "Provider, circuit and contracted rate are there where the port is a configured line of its unit.",
    ),
    (
        Query(f"max by (device, unit, ifName, ifIndex, ifAlias, ifDescr) (ifOperStatus{{{THIS}}})"),
        Query(f"max by (device, ifName, medium, provider, circuit) (netwatch_uplink_info{{{THIS}}})"),
        Query(
            "max by (device, ifName, medium, provider, circuit) "
            f"(netwatch_uplink_contracted_bits_per_second{{{THIS}}})"
        ),
    ),
    width=24,
    height=4,
    columns=(
        Column("ifName", words.PORT, least=80),
        Column("provider", Text("Nhà mạng", "Provider"), least=110),
        Column("circuit", Text("Mã kênh", "Circuit"), least=130),
        Column("Value #C", Text("Tốc độ hợp đồng", "Contracted rate"), unit=BITS),
        Column("medium", Text("Môi trường", "Medium"), said=say.MEDIA),
        Column("ifAlias", say.ALIAS),
        Column("ifDescr", say.DESCR),
        Column("ifIndex", Text("Số thứ tự", "Index")),
        Column("unit", Text("Mã đơn vị", "Unit code"), links=(links.ROW_UNIT,)),
    ),
)

STATES = States(
    Words(
        "Trạng thái theo thời gian",
        "State over time",
        "Khoảng trống: không có số liệu, vì thiết bị không trả lời hoặc trạm đo không quan sát được.",
        "A gap: there are no data, as the device did not answer, or the poller could not see.",
    ),
    (Query(port_state(THIS, NAMED), "{{ifName}}"),),
    width=24,
    height=4,
    said=say.PORT_STATES,
)

TRAFFIC = (
    Lines(
        Words(
            "Lưu lượng",
            "Traffic",
            "Nhận và gửi, cạnh tốc độ hợp đồng nếu cổng là đường truyền có khai báo tốc độ.",
            "In and out, beside the contracted rate where the port is a line that has one.",
        ),
        (
            Query(_IN, "in", step=POLLED),
            Query(_OUT, "out", step=POLLED),
            Query(_CONTRACTED, "contracted"),
        ),
        width=16,
        height=9,
        unit=BITS,
        names={
            "in": (say.RECEIVED, GREEN),
            "out": (say.SENT, BLUE),
            "contracted": (Text("theo hợp đồng", "contracted"), GREY),
        },
    ),
    Lines(
        Words(
            "Mức sử dụng",
            "Utilisation",
            "So với tốc độ hợp đồng; cổng không có hợp đồng thì so với tốc độ của cổng.",
            "Of the contracted rate; of the port's speed where there is no contract.",
        ),
        (
            Query(f"{_IN} / ({_CONTRACTED} or {_SPEED} > 0)", "in", step=POLLED),
            Query(f"{_OUT} / ({_CONTRACTED} or {_SPEED} > 0)", "out", step=POLLED),
        ),
        width=8,
        height=9,
        unit=RATIO,
        names={"in": (say.RECEIVED, GREEN), "out": (say.SENT, BLUE)},
    ),
)


def _both(words_: Words, received: str, sent: str, unit: str) -> Lines:
    return Lines(
        words_,
        (Query(received, "in", step=POLLED), Query(sent, "out", step=POLLED)),
        width=8,
        height=8,
        unit=unit,
        names={"in": (say.RECEIVED, GREEN), "out": (say.SENT, BLUE)},
    )


def _packets(metric: str) -> str:
    return f"max(rate({metric}{{{THIS}}}[$__rate_interval]))"


PACKETS = (
    _both(
        Words("Lỗi", "Errors", "Gói hỏng mỗi phút.", "Damaged packets a minute."),
        a_minute("ifInErrors", THIS, NAMED),
        a_minute("ifOutErrors", THIS, NAMED),
        PER_MINUTE,
    ),
    _both(
        Words(
            "Gói bị loại",
            "Discards",
            "Gói bị loại dù không lỗi, mỗi phút: thường do nghẽn.",
            "Packets dropped without an error, a minute: mostly congestion.",
        ),
        a_minute("ifInDiscards", THIS, NAMED),
        a_minute("ifOutDiscards", THIS, NAMED),
        PER_MINUTE,
    ),
    _both(
        Words("Gói tin", "Packets", "Gói unicast mỗi giây.", "Unicast packets a second."),
        _packets("ifHCInUcastPkts"),
        _packets("ifHCOutUcastPkts"),
        PER_SECOND,
    ),
)

_NO_LIGHT = Text("không có số liệu công suất quang của cổng này", "there are no data about its light")


def _threshold(kind: str) -> str:
    return f"max(netwatch_optical_receive_power_{kind}_dbm{{{THIS}}})"


LIGHT = (
    Lines(
        Words(
            "Công suất quang",
            "Light",
            "Làn yếu nhất, cạnh các ngưỡng của chính thiết bị đối với công suất thu.",
            "The weakest lane, beside the device's own thresholds for what is received.",
        ),
        (
            Query(f"min(netwatch_optical_receive_power_dbm{{{THIS}}})", "received"),
            Query(f"min(netwatch_optical_transmit_power_dbm{{{THIS}}})", "transmitted"),
            Query(_threshold("low_alarm"), "low alarm"),
            Query(_threshold("low_warning"), "low warning"),
            Query(_threshold("high_alarm"), "high alarm"),
        ),
        width=16,
        height=9,
        unit=DECIBEL_MILLIWATT,
        decimals=1,
        least=None,
        names={
            "received": (say.LIGHT, BLUE),
            "transmitted": (say.LIGHT_SENT, GREEN),
            "low alarm": (say.LOW_ALARM, RED),
            "low warning": (Text("Ngưỡng cảnh báo", "Warning threshold"), "yellow"),
            "high alarm": (Text("Ngưỡng báo động cao", "High alarm threshold"), "dark-red"),
        },
        empty=_NO_LIGHT,
    ),
    Rows(
        Words(
            "Từng làn",
            "Each lane",
            "Dự phòng: công suất thu cao hơn ngưỡng báo động bao nhiêu. Trống: thiết bị không cho biết "
            "ngưỡng.",
            "Margin: by how much received light is above the alarm threshold. Empty: the device tells none.",
        ),
        (
            Query(f"max by ({LIT}) (netwatch_optical_receive_power_dbm{{{THIS}}})"),
            Query(f"max by ({LIT}) (netwatch_optical_transmit_power_dbm{{{THIS}}})"),
            Query(margin(THIS, LIT)),
        ),
        width=8,
        height=9,
        columns=(
            Column("lane", say.LANE, width=100),
            Column("Value #C", say.MARGIN, unit=DECIBEL, decimals=1, colors=say.MARGINS, least=95),
            Column("Value #A", say.LIGHT, unit=DECIBEL_MILLIWATT, decimals=1, least=120),
            Column("Value #B", say.LIGHT_SENT, unit=DECIBEL_MILLIWATT, decimals=1),
        ),
        sorted_by=("lane",),
        empty=_NO_LIGHT,
    ),
)

PORT = Board(
    "port",
    Words(
        "Cổng",
        "Port",
        "Một cổng của thiết bị: trạng thái, lưu lượng so với hợp đồng, lỗi, gói tin, công suất quang.",
        "One port of a device: its state, traffic against the contract, errors, packets and light.",
    ),
    (REGISTER, DEVICE, PORTS, UNIT_OF_DEVICE),
    (*FIGURES, ABOUT, STATES, *TRAFFIC, *PACKETS, *LIGHT),
    annotations=(BLIND,),
    links=(links.PROVINCE, links.UNIT, links.DEVICE, links.OPTICS),
)

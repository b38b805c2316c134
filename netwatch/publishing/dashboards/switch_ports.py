"""The ports of a device, on the board `switch`: a table, their traffic, errors and changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.dashboards import device_words as say, links, words
from netwatch.publishing.dashboards.device_promql import (
    DEVICE,
    NAMED,
    ROW,
    a_minute,
    bits,
    port_state,
    unchanged,
)
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.panels import (
    BITS,
    COUNT,
    DECIBEL_MILLIWATT,
    DURATION,
    PER_MINUTE,
    POLLED,
    Query,
)
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import Lines, States

if TYPE_CHECKING:
    from collections.abc import Callable


def _grown(*metrics: str) -> str:
    grown = (f"max by (ifIndex, ifName) (increase({metric}{{{DEVICE}}}[1h]))" for metric in metrics)
    return f"round({' + '.join(grown)})"


_NO_PORT = Text(
    "không có số liệu, hoặc không cổng nào được xuất (interfaces: all trong tệp khai báo)",
    "no data, or no port is exported (interfaces: all in the site file)",
)

PORTS = Rows(
    Words(
        "Các cổng",
        "Ports",
        "Mọi cổng được xuất số liệu. Lưu lượng: lúc này; lỗi và gói bị loại: trong giờ vừa qua. "
        "Mở một cổng để xem chi tiết.",
        "All ports that are exported. Traffic: now; errors and discards: in the last hour. "
        "Open a port for more.",
    ),
    (
        Query(port_state(DEVICE, "device, ifIndex, ifName, ifAlias, ifDescr")),
        Query(f"max by (ifIndex, ifName) (ifHighSpeed{{{DEVICE}}}) * 1000000"),
        Query(bits("ifHCInOctets", DEVICE, "ifIndex, ifName"), step=POLLED),
        Query(bits("ifHCOutOctets", DEVICE, "ifIndex, ifName"), step=POLLED),
        Query(_grown("ifInErrors", "ifOutErrors")),
        Query(_grown("ifInDiscards", "ifOutDiscards")),
        Query(f"min by (ifName) (netwatch_optical_receive_power_dbm{{{DEVICE}}})"),
        Query(unchanged(DEVICE, ROW)),
    ),
    width=24,
    height=14,
    columns=(
        Column("ifName", words.PORT, links=(links.ROW_PORT,), least=90),
        Column("Value #A", words.STATE, said=say.PORT_STATES, width=160),
        Column("ifAlias", say.ALIAS),
        Column("Value #B", say.SPEED, unit=BITS),
        Column("Value #C", say.RECEIVED, unit=BITS),
        Column("Value #D", say.SENT, unit=BITS),
        Column("Value #E", Text("Lỗi", "Errors"), unit=COUNT),
        Column("Value #F", Text("Gói bị loại", "Discards"), unit=COUNT),
        Column("Value #G", say.LIGHT, unit=DECIBEL_MILLIWATT),
        Column("Value #H", say.UNCHANGED, unit=DURATION),
        Column("ifDescr", say.DESCR),
        Column("device", words.DEVICE, hidden=True),
    ),
    sorted_by=("-Value #A", "ifName"),
    empty=_NO_PORT,
)


_PORTS = 5


def _most(rate: Callable[[str, str, str], str], received: str, sent: str) -> tuple[Query, Query]:
    """Return the rates of two counters of the ports that they grew most of; what is sent goes down."""
    return _leading(rate, received, "↓ {{ifName}}"), _leading(rate, sent, "↑ {{ifName}}")


def _leading(rate: Callable[[str, str, str], str], counter: str, legend: str) -> Query:
    # The ports that lead over the range, not those of each moment: lines would begin and end everywhere.
    growth = f"max by ({NAMED}) (increase({counter}{{{DEVICE}}}[$__range] @ end()))"
    return Query(f"{rate(counter, DEVICE, NAMED)} and topk({_PORTS}, {growth})", legend, step=POLLED)


TRAFFIC = (
    Lines(
        Words(
            "Lưu lượng các cổng",
            "Traffic of the ports",
            "Năm cổng bận nhất trong khoảng đang xem: nhận ở trên, gửi ở dưới vạch không.",
            "The five busiest ports of the range shown: received above zero, sent below.",
        ),
        _most(bits, "ifHCInOctets", "ifHCOutOctets"),
        width=24,
        height=10,
        unit=BITS,
        mirrored="^↑.*",
        links=(links.SERIES_PORT,),
    ),
    Lines(
        Words(
            "Lỗi",
            "Errors",
            "Gói hỏng mỗi phút theo cổng, năm cổng nhiều nhất: nhận ở trên, gửi ở dưới vạch không.",
            "Damaged packets a minute by port, the five worst: received above zero, sent below.",
        ),
        _most(a_minute, "ifInErrors", "ifOutErrors"),
        width=12,
        height=8,
        unit=PER_MINUTE,
        mirrored="^↑.*",
        links=(links.SERIES_PORT,),
    ),
    Lines(
        Words(
            "Gói bị loại",
            "Discards",
            "Gói bị loại dù không lỗi, mỗi phút, năm cổng nhiều nhất: thường do nghẽn. Nhận ở trên, gửi "
            "ở dưới vạch không.",
            "Packets dropped without an error, a minute, the five worst ports: mostly congestion. "
            "Received above zero, sent below.",
        ),
        _most(a_minute, "ifInDiscards", "ifOutDiscards"),
        width=12,
        height=8,
        unit=PER_MINUTE,
        mirrored="^↑.*",
        links=(links.SERIES_PORT,),
    ),
)

_CHANGED = f"max by (device, ifName) (changes(ifOperStatus{{{DEVICE}}}[$__range])) > 0"
_STEADY = Text(
    "không cổng nào đổi trạng thái, hoặc không có số liệu", "no port changed, or there are no data"
)

FLAPS = (
    States(
        Words(
            "Cổng đổi trạng thái",
            "Ports that changed",
            "Các cổng có đổi trạng thái trong khoảng đang xem; đọc mỗi phút một lần.",
            "Ports whose state changed in the range shown; it is read once a minute.",
        ),
        (Query(f"{port_state(DEVICE, NAMED)} and {_CHANGED}", "{{ifName}}"),),
        width=16,
        height=8,
        said=say.PORT_STATES,
        links=(links.SERIES_PORT,),
        empty=_STEADY,
    ),
    Rows(
        Words(
            "Số lần đổi trạng thái",
            "Changes by port",
            "Số lần đổi thấy được trong khoảng đang xem, và từ bao lâu cổng giữ trạng thái hiện tại.",
            "Changes that were seen in the range shown, and for how long a port has been as it is.",
        ),
        (Query(_CHANGED), Query(f"{unchanged(DEVICE, NAMED)} and {_CHANGED}")),
        width=8,
        height=8,
        columns=(
            Column("ifName", words.PORT, links=(links.ROW_PORT,)),
            Column("Value #A", say.CHANGES, unit=COUNT),
            Column("Value #B", say.UNCHANGED, unit=DURATION),
            Column("device", words.DEVICE, hidden=True),
        ),
        sorted_by=("-Value #A",),
        empty=_STEADY,
    ),
)

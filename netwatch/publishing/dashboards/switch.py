"""The board `switch`: one device, its box, its ports."""

from __future__ import annotations

from netwatch.publishing.dashboards import device_words as say, links, promql, words
from netwatch.publishing.dashboards.annotations import BLIND
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.device_promql import DEVICE, restarts
from netwatch.publishing.dashboards.device_variables import (
    AREAS_OF_DEVICES,
    DEVICE_OF_UNITS,
    OWNER,
    UNITS,
)
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.links import Link
from netwatch.publishing.dashboards.numbers import Number
from netwatch.publishing.dashboards.panels import (
    BLUE,
    CELSIUS,
    COUNT,
    DATE,
    DURATION,
    GREEN,
    ORANGE,
    PER_MINUTE,
    POLLED,
    RATIO,
    SECONDS,
    WATT,
    Query,
)
from netwatch.publishing.dashboards.switch_ports import FLAPS, PORTS, TRAFFIC
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import Lines, States
from netwatch.publishing.dashboards.variables import REGISTER

STATE = promql.device_state(DEVICE)

FIGURES = (
    Number(
        Words(
            "$device",
            "$device",
            "Không rõ: lúc này không có gì chứng tỏ thiết bị có kết nối hay mất kết nối.",
            "Unknown: nothing shows at this moment whether the device is up or down.",
        ),
        (Query(STATE),),
        width=6,
        height=5,
        said=words.STATES,
        filled=True,
    ),
    Number(
        Words(
            "Thời gian hoạt động",
            "Uptime",
            "Từ khi phần quản trị của thiết bị khởi động, theo sysUpTime.",
            "Since the device's management started, by sysUpTime.",
        ),
        (Query(f"max(netwatch_device_uptime_seconds{{{DEVICE}}})"),),
        width=5,
        height=5,
        unit=DURATION,
    ),
    Number(
        Words(
            "Số lần khởi động lại",
            "Restarts",
            "Trong khoảng đang xem: số lần thời gian hoạt động bắt đầu lại từ đầu.",
            "In the range shown: how often the uptime began anew.",
        ),
        (Query(restarts(DEVICE)),),
        width=4,
        height=5,
        colors={0.0: GREEN, 1.0: ORANGE},
    ),
    Number(
        Words(
            "Cổng đang thông",
            "Ports up",
            "Trên mọi cổng của thiết bị, kể cả cổng không được xuất số liệu.",
            "Of all ports of the device, those that are not exported too.",
        ),
        (Query(f'max(netwatch_interfaces{{{DEVICE},status="up"}})'),),
        width=4,
        height=5,
    ),
    Number(
        Words(
            "Trả lời SNMP lúc",
            "Last SNMP answer",
            "Lần gần nhất thiết bị trả lời SNMP.",
            "When the device last answered an SNMP poll.",
        ),
        (Query(f"max(netwatch_snmp_last_success_timestamp_seconds{{{DEVICE}}}) * 1000"),),
        width=5,
        height=5,
        unit=DATE,
    ),
)

IDENTITY = Rows(
    Words(
        "Nhận dạng",
        "Identity",
        "Do chính thiết bị khai báo; ô trống: thiết bị không cho biết.",
        "As the device tells itself; an empty cell: it does not tell.",
    ),
    (
        Query(f"max by (device, role, area, address, profile, via) (netwatch_device_info{{{DEVICE}}})"),
        Query(
            f"max by (device, vendor, model, serial, firmware) (netwatch_device_identity_info{{{DEVICE}}})"
        ),
    ),
    width=24,
    height=4,
    columns=(
        Column("vendor", Text("Hãng", "Vendor"), least=110),
        Column("model", Text("Kiểu máy", "Model"), least=110),
        Column("serial", Text("Số sê-ri", "Serial number"), least=110),
        Column("firmware", Text("Phần mềm", "Firmware"), least=110),
        Column("role", words.ROLE, said=words.ROLES),
        Column("area", words.AREA),
        Column("address", Text("Địa chỉ", "Address")),
        Column("profile", Text("Hồ sơ", "Profile")),
        Column("via", Text("Đường quan sát", "Path")),
    ),
)

STATES = States(
    Words(
        "Trạng thái theo thời gian",
        "State over time",
        "Khoảng trống: không có số liệu.",
        "A gap: there are no data.",
    ),
    (Query(STATE, "{{device}}"),),
    width=24,
    height=4,
    said={key: words.STATES[key] for key in ("2", "1", "0")},
)


def _sensors(words_: Words, metric: str, unit: str, least: float | None = 0.0) -> Lines:
    return Lines(
        words_,
        (Query(f"max by (sensor) ({metric}{{{DEVICE}}})", "{{sensor}}"),),
        width=8,
        height=7,
        unit=unit,
        least=least,
    )


BOX = (
    _sensors(
        Words("CPU", "CPU", "Tỷ lệ thời gian bộ xử lý đang dùng.", "Share of a processor's time in use."),
        "netwatch_device_cpu_ratio",
        RATIO,
    ),
    _sensors(
        Words("Bộ nhớ", "Memory", "Tỷ lệ bộ nhớ đang dùng.", "Share of the memory in use."),
        "netwatch_device_memory_ratio",
        RATIO,
    ),
    _sensors(
        Words(
            "Nhiệt độ",
            "Temperature",
            "Theo cảm biến của thiết bị, đọc năm phút một lần.",
            "By the device's sensors, read every five minutes.",
        ),
        "netwatch_device_temperature_celsius",
        CELSIUS,
        None,
    ),
    States(
        Words(
            "Quạt và nguồn",
            "Fans and power supplies",
            "Như thiết bị tự đánh giá. Không có dòng nào: thiết bị không cho biết.",
            "As the device judges. No stripe: it does not tell.",
        ),
        (
            Query(f"min by (sensor) (netwatch_device_fan_ok{{{DEVICE}}})", "{{sensor}}"),
            Query(f"min by (sensor) (netwatch_device_power_supply_ok{{{DEVICE}}})", "{{sensor}}"),
        ),
        width=8,
        height=7,
        said=say.WELL,
    ),
    Lines(
        Words(
            "Cấp nguồn qua Ethernet",
            "Power over Ethernet",
            "Công suất đang cấp, và công suất có thể cấp.",
            "What is given, and what could be given.",
        ),
        (
            Query(f"sum(max by (sensor) (netwatch_poe_consumed_watts{{{DEVICE}}}))", "consumed"),
            Query(f"sum(max by (sensor) (netwatch_poe_available_watts{{{DEVICE}}}))", "available"),
        ),
        width=8,
        height=7,
        unit=WATT,
        names={
            "consumed": (Text("đang cấp", "given"), BLUE),
            "available": (Text("có thể cấp", "available"), GREEN),
        },
    ),
    Lines(
        Words(
            "Thời gian hoạt động theo thời gian",
            "Uptime over time",
            "Đường tụt về không: thiết bị khởi động lại.",
            "Where the line falls to zero the device was restarted.",
        ),
        (Query(f"max by (device) (netwatch_device_uptime_seconds{{{DEVICE}}})", "{{device}}"),),
        width=8,
        height=7,
        unit=DURATION,
    ),
)


_POLLS = f"sum by (outcome) (rate(netwatch_snmp_polls_total{{{DEVICE}}}[$__rate_interval])) * 60"

POLLS = (
    Lines(
        Words(
            "Lần hỏi SNMP theo kết quả",
            "SNMP polls by outcome",
            "Số lần mỗi phút. Lỗi tại trạm đo không nói gì về thiết bị.",
            "Polls a minute. A local error says nothing about the device.",
        ),
        (Query(_POLLS, "{{outcome}}", step=POLLED),),
        width=8,
        height=8,
        unit=PER_MINUTE,
        stacked=True,
        names=say.OUTCOMES,
    ),
    Lines(
        Words(
            "Thời gian hỏi SNMP",
            "Duration of SNMP polls",
            "Lần hỏi gần nhất mất bao lâu.",
            "How long the last poll took.",
        ),
        (Query(f"max by (poller) (netwatch_snmp_poll_duration_seconds{{{DEVICE}}})", "{{poller}}"),),
        width=8,
        height=8,
        unit=SECONDS,
    ),
    Rows(
        Words(
            "Máy phía sau cổng",
            "Behind the ports",
            "Số địa chỉ MAC học được, và số máy theo ARP hoặc ND; dòng không có cổng: số máy được cấp DHCP. "
            "netwatch chỉ đếm, không lưu địa chỉ nào.",
            "MAC addresses learnt, and hosts by ARP or ND; the row without a port: DHCP leases. netwatch "
            "counts, and keeps no address.",
        ),
        (
            Query(f"max by (device, ifName) (netwatch_device_stations{{{DEVICE}}})"),
            Query(f"max by (device, ifName) (netwatch_device_hosts{{{DEVICE}}})"),
        ),
        width=8,
        height=8,
        columns=(
            Column("ifName", words.PORT, links=(links.ROW_PORT,)),
            Column("Value #A", Text("Địa chỉ MAC", "Stations"), unit=COUNT),
            Column("Value #B", Text("Máy", "Hosts"), unit=COUNT),
            Column("device", words.DEVICE, hidden=True),
        ),
        sorted_by=("-Value #A", "-Value #B"),
    ),
)

TO_UNIT = Link(Text("Đơn vị", "Unit"), "unit", (("unit", "${owner:percentencode}"),), ("register",))

SWITCH = Board(
    "switch",
    Words(
        "Thiết bị",
        "Device",
        "Một thiết bị: nhận dạng, trạng thái, phần cứng, các cổng, lưu lượng, lỗi, các lần hỏi SNMP.",
        "One device: its identity, state and hardware, its ports, traffic, errors and SNMP polls.",
    ),
    (REGISTER, AREAS_OF_DEVICES, UNITS, DEVICE_OF_UNITS, OWNER),
    (*FIGURES, IDENTITY, STATES, *BOX, PORTS, *TRAFFIC, *FLAPS, *POLLS),
    annotations=(BLIND,),
    links=(links.PROVINCE, TO_UNIT, links.OPTICS),
)

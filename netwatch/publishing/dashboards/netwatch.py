"""The board `netwatch`: whether the poller itself is well, so that its figures can be relied upon."""

from __future__ import annotations

from netwatch.publishing.dashboards import device_words, itself_words as say, links
from netwatch.publishing.dashboards.annotations import BLIND
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.itself_promql import (
    POLLERS,
    a_minute,
    of_each,
    own,
    quantile,
    rate,
)
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.netwatch_records import LEDGER, NOTIFICATIONS, SERVICES
from netwatch.publishing.dashboards.panels import (
    BYTES,
    COUNT,
    DATE,
    DURATION,
    PER_MINUTE,
    POLLED,
    RATIO,
    SECONDS,
    Query,
)
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import Lines
from netwatch.publishing.dashboards.variables import REGISTER, Variable

POLLER = Variable("poller", say.POLLER, "label_values(netwatch_build_info, poller)", many=True)

PROGRAMS = Rows(
    Words(
        "Các trạm đo",
        "Pollers",
        "Mỗi dòng là một netwatch đang chạy. Bị từ chối: tệp cấu hình đọc gần nhất có lỗi, netwatch "
        "vẫn chạy bằng cấu hình trước.",
        "A row for each netwatch that runs. Refused: the files read last had mistakes, and netwatch goes on "
        "with what it had.",
    ),
    (
        Query(f"max by (poller, version, python) (netwatch_build_info{{{POLLERS}}})"),
        Query(f"max by (poller) ({own('process_start_time_seconds')}) * 1000"),
        Query(of_each("netwatch_config_last_reload_successful")),
        Query(of_each("netwatch_config_on_last_good")),
        Query(f"{of_each('netwatch_config_last_reload_success_timestamp_seconds')} * 1000"),
        Query(f"max by (poller) ({own('rate(process_cpu_seconds_total[$__rate_interval])')})"),
        Query(f"max by (poller) ({own('process_resident_memory_bytes')})"),
        Query(f"max by (poller) ({own('process_open_fds')}) / max by (poller) ({own('process_max_fds')})"),
    ),
    width=24,
    height=6,
    columns=(
        Column("poller", say.POLLER),
        Column("Value #C", Text("Cấu hình đọc gần nhất", "Configuration read last"), said=say.READ),
        Column("Value #D", Text("Đang chạy bằng", "Runs on"), said=say.ON_LAST_GOOD),
        Column("Value #B", Text("Chạy từ", "Running since"), unit=DATE),
        Column("Value #E", Text("Cấu hình tốt đọc lúc", "Last good one read"), unit=DATE),
        Column("Value #F", Text("CPU", "CPU"), unit=RATIO),
        Column("Value #G", Text("Bộ nhớ", "Memory"), unit=BYTES),
        Column("Value #H", Text("Tệp đang mở", "Open files"), unit=RATIO),
        Column("version", Text("Phiên bản", "Version")),
        Column("python", Text("Python", "Python")),
    ),
    sorted_by=("poller",),
)

PATHS = Rows(
    Words(
        "Đường quan sát",
        "Observation paths",
        "Không quan sát được: quá ít điểm tham chiếu trả lời, mọi thứ phía sau là không rõ. Tổng thời "
        "gian như vậy trong khoảng đang xem.",
        "Blind: too few references answer, and all behind is unknown. The time blind is that in the range "
        "shown.",
    ),
    (
        Query(f"max by (poller, path) (netwatch_path_blind{{{POLLERS}}})"),
        Query(f"max by (poller, path) (increase(netwatch_path_blind_seconds_total{{{POLLERS}}}[$__range]))"),
    ),
    width=8,
    height=8,
    columns=(
        Column("path", Text("Đường", "Path"), width=110),
        Column("Value #A", Text("Trạng thái", "State"), said=say.SIGHT, width=180),
        Column("Value #B", Text("Tổng thời gian", "Time blind"), unit=DURATION),
        Column("poller", say.POLLER),
    ),
    sorted_by=("-Value #A", "-Value #B", "path"),
)


def _quantiles(words_: Words, histogram: str) -> Lines:
    return Lines(
        words_,
        tuple(
            Query(quantile(share, histogram), name)
            for share, name in ((0.5, "p50"), (0.95, "p95"), (0.99, "p99"))
        ),
        width=8,
        height=8,
        unit=SECONDS,
        names=say.QUANTILES,
    )


TIMING = (
    _quantiles(
        Words(
            "Độ trễ so với lịch hỏi",
            "Lateness of polls",
            "Lần hỏi SNMP bắt đầu muộn bao lâu so với lịch.",
            "How late SNMP polls were started.",
        ),
        "netwatch_poll_lateness_seconds",
    ),
    _quantiles(
        Words(
            "Độ trễ của vòng lặp sự kiện",
            "Lag of the event loop",
            "Bộ hẹn giờ chạy muộn bao lâu: máy quá tải, hoặc có việc chiếm vòng lặp.",
            "How late timers ran: the machine is overloaded, or something holds the loop.",
        ),
        "netwatch_event_loop_lag_seconds",
    ),
)

_POLLS = "netwatch_snmp_polls_total"

ASKING = (
    Lines(
        Words(
            "Lần hỏi SNMP theo kết quả",
            "SNMP polls by outcome",
            "Mọi thiết bị cộng lại, mỗi phút.",
            "Over all devices, a minute.",
        ),
        (Query(a_minute(_POLLS, "outcome"), "{{outcome}}", step=POLLED),),
        width=8,
        height=8,
        unit=PER_MINUTE,
        stacked=True,
        names=device_words.OUTCOMES,
    ),
    Lines(
        Words(
            "Lần hỏi không thành theo nguyên nhân",
            "Polls that failed, by cause",
            "Như bên cạnh, không kể lần được trả lời. Lỗi tại trạm đo không nói gì về thiết bị.",
            "As beside, without those that were answered. A local error says nothing about devices.",
        ),
        (Query(a_minute(_POLLS, "outcome", 'outcome!="answered"'), "{{outcome}}", step=POLLED),),
        width=8,
        height=8,
        unit=PER_MINUTE,
        names={name: said for name, said in device_words.OUTCOMES.items() if name != "answered"},
    ),
    Lines(
        Words(
            "Echo khác thường",
            "Unusual echoes",
            "Mỗi phút: trả lời muộn và trùng, báo không tới được, và gói mà chính trạm đo không gửi được.",
            "A minute: late replies and duplicates, ICMP errors, and those that the poller itself could not "
            "send.",
        ),
        tuple(
            Query(f"sum({rate(f'netwatch_echo_{metric}_total')}) * 60", name)
            for metric, name in (
                ("late_replies", "late"),
                ("duplicates", "duplicates"),
                ("unreachables", "unreachables"),
                ("local_errors", "local errors"),
            )
        ),
        width=8,
        height=8,
        unit=PER_MINUTE,
        names=say.ECHOES,
    ),
)

DROPPED = (
    Lines(
        Words(
            "Gói bị rơi",
            "Dropped datagrams",
            "Gói mà nhân hệ điều hành bỏ vì bộ đệm socket đầy, mỗi phút: lẽ ra phải là không.",
            "Dropped by the kernel for want of room in a socket's buffer, a minute: this should be zero.",
        ),
        (Query(a_minute("netwatch_socket_drops_total", "protocol"), "{{protocol}}"),),
        width=8,
        height=8,
        unit=PER_MINUTE,
    ),
    Lines(
        Words(
            "Gói bị từ chối theo lý do",
            "Rejected datagrams by reason",
            "Gói nhận được mà không dùng, mỗi phút: muộn, trùng, sai dạng, không rõ của ai.",
            "Received and not taken, a minute: late, duplicate, malformed, of nobody known.",
        ),
        (
            Query(
                a_minute("netwatch_rejected_datagrams_total", "protocol, reason"), "{{protocol}}: {{reason}}"
            ),
        ),
        width=8,
        height=8,
        unit=PER_MINUTE,
        empty=say.NONE,
    ),
    Lines(
        Words(
            "Giá trị bị từ chối theo lý do",
            "Refused series by reason",
            "Giá trị của thiết bị không được đọc hoặc không được xuất, mỗi phút.",
            "Values of devices that were not read or not exported, a minute.",
        ),
        (Query(a_minute("netwatch_refused_series_total", "reason"), "{{reason}}", step=POLLED),),
        width=8,
        height=8,
        unit=PER_MINUTE,
        empty=say.NONE,
    ),
)


def _scrape(words_: Words, metric: str, unit: str) -> Lines:
    return Lines(
        words_,
        (Query(f"max by (poller, job) ({own(metric)})", "{{poller}} {{job}}"),),
        width=6,
        height=8,
        unit=unit,
    )


SCRAPES = (
    _scrape(
        Words(
            "Số chuỗi xuất ra",
            "Series exported",
            "Số mẫu trong lần đọc gần nhất, theo Prometheus: /metrics và /metrics/devices.",
            "Samples of the last scrape, as Prometheus counts: /metrics and /metrics/devices.",
        ),
        "scrape_samples_scraped",
        COUNT,
    ),
    _scrape(
        Words(
            "Thời gian đọc",
            "Scrape time",
            "Prometheus mất bao lâu để đọc; phải ngắn hơn nhiều so với chu kỳ đọc.",
            "How long Prometheus takes to read; this should be far less than the interval.",
        ),
        "scrape_duration_seconds",
        SECONDS,
    ),
)

PROCESS = (
    Lines(
        Words(
            "CPU của netwatch",
            "CPU of netwatch",
            "Phần của một nhân bộ xử lý.",
            "Share of one core.",
        ),
        (
            Query(
                f"max by (poller) ({own('rate(process_cpu_seconds_total[$__rate_interval])')})", "{{poller}}"
            ),
        ),
        width=6,
        height=8,
        unit=RATIO,
    ),
    Lines(
        Words("Bộ nhớ của netwatch", "Memory of netwatch", "Bộ nhớ thực đang chiếm.", "Resident memory."),
        (Query(f"max by (poller) ({own('process_resident_memory_bytes')})", "{{poller}}"),),
        width=6,
        height=8,
        unit=BYTES,
    ),
)

NETWATCH = Board(
    "netwatch",
    Words(
        "Trạm đo",
        "The poller itself",
        "Chính trạm đo: có đúng giờ không, có bỏ sót gì không, sổ chứng cứ và dịch vụ ra sao.",
        "The poller itself: whether it is on time and misses nothing, how ledger and services fare.",
    ),
    (REGISTER, POLLER),
    (
        PROGRAMS,
        PATHS,
        *TIMING,
        *ASKING,
        *DROPPED,
        Text("Sổ chứng cứ", "The ledger"),
        *LEDGER,
        Text("Thông báo và dịch vụ", "Notifications and services"),
        *NOTIFICATIONS,
        *SERVICES,
        Text("Tài nguyên", "Resources"),
        *SCRAPES,
        *PROCESS,
    ),
    annotations=(BLIND,),
    links=(links.PROVINCE,),
)

"""What netwatch writes, hears and checks besides polling, on its own board."""

from __future__ import annotations

from netwatch.publishing.dashboards import itself_words as say
from netwatch.publishing.dashboards.itself_promql import POLLERS, a_minute, age, rate
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.panels import (
    BLUE,
    COUNT,
    DAYS,
    DURATION,
    GREEN,
    ORANGE,
    PER_MINUTE,
    PER_SECOND,
    RED,
    SECONDS,
    Query,
)
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import Lines

DAY = 86400

_LAST_WRITE = "netwatch_ledger_last_write_timestamp_seconds"

LEDGER = (
    Lines(
        Words("Mục ghi vào sổ", "Entries written", "Mỗi giây, theo trạm đo.", "A second, by poller."),
        (Query(f"sum by (poller) ({rate('netwatch_ledger_entries_total')})", "{{poller}}"),),
        width=6,
        height=8,
        unit=PER_SECOND,
    ),
    Lines(
        Words(
            "Lần ghi sổ gần nhất cách đây",
            "Age of the last write",
            "Tăng mãi: sổ không được ghi nữa.",
            "Where it rises on and on, the ledger is written no longer.",
        ),
        (Query(age(_LAST_WRITE), "{{poller}}"),),
        width=6,
        height=8,
        unit=SECONDS,
    ),
    Lines(
        Words(
            "Hàng chờ, lỗi và mục bị bỏ",
            "Queue, errors and drops",
            "Mục đang chờ ghi; lần ghi bị lỗi và mục bị bỏ trong khoảng đang xem.",
            "Entries that wait; writes that failed and entries dropped in the range shown.",
        ),
        (
            Query(f"sum(netwatch_ledger_queued_entries{{{POLLERS}}})", "queued"),
            Query(f"sum(increase(netwatch_ledger_write_errors_total{{{POLLERS}}}[$__range]))", "errors"),
            Query(f"sum(increase(netwatch_ledger_dropped_entries_total{{{POLLERS}}}[$__range]))", "dropped"),
        ),
        width=6,
        height=8,
        unit=COUNT,
        names={
            "queued": (Text("đang chờ", "queued"), BLUE),
            "errors": (Text("lần ghi lỗi", "failed writes"), ORANGE),
            "dropped": (Text("mục bị bỏ", "dropped"), RED),
        },
    ),
    Rows(
        Words(
            "Neo của sổ",
            "Anchors of the ledger",
            "Đầu sổ của ngày đã tới bước nào, cách đây bao lâu, và bao nhiêu lần thử không thành trong "
            "khoảng đang xem.",
            "How long ago a daily head came to each step, and how many attempts failed in the range shown.",
        ),
        (
            Query(f"time() - max by (poller, step) (netwatch_anchor_last_timestamp_seconds{{{POLLERS}}})"),
            Query(f"max by (poller, step) (increase(netwatch_anchor_errors_total{{{POLLERS}}}[$__range]))"),
        ),
        width=6,
        height=8,
        columns=(
            Column("step", Text("Bước", "Step"), said=say.STEPS),
            Column("Value #A", Text("Cách đây", "Age"), unit=DURATION),
            Column("Value #B", Text("Không thành", "Failed"), unit=COUNT),
            Column("poller", say.POLLER),
        ),
        sorted_by=("-Value #A",),
    ),
)

NOTIFICATIONS = (
    Lines(
        Words(
            "Thông báo của thiết bị theo loại",
            "Notifications of devices by kind",
            "Trap và inform nhận được mỗi phút; cái nào cũng có thể bị giả mạo.",
            "Traps and informs a minute; each may be forged.",
        ),
        (Query(a_minute("netwatch_notifications_total", "kind"), "{{kind}}"),),
        width=8,
        height=7,
        unit=PER_MINUTE,
        names=say.NOTICES,
        stacked=True,
        empty=say.NONE,
    ),
    Lines(
        Words(
            "Thông báo không được xem tới",
            "Notifications not looked at",
            "Mỗi phút, theo lý do: quá nhiều từ một nơi gửi, hàng chờ đầy, quá lớn.",
            "A minute, by reason: too many of one sender, a full queue, too large.",
        ),
        (Query(a_minute("netwatch_notifications_dropped_total", "reason"), "{{reason}}"),),
        width=8,
        height=7,
        unit=PER_MINUTE,
        names=say.UNSEEN,
        empty=say.NONE,
    ),
)

_EXPIRES = f"netwatch_tls_not_after_timestamp_seconds{{{POLLERS}}}"
PHASES = f"max by (service, phase) (netwatch_service_duration_seconds{{{POLLERS}}})"

NO_SERVICE = Text("không có số liệu, hoặc chưa khai báo dịch vụ nào", "no data, or no service is configured")

EXPIRY = {-100_000.0: RED, 7.0: "yellow", 21.0: GREEN}
"""Colors of the time that is left to a certificate, days."""

SERVICES = (
    Rows(
        Words(
            "Dịch vụ",
            "Services",
            "Kết quả lần kiểm tra gần nhất, và số ngày còn lại của chứng thư hết hạn sớm nhất trong chuỗi.",
            "How the last check ended, and for how many days the first certificate of the chain is good.",
        ),
        (
            Query(f"max by (service) (netwatch_service_up{{{POLLERS}}})"),
            Query(f"sum by (service) ({PHASES})"),
            Query(f"floor((min by (service) ({_EXPIRES}) - time()) / {DAY})"),
        ),
        width=8,
        height=7,
        columns=(
            Column("service", Text("Dịch vụ", "Service")),
            Column("Value #A", Text("Trạng thái", "State"), said=say.ANSWERING),
            Column("Value #B", Text("Thời gian", "Duration"), unit=SECONDS),
            Column(
                "Value #C",
                Text("Chứng thư còn", "Certificate left"),
                unit=DAYS,
                decimals=0,
                colors=EXPIRY,
            ),
        ),
        sorted_by=("Value #A", "service"),
        empty=NO_SERVICE,
    ),
    Lines(
        Words(
            "Thời gian kiểm tra dịch vụ theo bước",
            "Duration of checks by phase",
            "Phân giải tên, kết nối, TLS, chờ trả lời.",
            "Resolving the name, connecting, TLS, waiting for the answer.",
        ),
        (Query(PHASES, "{{service}}: {{phase}}"),),
        width=24,
        height=6,
        unit=SECONDS,
        stacked=True,
        empty=NO_SERVICE,
    ),
)

"""What the board `netwatch` says of the poller's own state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.dashboards.language import Text
from netwatch.publishing.dashboards.panels import BLUE, GREEN, GREY, ORANGE, RED

if TYPE_CHECKING:
    from netwatch.publishing.dashboards.panels import Names

READ: Names = {"1": (Text("đọc được", "good"), GREEN), "0": (Text("bị từ chối", "refused"), RED)}
ON_LAST_GOOD: Names = {
    "0": (Text("cấu hình hiện hành", "the present one"), GREEN),
    "1": (Text("bản tốt gần nhất", "the last good one"), ORANGE),
}
SIGHT: Names = {
    "0": (Text("quan sát được", "in sight"), GREEN),
    "1": (Text("không quan sát được", "blind"), ORANGE),
}
"""A blind path is in the color of what is unknown, as all behind it is."""

ANSWERING: Names = {"1": (Text("hoạt động", "up"), GREEN), "0": (Text("lỗi", "failed"), RED)}

QUANTILES: Names = {
    "p50": (Text("trung vị", "median"), GREEN),
    "p95": (Text("phân vị 95", "95th percentile"), ORANGE),
    "p99": (Text("phân vị 99", "99th percentile"), RED),
}

STEPS: Names = {
    "head": (Text("tạo đầu sổ", "head made"), BLUE),
    "signed": (Text("ký", "signed"), BLUE),
    "stamped": (Text("đóng dấu thời gian", "time-stamped"), BLUE),
    "sent": (Text("gửi đi", "sent"), BLUE),
}
"""The steps of an anchor."""

ECHOES: Names = {
    "late": (Text("trả lời muộn", "late replies"), BLUE),
    "duplicates": (Text("trả lời trùng", "duplicates"), GREY),
    "unreachables": (Text("báo không tới được", "told unreachable"), RED),
    "local errors": (Text("không gửi được tại trạm đo", "not sent: local errors"), ORANGE),
}

NOTICES: Names = {
    "cold_start": (Text("khởi động nguội", "cold start"), BLUE),
    "warm_start": (Text("khởi động nóng", "warm start"), BLUE),
    "link_down": (Text("cổng mất tín hiệu", "link down"), RED),
    "link_up": (Text("cổng có tín hiệu", "link up"), GREEN),
    "authentication_failure": (Text("xác thực SNMP không thành", "authentication failure"), "purple"),
    "dying_gasp": (Text("báo sắp mất điện", "dying gasp"), RED),
    "neighbour_gasp": (Text("thiết bị đầu kia sắp mất điện", "dying gasp of a neighbour"), RED),
    "on_battery": (Text("chạy ắc quy", "on battery"), ORANGE),
    "mains_back": (Text("có điện lưới lại", "mains are back"), GREEN),
    "battery_low": (Text("ắc quy sắp cạn", "battery low"), RED),
    "light_alarm": (Text("công suất quang", "light alarm"), "yellow"),
    "other": (Text("khác", "other"), GREY),
}
"""What a notification says: the values of `NoticeKind`."""

UNSEEN: Names = {
    "rate": (Text("quá nhiều từ một nơi gửi", "too many of one sender"), ORANGE),
    "queue": (Text("hàng chờ đầy", "a full queue"), RED),
    "size": (Text("quá lớn", "too large"), "purple"),
}
"""Why a notification was not looked at."""

POLLER = Text("Trạm đo", "Poller")
NONE = Text("chưa có lần nào, hoặc không có số liệu", "none so far, or there are no data")

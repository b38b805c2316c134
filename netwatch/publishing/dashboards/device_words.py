"""What boards about devices say alike: states of ports and parts, ends of polls, headings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.dashboards.language import Text
from netwatch.publishing.dashboards.panels import BLUE, GREEN, GREY, ORANGE, RED

if TYPE_CHECKING:
    from netwatch.publishing.dashboards.panels import Names

PORT_STATES: Names = {
    "1": (Text("thông", "up"), GREEN),
    "2": (Text("mất tín hiệu", "down"), RED),
    "3": (Text("đang kiểm tra", "testing"), BLUE),
    "4": (Text("không rõ", "unknown"), ORANGE),
    "5": (Text("chờ", "dormant"), BLUE),
    "6": (Text("thiếu phần cứng", "not present"), GREY),
    "7": (Text("lớp dưới mất tín hiệu", "lower layer down"), RED),
    "8": (Text("bị khóa", "shut down"), GREY),
}
"""The values of ifOperStatus (RFC 2863), and 8 for a port that its operator has shut down."""

WELL: Names = {"1": (Text("tốt", "well"), GREEN), "0": (Text("hỏng", "failed"), RED)}

OUTCOMES: Names = {
    "answered": (Text("trả lời", "answered"), GREEN),
    "timeout": (Text("quá thời gian chờ", "timeout"), RED),
    "unreachable": (Text("không tới được", "unreachable"), RED),
    "refused": (Text("bị từ chối", "refused"), "purple"),
    "agent_error": (Text("thiết bị báo lỗi", "agent error"), "yellow"),
    "malformed": (Text("trả lời sai dạng", "malformed"), "yellow"),
    "local_error": (Text("lỗi tại trạm đo", "local error"), ORANGE),
}
"""How a poll ended. A local error says nothing about the device: it has the color of what is unknown."""

MEDIA: Names = {
    "fibre": (Text("cáp quang", "fibre"), GREEN),
    "copper": (Text("cáp đồng", "copper"), BLUE),
    "radio": (Text("vô tuyến", "radio"), BLUE),
    "4g": (Text("4G", "4G"), BLUE),
    "5g": (Text("5G", "5G"), BLUE),
    "satellite": (Text("vệ tinh", "satellite"), BLUE),
}

MARGINS = {-100.0: RED, 0.0: "yellow", 3.0: GREEN}
"""Colors of a margin, dB: below the alarm's threshold, hardly above it, well above it."""

DRIFTS = {-100.0: RED, -3.0: "yellow", -1.0: GREEN}
"""Colors of what has become of light in a week, dB."""

ONLINE: Names = {"1": (Text("có mặt", "online"), GREEN), "0": (Text("vắng mặt", "offline"), RED)}

ALIAS = Text("Ghi chú của cổng", "Alias")
DESCR = Text("Mô tả", "Description")
SPEED = Text("Tốc độ", "Speed")
RECEIVED = Text("Nhận", "In")
SENT = Text("Gửi", "Out")
LIGHT = Text("Công suất thu", "Received light")
LIGHT_SENT = Text("Công suất phát", "Transmitted light")
LOW_ALARM = Text("Ngưỡng báo động", "Alarm threshold")
MARGIN = Text("Dự phòng", "Margin")
LANE = Text("Làn", "Lane")
CHANGES = Text("Số lần đổi", "Changes")
UNCHANGED = Text("Không đổi trong", "Unchanged for")
UNIT_NAME = Text("Đơn vị", "Unit")

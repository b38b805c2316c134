"""What several boards say alike: states, verdicts, causes, headings. The status page uses the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.alerts.alert import WHOLE
from netwatch.publishing.alerts.names import NAMES
from netwatch.publishing.dashboards.language import Text
from netwatch.publishing.dashboards.panels import BLUE, GREEN, GREY, ORANGE, RED
from netwatch.publishing.dashboards.promql import DOWN, UNKNOWN, UNMONITORED, UP

if TYPE_CHECKING:
    from netwatch.publishing.dashboards.panels import Names

UP_SAID = Text("có kết nối", "up")
DOWN_SAID = Text("mất kết nối", "down")
UNKNOWN_SAID = Text("không rõ", "unknown")
UNMONITORED_SAID = Text("chưa giám sát", "unmonitored")

STATES: Names = {
    str(DOWN): (DOWN_SAID, RED),
    str(UNKNOWN): (UNKNOWN_SAID, ORANGE),
    str(UP): (UP_SAID, GREEN),
    str(UNMONITORED): (UNMONITORED_SAID, GREY),
}
"""The values of `promql.STATE` and `promql.EACH_UNIT`."""

STATE_NAMES: Names = {"up": (UP_SAID, GREEN), "down": (DOWN_SAID, RED), "unknown": (UNKNOWN_SAID, ORANGE)}
"""The values of the label `state`, and of `verdict` where it counts minutes."""

UNIT_VERDICTS: Names = {
    "verified": (Text("đã xác minh", "verified"), GREEN),
    "refuted": (Text("bị bác bỏ", "refuted"), RED),
    "undetermined": (Text("chưa xác định", "undetermined"), ORANGE),
    "unmonitored": (UNMONITORED_SAID, GREY),
}

CLAIM_VERDICTS: Names = {
    "1": (Text("đạt mức công bố", "holds"), GREEN),
    "-1": (Text("không đạt mức công bố", "does not hold"), RED),
    "0": (Text("chưa xác định", "undetermined"), ORANGE),
}

FINDINGS: Names = {
    "1": (Text("đã chứng tỏ", "shown"), GREEN),
    "0": (Text("chưa chứng tỏ", "not shown"), GREY),
    "-1": (Text("bị phủ nhận", "contradicted"), RED),
}

CRITERIA: Names = {
    "declared": (Text("có văn bản", "declared"), BLUE),
    "reachable": (Text("liên lạc được", "reachable"), BLUE),
    "identified": (Text("đúng thiết bị", "identified"), BLUE),
    "fibre": (Text("cáp quang", "fibre"), BLUE),
    "internet": (Text("có Internet", "internet"), BLUE),
    "lan": (Text("mạng nội bộ", "LAN"), BLUE),
    "quality": (Text("chất lượng", "quality"), BLUE),
}

CAUSES: Names = {
    "upstream": (Text("tuyến trên", "upstream"), BLUE),
    "maintenance": (Text("bảo trì", "maintenance"), GREY),
    "power": (Text("mất điện", "power"), RED),
    "restart": (Text("khởi động lại", "restart"), ORANGE),
    "link": (Text("đường truyền", "link"), RED),
    "access": (Text("mạng truy nhập", "access"), RED),
    "undetermined": (Text("chưa xác định", "undetermined"), ORANGE),
}

ROLES: Names = {
    "uplink": (Text("đường lên", "uplink"), BLUE),
    "switch": (Text("thiết bị chuyển mạch", "switch"), BLUE),
    "core": (Text("thiết bị lõi", "core"), BLUE),
    "ups": (Text("bộ lưu điện", "UPS"), BLUE),
    "server": (Text("máy chủ", "server"), BLUE),
    "reference": (Text("điểm tham chiếu", "reference"), GREY),
}

SEVERITIES: Names = {
    "1": (Text("khẩn cấp", "critical"), RED),
    "2": (Text("cảnh báo", "warning"), ORANGE),
    "3": (Text("việc cần làm", "ticket"), BLUE),
    "4": (Text("khác", "other"), GREY),
}
"""By their rank, the most urgent first; the last is that of rules that are none of netwatch's."""

ALERTS: Names = {alert: (Text(name.vi, name.en), "") for alert, name in NAMES.items()}
"""What an alert is called, by the name of its rule."""

NO_AREA: Names = {WHOLE.vi: (Text(WHOLE.vi, WHOLE.en), "")}
"""Where an alert is that is of no area."""

CODE = Text("Mã", "Code")
NAME = Text("Tên", "Name")
KIND = Text("Loại", "Kind")
AREA = Text("Khu vực", "Area")
STATE = Text("Trạng thái", "State")
SINCE = Text("Từ lúc", "Since")
DEVICE = Text("Thiết bị", "Device")
ROLE = Text("Vai trò", "Role")
PORT = Text("Cổng", "Port")
CLAIM_NAME = Text("Tên trong cấu hình", "Name in the files")
CAUSE = Text("Nguyên nhân", "Cause")

"""What each alert is called in a list, where there is no room for its summary: as its runbook is titled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.publishing.alerts.alert import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES: Mapping[str, Text] = {
    "NetwatchUnitDown": Text("Đơn vị mất kết nối", "A unit is down"),
    "NetwatchPriorityUnitDown": Text("Đơn vị ưu tiên mất kết nối", "A unit of a higher class is down"),
    "NetwatchUnitDownUpstream": Text("Mất kết nối do tuyến trên", "A unit is down behind a dead device"),
    "NetwatchUpstreamDown": Text("Thiết bị tuyến trên mất kết nối", "A device that units hang on is dead"),
    "NetwatchCoreDown": Text(
        "Thiết bị lõi mất kết nối, chưa đơn vị nào mất", "A core device is down, nothing is lost"
    ),
    "NetwatchMassOutage": Text("Mất kết nối diện rộng", "Many units are down at once"),
    "NetwatchUnitFlapping": Text("Đơn vị chập chờn", "A unit comes and goes"),
    "NetwatchUnitUnknown": Text("Không rõ trạng thái đơn vị", "Nothing is known of a unit"),
    "NetwatchPollerBlind": Text("Trạm đo không quan sát được", "The poller sees nothing"),
    "NetwatchPathBlind": Text("Mất quan sát qua một nhà mạng", "The way to one carrier is blind"),
    "NetwatchBudgetSpent": Text("Hết ngân sách mất kết nối 30 ngày", "A unit's budget of 30 days is spent"),
    "NetwatchBudgetNearlySpent": Text(
        "Sắp hết ngân sách mất kết nối 30 ngày", "A unit's budget of 30 days is nearly spent"
    ),
    "NetwatchLightLow": Text("Công suất quang thu dưới ngưỡng", "Received light is under the alarm"),
    "NetwatchLightFading": Text("Công suất quang thu suy giảm dần", "Received light falls towards the alarm"),
    "NetwatchUplinkErrors": Text("Đường truyền có gói lỗi", "Errors on an uplink"),
    "NetwatchUplinkDiscards": Text("Đường truyền bị bỏ gói", "Packets discarded on an uplink"),
    "NetwatchUplinkSaturated": Text("Đường truyền đầy tải", "An uplink is full"),
    "NetwatchBackupInUse": Text("Đơn vị đang dùng đường dự phòng", "A unit lives on its backup"),
    "NetwatchOnBattery": Text("UPS đang chạy ắc quy", "A UPS runs on its battery"),
    "NetwatchPowerLost": Text("Mất điện lưới diện rộng", "Mains are lost at many places"),
    "NetwatchBatteryLow": Text("Ắc quy sắp cạn", "A battery is nearly empty"),
    "NetwatchCredentialsRefused": Text("Thiết bị từ chối truy vấn SNMP", "SNMP is refused"),
    "NetwatchIdentityChanged": Text("Thiết bị không đúng như khai báo", "Another device answers"),
    "NetwatchClaimEndangered": Text("Công bố sắp không còn đạt", "A claim is about to stop holding"),
    "NetwatchClaimNoLongerHolds": Text("Công bố không còn đạt", "A claim no longer holds"),
    "NetwatchServiceDown": Text("Dịch vụ không trả lời", "A service does not answer"),
    "NetwatchCertificateExpires": Text(
        "Chứng thư số hết hạn trong ba tuần", "A certificate expires within three weeks"
    ),
    "NetwatchCertificateExpiresSoon": Text(
        "Chứng thư số hết hạn trong vài ngày", "A certificate expires within days"
    ),
    "NetwatchAbsent": Text("netwatch không trả lời Prometheus", "netwatch does not answer Prometheus"),
    "NetwatchScrapeSlow": Text("Prometheus đọc netwatch chậm", "Scrapes of netwatch are slow"),
    "NetwatchLate": Text("netwatch hỏi trễ", "netwatch is late"),
    "NetwatchSocketDrops": Text("Máy chủ làm rơi gói", "Datagrams are dropped"),
    "NetwatchLedgerFailing": Text("Không ghi được sổ cái", "The ledger cannot be written"),
    "NetwatchLedgerBehind": Text("Sổ cái ghi chậm", "The ledger is behind"),
    "NetwatchReloadFailed": Text("Không nạp được cấu hình mới", "The new configuration is not good"),
    "NetwatchOnLastGood": Text("Đang chạy bằng danh mục tốt gần nhất", "Running on the last good inventory"),
    "NetwatchAnchorFailing": Text("Sổ cái không được neo", "The ledger is not anchored"),
    "NetwatchWatchdog": Text("Hệ thống cảnh báo đang hoạt động", "Alerting works"),
}
"""By the name of the alert; those of the table, in its order."""

"""Light that an uplink's port receives, against the level at which the device itself raises an alarm."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import Alert, Group, Kind, Recording, Severity, Text
from netwatch.publishing.alerts.promql import held, last
from netwatch.publishing.alerts.tell import PORT, number

MARGIN = "netwatch:optical_receive_power_margin_db:uplinks"
MEDIAN = "netwatch:optical_receive_power_margin_db:median1d"

_KEYS = ("ifName",)
_BY = "by (device, unit, ifName, lane)"
_RECEIVED = "netwatch_optical_receive_power_dbm"
_ALARM = "netwatch_optical_receive_power_low_alarm_dbm"
_DARK, _FAINT = -40, -30
"""dBm: the least step that a module counts (SFF-8472), no threshold; what an ONU of class C+ receives at
least (ITU-T G.984.2, Amendment 2), for ports that tell no alarm of their own. As in docs/criteria.md."""

# Of uplinks alone: a spare port with a module in it is dark for ever. Of several lanes the darkest counts.
_MARGIN = (
    "min by (device, unit, ifName) (\n"
    f"  max {_BY} ({_RECEIVED})\n"
    f"  - (max {_BY} ({_ALARM} > {_DARK}) or max {_BY} ({_RECEIVED}) * 0 + {_FAINT})\n"
    ") and on (device, ifName) netwatch_uplink_info"
)
# The median, lest a cut of some hours, which is dark, look like a line that fades.
_MEDIAN = f"quantile_over_time(0.5, {MARGIN}[1d]) and {MARGIN} offset 1d"

# Some devices tell no light at all where a fibre is cut: then the port is down (2), for want of a module (6)
# or of what is below it (7).
_GONE = (
    "max by (device, ifName) (ifOperStatus == 2 or ifOperStatus == 6 or ifOperStatus == 7) "
    f"unless on (device, ifName) {last(MARGIN)}"
)
_STILL_LOW = f"{last(MARGIN)} < 0.5 or {_GONE}"

_DRIFT = f"({MEDIAN} - {MEDIAN} offset 1w)"
# Two more weeks like the last one take it under the alarm.
_FADING = f"{_DRIFT} <= -1 and {MEDIAN} + 2 * {_DRIFT} < 0"
_STILL_FADING = f"{last(MEDIAN, '1d')} - last_over_time({MEDIAN}[1d] offset 1w) <= -0.7"

_PORT_ARGUMENTS = "$labels.device $labels.ifName"
_OF_PORT = "{device=%q,ifName=%q}"
_LIGHT = number(f"min(last_over_time({_RECEIVED}{_OF_PORT}[1d]))", _PORT_ARGUMENTS)
_LIMIT = number(
    f"max(last_over_time({_ALARM}{_OF_PORT}[1d]) > {_DARK})", _PORT_ARGUMENTS, nothing=f"{_FAINT}.0"
)
_MARGIN_NOW = number(f"last_over_time({MEDIAN}{_OF_PORT}[1d])", _PORT_ARGUMENTS)
_LOST = number(
    f"last_over_time({MEDIAN}{_OF_PORT}[1d] offset 1w) - last_over_time({MEDIAN}{_OF_PORT}[1d])",
    f"{_PORT_ARGUMENTS} {_PORT_ARGUMENTS}",
)

GROUP = Group(
    "light",
    "Light that uplinks receive: under the device's own alarm, and on its way there.",
    (
        Recording(MARGIN, _MARGIN),
        Recording(MEDIAN, _MEDIAN),
        Alert(
            name="NetwatchLightLow",
            expr=held("NetwatchLightLow", f"{MARGIN} < 0", _STILL_LOW, told=last(MARGIN), keys=_KEYS),
            patience="5m",
            severity=Severity.WARNING,
            kind=Kind.LINE,
            summary=Text(
                vi=f"Công suất quang thu dưới ngưỡng: {PORT.vi}",
                en=f"Received light is low: {PORT.en}",
            ),
            description=Text(
                vi=(
                    f"{PORT.vi}: công suất quang thu {_LIGHT.vi} dBm, ngưỡng cảnh báo {_LIMIT.vi} dBm. Đường "
                    "truyền có thể lỗi hoặc đứt bất cứ lúc nào. Báo nhà mạng đo lại tuyến quang."
                ),
                en=(
                    f"{PORT.en}: receives {_LIGHT.en} dBm, the alarm is at {_LIMIT.en} dBm. The line may "
                    "fail at any moment. Have the carrier measure the fibre."
                ),
            ),
        ),
        Alert(
            name="NetwatchLightFading",
            expr=held(
                "NetwatchLightFading", _FADING, _STILL_FADING, told=last(MEDIAN, "1d"), keys=_KEYS, heard="1d"
            ),
            patience="1h",
            severity=Severity.TICKET,
            kind=Kind.LINE,
            summary=Text(
                vi=f"Công suất quang thu suy giảm dần: {PORT.vi}",
                en=f"Received light is fading: {PORT.en}",
            ),
            description=Text(
                vi=(
                    f"{PORT.vi}: công suất quang thu (trung vị ngày) giảm {_LOST.vi} dB so với một tuần "
                    f"trước, chỉ còn cao hơn ngưỡng cảnh báo {_MARGIN_NOW.vi} dB. Nên vệ sinh đầu nối, kiểm "
                    "tra tuyến quang trước khi mất kết nối."
                ),
                en=(
                    f"{PORT.en}: received light (the day's median) is {_LOST.en} dB lower than a week ago, "
                    f"and {_MARGIN_NOW.en} dB above the alarm. Clean the connectors and check the fibre "
                    "before it is lost."
                ),
            ),
        ),
    ),
    interval="1m",
)

"""Mains and batteries, as a UPS tells."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import WHOLE, Alert, Group, Kind, Recording, Severity, Text
from netwatch.publishing.alerts.promql import held, last
from netwatch.publishing.alerts.tell import DEVICE, at, number
from netwatch.publishing.alerts.unit_words import listed

_ON_BATTERY = "netwatch_ups_on_battery"
_LOW = "netwatch_ups_battery_low"
_RUNTIME = "netwatch_ups_runtime_seconds"

_SHORT, _ENOUGH = 600, 900
"""Seconds that a battery lasts: fewer than the first is low, until there are more than the second."""

# A self-test discharges the battery for half a minute, which one poll sees, or two where the next is lost.
_DISCHARGING = f"min by (device) (min_over_time({_ON_BATTERY}[3m])) == 1"
_BATTERY_LOW = (
    f"max by (device, unit) ({_LOW}) == 1\n"
    f"  or min by (device, unit) ({_RUNTIME}) < {_SHORT} and on (device) {_DISCHARGING}"
)
_STILL_LOW = (
    f"max by (device) ({last(_LOW)}) == 1\n"
    f"  or min by (device) ({last(_RUNTIME)}) < {_ENOUGH}\n"
    f"    and on (device) max by (device) ({last(_ON_BATTERY)}) == 1"
)

# As of a mass outage (unit_recordings.py): lost in the last hour, lest UPSes count that are broken and say so
# for ever; while it goes on, since an hour before it. Those count too whose two minutes are not over, so that
# this alert is there when the first of them is told.
RECENT = "netwatch:on_battery:recent"
_RECENT = (
    'max by (unit, area) (ALERTS_FOR_STATE{alertname="NetwatchOnBattery"}) > on () group_left () (\n'
    '  (min(ALERTS_FOR_STATE{alertname="NetwatchPowerLost"}) > time() - 86400 or vector(time()))\n'
    "  - 3600\n"
    ")"
)
_MANY = (
    f"count({RECENT}) >= on ()\n"
    f"  clamp_min(0.02 * count(count by (unit) ({_ON_BATTERY})), 5)\n"
    '  / (1 + (max(ALERTS{alertname="NetwatchPowerLost", alertstate="firing"}) or vector(0)))'
)
_BY_AREA = (
    "{{ range $i, $area := query `count by (area) (" + RECENT + ")` | sortByLabel `area` }}"
    "{{ if $i }}, {{ end }}{{ $area.Labels.area }} {{ $area | value }}{{ end }}"
)
_PLACES = "{{ with query `count(" + RECENT + ")` }}{{ . | first | value }}{{ end }}"

_OF_DEVICE = "{device=%q}[1d]))"
_LEFT = number(f"min(last_over_time({_RUNTIME}{_OF_DEVICE} / 60", "$labels.device", digits=0)
_CHARGE = number(
    f"100 * min(last_over_time(netwatch_ups_battery_charge_ratio{_OF_DEVICE}", "$labels.device", digits=0
)
_READ = at(
    "max(last_over_time(netwatch_snmp_last_success_timestamp_seconds{device=%q}[1d]))", "$labels.device"
)

GROUP = Group(
    "power",
    "Units on battery, and batteries that will not last.",
    (
        Alert(
            name="NetwatchOnBattery",
            expr=held(
                "NetwatchOnBattery",
                f"max by (device, unit) ({_ON_BATTERY}) == 1",
                f"max by (device) ({last(_ON_BATTERY)}) == 1",
                told=last(_ON_BATTERY),
            ),
            patience="2m",
            severity=Severity.WARNING,
            kind=Kind.POWER,
            summary=Text(vi=f"Đang chạy ắc quy: {DEVICE.vi}", en=f"On battery: {DEVICE.en}"),
            description=Text(
                vi=(
                    f"UPS {DEVICE.vi} mất điện lưới. Theo lần đọc cuối lúc {_READ.vi}, ắc quy còn "
                    f"{_CHARGE.vi} %, chạy được khoảng {_LEFT.vi} phút."
                ),
                en=(
                    f"UPS {DEVICE.en} has no mains. As read last, at {_READ.en}, the battery holds "
                    f"{_CHARGE.en} % and lasts about {_LEFT.en} minutes."
                ),
            ),
        ),
        Recording(RECENT, _RECENT),
        Alert(
            name="NetwatchPowerLost",
            expr=_MANY,
            patience="2m",
            severity=Severity.WARNING,
            kind=Kind.POWER,
            labels=(("area", WHOLE.vi),),
            keep="10m",
            units=listed(f"`{RECENT}`"),
            summary=Text(
                vi=f"Mất điện lưới diện rộng: {_PLACES} nơi chạy ắc quy",
                en=f"Mains lost over a region: {_PLACES} places on battery",
            ),
            description=Text(
                vi=(
                    f"Nhiều nơi mất điện lưới trong một giờ. Theo khu vực: {_BY_AREA}. Hết ắc quy thì các "
                    "đơn vị mất kết nối. Trong lúc này từng UPS không báo riêng."
                ),
                en=(
                    f"Many places lost their mains within an hour. By area: {_BY_AREA}. When their batteries "
                    "are empty the units are down. Meanwhile no UPS sends a message of its own."
                ),
            ),
        ),
        Alert(
            name="NetwatchBatteryLow",
            expr=held(
                "NetwatchBatteryLow", _BATTERY_LOW, _STILL_LOW, told=f"{last(_ON_BATTERY)} or {last(_LOW)}"
            ),
            patience="1m",
            severity=Severity.WARNING,
            kind=Kind.POWER,
            summary=Text(vi=f"Ắc quy sắp cạn: {DEVICE.vi}", en=f"Battery low: {DEVICE.en}"),
            description=Text(
                vi=(
                    f"UPS {DEVICE.vi} báo ắc quy yếu, hoặc còn chạy được dưới 10 phút. Theo lần đọc cuối lúc "
                    f"{_READ.vi}, còn {_CHARGE.vi} %, khoảng {_LEFT.vi} phút. Hết ắc quy thì đơn vị mất kết "
                    "nối."
                ),
                en=(
                    f"UPS {DEVICE.en} says that its battery is low, or lasts less than 10 minutes. As read "
                    f"last, at {_READ.en}, it holds {_CHARGE.en} % and lasts about {_LEFT.en} minutes. When "
                    "it is empty the unit is down."
                ),
            ),
        ),
    ),
    # As often as devices are polled.
    interval="1m",
)

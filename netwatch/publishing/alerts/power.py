"""Mains and batteries, as a UPS tells."""

from __future__ import annotations

from netwatch.publishing.alerts.alert import Alert, Group, Kind, Severity, Text
from netwatch.publishing.alerts.promql import held, last
from netwatch.publishing.alerts.tell import DEVICE, at, number

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

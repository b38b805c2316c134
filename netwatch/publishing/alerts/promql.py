"""Pieces of PromQL that several alerts are made of.

The series of a value that is read from a device ends when the device does, and all series end while netwatch
itself is not scraped. An alert on one would end with it, as if all were well. So an alert that fires is held
until somebody is heard who says otherwise; and silence never starts one.
"""

from __future__ import annotations

from netwatch.publishing.alerts.alert import NOBODY

WATCHED = 'min(min_over_time(up{job="netwatch"}[5m])) == 1'
"""Every netwatch was scraped without a gap for five minutes: what is not told then is not there."""

KNOWN = "netwatch:device_info:known"
"""Devices as configured, one series each, with unit and area. Holds on while a netwatch is silent."""

RECENTLY = "10m"
"""How far back the last value is looked for, of a device that fell silent for a few minutes and came back.

Longer than `held`'s own patience, so that what was bad before is still known when that has run out.
"""


def fires(name: str) -> str:
    """Return the selector of an alert's instances that fire, as of its last evaluation."""
    return f'ALERTS{{alertname="{name}", alertstate="firing"}}'


def firing(name: str, *labels: str) -> str:
    """Return the instances of an alert that fire, as of its last evaluation, with these labels alone."""
    return f"max by ({', '.join(labels)}) ({fires(name)})"


def last(selector: str, window: str = RECENTLY) -> str:
    """Return the last value within a window, whether or not the series has ended since."""
    return f"last_over_time({selector}[{window}])"


def held(
    name: str, starts: str, stays: str, *, told: str, keys: tuple[str, ...] = (), heard: str = "5m"
) -> str:
    """Return the expression of an alert about a device, which does not end by the device's silence.

    It starts where `starts` holds, which has the labels device, unit and `keys`, of a device that is up,
    below no dead ancestor, seen by a path that is not blind, and not in maintenance. Once it fires, it goes
    on where `stays` holds: with a laxer limit than `starts`, a value that trembles about the limit makes one
    alert. Where nothing is `told`, it goes on until the device has answered polls for the time `heard`, which
    is long enough for the value to be read again. `stays` and `told` have the labels device and `keys`, and
    look back further than `heard`. It ends in any case with the device's configuration. Where a device is of
    no unit, the label says so: inhibition compares it.
    """
    fires = firing(name, "device", "unit", "area", *keys)
    match = ", ".join(("device", *keys))
    uptime = "netwatch_device_uptime_seconds"
    return (
        f'(label_replace({starts}, "unit", "{NOBODY}", "unit", "")\n'
        '  unless on (device) netwatch_device_state{state=~"down|unknown"} == 1\n'
        "  unless on (unit) netwatch_maintenance == 1\n"
        f") * on (device) group_left (area) {KNOWN}\n"
        f"or ({fires}\n"
        f"  and on ({match}) ({stays})\n"
        f"  and on (device) {KNOWN})\n"
        f"or ({fires}\n"
        f"  unless on ({match}) ({told})\n"
        f"  unless on (device) ({uptime} and {uptime} offset {heard})\n"
        f"  and on (device) {KNOWN})"
    )


def kept(name: str, expr: str, *labels: str) -> str:
    """Return the expression of an alert about what netwatch itself finds, held while netwatch is silent."""
    return f"({expr})\nor ({firing(name, *labels)} unless on () ({WATCHED}))"

"""Pieces of PromQL about one device and its ports.

Several pollers may watch a device, and each tells the same of it: everything is taken once, by the labels
that are the device's own. What stands in /metrics/devices moves once a minute.
"""

from __future__ import annotations

DEVICE = 'device="$device"'
PORT = 'device="$device",ifName="$port"'

ROW = "device, ifIndex, ifName"
"""What tells the rows of ifTable apart: two of them may have the same name."""

SHUT = 8
"""What ifOperStatus has no number for: the operator has shut the port down."""


def port_state(matchers: str, by: str) -> str:
    """Return ifOperStatus of the ports that `matchers` choose; `SHUT` where ifAdminStatus is down."""
    wanted = f"max by ({by}) (ifAdminStatus{{{matchers}}}) == 2"
    return f"(({wanted}) * 0 + {SHUT} or max by ({by}) (ifOperStatus{{{matchers}}}))"


def bits(metric: str, matchers: str, by: str) -> str:
    """Return the rate of a counter of octets, in bits a second."""
    return f"max by ({by}) (rate({metric}{{{matchers}}}[$__rate_interval])) * 8"


def a_minute(metric: str, matchers: str, by: str) -> str:
    """Return by how much a counter grows in a minute."""
    return f"max by ({by}) (rate({metric}{{{matchers}}}[$__rate_interval])) * 60"


def unchanged(matchers: str, by: str) -> str:
    """Return for how long ports have been in their present state, seconds.

    By sysUpTime less ifLastChange, both in hundredths of a second that wrap at 2^32.
    """
    uptime = f"max by (device) (sysUpTime{{{DEVICE}}})"
    changed = f"max by ({by}) (ifLastChange{{{matchers}}})"
    return f"(({uptime} - on (device) group_right () {changed} + 4294967296) % 4294967296 / 100)"


def margin(matchers: str, by: str) -> str:
    """Return by how much received light is above the threshold of the alarm, dB; `by` has device and port."""
    received = f"max by ({by}) (netwatch_optical_receive_power_dbm{{{matchers}}})"
    return f"{received} - max by ({by}) (netwatch_optical_receive_power_low_alarm_dbm{{{matchers}}})"


NAMED = "device, ifName"
"""What links to a port need."""

LIT = "device, ifName, lane"
"""What tells light apart: a port has a lane for each of its lasers, or none of that name."""


def restarts(matchers: str) -> str:
    """Return how often devices began anew in the range shown, as the poller saw that counted most."""
    return f"max(resets(netwatch_device_uptime_seconds{{{matchers}}}[$__range]))"

"""How old a result is, by the clock of the device that keeps it. Pure."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

_SIZES = (8, 11)  # without and with a time zone
_NEVER = bytes(8)
_WRAP = 2**32  # of TimeTicks

AHEAD = 60.0
"""Seconds that a stamp may be ahead of the clock it is compared with: the two were not read at once."""


class DeviceTime(NamedTuple):
    """What a device says the time is, and what it is here, at one moment."""

    wall: float  # Unix seconds, ours
    date: bytes = b""  # hrSystemDate (HOST-RESOURCES-MIB, RFC 2790)
    ticks: int | None = None  # sysUpTime


class Moment(NamedTuple):
    """A DateAndTime: seconds, by local time where it has no zone."""

    seconds: float
    zoned: bool


def moment(octets: bytes) -> Moment | None:
    """Read a DateAndTime (SNMPv2-TC, RFC 2579); None where it is none, or stands for never."""
    if len(octets) not in _SIZES or octets[:8] == _NEVER:
        return None
    month, day, hour, minute, second, tenths = octets[2:8]
    try:
        read = dt.datetime(
            int.from_bytes(octets[:2]), month, day, hour, minute, min(second, 59), tzinfo=dt.UTC
        )
    except ValueError:
        return None
    seconds = read.timestamp() + min(tenths, 9) / 10
    if len(octets) == _SIZES[0]:
        return Moment(seconds, zoned=False)
    east = (octets[9] * 60 + octets[10]) * 60
    return Moment(seconds + (east if octets[8:9] == b"-" else -east), zoned=True)


def age_of_date(octets: bytes, now: DeviceTime) -> float | None:
    """Return how many seconds ago a DateAndTime was; None where that cannot be told.

    Compared with the device's own clock where it tells it, as many run wrong; else with ours, which needs a
    time zone.
    """
    then, here = moment(octets), moment(now.date)
    if then is None:
        return None
    if here is not None and here.zoned == then.zoned:
        return _past(here.seconds - then.seconds)
    return _past(now.wall - then.seconds) if then.zoned else None


def age_of_ticks(ticks: int, now: DeviceTime) -> float | None:
    """Return how many seconds ago sysUpTime was that (TimeStamp, RFC 2579); 0 ticks stand for never."""
    if now.ticks is None or ticks <= 0:
        return None
    age = (now.ticks - ticks) % _WRAP / 100
    return 0.0 if age > _WRAP / 100 - AHEAD else age


def _past(age: float) -> float | None:
    return max(age, 0.0) if age > -AHEAD else None

"""What devices count in, brought to one unit each: the closed table of what a profile may say.

A result stays within what its base unit can reasonably be; anything else is an error of the device (or of the
profile), and no figure at all is better than a wrong one. There is no expression language: a unit that is
missing here is added here, with its test.
"""

from __future__ import annotations

import enum
import math
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Container

MICROWATTS = 1000.0  # in one milliwatt, which is 0 dBm


class Base(enum.StrEnum):
    """What values are told in, whatever a device counts in."""

    DBM = "dBm"
    RATIO = "ratio"
    CELSIUS = "celsius"
    WATTS = "watts"
    SECONDS = "seconds"
    BYTES = "bytes"


RANGES = {
    Base.DBM: (-60.0, 30.0),
    Base.RATIO: (0.0, 1.0),
    Base.CELSIUS: (-60.0, 200.0),
    Base.WATTS: (0.0, 1e5),
    Base.SECONDS: (0.0, 1e9),
    Base.BYTES: (0.0, 2.0**60),
}
"""The least and the most that a device can reasonably tell."""

LIGHT = (-50.0, 10.0)
"""The least and the most dBm that an optic can send or receive; its thresholds may lie beyond.

Pluggable modules count light in 16 bits of 0.1 uW (SFF-8472, SFF-8636, CMIS): up to 6.55 mW, or 8.2 dBm.
The strongest transmitters of ports, those of OLTs and of long reach, come to about 10 dBm; what amplifies is
no port. The least step is -40 dBm, and no receiver tells light from darkness at -50.
"""


class OutOfRange(ValueError):  # noqa: N818 - says what the value is
    """A value that cannot be true, or text that is no number."""


class Unit(NamedTuple):
    """How a number becomes one of the base unit; None where it says that there is nothing."""

    base: Base
    convert: Callable[[float], float | None]


def times(factor: float) -> Callable[[float], float | None]:
    """Return what multiplies."""
    return lambda raw: raw * factor


def parts(divisor: float) -> Callable[[float], float | None]:
    """Return what divides: exact where multiplying by 0.01 is not."""
    return lambda raw: raw / divisor


def dbm(milliwatts: float) -> float | None:
    """Return power in dBm: ten times the decimal logarithm of milliwatts. No light has none."""
    return 10 * math.log10(milliwatts) if milliwatts > 0 else None


def power(divisor: float) -> Callable[[float], float | None]:
    """Return what makes dBm of light power, of which `divisor` units are one milliwatt."""
    return lambda raw: dbm(raw / divisor)


def _idle(raw: float) -> float | None:
    return 1 - raw / 100


def _two_minded(raw: float) -> float | None:
    """HUAWEI-ENTITY-EXTENT-MIB: what is above 0 are microwatts, below 0 is 0.01 dBm, -1 is nothing."""
    if raw in {0, -1}:
        return None
    return dbm(raw / MICROWATTS) if raw > 0 else raw / 100


def _percent_or_tenths(raw: float) -> float | None:
    """UPS-MIB counts in per cent, some who speak it in tenths: above 100 it can only be those."""
    return raw / 100 if raw <= 100 else raw / 1000


def _plain(raw: float) -> float | None:
    return raw


UNITS: dict[str, Unit] = {
    "dBm": Unit(Base.DBM, _plain),
    "0.1 dBm": Unit(Base.DBM, parts(10)),
    "0.01 dBm": Unit(Base.DBM, parts(100)),
    "0.001 dBm": Unit(Base.DBM, parts(1000)),
    "0.01 dBm or uW": Unit(Base.DBM, _two_minded),
    "mW": Unit(Base.DBM, power(1.0)),
    "0.1 mW": Unit(Base.DBM, power(10.0)),
    "uW": Unit(Base.DBM, power(MICROWATTS)),
    "0.1 uW": Unit(Base.DBM, power(10 * MICROWATTS)),
    "0.01 uW": Unit(Base.DBM, power(100 * MICROWATTS)),
    "nW": Unit(Base.DBM, power(1000 * MICROWATTS)),
    "ratio": Unit(Base.RATIO, _plain),
    "percent": Unit(Base.RATIO, parts(100)),
    "0.1 percent": Unit(Base.RATIO, parts(1000)),
    "0.01 percent": Unit(Base.RATIO, parts(10000)),
    "percent or 0.1 percent": Unit(Base.RATIO, _percent_or_tenths),
    "idle percent": Unit(Base.RATIO, _idle),
    "celsius": Unit(Base.CELSIUS, _plain),
    "0.5 celsius": Unit(Base.CELSIUS, parts(2)),
    "0.1 celsius": Unit(Base.CELSIUS, parts(10)),
    "0.01 celsius": Unit(Base.CELSIUS, parts(100)),
    "0.001 celsius": Unit(Base.CELSIUS, parts(1000)),
    "W": Unit(Base.WATTS, _plain),
    "0.1 W": Unit(Base.WATTS, parts(10)),
    "0.001 W": Unit(Base.WATTS, parts(1000)),
    "s": Unit(Base.SECONDS, _plain),
    "min": Unit(Base.SECONDS, times(60)),
    "0.01 s": Unit(Base.SECONDS, parts(100)),
    "B": Unit(Base.BYTES, _plain),
    "kB": Unit(Base.BYTES, times(1024)),
}
"""By the name that profiles use. `mW` is light; electric power in thousandths of a watt is `0.001 W`."""

NOTHING = frozenset(("", "-", "--", "---", "n/a", "na", "none", "null", "absent", "unknown", "not supported"))
"""Texts, in small letters, that stand for a value that there is not."""

_NUMBER = re.compile(r"\s*([+-]?[0-9]{1,12}(?:\.[0-9]{0,12})?)\s*([^0-9.]{0,20})")


def of_base(base: Base) -> tuple[str, ...]:
    """Return the names of the units that come to a base unit."""
    return tuple(name for name, unit in UNITS.items() if unit.base is base)


def checked(base: Base, number: float, within: tuple[float, float] | None = None) -> float:
    """Return a number that its base unit, or a narrower range, allows. Raises OutOfRange for another."""
    least, most = within or RANGES[base]
    if not least <= number <= most:
        raise OutOfRange(base)
    return number


def unified(
    unit: str, raw: float | str, absent: Container[float] = (), within: tuple[float, float] | None = None
) -> float | None:
    """Return what a raw value of a unit of `UNITS` is in its base unit; None: there is nothing to tell.

    A text may bear a unit's sign after its number (`-12.3 dBm`), or say that there is none (`N/A`, `--`).
    `absent` holds raw numbers that mean nothing, `within` the least and the most that are believed where that
    is less than the base unit allows. Raises OutOfRange where the result cannot be true.
    """
    number = parsed(raw) if isinstance(raw, str) else raw
    if number is None or number in absent:
        return None
    base, convert = UNITS[unit]
    found = convert(number)
    return None if found is None else checked(base, float(found), within)


def parsed(text: str) -> float | None:
    """Return the number that a text begins with; None where it says that there is none. Raises OutOfRange."""
    if text.strip().casefold() in NOTHING:
        return None
    match = _NUMBER.fullmatch(text)
    if match is None:
        raise OutOfRange("text")
    return float(match[1])

"""What to ask a kind of device by SNMP: one YAML file each, found by sysObjectID."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Metric:
    """One MIB object, exported under its MIB name."""

    name: str  # the MIB name: ifHCInOctets
    oid: tuple[int, ...]  # of the column, or of the scalar without its .0
    syntax: str  # counter64 | counter32 | gauge32 | integer | timeticks | text | oid
    help: str  # one line


@dataclass(frozen=True, slots=True)
class LightColumns:
    """Where a kind of device tells the light that its ports receive: columns indexed by ifIndex."""

    received: Metric
    low_alarm: Metric | None  # below which the device itself raises an alarm
    unit: str  # 0.01 dBm | 0.001 dBm | 0.1 uW
    absent: tuple[int, ...] = ()  # raw values that mean that there is nothing to read


@dataclass(frozen=True, slots=True)
class Profile:
    """A kind of device. The longest matching prefix of sysObjectID wins; `generic` matches all."""

    name: str
    vendor: str
    prefixes: tuple[tuple[int, ...], ...]
    scalars: tuple[Metric, ...]  # besides the system group, read each poll
    identity: tuple[Metric, ...]  # of ifTable/ifXTable rows, text; re-read when rows may have moved
    columns: tuple[Metric, ...]  # of ifTable/ifXTable rows, numeric, read each poll
    all_interfaces: bool
    light: LightColumns | None = None  # read each poll

"""What to ask a kind of device by SNMP: one YAML file each, found by sysObjectID."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.model.observation import Measure


@dataclass(frozen=True, slots=True)
class Metric:
    """One MIB object, exported under its MIB name."""

    name: str  # the MIB name: ifHCInOctets
    oid: tuple[int, ...]  # of the column, or of the scalar without its .0
    syntax: str  # counter64 | counter32 | gauge32 | integer | timeticks | text | oid
    help: str  # one line


@dataclass(frozen=True, slots=True)
class Quantity:
    """A MIB object that is unified: what it counts in, and which of its values say nothing."""

    metric: Metric
    unit: str  # one of the closed table in netwatch.model.units
    absent: tuple[int, ...] = ()  # raw values that mean that there is nothing to read


@dataclass(frozen=True, slots=True)
class Flag:
    """An enumeration that is taken as yes (one of `yes`) or no."""

    metric: Metric
    yes: tuple[int, ...]
    absent: tuple[int, ...] = ()  # values that tell neither


class PortKey(enum.StrEnum):
    """How a row of a table leads to a port."""

    IF_INDEX = "ifIndex"  # the first arc of its index is ifIndex; what follows, if anything, is the lane
    ENTITY = "entPhysicalIndex"  # by entAliasMappingIdentifier, or by the names of what it is contained in
    NAME = "name"  # the table has a column with ifName or ifDescr


@dataclass(frozen=True, slots=True)
class Lane:
    """Where a row of a table of light tells of one more lane, or by text of all lanes."""

    received: Quantity
    transmitted: Quantity | None = None


@dataclass(frozen=True, slots=True)
class LightTable:
    """Where a kind of device tells the light of its ports. Every value has a unit of its own."""

    key: PortKey
    received: Quantity
    transmitted: Quantity | None = None  # None where `kinds` tells it
    low_alarm: Quantity | None = None
    low_warning: Quantity | None = None
    high_alarm: Quantity | None = None
    port: Metric | None = None  # text, where the key is NAME
    more_lanes: tuple[Lane, ...] = ()  # columns of the second lane, the third ...
    comma_lanes: Lane | None = None  # texts with a value for each lane, told apart by commas
    kinds: tuple[int, int] | None = None  # what the index of received and of transmitted light ends with


@dataclass(frozen=True, slots=True)
class Condition:
    """Takes those rows of a table only in which an object of the same index has one of some values."""

    metric: Metric  # syntax: integer, or oid
    values: tuple[int | tuple[int, ...], ...]  # numbers, or object identifiers


@dataclass(frozen=True, slots=True)
class SensorTable:
    """Where a kind of device tells one measure: single objects, or a column of any index."""

    measure: Measure
    value: Quantity | None = None  # for all but fans and power supplies
    total: Quantity | None = None  # `value` is counted as a share of it
    free: Quantity | None = None  # `value` is counted as a share of both together
    well: Flag | None = None  # for fans and power supplies
    label: Metric | None = None  # text of the same index that names the sensor
    where: Condition | None = None  # which rows are meant; None: all
    scalar: bool = False  # single objects, without an index


@dataclass(frozen=True, slots=True)
class EntitySensors:
    """A table laid out as entPhySensorTable is (RFC 3433): type, scale, precision, value, status in .1 to .5.

    What it tells in degrees or dBm is taken, and put down to what entPhysicalName says it is part of.
    """

    name: str
    oid: tuple[int, ...]  # of the entry
    thresholds: tuple[int, ...] = ()  # of an entry laid out as entSensorThresholdTable is


@dataclass(frozen=True, slots=True)
class IdentitySource:
    """Where a kind of device tells one thing about which box it is; the first source with text is taken."""

    field: str  # model | serial | firmware
    metric: Metric | None  # text; None: sysDescr
    scalar: bool = False  # a single object; else a column, of which the first row with text is taken
    after: str = ""  # only what follows this …
    until: str = ""  # … up to this


@dataclass(frozen=True, slots=True)
class MainsObjects:
    """Where a UPS tells of mains and battery: single objects."""

    on_battery: Flag
    seconds_on_battery: Quantity | None = None
    charge: Quantity | None = None
    runtime: Quantity | None = None
    low: Flag | None = None
    lost_count: Metric | None = None


@dataclass(frozen=True, slots=True)
class OnuTable:
    """Where an OLT tells of the subscribers' ends of its fibres."""

    received: Quantity
    online: Flag | None = None
    label: Metric | None = None


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
    box: tuple[IdentitySource, ...] = ()  # read when the system group is
    light: tuple[LightTable, ...] = ()  # read each poll
    sensors: tuple[SensorTable, ...] = ()
    entity_sensors: tuple[EntitySensors, ...] = ()
    mains: MainsObjects | None = None  # read each poll
    onus: tuple[OnuTable, ...] = ()

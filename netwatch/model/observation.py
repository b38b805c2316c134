"""What the engines report. Values stay integers here; what a column means is its profile's business."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from array import array

    from netwatch.model.outcome import Outcome

MISSING = 2**64 - 1
"""Stands in a value array where a row has no such value."""

READINGS_EVERY = 300.0
"""Seconds, at least, between two polls that ask for sensors and ONUs: they change slowly and are many."""


@dataclass(frozen=True, slots=True)
class EchoSlots:
    """Finished echo slots, one entry each in columns of equal length; one batch a tick at most."""

    at: float  # steady time at which the batch was closed
    lines: array[int]  # 'L': Line.number
    due: array[float]  # 'd': steady time at which the slot was due (its date)
    results: bytearray  # SlotResult
    rtts: array[float]  # 'd': seconds; NaN where there is none


@dataclass(frozen=True, slots=True)
class EchoError:
    """An ICMP error that quoted one of our echoes: says who could not reach whom, and why."""

    at: float
    line: int
    sender: str
    kind: str  # "network unreachable", "host unreachable", "time exceeded", … (RFC 792, RFC 4443)


@dataclass(frozen=True, slots=True)
class EchoStray:
    """A valid reply that fills no slot: it came twice, or after its timeout."""

    at: float
    line: int
    late: bool  # else a duplicate
    due: float  # steady time at which the slot was due that its echo was sent for


@dataclass(frozen=True, slots=True)
class SystemGroup:
    """The system group of SNMPv2-MIB (RFC 3418), text cleaned."""

    sys_descr: str
    sys_object_id: tuple[int, ...]
    sys_uptime: int  # TimeTicks, hundredths of a second
    sys_contact: str
    sys_name: str
    sys_location: str


@dataclass(frozen=True, slots=True)
class InterfaceName:
    """Identity of one row of ifTable. `key` is ifName where unique and not empty, else "ifIndex:N"."""

    key: str
    index: int
    name: str
    alias: str
    descr: str


@dataclass(frozen=True, slots=True)
class InterfaceTable:
    """The rows of ifTable/ifXTable of one poll: columns by name, each aligned with `rows`."""

    generation: int  # moves when `rows` changed; a renderer may cache by it
    rows: tuple[InterfaceName, ...]
    columns: tuple[str, ...]  # MIB names
    values: tuple[array[int], ...]  # 'Q', one a column; MISSING where there is no value


@dataclass(frozen=True, slots=True)
class Light:
    """Light of one lane of one port, unified to dBm. Thresholds are the device's own, where it tells them."""

    interface: str  # InterfaceName.key
    received: float | None  # dBm; None: the device says that there is none, or nothing that can be read
    low_alarm: float | None = None  # dBm, of received light
    lane: str = ""  # "" where the port has one lane only
    transmitted: float | None = None  # dBm
    low_warning: float | None = None  # dBm, of received light
    high_alarm: float | None = None  # dBm, of received light


class Measure(enum.StrEnum):
    """What a sensor tells, each in one unit whatever the vendor counts in."""

    CPU = "cpu"  # share in use, 0 to 1
    MEMORY = "memory"  # share in use, 0 to 1
    TEMPERATURE = "temperature"  # degrees Celsius
    FAN = "fan"  # 1 well, 0 not
    POWER_SUPPLY = "power_supply"  # 1 well, 0 not
    POE_AVAILABLE = "poe_available"  # watts
    POE_CONSUMED = "poe_consumed"  # watts


@dataclass(frozen=True, slots=True)
class Reading:
    """What one sensor of a device tells."""

    measure: Measure
    sensor: str  # its name where it has one, else its index; unique within a measure
    value: float  # in the unit of the measure


@dataclass(frozen=True, slots=True)
class Onu:
    """What an OLT tells of one subscriber's end of a fibre."""

    name: str  # as the OLT tells it apart: "port/number", or what its operator called it
    received: float | None  # dBm at the OLT or the ONU, as the profile says
    online: bool | None = None  # None: not told


@dataclass(frozen=True, slots=True)
class Mains:
    """What a UPS tells of mains and battery. None: not told, or out of any reason."""

    on_battery: bool | None = None
    seconds_on_battery: float | None = None
    charge: float | None = None  # 0 to 1
    runtime: float | None = None  # seconds that the battery would last
    low: bool | None = None  # the battery is nearly empty, as the UPS judges
    lost_count: int | None = None  # how often the mains went out of tolerance, a counter


@dataclass(frozen=True, slots=True)
class Identity:
    """Which box it is, as it tells itself; "" where it does not."""

    vendor: str = ""
    model: str = ""
    serial: str = ""
    firmware: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """One poll of one device by SNMP: everything asked, or the reason why not."""

    device: str
    at: float  # steady time of its end
    outcome: Outcome
    duration: float  # seconds
    detail: str = ""  # for people: what went wrong, in one line
    profile: str = ""
    vendor: str = ""
    uptime: float | None = None  # seconds, wraps of sysUpTime mended
    restarted: bool = False  # the device restarted since the poll before
    system: SystemGroup | None = None
    interfaces: InterfaceTable | None = None
    scalars: tuple[tuple[str, int], ...] = ()
    light: tuple[Light, ...] = ()
    identity: Identity | None = None
    mains: Mains | None = None
    readings: tuple[Reading, ...] | None = None  # None: not asked in this poll
    onus: tuple[Onu, ...] | None = None  # None: not asked in this poll
    refused: tuple[tuple[str, int], ...] = field(default=())  # (reason, count) of values not taken

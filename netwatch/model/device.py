"""What the sysadmin says there is: devices, their uplinks, and how to ask them."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from netwatch.model.secret import Secret


class Role(enum.StrEnum):
    """What a device is there for."""

    UPLINK = "uplink"
    SWITCH = "switch"
    CORE = "core"
    UPS = "ups"
    SERVER = "server"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Uplink:
    """One line by which a unit reaches the internet."""

    interface: str  # ifName, "" where not said
    medium: str  # fibre | copper | radio | 4g | …, "" where not said
    provider: str
    circuit: str
    contracted: int | None  # bits per second
    address: str | None  # echoed by itself where it has one


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """One device, every default of the configuration filled in."""

    name: str
    address: str  # IPv4, IPv6 or a DNS name
    role: Role
    unit: str = ""  # the code in the register in force; "" for a device that belongs to no unit
    register: str = ""  # the register that `unit` is of
    area: str = ""  # never empty where a site names it
    predecessor: str = ""  # code of the unit of an older register that the site lies in, or ""
    via: str = "default"
    parents: tuple[str, ...] = ()
    snmp: str | None = None  # name of a credential; None: echo only
    snmp_port: int = 161
    profile: str = "auto"  # or a profile's name
    expect: tuple[tuple[str, str], ...] = ()  # (serial | sysName | sysObjectID, value)
    uplinks: tuple[Uplink, ...] = ()
    echo: bool = True
    echo_interval: float = 1.0  # seconds
    snmp_interval: float = 60.0  # seconds
    all_interfaces: bool = False  # `interfaces: all`
    hours: str = "24x7"  # or "office"
    since: dt.date | None = None
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Credential:
    """How to be let in by an agent. `problem` says why it cannot be used, if so."""

    name: str
    version: str  # "2c" | "3"
    community: Secret | None = None
    user: str = ""
    level: str = "noAuthNoPriv"
    auth_protocol: str = ""
    auth_passphrase: Secret | None = None
    priv_protocol: str = ""
    priv_passphrase: Secret | None = None
    context: str = ""  # of version 3
    problem: str = ""


@dataclass(frozen=True, slots=True)
class ObservationPath:
    """A way from the poller to units; fewer than `quorum` references answering blinds it."""

    name: str
    references: tuple[str, ...]
    quorum: int


@dataclass(frozen=True, slots=True)
class StateRules:
    """The parameters of the verdicts (contract: `states:`); printed with every figure."""

    down_after: int = 5  # lost slots in a row
    up_after: int = 3  # good slots in a row
    outage_after: float = 30.0  # seconds of down
    settle_after: float = 90.0  # seconds after a minute's end


@dataclass(frozen=True, slots=True)
class Line:
    """One row of slots: an address that is echoed, a device's own or that of one of its uplinks.

    Of a device that is not echoed, its polls are the slots.

    `number` is dense, given by the daemon and never reused in a process, so that a late reply cannot be
    taken for another line's.
    """

    number: int
    device: str
    uplink: int | None  # index into the device's uplinks; None: the device's own address
    address: str  # numeric IPv4 or IPv6, or a DNS name that polling resolves
    interval: float  # seconds
    polled: bool = False  # by SNMP, and not echoed

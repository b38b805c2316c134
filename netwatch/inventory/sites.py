"""sites/*.yaml: what sysadmins edit. Devices stand below the unit whose office they are in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.kind import Choice, ListOf
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.settings import ECHO_INTERVAL, SNMP_INTERVAL
from netwatch.inventory.words import (
    Address,
    Date,
    Flag,
    Integer,
    ObjectIdentifier,
    Rate,
    Reference,
    Text,
    name_kind,
)
from netwatch.model.device import Role

if TYPE_CHECKING:
    from netwatch.inventory.problem import Remarks

UNIT = Reference(Text("a unit's code, such as 12004", 100))
MEDIA = ("fibre", "copper", "radio", "4g", "5g", "satellite")


class DeviceIntervals(Record):
    """How often this device is asked."""

    noun = "'intervals'"
    echo = optional(ECHO_INTERVAL, "between two echoes; 30s suits a metered 4G backup", None)
    snmp = optional(SNMP_INTERVAL, "between two polls by SNMP", None)


class Shared(Record):
    """What devices of a file often have in common."""

    role = optional(Choice("a role", *Role), "what the device is there for", None)
    via = optional(
        Reference(name_kind("a path's name")),
        "observation path: a name in netwatch.yaml; left out: default",
        None,
    )
    snmp = optional(
        Reference(name_kind("a credential's name")),
        "a name in credentials.yaml; left out, or 'none' against a default: echo only",
        None,
    )
    snmp_port = optional(Integer(1, 65535), "UDP port of the agent; left out: 161", None)
    profile = optional(
        Reference(name_kind("a profile's name")), "left out: auto, which finds it by sysObjectID", None
    )
    echo = optional(Flag(), "false: never echoed, judged by its SNMP answers; left out: true", None)
    intervals = optional(Of(DeviceIntervals), "left out: those of netwatch.yaml", None)
    interfaces = optional(
        Choice("a choice of interfaces", "uplinks", "all"), "which are exported; left out: uplinks", None
    )
    hours = optional(
        Choice("a choice of hours", "24x7", "office"), "when it is meant to run; left out: 24x7", None
    )


class Defaults(Shared):
    """What holds for every device of the file that does not say otherwise."""

    noun = "'defaults'"
    area = optional(Text("an area's name", 100), "how the operators group units", "")


class Expect(Record):
    """Who should answer."""

    noun = "'expect'"
    serial = optional(Text("a serial number"), "serial number of the chassis", "")
    sysName = optional(Text("a sysName"), "as SNMP tells it", "")  # noqa: N815 - the MIB's name
    sysObjectID = optional(ObjectIdentifier(), "as SNMP tells it", None)  # noqa: N815 - the MIB's name


class UplinkEntry(Record):
    """One line by which a unit reaches the internet."""

    noun = "an uplink"
    interface = optional(Text("an ifName"), "ifName of its port, whose traffic is exported", "")
    medium = optional(Choice("a medium", *MEDIA), "what it runs over", "")
    provider = optional(Text("a provider's name", 100), "who sells it", "")
    circuit = optional(Text("a circuit's number", 100), "the provider's number for it", "")
    contracted = optional(Rate(), "bits per second by contract", None)
    address = optional(Reference(Address()), "its own address, echoed besides the device's", None)


class DeviceEntry(Shared):
    """One device."""

    noun = "a device"
    name = required(Reference(name_kind("a device's name")), "unique; the key of its history")
    address = required(Reference(Address()), "IPv4, IPv6 or a DNS name; unique with via and snmp_port")
    parents = optional(
        ListOf(Reference(name_kind("a device's name")), "'parents'"),
        "devices that its own internet passes through; one alive is enough",
        (),
    )
    expect = optional(Of(Expect), "who should answer", None)
    uplinks = optional(ListOf(Of(UplinkEntry), "'uplinks'"), "its lines to the internet", ())
    since = optional(Date(), "first day of service", None)
    until = optional(Date(), "first day out of service", None)

    def check(self, remarks: Remarks) -> None:
        """Dates must be in order, and something has to be asked."""
        if self.since and self.until and self.until <= self.since:
            remarks.error(self.place("until"), f"until {self.until} is not after since {self.since}")


class Site(Record):
    """One place with devices."""

    noun = "a site"
    unit = optional(UNIT, "code in the register in force; name, kind and position come from there", None)
    area = optional(
        Text("an area's name", 100),
        "how the operators group units; left out: the unit's district or province",
        "",
    )
    predecessor = optional(UNIT, "code of the older unit that this office lies in", None)
    contact = optional(Text("a contact"), "whom to call", "")
    devices = required(ListOf(Of(DeviceEntry), "'devices'", least=1), "what is there")

    def check(self, remarks: Remarks) -> None:
        """A predecessor is one of a unit."""
        if self.predecessor is not None and not self.has("unit"):
            remarks.error(self.predecessor, "'predecessor' needs a 'unit' that it was merged into")


class SitesFile(Record):
    """Devices by site."""

    noun = "a site file"
    register = optional(
        Reference(name_kind("a register's name")),
        "that units are of; needed where netwatch.yaml has several",
        None,
    )
    defaults = optional(Of(Defaults), "for every device below that does not say otherwise", Defaults(0, 0))
    sites = required(ListOf(Of(Site), "'sites'", least=1), "places with devices")

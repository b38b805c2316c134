"""profiles/*.yaml: one kind of device, as a file says it by itself and with what it extends."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, TypeVar

from netwatch.inventory.kind import Choice, ListOf
from netwatch.inventory.profile_light import LightFile
from netwatch.inventory.profile_objects import NumberColumn, TextColumn, metrics
from netwatch.inventory.profile_parts import (
    BoxFile,
    EntitySensorsFile,
    MainsFile,
    OnuFile,
    SensorFile,
)
from netwatch.inventory.record import Of, Record, optional
from netwatch.inventory.wording import quote
from netwatch.inventory.words import ObjectIdentifier, Reference, Text, name_kind
from netwatch.model.profile import EntitySensors, Metric, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.inventory.problem import Remarks

T = TypeVar("T")
Named = TypeVar("Named", bound=Metric | EntitySensors)


class ProfileFile(Record):
    """A kind of device."""

    noun = "a profile"
    vendor = optional(Text("a vendor's name", 100), "stands in netwatch_device_info", "")
    extends = optional(
        Reference(name_kind("a profile's name")),
        "another profile, whose objects and tables are asked for as well; what stands here under the same "
        "name replaces what stands there, and prefixes are not taken over",
        None,
    )
    prefixes = optional(
        ListOf(ObjectIdentifier(), "'prefixes'"),
        "what sysObjectID begins with; of all profiles the longest wins. Without one it is used where a "
        "device names it; 'generic' is also used where no other matches",
        (),
    )
    interfaces = optional(
        Choice("a choice of interfaces", "uplinks", "all"), "which interfaces are exported", "uplinks"
    )
    scalars = optional(
        ListOf(Of(NumberColumn), "'scalars'"), "read at each poll, besides the system group (SNMPv2-MIB)", ()
    )
    identity = optional(
        ListOf(Of(TextColumn), "'identity'"),
        "texts of the rows of ifTable and ifXTable, read when rows change",
        (),
    )
    columns = optional(
        ListOf(Of(NumberColumn), "'columns'"),
        "numbers of the rows of ifTable and ifXTable, read at each poll",
        (),
    )
    box = optional(
        Of(BoxFile),
        "which box it is, read when the system group is; the first source with text is taken",
        None,
    )
    light = optional(
        ListOf(Of(LightFile), "'light'"),
        "tables of the light of ports, read at each poll and told in dBm whatever the unit",
        (),
    )
    sensors = optional(ListOf(Of(SensorFile), "'sensors'"), "tables of sensors, read every five minutes", ())
    entity_sensors = optional(
        ListOf(Of(EntitySensorsFile), "'entity_sensors'"),
        "tables laid out as entPhySensorTable is (RFC 3433), read every five minutes",
        (),
    )
    mains = optional(Of(MainsFile), "of a UPS: single objects that are read at each poll", None)
    onus = optional(
        ListOf(Of(OnuFile), "'onus'"), "of an OLT: tables of its ONUs, read every five minutes", ()
    )

    def check(self, remarks: Remarks) -> None:
        """An exported object is named once."""
        first: dict[str, int] = {}
        for column in (*self.scalars, *self.identity, *self.columns):
            if column.was_read("name"):
                line = first.setdefault(column.name.text, column.name.line)
                if line != column.name.line:
                    remarks.error(
                        column.name, f"object {quote(column.name.text)} stands twice, first on line {line}"
                    )

    def profile(self, name: str) -> Profile:
        """Return the profile by itself, without what could not be read."""
        return Profile(
            name=name,
            vendor=self.vendor,
            prefixes=self.prefixes,
            scalars=metrics(self.scalars),
            identity=metrics(self.identity),
            columns=metrics(self.columns),
            all_interfaces=self.interfaces == "all",
            box=self.box.sources() if self.box is not None else (),
            light=_read(entry.table() for entry in self.light),
            sensors=_read(entry.table() for entry in self.sensors),
            entity_sensors=_read(entry.table() for entry in self.entity_sensors),
            mains=self.mains.objects() if self.mains is not None else None,
            onus=_read(entry.table() for entry in self.onus),
        )

    def extending(self, name: str, parent: Profile) -> Profile:
        """Return the profile with what another one asks for."""
        own = self.profile(name)
        return dataclasses.replace(
            own,
            vendor=self.vendor if self.has("vendor") else parent.vendor,
            scalars=_merged(parent.scalars, own.scalars),
            identity=_merged(parent.identity, own.identity),
            columns=_merged(parent.columns, own.columns),
            all_interfaces=own.all_interfaces if self.has("interfaces") else parent.all_interfaces,
            # The more special source is the better one: it is asked first.
            box=own.box + parent.box,
            light=parent.light + own.light,
            sensors=parent.sensors + own.sensors,
            entity_sensors=_merged(parent.entity_sensors, own.entity_sensors),
            mains=own.mains if self.has("mains") else parent.mains,
            onus=parent.onus + own.onus,
        )


def _merged(inherited: tuple[Named, ...], own: tuple[Named, ...]) -> tuple[Named, ...]:
    """Return what is inherited, then what is added; of one name, the own one in the place of the other."""
    merged: dict[str, Named] = {}
    for entry in (*inherited, *own):
        merged[entry.name] = entry
    return tuple(merged.values())


def _read(entries: Iterable[T | None]) -> tuple[T, ...]:
    return tuple(entry for entry in entries if entry is not None)

"""profiles/*.yaml: what to ask a kind of device by SNMP. The file's name is the profile's."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from netwatch.inventory.folder import parse
from netwatch.inventory.kind import Choice, ListOf
from netwatch.inventory.problem import InvalidInventory, Remarks
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.wording import quote
from netwatch.inventory.words import Integer, ObjectIdentifier, Pattern, Reference, Text
from netwatch.model.profile import LightColumns, Metric, Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

GENERIC = "generic"
"""The profile of every device that no other matches; it is always there."""

METRIC = Pattern(
    "[a-zA-Z_][a-zA-Z0-9_]{0,63}",
    "a metric's name",
    "write the MIB's name of the object, such as ifHCInOctets",
)
TEXTS = ("text",)
LIGHT_UNITS = ("0.01 dBm", "0.001 dBm", "0.1 uW")
NUMBERS = ("counter64", "counter32", "gauge32", "integer", "timeticks")


class Column(Record):
    """One MIB object."""

    noun = "an object"
    name = required(Reference(METRIC), "its name in the MIB, under which it is exported")
    oid = required(ObjectIdentifier(), "of the column, or of the scalar without its .0")
    help = required(Text(), "what it says, in one line")


class NumberColumn(Column):
    """An object with a number."""

    syntax = required(Choice("a numeric syntax", *NUMBERS), "its type in the MIB")


class TextColumn(Column):
    """An object with text."""

    syntax = optional(Choice("a text's syntax", *TEXTS), "its type in the MIB", "text")


class LightFile(Record):
    """Where the light that ports receive is told, and in what."""

    noun = "the light"
    received = required(Of(NumberColumn), "the light that is received: a column indexed by ifIndex")
    low_alarm = optional(
        Of(NumberColumn), "the device's own threshold, in the same unit: a column indexed by ifIndex", None
    )
    unit = required(Choice("a unit of light", *LIGHT_UNITS), "what a value of 1 is")
    absent = optional(
        ListOf(Integer(-(2**31), 2**31 - 1), "'absent'"), "values that mean that there is nothing to read", ()
    )

    @property
    def objects(self) -> tuple[NumberColumn, ...]:
        """Those that were read."""
        received = (self.received,) if self.was_read("received") else ()
        return (*received, self.low_alarm) if self.low_alarm is not None else received

    def columns(self) -> LightColumns | None:
        """Return the columns; None where they could not be read."""
        if not self.whole or not all(column.whole for column in self.objects):
            return None
        received, *others = _metrics(self.objects)
        return LightColumns(received, others[0] if others else None, self.unit, self.absent)


class ProfileFile(Record):
    """A kind of device."""

    noun = "a profile"
    vendor = optional(Text("a vendor's name", 100), "stands in netwatch_device_info", "")
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

    light = optional(
        Of(LightFile),
        "the light that ports receive, read at each poll and told in dBm whatever the unit",
        None,
    )

    def check(self, remarks: Remarks) -> None:
        """An object is named once."""
        first: dict[str, int] = {}
        light = self.light.objects if self.light is not None else ()
        for column in (*self.scalars, *self.identity, *self.columns, *light):
            if column.was_read("name"):
                line = first.setdefault(column.name.text, column.name.line)
                if line != column.name.line:
                    remarks.error(
                        column.name, f"object {quote(column.name.text)} stands twice, first on line {line}"
                    )

    def profile(self, name: str) -> Profile:
        """Return the profile, without objects that could not be read."""
        return Profile(
            name=name,
            vendor=self.vendor,
            prefixes=self.prefixes,
            scalars=_metrics(self.scalars),
            identity=_metrics(self.identity),
            columns=_metrics(self.columns),
            all_interfaces=self.interfaces == "all",
            light=self.light.columns() if self.light is not None else None,
        )


def _metrics(columns: Iterable[NumberColumn | TextColumn]) -> tuple[Metric, ...]:
    return tuple(
        Metric(column.name.text, column.oid, column.syntax, column.help) for column in columns if column.whole
    )


def packaged() -> dict[str, Profile]:
    """Return the profiles that come with netwatch. Raises InvalidInventory for a broken installation."""
    profiles = {}
    for file in sorted(
        resources.files("netwatch.inventory").joinpath("profiles").iterdir(), key=lambda each: each.name
    ):
        if file.name.endswith(".yaml"):
            remarks = Remarks(f"netwatch/inventory/profiles/{file.name}")
            content = parse(file.read_bytes(), ProfileFile, remarks)
            if content is None or remarks.errors:
                raise InvalidInventory(tuple(remarks.errors))
            name = file.name.removesuffix(".yaml")
            profiles[name] = content.profile(name)
    return profiles


def check_prefixes(files: Mapping[str, tuple[ProfileFile, Remarks]], profiles: Mapping[str, Profile]) -> None:
    """Remark files of the configuration whose prefixes another profile has."""
    for name, (content, remarks) in files.items():
        for other in profiles.values():
            for prefix in content.prefixes:
                if other.name != name and prefix in other.prefixes:
                    oid = ".".join(map(str, prefix))
                    remarks.error(
                        content.place("prefixes"),
                        f"prefix {oid} is that of profile {quote(other.name)} already: choose one",
                    )


def select(profiles: Mapping[str, Profile], wanted: str, sys_object_id: tuple[int, ...]) -> Profile:
    """Return a device's profile: the one it names, else the longest prefix of its sysObjectID, else generic.

    `wanted` is "auto" or a name in `profiles`; `sys_object_id` is () where the device tells none.
    """
    if wanted in profiles:
        return profiles[wanted]
    matching = (
        (len(prefix), profile)
        for profile in profiles.values()
        for prefix in profile.prefixes
        if sys_object_id[: len(prefix)] == prefix
    )
    return max(matching, key=lambda match: match[0], default=(0, profiles[GENERIC]))[1]

"""The objects that a profile's file is made of: with a number, with text, with a unit, with yes and no."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.kind import Choice, ListOf
from netwatch.inventory.record import Record, optional, required
from netwatch.inventory.wording import listed, quote
from netwatch.inventory.words import Integer, ObjectIdentifier, Pattern, Reference, Text
from netwatch.model.profile import (
    Flag,
    Metric,
    Quantity,
)
from netwatch.model.units import UNITS, Base, of_base

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.inventory.problem import Remarks

METRIC = Pattern(
    "[a-zA-Z_][a-zA-Z0-9_]{0,63}",
    "a metric's name",
    "write the MIB's name of the object, such as ifHCInOctets",
)
TEXTS = ("text",)
NUMBERS = ("counter64", "counter32", "gauge32", "integer", "timeticks")
RAW = Integer(-(2**31), 2**32 - 1)


class Column(Record):
    """One MIB object that is exported under its name."""

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


class Unexported(Record):
    """One MIB object that is turned into something else."""

    noun = "an object"
    name = required(Reference(METRIC), "its name in the MIB")
    oid = required(ObjectIdentifier(), "of the column, or of the single object without its .0")
    help = optional(Text(), "what it says, in one line", "")


class LabelFile(Unexported):
    """An object with text that names something."""

    def metric(self) -> Metric:
        """Return the object."""
        return Metric(self.name.text, self.oid, "text", self.help)


class CounterFile(Unexported):
    """An object that counts."""

    def metric(self) -> Metric:
        """Return the object."""
        return Metric(self.name.text, self.oid, "counter32", self.help)


class QuantityFile(Unexported):
    """An object with a number, or with text that begins with one."""

    syntax = optional(
        Choice("the syntax of a value", *NUMBERS, *TEXTS),
        "its type in the MIB; 'text' where the number is written out",
        "integer",
    )
    unit = required(Choice("a unit", *UNITS), "what a value of 1 is")
    absent = optional(ListOf(RAW, "'absent'"), "raw values that mean that there is nothing to read", ())

    def quantity(self) -> Quantity:
        """Return the object with its unit."""
        return Quantity(
            Metric(self.name.text, self.oid, self.syntax, self.help), self.unit, tuple(self.absent)
        )


class FlagFile(Unexported):
    """An object whose values come to yes or no."""

    yes = required(ListOf(RAW, "'yes'", least=1), "the values that mean yes; all others mean no")
    absent = optional(ListOf(RAW, "'absent'"), "values that mean neither", ())

    def flag(self) -> Flag:
        """Return the object with its values."""
        return Flag(
            Metric(self.name.text, self.oid, "integer", self.help), tuple(self.yes), tuple(self.absent)
        )


def metrics(columns: Iterable[NumberColumn | TextColumn]) -> tuple[Metric, ...]:
    """Return the exported objects, without those that could not be read."""
    return tuple(
        Metric(column.name.text, column.oid, column.syntax, column.help) for column in columns if column.whole
    )


def quantity(entry: QuantityFile | None) -> Quantity | None:
    """Return an object with its unit; None for none."""
    return entry.quantity() if entry is not None else None


def flag(entry: FlagFile | None) -> Flag | None:
    """Return an object with its values; None for none."""
    return entry.flag() if entry is not None else None


def whole(*entries: Record | None) -> bool:
    """Tell whether all of these were read."""
    return all(entry.whole for entry in entries if entry is not None)


def in_base(entry: QuantityFile, base: Base, remarks: Remarks) -> None:
    """Remark a unit that does not come to what is wanted."""
    if entry.was_read("unit") and UNITS[entry.unit].base is not base:
        remarks.error(
            entry.place("unit"),
            f"{quote(entry.unit)} cannot be told in {base}: write {listed(of_base(base))}",
        )


def once(entry: Unexported, first: dict[str, int], remarks: Remarks) -> None:
    """Remark an object that stands twice."""
    if entry.was_read("name"):
        line = first.setdefault(entry.name.text, entry.name.line)
        if line != entry.name.line:
            remarks.error(entry.name, f"object {quote(entry.name.text)} stands twice, first on line {line}")

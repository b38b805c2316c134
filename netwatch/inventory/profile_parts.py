"""The sections of a profile's file, each read into the type that the model has for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.kind import Choice, ListOf
from netwatch.inventory.profile_objects import (
    METRIC,
    RAW,
    TEXTS,
    CounterFile,
    FlagFile,
    LabelFile,
    QuantityFile,
    Unexported,
    flag,
    in_base,
    quantity,
    whole,
)
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.wording import quote
from netwatch.inventory.words import Flag as TrueOrFalse, ObjectIdentifier, Reference, Text
from netwatch.model.observation import Measure
from netwatch.model.profile import (
    Condition,
    EntitySensors,
    IdentitySource,
    MainsObjects,
    Metric,
    OnuTable,
    SensorTable,
)
from netwatch.model.units import Base

if TYPE_CHECKING:
    from netwatch.inventory.problem import Remarks


BASES = {
    Measure.CPU: Base.RATIO,
    Measure.MEMORY: Base.RATIO,
    Measure.TEMPERATURE: Base.CELSIUS,
    Measure.POE_AVAILABLE: Base.WATTS,
    Measure.POE_CONSUMED: Base.WATTS,
}
"""What each measure is told in; the others tell whether something is well."""


class ConditionFile(Unexported):
    """Which rows of a table are meant."""

    noun = "a condition"
    exactly_one = ("is", "kind")
    vars()["is"] = optional(  # the key is called as a keyword of Python is
        ListOf(RAW, "'is'", least=1), "the numbers that the object has in rows that are meant", ()
    )
    kind = optional(
        ListOf(ObjectIdentifier(), "'kind'", least=1),
        "the object identifiers that the object has in rows that are meant",
        (),
    )

    def condition(self) -> Condition | None:
        """Return the condition; None where it could not be read."""
        values = vars(self).get("is", ()) or self.kind
        if not self.whole or not values:
            return None
        syntax = "oid" if self.kind else "integer"
        return Condition(Metric(self.name.text, self.oid, syntax, self.help), tuple(values))


class SensorFile(Record):
    """A table of sensors of one kind."""

    noun = "a table of sensors"
    measure = required(Choice("a measure", *Measure), "what its sensors tell")
    value = optional(Of(QuantityFile), "the value; with 'total' or 'free', what is in use of it", None)
    total = optional(Of(QuantityFile), "what there is in all, in bytes", None)
    free = optional(Of(QuantityFile), "what is left, in bytes", None)
    well = optional(Of(FlagFile), "of fans and power supplies: whether it is well", None)
    label = optional(Of(LabelFile), "text of the same index that names the sensor; else its index does", None)
    where = optional(Of(ConditionFile), "which rows of the table are meant; else all are", None)
    scalar = optional(TrueOrFalse(), "the objects are single ones, without an index", default=False)

    def check(self, remarks: Remarks) -> None:
        """What is well is told by values, what is measured by one in the unit of its measure."""
        if not self.was_read("measure"):
            return
        base = BASES.get(Measure(self.measure))
        if base is None:
            self._check_well(remarks)
            return
        if self.has("well"):
            remarks.error(
                self.place("well"), f"'well' is of fans and power supplies, not of {quote(self.measure)}"
            )
        shared = [entry for entry in (self.total, self.free) if entry is not None]
        if shared and self.measure != Measure.MEMORY:
            remarks.error(
                shared[0], f"'total' and 'free' are of {quote('memory')}, not of {quote(self.measure)}"
            )
        for entry in shared:
            in_base(entry, Base.BYTES, remarks)
        if self.value is not None:
            in_base(self.value, Base.BYTES if shared else base, remarks)
        elif not self.has("value") and len(shared) < len(("total", "free")):
            remarks.error(self, f"sensors of {quote(self.measure)} need the key 'value'")

    def _check_well(self, remarks: Remarks) -> None:
        for name in ("value", "total", "free"):
            if self.has(name):
                remarks.error(
                    self.place(name), f"{quote(name)} is not of {quote(self.measure)}: write 'well'"
                )
        if not self.has("well"):
            remarks.error(self, f"sensors of {quote(self.measure)} need the key 'well'")

    def table(self) -> SensorTable | None:
        """Return the table; None where it could not be read."""
        if not self.whole or not whole(self.value, self.total, self.free, self.well, self.label, self.where):
            return None
        return SensorTable(
            Measure(self.measure),
            value=quantity(self.value),
            total=quantity(self.total),
            free=quantity(self.free),
            well=flag(self.well),
            label=self.label.metric() if self.label is not None else None,
            where=self.where.condition() if self.where is not None else None,
            scalar=self.scalar,
        )


class EntitySensorsFile(Record):
    """A table laid out as entPhySensorTable is."""

    noun = "a table of entity sensors"
    name = required(Reference(METRIC), "its name in the MIB")
    oid = required(ObjectIdentifier(), "of the entry: type, scale, precision, value and status are .1 to .5")
    thresholds = optional(
        ObjectIdentifier(), "of the entry of a table laid out as entSensorThresholdTable is", ()
    )

    def table(self) -> EntitySensors | None:
        """Return the table; None where it could not be read."""
        return EntitySensors(self.name.text, self.oid, self.thresholds) if self.whole else None


class Piece(Text):
    """A piece of another text, taken as it is written: spaces around it count."""

    def parse(self, text: str) -> str:
        """Return the text."""
        super().parse(text)
        return text


class SourceFile(Record):
    """Where one thing about the box is told."""

    noun = "a source"
    exactly_one = ("oid", "from")
    name = optional(Reference(METRIC), "its name in the MIB", None)
    oid = optional(ObjectIdentifier(), "of the column, or of the single object without its .0", ())
    rows = optional(TrueOrFalse(), "it is a column: the first row with text is taken", default=False)
    vars()["from"] = optional(  # the key is called as a keyword of Python is
        Choice("a text that is read anyway", "sysDescr"), "cut out of this text", ""
    )
    after = optional(Piece(longest=100), "only what follows this text, and only where it stands", "")
    until = optional(Piece(longest=100), "only what precedes this text", "")

    def check(self, remarks: Remarks) -> None:
        """An object has a name."""
        if self.has("oid") and not self.has("name"):
            remarks.error(self, f"{self.noun} with 'oid' needs the key 'name'")
        for name in ("name", "rows"):
            if self.has("from") and self.has(name):
                remarks.error(self.place(name), f"{quote(name)} is of no use with 'from'")

    def source(self, field: str) -> IdentitySource | None:
        """Return the source; None where it could not be read."""
        if self.has("from"):
            return IdentitySource(field, None, scalar=True, after=self.after, until=self.until)
        if self.name is None or not self.oid:
            return None
        metric = Metric(self.name.text, self.oid, "text", "")
        return IdentitySource(field, metric, scalar=not self.rows, after=self.after, until=self.until)


class BoxFile(Record):
    """Which box it is."""

    noun = "the box"
    model = optional(ListOf(Of(SourceFile), "'model'"), "sources of its model", ())
    serial = optional(ListOf(Of(SourceFile), "'serial'"), "sources of its serial number", ())
    firmware = optional(ListOf(Of(SourceFile), "'firmware'"), "sources of its software's version", ())

    def sources(self) -> tuple[IdentitySource, ...]:
        """Return every source that could be read."""
        every = (("model", self.model), ("serial", self.serial), ("firmware", self.firmware))
        found = (entry.source(field) for field, entries in every for entry in entries)
        return tuple(source for source in found if source is not None)


class MainsFile(Record):
    """Where a UPS tells of mains and battery."""

    noun = "the mains"
    on_battery = required(Of(FlagFile), "whether it runs on its battery")
    seconds_on_battery = optional(Of(QuantityFile), "for how long", None)
    charge = optional(Of(QuantityFile), "how full the battery is", None)
    runtime = optional(Of(QuantityFile), "for how long the battery would last", None)
    low = optional(Of(FlagFile), "whether the battery is nearly empty", None)
    lost_count = optional(Of(CounterFile), "how often the mains went out of tolerance", None)

    def check(self, remarks: Remarks) -> None:
        """Times are in units of time, the charge is a share, and all are numbers."""
        for entry, base in (
            (self.seconds_on_battery, Base.SECONDS),
            (self.charge, Base.RATIO),
            (self.runtime, Base.SECONDS),
        ):
            if entry is not None:
                in_base(entry, base, remarks)
                if entry.syntax in TEXTS:
                    remarks.error(entry.place("syntax"), "what is told of the mains is read as a number only")

    def objects(self) -> MainsObjects | None:
        """Return the objects; None where they could not be read."""
        optionals = (self.seconds_on_battery, self.charge, self.runtime, self.low, self.lost_count)
        if not self.whole or not whole(self.on_battery, *optionals):
            return None
        return MainsObjects(
            self.on_battery.flag(),
            seconds_on_battery=quantity(self.seconds_on_battery),
            charge=quantity(self.charge),
            runtime=quantity(self.runtime),
            low=flag(self.low),
            lost_count=self.lost_count.metric() if self.lost_count is not None else None,
        )


class OnuFile(Record):
    """A table of subscribers' ends of fibres."""

    noun = "a table of ONUs"
    received = required(Of(QuantityFile), "the light that is received, at the OLT or at the ONU")
    online = optional(Of(FlagFile), "whether it is online", None)
    label = optional(Of(LabelFile), "text of the same index that names it; else its index does", None)

    def check(self, remarks: Remarks) -> None:
        """Light is in units of light."""
        if self.was_read("received"):
            in_base(self.received, Base.DBM, remarks)

    def table(self) -> OnuTable | None:
        """Return the table; None where it could not be read."""
        if not self.whole or not whole(self.received, self.online, self.label):
            return None
        return OnuTable(
            self.received.quantity(),
            online=flag(self.online),
            label=self.label.metric() if self.label is not None else None,
        )

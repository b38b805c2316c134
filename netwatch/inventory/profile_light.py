"""The section of a profile's file that tells where the light of ports is, lane by lane."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.kind import Choice, ListOf
from netwatch.inventory.profile_objects import (
    TEXTS,
    LabelFile,
    QuantityFile,
    in_base,
    once,
    quantity,
    whole,
)
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.words import Integer
from netwatch.model.profile import Lane, LightTable, PortKey
from netwatch.model.units import Base

if TYPE_CHECKING:
    from netwatch.inventory.problem import Remarks


KIND = Integer(1, 127)


class LaneFile(Record):
    """Light of one lane, or texts of all lanes."""

    noun = "a lane"
    received = required(Of(QuantityFile), "the light that is received")
    transmitted = optional(Of(QuantityFile), "the light that is sent", None)

    def objects(self) -> list[QuantityFile]:
        """Return the objects that could be read."""
        received = [self.received] if self.was_read("received") else []
        return [*received, *([self.transmitted] if self.transmitted is not None else [])]

    def lane(self) -> Lane | None:
        """Return the lane; None where it could not be read."""
        if not self.whole or not whole(*self.objects()):
            return None
        return Lane(self.received.quantity(), quantity(self.transmitted))


class KindsFile(Record):
    """Which rows of a port are meant, where a table has one for each thing that is measured."""

    noun = "kinds"
    received = required(KIND, "what the index ends with in rows of light that is received")
    transmitted = required(KIND, "what the index ends with in rows of light that is sent")


class LightFile(Record):
    """A table of light."""

    noun = "a table of light"
    key = optional(
        Choice("a key of ports", *PortKey),
        "how a row leads to its port: its index begins with ifIndex (what follows is the lane) or with "
        "entPhysicalIndex, or the row has a column with the port's name",
        PortKey.IF_INDEX.value,
    )
    port = optional(Of(LabelFile), "where key is 'name': the column with ifName or ifDescr", None)
    received = required(Of(QuantityFile), "the light that is received")
    transmitted = optional(Of(QuantityFile), "the light that is sent", None)
    low_alarm = optional(Of(QuantityFile), "received light below which the device raises an alarm", None)
    low_warning = optional(Of(QuantityFile), "received light below which the device warns", None)
    high_alarm = optional(Of(QuantityFile), "received light above which the device raises an alarm", None)
    more_lanes = optional(
        ListOf(Of(LaneFile), "'more_lanes'", least=1),
        "the columns of the second lane, the third and so on, where a row tells of several",
        (),
    )
    comma_lanes = optional(
        Of(LaneFile), "text columns with a value for each lane, told apart by commas", None
    )

    kinds = optional(
        Of(KindsFile),
        "where the index of a table ends with what is measured: which rows are of light. All are read "
        "in the row of received light; 'received' tells what is sent too, in its row",
        None,
    )

    def check(self, remarks: Remarks) -> None:
        """An object stands once, in units of light; a name needs its column."""
        first: dict[str, int] = {}
        for entry in self._objects():
            in_base(entry, Base.DBM, remarks)
            once(entry, first, remarks)
        if self.comma_lanes is not None:
            for entry in self.comma_lanes.objects():
                if entry.whole and entry.syntax not in TEXTS:
                    remarks.error(entry, "values told apart by commas need 'syntax: text'")
            if self.has("more_lanes"):
                remarks.error(self.place("more_lanes"), "'more_lanes' and 'comma_lanes' do not go together")
        if self.kinds is not None and not self._plain():
            remarks.error(
                self.kinds,
                "'kinds' goes with 'key: ifIndex', and without 'transmitted', 'more_lanes' and 'comma_lanes'",
            )
        if self.key == PortKey.NAME and not self.has("port"):
            remarks.error(
                self.place("key"), "key 'name' needs the key 'port': the column with the port's name"
            )
        if self.key != PortKey.NAME and self.has("port"):
            remarks.error(self.place("port"), "'port' is of use only with 'key: name'")

    def _plain(self) -> bool:
        others = ("transmitted", "more_lanes", "comma_lanes")
        return self.key == PortKey.IF_INDEX and not any(map(self.has, others))

    def _objects(self) -> list[QuantityFile]:
        received = [self.received] if self.was_read("received") else []
        others = (self.transmitted, self.low_alarm, self.low_warning, self.high_alarm)
        lanes = [*self.more_lanes, *([self.comma_lanes] if self.comma_lanes is not None else [])]
        return [
            *received,
            *(entry for entry in others if entry is not None),
            *(entry for lane in lanes for entry in lane.objects()),
        ]

    def table(self) -> LightTable | None:
        """Return the table; None where it could not be read."""
        if not self.whole or not whole(*self._objects(), self.port):
            return None
        more = [lane.lane() for lane in self.more_lanes]
        if not all(more) or not whole(self.comma_lanes, self.kinds):
            return None
        kinds = None if self.kinds is None else (self.kinds.received, self.kinds.transmitted)
        return LightTable(
            PortKey(self.key),
            self.received.quantity(),
            transmitted=quantity(self.transmitted),
            low_alarm=quantity(self.low_alarm),
            low_warning=quantity(self.low_warning),
            high_alarm=quantity(self.high_alarm),
            port=self.port.metric() if self.port is not None else None,
            more_lanes=tuple(lane for lane in more if lane is not None),
            comma_lanes=self.comma_lanes.lane() if self.comma_lanes is not None else None,
            kinds=kinds,
        )

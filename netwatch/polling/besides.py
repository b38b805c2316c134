"""What a device tells besides its interfaces: which box it is, light, sensors, ONUs.

Which of it a device has is asked once an hour, in one request. Light is read at each poll, readings seldom.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.observation import READINGS_EVERY, Identity, Reading
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.entities import Entities
from netwatch.polling.entity_sensors import EntitySensorPlan, EntitySensorReader
from netwatch.polling.identity import BoxPlan, read_box
from netwatch.polling.light import LightPlan, LightReader, merged
from netwatch.polling.onus import OnuPlan, OnuReader
from netwatch.polling.ports import Ports
from netwatch.polling.sensors import SensorPlan, SensorReader, grouped, main
from netwatch.polling.tables import unique
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.model.observation import Light, Onu
    from netwatch.model.profile import Metric, Profile
    from netwatch.polling.conversation import Conversation
    from netwatch.polling.interfaces import Interfaces
    from netwatch.polling.sensors import Told
    from netwatch.polling.tables import TableReader

EARLY = 10.0
"""Seconds by which a poll may come early and still be the one that reads them."""

MOST_READINGS = 1024
"""Readings that are taken of one device. More are refused, and counted."""


class BesidesPlan:
    """What a profile asks besides interfaces, compiled once for all its devices."""

    def __init__(self, profile: Profile) -> None:
        self.box = BoxPlan(profile)
        self.light = tuple(map(LightPlan, profile.light))
        self.sensors = tuple(map(SensorPlan, grouped(profile.sensors)))
        self.entity_sensors = tuple(map(EntitySensorPlan, profile.entity_sensors))
        self.onus = tuple(map(OnuPlan, profile.onus))
        self.has_readings = bool(self.sensors or self.entity_sensors)
        metrics: list[Metric] = [source.metric for source in profile.box if source.metric is not None]
        metrics += [light.received.metric for light in profile.light]
        metrics += [main(sensor) for sensor in profile.sensors]
        metrics += [plan.columns[3] for plan in self.entity_sensors]
        metrics += [onus.received.metric for onus in profile.onus]
        oids = dict.fromkeys(metric.oid for metric in metrics)
        self.keys = tuple(Column(".".join(map(str, oid)), oid, "integer") for oid in oids)


@dataclass(slots=True)
class Besides:
    """What one poll found besides interfaces; None: not asked."""

    identity: Identity | None = None
    light: tuple[Light, ...] = ()
    readings: tuple[Reading, ...] | None = None
    onus: tuple[Onu, ...] | None = None


class BesidesReader:
    """What is remembered of one device besides its interfaces."""

    def __init__(self, plan: BesidesPlan) -> None:
        self.plan = plan
        self._identity = Identity(vendor=plan.box.vendor)
        self._light = tuple(map(LightReader, plan.light))
        self._sensors = tuple(map(SensorReader, plan.sensors))
        self._entity_sensors = tuple(map(EntitySensorReader, plan.entity_sensors))
        self._onus = tuple(map(OnuReader, plan.onus))
        self._entities = Entities()
        self._ports = Ports(())
        self._generation: int | None = None
        self._looked = False
        self._read_at: float | None = None  # monotonic

    def look_again(self) -> None:
        """See at the next poll which tables there are, and read all of them."""
        self._looked = False
        self._read_at = None

    async def read(
        self, conversation: Conversation, interfaces: Interfaces, sys_descr: str, now: float
    ) -> Besides:
        """Read what is due at monotonic time `now`. Never raises for what a device does."""
        found = Besides()
        if not self._looked:
            await self._look(conversation, sys_descr)
        found.identity = self._identity
        if self._generation != interfaces.generation:
            self._ports = Ports(interfaces.rows)
            self._generation = interfaces.generation
        due = self._read_at is None or now - self._read_at >= READINGS_EVERY - EARLY
        told = await self._read_entity_sensors(conversation) if due else None
        found.light = await self._read_light(conversation, interfaces)
        if due:
            found.readings = await self._read_sensors(conversation, told)
            found.onus = await self._read_onus(conversation)
            self._read_at = now
        return found

    async def _look(self, conversation: Conversation, sys_descr: str) -> None:
        """Ask which tables there are, and which box it is.

        Who does not answer that is asked for every table: some agents withstand fewer names in a request.
        """
        present = frozenset(column.oid for column in self.plan.keys)
        try:
            if present:
                present = await conversation.present(self.plan.keys)
        except NoAnswerError:
            conversation.refused["tables"] += 1
        self._looked = True
        self._identity = await read_box(conversation, self.plan.box, sys_descr, present)
        for reader, keys in self._keyed():
            reader.look_again(absent=not any(key in present for key in keys))
        for labels in (
            *(reader.labels for reader in self._sensors),
            *(reader.labels for reader in self._onus),
            *(reader.names for reader in self._light),
            *(reader.thresholds for reader in self._entity_sensors),
        ):
            labels.look_again()
        self._entities.look_again()

    def _keyed(self) -> Sequence[tuple[TableReader, Sequence[tuple[int, ...]]]]:
        """Return the readers of tables, each with the objects of which it needs one."""
        return (
            *((reader.table, [reader.plan.light.received.metric.oid]) for reader in self._light),
            *((reader.table, [main(each).oid for each in reader.plan.sensors]) for reader in self._sensors),
            *((reader.table, [reader.plan.columns[3].oid]) for reader in self._entity_sensors),
            *((reader.table, [reader.plan.onus.received.metric.oid]) for reader in self._onus),
        )

    async def _read_light(self, conversation: Conversation, interfaces: Interfaces) -> tuple[Light, ...]:
        lights: list[Light] = []
        if not interfaces.rows:
            return ()
        for reader in self._light:
            lights += await reader.read(
                conversation, interfaces.plan.guards, interfaces.steady, self._ports, self._entities
            )
        for sensors in self._entity_sensors:
            lights += await sensors.light(conversation)
        return merged(lights)

    async def _read_entity_sensors(self, conversation: Conversation) -> list[Told] | None:
        """Return what they tell but light; None where nothing was answered."""
        found: list[Told] = []
        answered = not self._entity_sensors
        taken: set[int] = set()
        for reader in self._entity_sensors:
            told = await reader.read(conversation, self._ports, self._entities, taken)
            if told is not None:
                answered = True
                found += told
        return found if answered else None

    async def _read_sensors(
        self, conversation: Conversation, entity_sensors: list[Told] | None
    ) -> tuple[Reading, ...] | None:
        """Return all readings; None where none is asked for, or nothing was answered."""
        if not self.plan.has_readings:
            return None
        found = entity_sensors or []
        answered = entity_sensors is not None
        for reader in self._sensors:
            told = await reader.read(conversation)
            if told is not None:
                answered = True
                found += told
        if len(found) > MOST_READINGS:
            conversation.refused["too many rows"] += len(found) - MOST_READINGS
        return readings(found[:MOST_READINGS]) if answered else None

    async def _read_onus(self, conversation: Conversation) -> tuple[Onu, ...] | None:
        if not self._onus:
            return None
        found: list[Onu] = []
        answered = False
        for reader in self._onus:
            onus = await reader.read(conversation)
            if onus is not None:
                answered = True
                found += onus
        return tuple(found) if answered else None


def readings(told: Sequence[Told]) -> tuple[Reading, ...]:
    """Return readings whose names are unique within a measure: one that stands twice bears its index."""
    found: list[Reading] = []
    for measure in dict.fromkeys(measure for measure, _, _, _ in told):
        same = [each for each in told if each[0] is measure]
        names = unique([(name, index) for _, name, index, _ in same])
        known: dict[str, float] = {}
        for name, (_, _, _, value) in zip(names, same, strict=True):
            known.setdefault(name, value)  # of two tables that tell of one index, the first
        found += [Reading(measure, name, value) for name, value in known.items()]
    return tuple(found)

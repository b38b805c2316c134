"""Sensors that a vendor has tables or single objects for; columns of one entry are walked as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.observation import Measure
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.tables import Labels, Rows, Table, TableReader, dotted, flagged, measured
from netwatch.protocols.ber import MalformedError, oid

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Sequence

    from netwatch.model.profile import Condition, Metric, SensorTable
    from netwatch.polling.conversation import Conversation
    from netwatch.polling.tables import Cell

Told = tuple[Measure, str, str, float]
"""A measure, a name ("" for none), an index, a value."""

ALONE = b""
"""Stands for the index of single objects."""


def grouped(sensors: Iterable[SensorTable]) -> tuple[tuple[SensorTable, ...], ...]:
    """Return sensors by the entry that their values are columns of; single objects are one group."""
    groups: dict[tuple[int, ...], list[SensorTable]] = {}
    for sensor in sensors:
        groups.setdefault(() if sensor.scalar else main(sensor).oid[:-1], []).append(sensor)
    return tuple(tuple(group) for group in groups.values())


def main(sensor: SensorTable) -> Metric:
    """Return the object without which there is no such sensor."""
    source = sensor.value or sensor.well or sensor.total
    if source is None:
        raise ValueError(f"a profile asks nothing of {sensor.measure}")
    return source.metric


def _objects(sensor: SensorTable) -> list[Metric]:
    return [each.metric for each in (sensor.value, sensor.total, sensor.free, sensor.well) if each]


class SensorPlan:
    """What a profile asks of one group, compiled once for all its devices."""

    def __init__(self, sensors: Sequence[SensorTable]) -> None:
        self.sensors = sensors
        self.scalar = sensors[0].scalar
        self.values = Table(metric for sensor in sensors for metric in _objects(sensor))
        self.labels = Table(
            metric
            for sensor in sensors
            for metric in (sensor.label, sensor.where.metric if sensor.where else None)
        )
        self.singles = (*self.values.columns.columns, *self.labels.columns.columns)


class SensorReader:
    """What is remembered of one group of sensors of one device."""

    def __init__(self, plan: SensorPlan) -> None:
        self.plan = plan
        self.table = TableReader(plan.values, "sensors")
        self.labels = Labels(plan.labels, "sensors")

    async def read(self, conversation: Conversation) -> list[Told] | None:
        """Return what the sensors tell; None where they were not answered."""
        if self.table.absent:
            return []
        if self.plan.scalar:
            return await self._single(conversation)
        rows = await self.table.read(conversation)
        if rows is None:
            return None
        labels = await self.labels.learn(conversation, rows)
        return [told for sensor in self.plan.sensors for told in _told(sensor, rows, labels, conversation)]

    async def _single(self, conversation: Conversation) -> list[Told] | None:
        try:
            found = await conversation.get(self.plan.singles)
        except NoAnswerError:
            conversation.refused["sensors"] += 1
            return None
        rows, labels = (
            Rows(table, {ALONE: [found.get(column.name) for column in table.columns.columns]})
            for table in (self.plan.values, self.plan.labels)
        )
        return [told for sensor in self.plan.sensors for told in _told(sensor, rows, labels, conversation)]


def _told(sensor: SensorTable, rows: Rows, labels: Rows, conversation: Conversation) -> Iterable[Told]:
    for index in rows:
        if sensor.where is not None and not _meant(sensor.where, labels.cell(index, sensor.where.metric)):
            continue
        value = _value(sensor, rows, index, conversation.refused)
        if value is not None:
            name = labels.text(index, sensor.label)
            place = main(sensor).name if index == ALONE else dotted(index)
            yield sensor.measure, name, place, value


def _meant(where: Condition, cell: Cell) -> bool:
    if isinstance(cell, bytes):
        try:
            return oid(cell) in where.values
        except MalformedError:
            return False
    return cell in where.values


def _value(sensor: SensorTable, rows: Rows, index: bytes, refused: Counter[str]) -> float | None:
    if sensor.well is not None:
        well = flagged(sensor.well, rows.cell(index, sensor.well.metric))
        return None if well is None else float(well)
    value, total, free = (
        None if each is None else measured(each, rows.cell(index, each.metric), refused)
        for each in (sensor.value, sensor.total, sensor.free)
    )
    if sensor.total is None and sensor.free is None:
        return value
    return share(value, total, free, refused)


def share(used: float | None, total: float | None, free: float | None, refused: Counter[str]) -> float | None:
    """Return the share in use, of two of what is used, what there is in all and what is free."""
    if total is None and used is not None and free is not None:
        total = used + free
    if used is None and total is not None and free is not None:
        used = total - free
    if used is None or not total:
        return None
    if not 0 <= used <= total:
        refused["out of range"] += 1
        return None
    return used / total

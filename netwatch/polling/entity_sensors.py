"""Tables of sensors that tell themselves what they measure, laid out as entPhySensorTable is (RFC 3433).

They are walked with the other readings. The light among them is asked for at every poll, by name: what became
of a fibre cannot wait for minutes.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.observation import Light, Measure
from netwatch.model.profile import Metric
from netwatch.model.units import LIGHT, Base, OutOfRange, checked, dbm
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.tables import Labels, Table, TableReader
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from netwatch.model.profile import EntitySensors
    from netwatch.polling.conversation import Conversation
    from netwatch.polling.entities import Entities
    from netwatch.polling.ports import Ports
    from netwatch.polling.sensors import Told
    from netwatch.polling.tables import Rows

WATTS, CELSIUS, TRUTH, DBM = 6, 8, 12, 14  # EntitySensorDataType; 14 is of CISCO-ENTITY-SENSOR-MIB only
OK = 1
UNITS = 9  # EntitySensorDataScale: 10 to the power of 0
SCALES = range(1, 18)
PRECISIONS = range(-8, 10)
LESS = frozenset((1, 2))  # entSensorThresholdRelation: less than, less or equal
CRITICAL = 30  # entSensorThresholdSeverity

AT_ONCE = 32
"""Objects that are asked for by name in one request."""

MOST_LIGHT = 512
"""Sensors of light that are followed at one device."""

_RECEIVE = re.compile(r"(?:^|[^a-z])(?:rx|receive[rd]?)(?![a-z])", re.IGNORECASE)
_TRANSMIT = re.compile(r"(?:^|[^a-z])(?:tx|transmit(?:ter|ted)?)(?![a-z])", re.IGNORECASE)
_LANE = re.compile(r"\blane\s*#?\s*([0-9]{1,3})\b", re.IGNORECASE)
_FAN = re.compile(r"\bfan", re.IGNORECASE)
_SUPPLY = re.compile(r"\bpower ?supply|\bpsu|\bpower ?module", re.IGNORECASE)


class Probe(NamedTuple):
    """A sensor of light: which lane of which port it is about, and how its value becomes dBm."""

    port: str
    lane: str
    received: bool  # else transmitted
    column: Column  # the instance of its value
    kind: int
    exponent: int
    thresholds: tuple[float | None, float | None, float | None]  # low alarm, low warning, high alarm


class _Sensor(NamedTuple):
    """A sensor that is in order."""

    part: int  # entPhysicalIndex
    kind: int
    exponent: int  # of ten
    value: int


class EntitySensorPlan:
    """What is asked of one such table, compiled once for all devices of a profile."""

    def __init__(self, sensors: EntitySensors) -> None:
        self.columns = tuple(
            Metric(f"{sensors.name}.{arc}", (*sensors.oid, arc), "integer", "") for arc in range(1, 6)
        )
        self.table = Table(self.columns)
        self.limits = tuple(
            Metric(f"{sensors.name}.thresholds.{arc}", (*sensors.thresholds, arc), "integer", "")
            for arc in (2, 3, 4)
            if sensors.thresholds
        )
        self.thresholds = Table(self.limits)


class EntitySensorReader:
    """What is remembered of one such table of one device."""

    def __init__(self, plan: EntitySensorPlan) -> None:
        self.plan = plan
        self.table = TableReader(plan.table, "entity sensors")
        self.thresholds = Labels(plan.thresholds, "entity sensors")
        self.probes: tuple[Probe, ...] = ()
        self.fresh: list[Light] | None = None  # what the walk of this poll brought

    async def read(
        self, conversation: Conversation, ports: Ports, entities: Entities, taken: set[int]
    ) -> list[Told] | None:
        """Return what is no light, and keep what is; None where it was not answered.

        `taken` are the parts that another table told of already; those of this one are added.
        """
        if self.table.absent:
            self.probes = ()
            return []
        rows = await self.table.read(conversation)
        if rows is None:
            return None
        sensors = list(self._sound(rows))
        await entities.learn(conversation, (sensor.part for sensor in sensors))
        limits = await self.thresholds.learn(conversation, rows)
        found: list[Told] = []
        probes: list[tuple[Probe, int]] = []
        for sensor in sensors:
            if sensor.part in taken:
                continue
            name = entities.name(sensor.part)
            probe = self._probe(sensor, name, entities.port(sensor.part, ports), limits)
            if probe is not None:
                probes.append((probe, sensor.value))
            told = _told(sensor, name, conversation.refused)
            if told is not None:
                found.append(told)
            if probe is not None or told is not None:
                taken.add(sensor.part)
        if len(probes) > MOST_LIGHT:
            conversation.refused["too many rows"] += len(probes) - MOST_LIGHT
        self.probes = tuple(probe for probe, _ in probes[:MOST_LIGHT])
        self.fresh = [_light(probe, value, conversation.refused) for probe, value in probes[:MOST_LIGHT]]
        return found

    async def light(self, conversation: Conversation) -> list[Light]:
        """Return the light of the sensors that are known, asked for by name unless just walked."""
        if self.fresh is not None:
            fresh, self.fresh = self.fresh, None
            return fresh
        found: list[Light] = []
        for start in range(0, len(self.probes), AT_ONCE):
            some = self.probes[start : start + AT_ONCE]
            try:
                values = await conversation.get([probe.column for probe in some], whole=True)
            except NoAnswerError:
                conversation.refused["light"] += 1
                break
            for probe in some:
                value = values.get(probe.column.name)
                if isinstance(value, int):
                    found.append(_light(probe, value, conversation.refused))
        return found

    def _sound(self, rows: Rows) -> Iterator[_Sensor]:
        """Yield part, type, exponent and value of the sensors that are in order."""
        for index in rows:
            kind, scale, precision, value, status = (rows.cell(index, each) for each in self.plan.columns)
            if (
                isinstance(kind, int)
                and isinstance(value, int)
                and status == OK
                and scale in SCALES
                and precision in PRECISIONS
            ):
                # A negative precision tells how many digits are good, and moves no decimal point (RFC 3433).
                exponent = 3 * (int(scale) - UNITS) - max(0, int(precision))  # type: ignore[arg-type]  # in a range
                yield _Sensor(arcs(index)[0], kind, exponent, value)

    def _probe(self, sensor: _Sensor, name: str, port: str | None, limits: Rows) -> Probe | None:
        index, kind, exponent, _ = sensor
        received, transmitted = _RECEIVE.search(name), _TRANSMIT.search(name)
        if port is None or kind not in {DBM, WATTS} or bool(received) is bool(transmitted):
            return None
        lane = _LANE.search(name)
        oid = (*self.plan.columns[3].oid, index)
        return Probe(
            port,
            lane[1] if lane else "",
            bool(received),
            Column(".".join(map(str, oid)), oid, "integer"),
            kind,
            exponent,
            self._limits(sensor, limits) if received else (None, None, None),
        )

    def _limits(self, sensor: _Sensor, limits: Rows) -> tuple[float | None, float | None, float | None]:
        """Return low alarm, low warning and high alarm of a sensor, in dBm."""
        index, kind, exponent, _ = sensor
        low_alarm = low_warning = high_alarm = None
        if not self.plan.limits:
            return None, None, None
        for place in limits:
            if arcs(place)[0] != index:
                continue
            severity, relation, raw = (limits.cell(place, each) for each in self.plan.limits)
            value = _threshold(kind, exponent, raw) if isinstance(raw, int) else None
            if value is None:
                continue
            if relation not in LESS:
                high_alarm = value if severity == CRITICAL or high_alarm is None else high_alarm
            elif severity == CRITICAL:
                low_alarm = value
            else:
                low_warning = value if low_warning is None else max(low_warning, value)
        return low_alarm, low_warning, high_alarm


def scaled(raw: int, exponent: int) -> float:
    """Return a number times a power of ten: divided where that is exact and multiplying is not."""
    return float(raw * 10**exponent) if exponent >= 0 else raw / 10**-exponent


def _power(kind: int, exponent: int, raw: int, within: tuple[float, float] | None = None) -> float | None:
    """Return light in dBm; None where there is none. Raises OutOfRange."""
    value = scaled(raw, exponent)
    found = value if kind == DBM else dbm(1000 * value)
    return None if found is None else checked(Base.DBM, found, within)


def _threshold(kind: int, exponent: int, raw: int) -> float | None:
    """Return a threshold in dBm; None for none that can be true: the light counts without it."""
    try:
        return _power(kind, exponent, raw)
    except OutOfRange:
        return None


def _light(probe: Probe, raw: int, refused: Counter[str]) -> Light:
    power = None
    try:
        power = _power(probe.kind, probe.exponent, raw, LIGHT)
    except OutOfRange:
        refused["out of range"] += 1
    low_alarm, low_warning, high_alarm = probe.thresholds
    return Light(
        probe.port,
        power if probe.received else None,
        low_alarm,
        lane=probe.lane,
        transmitted=None if probe.received else power,
        low_warning=low_warning,
        high_alarm=high_alarm,
    )


def _told(sensor: _Sensor, name: str, refused: Counter[str]) -> Told | None:
    if sensor.kind == TRUTH:
        measure = Measure.FAN if _FAN.search(name) else Measure.POWER_SUPPLY if _SUPPLY.search(name) else None
        return None if measure is None else (measure, name, str(sensor.part), float(sensor.value == 1))
    if sensor.kind != CELSIUS:
        return None
    try:
        degrees = checked(Base.CELSIUS, scaled(sensor.value, sensor.exponent))
    except OutOfRange:
        refused["out of range"] += 1
        return None
    return Measure.TEMPERATURE, name, str(sensor.part), degrees

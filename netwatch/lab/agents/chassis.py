"""What a simulated switch tells of its box: model and firmware, processor, memory, temperature, fans, PoE.

They are in the tables that any maker may use: ENTITY-MIB (RFC 6933), ENTITY-SENSOR-MIB (RFC 3433),
HOST-RESOURCES-MIB (RFC 2790) and POWER-ETHERNET-MIB (RFC 3621). Figures rise and fall with the time and
differ from switch to switch, as those of real ones do, so that boards have something to draw.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from netwatch.protocols import ber, snmp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from netwatch.lab.agents.machine import Machine
    from netwatch.lab.agents.mib import Object, Value

ENT_PHYSICAL_ENTRY = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
ENT_PHY_SENSOR_ENTRY = (1, 3, 6, 1, 2, 1, 99, 1, 1, 1)
HR_PROCESSOR_LOAD = (1, 3, 6, 1, 2, 1, 25, 3, 3, 1, 2)
HR_STORAGE_ENTRY = (1, 3, 6, 1, 2, 1, 25, 2, 3, 1)
PETH_MAIN_PSE_ENTRY = (1, 3, 6, 1, 2, 1, 105, 1, 3, 1, 1)

CHASSIS = 1  # entPhysicalIndex
CELSIUS, TRUTH_VALUE, UNITS, OK, TRUE = 8, 12, 9, 1, 1
MODEL_COLUMN, FIRMWARE_COLUMN, CONTAINED_IN, NAME = 13, 10, 4, 7

MEMORY = 524_288  # hrStorageSize, in kilobytes
POWER = 370  # watts that can be given over Ethernet
TEN_MINUTES, HOUR = 600.0, 3600.0


class _Part(NamedTuple):
    """A sensor: what it is called, what it measures, with how many decimals, and what it tells."""

    name: str
    kind: int  # EntitySensorDataType
    decimals: int
    value: Callable[[Machine, float], int]


def _well(_: Machine, __: float) -> int:
    return TRUE


def _tenths_celsius(machine: Machine, now: float) -> int:
    return round(380 + 60 * machine.share + 30 * _wave(machine, now, HOUR))


def _percent(machine: Machine, now: float) -> int:
    return round(6 + 20 * machine.share * (1 + _wave(machine, now, TEN_MINUTES)) / 2)


def _kilobytes(machine: Machine, now: float) -> int:
    return round(MEMORY * (0.4 + 0.1 * machine.share + 0.02 * _wave(machine, now, HOUR)))


def _watts(machine: Machine, now: float) -> int:
    return round(POWER * machine.share * (0.3 + 0.05 * _wave(machine, now, HOUR)))


def _wave(machine: Machine, now: float, period: float) -> float:
    """Return what goes from -1 to 1 and back within `period` seconds, for each machine at its own moment."""
    return math.sin(2 * math.pi * ((now - machine.booted) / period + machine.share))


PARTS: Mapping[int, _Part] = {
    10: _Part("Temperature", CELSIUS, 1, _tenths_celsius),
    11: _Part("Fan 1", TRUTH_VALUE, 0, _well),
    12: _Part("Fan 2", TRUTH_VALUE, 0, _well),
    13: _Part("Power supply 1", TRUTH_VALUE, 0, _well),
}
"""By entPhysicalIndex."""


def objects(model: str, firmware: str) -> Iterator[Object]:
    """Yield what a switch of a model with a firmware tells."""
    yield (*ENT_PHYSICAL_ENTRY, MODEL_COLUMN, CHASSIS), _text(model)
    yield (*ENT_PHYSICAL_ENTRY, FIRMWARE_COLUMN, CHASSIS), _text(firmware)
    for index, part in PARTS.items():
        yield (*ENT_PHYSICAL_ENTRY, CONTAINED_IN, index), _integer(CHASSIS)
        yield (*ENT_PHYSICAL_ENTRY, NAME, index), _text(part.name)
        told = (_integer(part.kind), _integer(UNITS), _integer(part.decimals), _of(part.value), _integer(OK))
        for column, value in enumerate(told, 1):
            yield (*ENT_PHY_SENSOR_ENTRY, column, index), value
    yield (*HR_PROCESSOR_LOAD, 1), _of(_percent)
    yield (*HR_STORAGE_ENTRY, 3, 1), _text("Main memory")
    yield (*HR_STORAGE_ENTRY, 5, 1), _integer(MEMORY)
    yield (*HR_STORAGE_ENTRY, 6, 1), _of(_kilobytes)
    yield (*PETH_MAIN_PSE_ENTRY, 2, 1), _of(lambda _, __: POWER, snmp.GAUGE32)
    yield (*PETH_MAIN_PSE_ENTRY, 4, 1), _of(_watts, snmp.GAUGE32)


def _of(value: Callable[[Machine, float], int], tag: int = ber.INTEGER) -> Value:
    return lambda machine, now: ber.encode_integer(value(machine, now), tag)


def _integer(value: int) -> Value:
    encoded = ber.encode_integer(value)
    return lambda _, __: encoded


def _text(text: str) -> Value:
    encoded = ber.encode(ber.OCTET_STRING, text.encode())
    return lambda _, __: encoded

"""What a simulated agent has to tell: system group, ifTable, ifXTable and light, as functions of the time.

A `Mib` is the layout of one model of device: its object identifiers in their order, and for each a function
that gives the encoded value of a `Machine`, which is one device of that model. Thousands of devices share a
few layouts. Counters are integrals of a load that rises and falls while the port is up, so that they never
step back and their rates look alive; they wrap at 32 bits where the MIB's do.

RFC 3418 (SNMPv2-MIB), RFC 2863 (IF-MIB), RFC 6933 (ENTITY-MIB), RFC 1628 (UPS-MIB); received light stands in
the columns of JUNIPER-DOM-MIB, indexed by ifIndex, in 0.01 dBm.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from netwatch.lab.agents import ups_mib
from netwatch.lab.agents.machine import DARK, HIGH_ALARM, LOW_ALARM, LOW_WARNING, Machine, Ups
from netwatch.protocols import ber, snmp

SYSTEM = (1, 3, 6, 1, 2, 1, 1)
IF_NUMBER = (1, 3, 6, 1, 2, 1, 2, 1)
IF_ENTRY = (1, 3, 6, 1, 2, 1, 2, 2, 1)
IFX_ENTRY = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
IF_TABLE_LAST_CHANGE = (1, 3, 6, 1, 2, 1, 31, 1, 5)
ENT_PHYSICAL_SERIAL_NUM = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1, 11)
CHASSIS = 1  # entPhysicalIndex
JNX_DOM_CURRENT_ENTRY = (1, 3, 6, 1, 4, 1, 2636, 3, 60, 1, 1, 1, 1)
RX_LASER_POWER, TX_LASER_OUTPUT_POWER = 5, 7  # its columns
RX_HIGH_ALARM_THRESHOLD, RX_LASER_POWER_LOW_ALARM_THRESHOLD, RX_LOW_WARNING_THRESHOLD = 9, 10, 12
EXAMPLE_ENTERPRISE = (1, 3, 6, 1, 4, 1, 32473)
"""Set aside for documentation (RFC 5612): no vendor's profile takes the lab's devices for its own."""

ETHERNET, MOBILE, GPON = 6, 243, 250  # ifType ethernetCsmacd, wwanPP, gpon
UP, DOWN, TRUE, FALSE = 1, 2, 1, 2
ROUTES_AND_FORWARDS = 78  # sysServices: physical, link, internet, end-to-end
FULL_32_BITS = 2**32 - 1  # ifSpeed where the port is faster than it can say
OCTETS_A_PACKET = 700
WAVE_SECONDS = 600.0
DAY_SECONDS = 86400.0
WAVE_SHARE = 0.5  # of the mean load; below 1, or counters would step back
SECONDS_AN_ERROR, SECONDS_A_DISCARD = 600, 90


@dataclass(frozen=True, slots=True)
class Port:
    """One interface of a model."""

    index: int
    name: str
    alias: str
    speed: int  # bits per second
    up: bool  # something is plugged in
    load: int  # mean octets received per second
    optical: bool = False
    kind: int = ETHERNET  # ifType


Value = Callable[[Machine, float], bytes]
"""Gives the encoded value (tag, length, content) for a machine at a time."""

Object = tuple[tuple[int, ...], Value]
"""One object instance by its identifier."""

Count = Callable[[Machine, float], int]
"""Gives what a counter has come to, before it is wrapped."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One object instance: its identifier, the same encoded, and its value."""

    arcs: tuple[int, ...]
    name: bytes
    value: Value


class Mib:
    """The variables of one model in the order in which GETNEXT goes through them."""

    def __init__(
        self,
        description: str,
        model: int,
        ports: tuple[Port, ...],
        *,
        ups: bool = False,
        more: Iterable[Object] = (),
    ) -> None:
        objects = [
            *_scalars(description, model, len(ports)),
            *_tables(ports),
            *(_ups() if ups else ()),
            *more,
        ]
        self.variables = tuple(
            Variable(arcs, ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(arcs)), value)
            for arcs, value in sorted(objects, key=lambda entry: entry[0])
        )
        self.arcs = [variable.arcs for variable in self.variables]
        self.positions = {variable.name: position for position, variable in enumerate(self.variables)}
        self.objects = frozenset(variable.arcs[:-1] for variable in self.variables)
        self.ports = ports

    def read(self, arcs: tuple[int, ...], machine: Machine, now: float) -> bytes:
        """Return the encoded value of an object that the model has; raise KeyError where it has not."""
        name = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(arcs))
        return self.variables[self.positions[name]].value(machine, now)


def _scalars(description: str, model: int, ports: int) -> Iterator[Object]:
    object_id = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid((*EXAMPLE_ENTERPRISE, 1, model)))
    system: tuple[Value, ...] = (
        _constant(_text(description)),
        _constant(object_id),
        lambda machine, now: ber.encode_integer(machine.ticks(now), snmp.TIMETICKS),
        _constant(_text("netwatch lab")),
        lambda machine, _: _text(machine.name),
        lambda machine, _: _text(machine.location),
        _constant(ber.encode_integer(ROUTES_AND_FORWARDS)),
    )
    for column, value in enumerate(system, start=1):
        yield (*SYSTEM, column, 0), value
    yield (*IF_NUMBER, 0), _constant(ber.encode_integer(ports))
    yield (*IF_TABLE_LAST_CHANGE, 0), _table_last_change
    yield (*ENT_PHYSICAL_SERIAL_NUM, CHASSIS), lambda machine, _: _text(machine.serial)


def _table_last_change(machine: Machine, _: float) -> bytes:
    changed = machine.table_changed
    return ber.encode_integer(0 if changed is None else machine.ticks(changed), snmp.TIMETICKS)


def _ups() -> Iterator[Object]:
    for arcs, read in ups_mib.scalars():
        yield (*arcs, 0), _of_ups(read, snmp.COUNTER32 if arcs == ups_mib.LINE_BADS else ber.INTEGER)


def _of_ups(read: Callable[[Ups, float], int], tag: int) -> Value:
    return lambda machine, now: ber.encode_integer(read(machine.ups, now) if machine.ups else 0, tag)


def _tables(ports: tuple[Port, ...]) -> Iterator[Object]:
    for port in ports:
        tables = [(IF_ENTRY, _if_entry(port)), (IFX_ENTRY, _ifx_entry(port))]
        if port.optical:
            tables.append((JNX_DOM_CURRENT_ENTRY, _dom_entry()))
        for entry, columns in tables:
            for column, value in columns.items():
                yield (*entry, column, port.index), value


def _dom_entry() -> dict[int, Value]:
    """Return the columns of jnxDomCurrentTable that are told; Integer32 in 0.01 dBm."""
    return {
        RX_LASER_POWER: _light,
        TX_LASER_OUTPUT_POWER: _sent_light,
        RX_HIGH_ALARM_THRESHOLD: _constant(ber.encode_integer(HIGH_ALARM)),
        RX_LASER_POWER_LOW_ALARM_THRESHOLD: _constant(ber.encode_integer(LOW_ALARM)),
        RX_LOW_WARNING_THRESHOLD: _constant(ber.encode_integer(LOW_WARNING)),
    }


def _light(machine: Machine, now: float) -> bytes:
    return ber.encode_integer(machine.light.told(now) if machine.light else DARK)


def _sent_light(machine: Machine, now: float) -> bytes:
    """Return what the laser sends: about -5 dBm, a little less as the day grows warm."""
    warmth = math.sin(2 * math.pi * (now - machine.booted) / DAY_SECONDS)
    return ber.encode_integer(round(-600 + 100 * machine.share - 20 * warmth))


def _if_entry(port: Port) -> dict[int, Value]:
    """Return the columns of ifTable that are not deprecated, for one port."""
    received, sent = _received(port), _sent(port)
    return {
        1: _constant(ber.encode_integer(port.index)),
        2: _constant(_text(f"Ethernet port {port.name}")),
        3: _constant(ber.encode_integer(port.kind)),
        4: _constant(ber.encode_integer(1500)),
        5: _constant(ber.encode_integer(min(port.speed, FULL_32_BITS), snmp.GAUGE32)),
        6: lambda machine, _: ber.encode(ber.OCTET_STRING, machine.mac + bytes((port.index,))),
        7: _constant(ber.encode_integer(UP)),
        8: _oper_status(port),
        9: _last_change(port),
        10: _counter32(received),
        11: _counter32(_packets(received)),
        13: _counter32(_nothing),
        14: _counter32(_each(SECONDS_AN_ERROR) if port.index % 10 == 1 else _nothing),
        15: _counter32(_nothing),
        16: _counter32(sent),
        17: _counter32(_packets(sent)),
        19: _counter32(_each(SECONDS_A_DISCARD) if port.index % 5 == 0 else _nothing),
        20: _counter32(_nothing),
    }


def _ifx_entry(port: Port) -> dict[int, Value]:
    """Return the columns of ifXTable for one port."""
    received, sent = _received(port), _sent(port)
    few, fewer = _packets(received, 50), _packets(sent, 100)
    return {
        1: _constant(_text(port.name)),
        2: _counter32(few),
        3: _counter32(fewer),
        4: _counter32(fewer),
        5: _counter32(fewer),
        6: _counter64(received),
        7: _counter64(_packets(received)),
        8: _counter64(few),
        9: _counter64(fewer),
        10: _counter64(sent),
        11: _counter64(_packets(sent)),
        12: _counter64(fewer),
        13: _counter64(fewer),
        14: _constant(ber.encode_integer(TRUE)),
        15: _constant(ber.encode_integer(port.speed // 10**6, snmp.GAUGE32)),
        16: _constant(ber.encode_integer(FALSE)),
        17: _constant(ber.encode_integer(TRUE)),
        18: _constant(_text(port.alias)),
        19: _constant(ber.encode_integer(0, snmp.TIMETICKS)),
    }


def _constant(encoded: bytes) -> Value:
    return lambda _, __: encoded


def _text(text: str) -> bytes:
    return ber.encode(ber.OCTET_STRING, text.encode())


def _oper_status(port: Port) -> Value:
    def status(machine: Machine, _: float) -> bytes:
        state = machine.ports.get(port.name)
        return ber.encode_integer(UP if port.up and (state is None or state.up) else DOWN)

    return status


def _last_change(port: Port) -> Value:
    """Return sysUpTime when the port entered its present state; 0 where that was before the boot was over."""

    def changed(machine: Machine, _: float) -> bytes:
        state = machine.ports.get(port.name)
        at = state.changed if state else machine.ready if port.up else machine.booted
        return ber.encode_integer(machine.ticks(at), snmp.TIMETICKS)

    return changed


def _counter32(count: Count) -> Value:
    return lambda machine, now: ber.encode_integer(count(machine, now) % 2**32, snmp.COUNTER32)


def _counter64(count: Count) -> Value:
    return lambda machine, now: ber.encode_integer(count(machine, now) % 2**64, snmp.COUNTER64)


def _received(port: Port) -> Count:
    return _octets(port.name, port.load if port.up else 0)


def _sent(port: Port) -> Count:
    return _octets(port.name, port.load // 4 if port.up else 0)


def _octets(name: str, load: int) -> Count:
    """Return the integral of a load (octets per second) with a wave on it, while the port has been up."""

    def count(machine: Machine, now: float) -> int:
        state = machine.ports.get(name)
        seconds = state.carried(now, machine.booted) if state else now - machine.booted
        radians = 2 * math.pi / WAVE_SECONDS
        wave = WAVE_SHARE * (1 - math.cos(radians * seconds)) / radians
        return int(load * machine.share * (seconds + wave))

    return count


def _packets(octets: Count, fewer: int = 1) -> Count:
    return lambda machine, now: octets(machine, now) // (OCTETS_A_PACKET * fewer)


def _each(seconds: int) -> Count:
    """Return a count that grows by one in so many seconds."""
    return lambda machine, now: int(now - machine.booted) // seconds


def _nothing(_: Machine, __: float) -> int:
    return 0

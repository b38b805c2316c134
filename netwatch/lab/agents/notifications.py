"""What a device says unasked: SNMPv2-Trap-PDUs, whose objects say what a GET would be told at that moment.

RFC 3416 section 4.2.6. The notifications are those of SNMPv2-MIB (RFC 3418), IF-MIB (RFC 2863), UPS-MIB
(RFC 1628), ENTITY-MIB (RFC 6933) and BRIDGE-MIB (RFC 4188).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.lab.agents.mib import IF_ENTRY, IFX_ENTRY
from netwatch.lab.agents.ups_mib import LOW_CHARGE, UPS_OBJECTS
from netwatch.protocols import ber, snmp
from netwatch.protocols.traps import SNMP_TRAP_OID, SNMP_TRAPS, SYS_UP_TIME, TRAP, Oid

if TYPE_CHECKING:
    from netwatch.lab.agents.machine import Machine, Ups
    from netwatch.lab.agents.mib import Mib, Port

LINK_DOWN, LINK_UP = (*SNMP_TRAPS, 3), (*SNMP_TRAPS, 4)
IF_INDEX, IF_ADMIN_STATUS, IF_OPER_STATUS = ((*IF_ENTRY, column) for column in (1, 7, 8))
IF_NAME = (*IFX_ENTRY, 1)

_UPS_TRAPS = (1, 3, 6, 1, 2, 1, 33, 2)
UPS_ON_BATTERY = (*_UPS_TRAPS, 1)
ALARM_ADDED, ALARM_REMOVED = (*_UPS_TRAPS, 3), (*_UPS_TRAPS, 4)
SECONDS_ON_BATTERY, MINUTES_REMAINING = (*UPS_OBJECTS, 2, 2, 0), (*UPS_OBJECTS, 2, 3, 0)
LOW_BATT_TIME = (*UPS_OBJECTS, 9, 7, 0)  # upsConfigLowBattTime, in minutes
ALARM_ID, ALARM_DESCR = (*UPS_OBJECTS, 6, 2, 1, 1), (*UPS_OBJECTS, 6, 2, 1, 2)
ON_BATTERY_ALARM = (*UPS_OBJECTS, 6, 3, 2)  # upsAlarmOnBattery


class Told(NamedTuple):
    """A notification and its objects, each with its encoded value."""

    trap: Oid
    objects: tuple[tuple[Oid, bytes], ...] = ()


COLD_START = Told((*SNMP_TRAPS, 1))
AUTHENTICATION_FAILURE = Told((*SNMP_TRAPS, 5))
ENT_CONFIG_CHANGE = Told((1, 3, 6, 1, 2, 1, 47, 2, 0, 1))
TOPOLOGY_CHANGE = Told((1, 3, 6, 1, 2, 1, 17, 0, 2))


def link(mib: Mib, port: Port, machine: Machine, now: float, *, up: bool) -> Told:
    """Return linkUp or linkDown of a port, with its name besides, as most vendors tell it."""
    objects = ((*column, port.index) for column in (IF_INDEX, IF_ADMIN_STATUS, IF_OPER_STATUS, IF_NAME))
    return Told(LINK_UP if up else LINK_DOWN, tuple((name, mib.read(name, machine, now)) for name in objects))


def on_battery(mib: Mib, machine: Machine, ups: Ups, now: float) -> Told:
    """Return upsTrapOnBattery."""
    low = round(LOW_CHARGE * ups.capacity) // 60
    told = ((name, mib.read(name, machine, now)) for name in (MINUTES_REMAINING, SECONDS_ON_BATTERY))
    return Told(UPS_ON_BATTERY, (*told, (LOW_BATT_TIME, ber.encode_integer(low))))


def battery_alarm(number: int, *, came: bool) -> Told:
    """Return that the alarm *on battery*, the UPS' so-many-th since its boot, came or went."""
    objects = (
        ((*ALARM_ID, number), ber.encode_integer(number)),
        ((*ALARM_DESCR, number), _oid(ON_BATTERY_ALARM)),
    )
    return Told(ALARM_ADDED if came else ALARM_REMOVED, objects)


def encode(told: Told, community: bytes, ticks: int, request_id: int) -> bytes:
    """Return the version 2c message; `ticks` is sysUpTime in hundredths of a second."""
    objects = (
        (SYS_UP_TIME, ber.encode_integer(ticks, snmp.TIMETICKS)),
        (SNMP_TRAP_OID, _oid(told.trap)),
        *told.objects,
    )
    varbinds = b"".join(ber.encode(ber.SEQUENCE, _oid(name) + value) for name, value in objects)
    numbers = ber.encode_integer(request_id) + ber.encode_integer(0) * 2
    pdu = ber.encode(TRAP, numbers + ber.encode(ber.SEQUENCE, varbinds))
    head = ber.encode_integer(snmp.VERSION_2C) + ber.encode(ber.OCTET_STRING, community)
    return ber.encode(ber.SEQUENCE, head + pdu)


def _oid(arcs: Oid) -> bytes:
    return ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(arcs))

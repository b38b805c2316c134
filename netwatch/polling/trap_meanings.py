"""What a notification says, by a closed table of snmpTrapOIDs; what is not in it is *other*.

Names and numbers are those of the MIB named beside them. MIBs from the time of version 1 have their
notifications right below the enterprise, while the version 1 form of the same carries a zero between
(RFC 3584, 3.1): both are found.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.notification import NoticeKind
from netwatch.polling.text import clean
from netwatch.protocols.ber import INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, MalformedError, integer, oid
from netwatch.protocols.snmp import GAUGE32  # and Unsigned32, which has the same tag
from netwatch.protocols.traps import SNMP_TRAPS

if TYPE_CHECKING:
    from netwatch.protocols.traps import Notification, Oid

LONGEST = 120
"""Characters of a detail."""


class Meaning(NamedTuple):
    """What a notification says: its kind, and a line for people."""

    kind: NoticeKind
    detail: str


_KIND = NoticeKind
_UPS_TRAPS = (1, 3, 6, 1, 2, 1, 33, 2)  # UPS-MIB (RFC 1628): upsTraps
_APC = (1, 3, 6, 1, 4, 1, 318)  # PowerNet-MIB
_XUPS = (1, 3, 6, 1, 4, 1, 534, 1, 11, 4, 1, 0)  # XUPS-MIB (Eaton): xupsTrapOidDefined
_MGE = (1, 3, 6, 1, 4, 1, 705, 1, 11)  # MG-SNMP-UPS-MIB (MGE, later Eaton): upsmgTraps
_RAISECOM = (1, 3, 6, 1, 4, 1, 8886, 1, 18, 4)  # RAISECOM-OPTICAL-TRANSCEIVER-MIB
_ZTE = (1, 3, 6, 1, 4, 1, 3902, 1082, 30, 40, 3)  # ZTE-AN-OPTICAL-MODULE-MIB

_TABLE: dict[Oid, tuple[str, NoticeKind]] = {
    (*SNMP_TRAPS, 1): ("coldStart", _KIND.COLD_START),  # SNMPv2-MIB; the next four too, by IF-MIB in part
    (*SNMP_TRAPS, 2): ("warmStart", _KIND.WARM_START),
    (*SNMP_TRAPS, 3): ("linkDown", _KIND.LINK_DOWN),
    (*SNMP_TRAPS, 4): ("linkUp", _KIND.LINK_UP),
    (*SNMP_TRAPS, 5): ("authenticationFailure", _KIND.AUTHENTICATION_FAILURE),
    (*_UPS_TRAPS, 1): ("upsTrapOnBattery", _KIND.ON_BATTERY),
    (*_APC, 5): ("upsOnBattery", _KIND.ON_BATTERY),
    (*_APC, 7): ("lowBattery", _KIND.BATTERY_LOW),
    (*_APC, 9): ("powerRestored", _KIND.MAINS_BACK),
    (*_XUPS, 3): ("xupstdOnBattery", _KIND.ON_BATTERY),
    (*_XUPS, 4): ("xupstdLowBattery", _KIND.BATTERY_LOW),
    (*_XUPS, 5): ("xupstdUtilityPowerRestored", _KIND.MAINS_BACK),
    (*_MGE, 5): ("upsmgAtLowBattery", _KIND.BATTERY_LOW),
    (*_MGE, 11): ("upsmgOnBattery", _KIND.ON_BATTERY),
    (*_MGE, 12): ("upsmgReturnFromBattery", _KIND.MAINS_BACK),
    # HUAWEI-ETHOAM-MIB
    (1, 3, 6, 1, 4, 1, 2011, 5, 25, 136, 1, 6, 8): (
        "hwDot3ahEfmRemoteDyingGaspEvent",
        _KIND.NEIGHBOUR_GASP,
    ),
    (*_RAISECOM, 13): ("raisecomOpticalTransceiverRxPowerAlarmTrap", _KIND.LIGHT_ALARM),
    (*_RAISECOM, 14): ("raisecomOpticalTransceiverRxPowerWarningTrap", _KIND.LIGHT_ALARM),
    (*_ZTE, 1): ("zxAnOptRxPwrUnderThreshAlm", _KIND.LIGHT_ALARM),
    (*_ZTE, 3): ("zxAnOptRxPwrOverThreshAlm", _KIND.LIGHT_ALARM),
}

_ALARM_ADDED, _ALARM_REMOVED = (*_UPS_TRAPS, 3), (*_UPS_TRAPS, 4)  # upsTrapAlarmEntryAdded, …Removed
_UPS_ALARM = (1, 3, 6, 1, 2, 1, 33, 1, 6, 2, 1, 2)  # UPS-MIB: upsAlarmDescr, whose value is an OID
_WELL_KNOWN = (1, 3, 6, 1, 2, 1, 33, 1, 6, 3)  # UPS-MIB: upsWellKnownAlarms
_ALARMS = {2: "upsAlarmOnBattery", 3: "upsAlarmLowBattery"}
_ADDED = {2: _KIND.ON_BATTERY, 3: _KIND.BATTERY_LOW}
_REMOVED = {2: _KIND.MAINS_BACK}

_NON_THRESHOLD: dict[Oid, Oid] = {  # of which MIB the row of the event log is that tells the event
    (1, 3, 6, 1, 2, 1, 158, 0, 2): (1, 3, 6, 1, 2, 1, 158, 1, 6, 1),  # DOT3-OAM-MIB (RFC 4878)
    (1, 3, 6, 1, 4, 1, 9, 10, 136, 0, 2): (1, 3, 6, 1, 4, 1, 9, 10, 136, 1, 6, 1),  # CISCO-DOT3-OAM-MIB
    # HUAWEI-ETHERNET-OAM-MIB, which sends the objects of DOT3-OAM-MIB
    (1, 3, 6, 1, 4, 1, 2011, 5, 101, 5, 1, 0, 2): (1, 3, 6, 1, 2, 1, 158, 1, 6, 1),
}
_EVENT_TYPE, _EVENT_LOCATION = 4, 5  # columns: dot3OamEventLogType, dot3OamEventLogLocation
_DYING_GASP = 257
_REMOTE = 2

_IF_INDEX = (1, 3, 6, 1, 2, 1, 2, 2, 1, 1)
_IF_NAMES = ((1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1), (1, 3, 6, 1, 2, 1, 2, 2, 1, 2))  # ifName, ifDescr


def meaning(said: Notification) -> Meaning:
    """Return what a notification says."""
    for name in _forms(said.trap):
        if name in _TABLE:
            text, kind = _TABLE[name]
            return Meaning(kind, _line(text, said))
        if name in _NON_THRESHOLD:
            return _oam_event(said, _NON_THRESHOLD[name])
        if name in {_ALARM_ADDED, _ALARM_REMOVED}:
            return _ups_alarm(said, added=name == _ALARM_ADDED)
    return Meaning(_KIND.OTHER, _line(".".join(map(str, said.trap)), said))


def _forms(trap: Oid) -> tuple[Oid, ...]:
    """Return a snmpTrapOID with and without the zero that a version 1 trap has before its last arc."""
    if len(trap) > 2 and trap[-2] == 0:
        return trap, (*trap[:-2], trap[-1])
    return trap, (*trap[:-1], 0, trap[-1])


def _ups_alarm(said: Notification, *, added: bool) -> Meaning:
    """Tell by the alarm that came or went (RFC 1628: upsAlarmDescr is an OID among upsWellKnownAlarms)."""
    verb = "came" if added else "went"
    for name, tag, content in said.varbinds:
        if tag != OBJECT_IDENTIFIER or name[: len(_UPS_ALARM)] != _UPS_ALARM:
            continue
        try:
            alarm = oid(content)
        except MalformedError:
            continue
        number = alarm[-1] if alarm[:-1] == _WELL_KNOWN else 0
        kind = (_ADDED if added else _REMOVED).get(number, _KIND.OTHER)
        text = _ALARMS.get(number) or ".".join(map(str, alarm))
        return Meaning(kind, f"{text} {verb}"[:LONGEST])
    return Meaning(_KIND.OTHER, f"an alarm of the UPS {verb}")


def _oam_event(said: Notification, log: Oid) -> Meaning:
    """Tell an event of Ethernet OAM: a dying gasp is this device's own, or one heard from the other end."""
    event, location = _number(said, (*log, _EVENT_TYPE)), _number(said, (*log, _EVENT_LOCATION))
    if event != _DYING_GASP:
        return Meaning(_KIND.OTHER, _line(f"event {event} of Ethernet OAM", said))
    kind = _KIND.NEIGHBOUR_GASP if location == _REMOTE else _KIND.DYING_GASP
    return Meaning(kind, _line("dyingGaspEvent", said))


def _number(said: Notification, column: Oid) -> int | None:
    for name, tag, content in said.varbinds:
        if tag not in {INTEGER, GAUGE32} or name[: len(column)] != column:
            continue
        try:
            return integer(content)
        except MalformedError:
            return None
    return None


def _line(text: str, said: Notification) -> str:
    """Return a name with the port that it is about, where one is told."""
    port = _port(said)
    return f"{text} {port}"[:LONGEST] if port else text[:LONGEST]


def _port(said: Notification) -> str:
    for wanted in _IF_NAMES:
        for name, tag, content in said.varbinds:
            if tag == OCTET_STRING and name[:-1] == wanted and content:
                return clean(content)
    for name, tag, content in said.varbinds:
        if tag == INTEGER and name[: len(_IF_INDEX)] == _IF_INDEX:
            try:
                return f"ifIndex {integer(content)}"
            except MalformedError:
                return ""
    return ""

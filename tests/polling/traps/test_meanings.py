"""What notifications say, as the MIBs of their vendors have it."""

from __future__ import annotations

import notifications as sent
import pytest

from netwatch.polling.trap_meanings import LONGEST, meaning
from netwatch.protocols.traps import decode

SNMP_TRAPS = (1, 3, 6, 1, 6, 3, 1, 1, 5)
UPS_TRAPS = (1, 3, 6, 1, 2, 1, 33, 2)
APC = (1, 3, 6, 1, 4, 1, 318)
OAM, CISCO_OAM = (1, 3, 6, 1, 2, 1, 158), (1, 3, 6, 1, 4, 1, 9, 10, 136)
HUAWEI_OAM = (1, 3, 6, 1, 4, 1, 2011, 5, 101, 5, 1, 0, 2)


def port(name: str = "ether1", index: int = 3) -> bytes:
    columns = (1, 3, 6, 1, 2, 1, 2, 2, 1), (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
    told = sent.varbind((*columns[0], 1, index), sent.number(index))
    return told + sent.varbind((*columns[1], 1, index), sent.text(name)) if name else told


def alarm(number: int) -> bytes:
    """upsAlarmId, and upsAlarmDescr among upsWellKnownAlarms (UPS-MIB)."""
    row = (1, 3, 6, 1, 2, 1, 33, 1, 6, 2, 1)
    descr = sent.name((1, 3, 6, 1, 2, 1, 33, 1, 6, 3, number))
    return sent.varbind((*row, 1, 9), sent.number(9)) + sent.varbind((*row, 2, 9), descr)


def event(mib: tuple[int, ...], kind: int, location: int) -> bytes:
    row = (*mib, 1, 6, 1)
    return sent.varbind((*row, 4, 3, 1), sent.ticks(kind).replace(b"\x43", b"\x42", 1)) + sent.varbind(
        (*row, 5, 3, 1), sent.number(location)
    )


@pytest.mark.parametrize(
    ("trap", "varbinds", "kind", "detail"),
    [
        ((*SNMP_TRAPS, 1), b"", "cold_start", "coldStart"),
        ((*SNMP_TRAPS, 2), b"", "warm_start", "warmStart"),
        ((*SNMP_TRAPS, 3), port(), "link_down", "linkDown ether1"),
        ((*SNMP_TRAPS, 3), port(""), "link_down", "linkDown ifIndex 3"),
        ((*SNMP_TRAPS, 4), port(), "link_up", "linkUp ether1"),
        ((*SNMP_TRAPS, 5), b"", "authentication_failure", "authenticationFailure"),
        # A UPS: in the form of its MIB, and as a version 1 trap reads.
        ((*UPS_TRAPS, 1), b"", "on_battery", "upsTrapOnBattery"),
        ((*UPS_TRAPS, 0, 1), b"", "on_battery", "upsTrapOnBattery"),
        ((*UPS_TRAPS, 3), alarm(2), "on_battery", "upsAlarmOnBattery came"),
        ((*UPS_TRAPS, 0, 3), alarm(3), "battery_low", "upsAlarmLowBattery came"),
        ((*UPS_TRAPS, 4), alarm(2), "mains_back", "upsAlarmOnBattery went"),
        ((*UPS_TRAPS, 4), alarm(3), "other", "upsAlarmLowBattery went"),
        ((*UPS_TRAPS, 3), alarm(5), "other", "1.3.6.1.2.1.33.1.6.3.5 came"),
        ((*UPS_TRAPS, 3), b"", "other", "an alarm of the UPS came"),
        ((*APC, 0, 5), b"", "on_battery", "upsOnBattery"),
        ((*APC, 0, 7), b"", "battery_low", "lowBattery"),
        ((*APC, 0, 9), b"", "mains_back", "powerRestored"),
        ((1, 3, 6, 1, 4, 1, 534, 1, 11, 4, 1, 0, 3), b"", "on_battery", "xupstdOnBattery"),
        ((1, 3, 6, 1, 4, 1, 705, 1, 11, 0, 12), b"", "mains_back", "upsmgReturnFromBattery"),
        # Ethernet OAM: a gasp is the sender's own, or what it heard from the other end of a port.
        ((*OAM, 0, 2), event(OAM, 257, 1), "dying_gasp", "dyingGaspEvent"),
        ((*OAM, 0, 2), event(OAM, 257, 2) + port(), "neighbour_gasp", "dyingGaspEvent ether1"),
        ((*OAM, 0, 2), event(OAM, 256, 1), "other", "event 256 of Ethernet OAM"),
        ((*OAM, 0, 2), b"", "other", "event None of Ethernet OAM"),
        ((*OAM, 0, 1), event(OAM, 257, 1), "other", "1.3.6.1.2.1.158.0.1"),
        ((*CISCO_OAM, 0, 2), event(CISCO_OAM, 257, 1), "dying_gasp", "dyingGaspEvent"),
        (HUAWEI_OAM, event(OAM, 257, 2), "neighbour_gasp", "dyingGaspEvent"),
        (
            (1, 3, 6, 1, 4, 1, 2011, 5, 25, 136, 1, 6, 8),
            b"",
            "neighbour_gasp",
            "hwDot3ahEfmRemoteDyingGaspEvent",
        ),
        (
            (1, 3, 6, 1, 4, 1, 8886, 1, 18, 4, 13),
            b"",
            "light_alarm",
            "raisecomOpticalTransceiverRxPowerAlarmTrap",
        ),
        ((1, 3, 6, 1, 4, 1, 3902, 1082, 30, 40, 3, 1), b"", "light_alarm", "zxAnOptRxPwrUnderThreshAlm"),
        ((1, 3, 6, 1, 4, 1, 3902, 1082, 30, 40, 3, 2), b"", "other", "1.3.6.1.4.1.3902.1082.30.40.3.2"),
        ((*sent.ENTERPRISE, 0, 1), port(), "other", "1.3.6.1.4.1.9999.0.1 ether1"),
    ],
)
def test_a_notification_means(trap: tuple[int, ...], varbinds: bytes, kind: str, detail: str) -> None:
    found = meaning(decode(sent.v2c(trap=trap, varbinds=varbinds)).notification)
    assert (found.kind.value, found.detail) == (kind, detail)


def test_what_a_device_writes_is_cleaned_and_cut_off() -> None:
    found = meaning(decode(sent.v2c(varbinds=port("a\n\x1b[31m" + "x" * 1000))).notification)
    assert found.detail.startswith("linkDown a \ufffd[31mxxx")
    assert len(found.detail) == LONGEST


def test_the_notifications_of_an_oid_that_is_long_are_cut_off_too() -> None:
    found = meaning(decode(sent.v2c(trap=(1, 3, *range(2**31, 2**31 + 100)))).notification)
    assert (found.kind.value, len(found.detail)) == ("other", LONGEST)

"""What needs no device: dates of results, identity against what is expected, the light of the way out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, strategies as st

from netwatch.model.fact import FactKind
from netwatch.model.observation import Identity, Light, SystemGroup
from netwatch.polling.survey.identity import judge_identity
from netwatch.polling.survey.light import facts_of_poll
from netwatch.polling.survey.routes import Route, best
from netwatch.polling.survey.stamps import DeviceTime, age_of_date, age_of_ticks, moment

UTC_NOON = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC).timestamp()
LOCAL = bytes((0x07, 0xEA, 11, 26, 19, 0, 0, 0))
ZONED = LOCAL + b"+\x07\x00"


@pytest.mark.parametrize(
    ("octets", "seconds"),
    [
        (ZONED, UTC_NOON),
        (bytes((0x07, 0xEA, 11, 26, 8, 30, 0, 0)) + b"-\x03\x1e", UTC_NOON),
        (bytes((0x07, 0xEA, 11, 26, 12, 0, 0, 5)) + b"+\x00\x00", UTC_NOON + 0.5),
        (bytes((0x07, 0xEA, 11, 26, 11, 59, 60, 0)) + b"+\x00\x00", UTC_NOON - 1),
        (b"", None),
        (bytes(8), None),
        (bytes(11), None),
        (LOCAL[:7], None),
        (bytes((0x07, 0xEA, 13, 26, 12, 0, 0, 0)), None),
        (bytes((0x07, 0xEA, 2, 30, 12, 0, 0, 0)), None),
        (b"2026-11-26", None),
    ],
)
def test_a_date_is_read_where_it_is_one(octets: bytes, seconds: float | None) -> None:
    found = moment(octets)
    assert (found and found.seconds) == seconds


@given(octets=st.binary(max_size=14), date=st.binary(max_size=14), wall=st.floats(0, 2e9))
def test_no_octets_break_the_reading_of_a_date(octets: bytes, date: bytes, wall: float) -> None:
    age = age_of_date(octets, DeviceTime(wall, date))
    assert age is None or age >= 0


@pytest.mark.parametrize(
    ("then", "clock", "age"),
    [
        (LOCAL, bytes((0x07, 0xEA, 11, 26, 19, 5, 0, 0)), 300.0),
        (LOCAL, bytes((0x07, 0xEA, 11, 26, 18, 59, 30, 0)), 0.0),
        (LOCAL, bytes((0x07, 0xEA, 11, 26, 18, 0, 0, 0)), None),
        (ZONED, bytes((0x07, 0xEA, 11, 26, 20, 0, 0, 0)) + b"+\x07\x00", 3600.0),
        (ZONED, b"", 10.0),
        (ZONED, LOCAL, 10.0),
        (LOCAL, b"", None),
        (LOCAL, ZONED, None),
    ],
)
def test_a_result_is_as_old_as_the_devices_own_clock_says(
    then: bytes, clock: bytes, age: float | None
) -> None:
    """Ours is asked only where that tells nothing, and the date has a zone."""
    assert age_of_date(then, DeviceTime(UTC_NOON + 10, clock)) == age


@pytest.mark.parametrize(
    ("ticks", "uptime", "age"),
    [
        (1000, 4000, 30.0),
        (2**32 - 1000, 500, 15.0),
        (4100, 4000, 0.0),
        (0, 4000, None),
        (1000, None, None),
    ],
)
def test_sysuptime_may_wrap_between_a_result_and_now(
    ticks: int, uptime: int | None, age: float | None
) -> None:
    assert age_of_ticks(ticks, DeviceTime(0.0, b"", uptime)) == age


SYSTEM = SystemGroup("", (1, 3, 6, 1, 4, 1, 9, 1), 0, "", "gw-NhuQuynh", "")
BOX = Identity("Cisco", "C9200", "FOC123", "17.9")


@pytest.mark.parametrize(
    ("expect", "system", "identity", "found"),
    [
        ((), SYSTEM, BOX, []),
        ((("serial", "foc123"),), SYSTEM, BOX, [("serial", 1.0, "FOC123")]),
        ((("serial", "FOC999"),), SYSTEM, BOX, [("serial", 0.0, "FOC123")]),
        ((("serial", "FOC123"),), SYSTEM, None, []),
        ((("serial", "FOC123"),), SYSTEM, Identity(), []),
        ((("sysName", "GW-nhuquynh"),), SYSTEM, None, [("sysName", 1.0, "gw-NhuQuynh")]),
        ((("sysName", "gw"),), SYSTEM, None, [("sysName", 0.0, "gw-NhuQuynh")]),
        ((("sysObjectID", "1.3.6.1.4.1.9.1"),), SYSTEM, None, [("sysObjectID", 1.0, "1.3.6.1.4.1.9.1")]),
        ((("sysObjectID", "1.3.6.1.4.1.9"),), SYSTEM, None, [("sysObjectID", 0.0, "1.3.6.1.4.1.9.1")]),
        ((("sysName", "gw"), ("serial", "FOC123")), None, BOX, [("serial", 1.0, "FOC123")]),
    ],
)
def test_a_device_is_the_one_expected_or_another_or_does_not_say(
    expect: Any, system: SystemGroup | None, identity: Identity | None, found: list[tuple[str, float, str]]
) -> None:
    told = judge_identity(expect, system, identity)
    assert [(each.subject, each.value, each.text) for each in told] == found
    assert all(each.kind is FactKind.IDENTITY for each in told)


@pytest.mark.parametrize(
    ("lights", "found"),
    [
        ([Light("wan", -12.5, -30.0)], [("light", "wan", -12.5, ""), ("light_alarm", "wan", -30.0, "")]),
        ([Light("wan", -12.5)], [("light", "wan", -12.5, "")]),
        ([Light("wan", None, -30.0)], []),
        ([Light("lan", -3.0)], []),
        ([Light("wan", -3.0, None, "1"), Light("wan", -9.0, None, "2")], [("light", "wan", -9.0, "2")]),
        ([Light("wan", -3.0, None, "1"), Light("wan", None, None, "2")], []),
    ],
)
def test_of_the_way_out_the_darkest_lane_is_told(
    lights: list[Light], found: list[tuple[str, str, float, str]]
) -> None:
    told = facts_of_poll(lights, "generic", {"wan"})
    assert [(each.kind, each.subject, each.value, each.text) for each in told] == found


@given(st.lists(st.tuples(st.integers(1, 9), st.none() | st.integers(0, 5))))
def test_the_routes_that_are_used_are_some_of_those_there_are(routes: list[tuple[int, int | None]]) -> None:
    used = [route.port for route in best([Route(*each) for each in routes])]
    assert bool(used) is bool(routes)
    assert len(set(used)) == len(used)
    if any(metric is None for _, metric in routes):
        assert set(used) == {port for port, _ in routes}

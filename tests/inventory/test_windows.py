"""When announced windows are held: once, every day, week or month, on the clock of their zone."""

from __future__ import annotations

import datetime as dt
import math
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from netwatch.inventory.moments import MomentWord
from netwatch.inventory.windows import Once, Plan, Recurring, occurrences

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
H = 3600.0


def at(text: str, zone: ZoneInfo = HANOI) -> float:
    return MomentWord().parse(text).unix(zone)


def plan(when: Once | Recurring, name: str = "w") -> Plan:
    return Plan(name=name, by="NOC", text="nâng cấp", when=when, devices=("core",))


def held(when: Once | Recurring, since: str, until: str, zone: ZoneInfo) -> list[str]:
    """The occurrences between two moments, as `start/end` on the clock of the zone."""
    found = occurrences([plan(when)], at(since, zone), at(until, zone), {"w": 0.0})
    return [f"{told(window.start, zone)}/{told(window.end, zone)}" for window in found]


def told(moment: float, zone: ZoneInfo) -> str:
    return f"{dt.datetime.fromtimestamp(moment, zone):%m-%d %H:%M}"


def daily(clock: str, hours: float, zone: ZoneInfo = HANOI, **more: dt.date) -> Recurring:
    return Recurring("day", dt.time.fromisoformat(clock), hours * H, zone, **more)


def weekly(weekday: int, clock: str, hours: float, zone: ZoneInfo = HANOI) -> Recurring:
    return Recurring("week", dt.time.fromisoformat(clock), hours * H, zone, weekday=weekday)


def monthly(day: int, clock: str, hours: float) -> Recurring:
    return Recurring("month", dt.time.fromisoformat(clock), hours * H, HANOI, day=day)


WHEN = {
    "once": (
        Once(at("2026-12-05 22:00"), at("2026-12-06 02:00")),
        ("2026-12-05 00:00", "2026-12-07 00:00"),
        ["12-05 22:00/12-06 02:00"],
    ),
    "once, open at the beginning": (
        Once(at("2026-12-05 22:00"), at("2026-12-06 02:00")),
        ("2026-12-06 01:59", "2026-12-07 00:00"),
        ["12-05 22:00/12-06 02:00"],
    ),
    "once, just over": (
        Once(at("2026-12-05 22:00"), at("2026-12-06 02:00")),
        ("2026-12-06 02:00", "2026-12-07 00:00"),
        [],
    ),
    "once, not begun yet": (
        Once(at("2026-12-05 22:00"), at("2026-12-06 02:00")),
        ("2026-12-05 00:00", "2026-12-05 22:00"),
        [],
    ),
    "daily over midnight": (
        daily("23:00", 2),
        ("2026-12-31 00:30", "2027-01-02 00:00"),
        ["12-30 23:00/12-31 01:00", "12-31 23:00/01-01 01:00", "01-01 23:00/01-02 01:00"],
    ),
    "daily all day long": (
        daily("00:00", 24),
        ("2026-02-28 12:00", "2026-03-01 12:00"),
        ["02-28 00:00/03-01 00:00", "03-01 00:00/03-02 00:00"],
    ),
    "daily from a day on and before another": (
        daily("02:00", 1, since=dt.date(2026, 12, 2), until=dt.date(2026, 12, 4)),
        ("2026-11-30 00:00", "2026-12-08 00:00"),
        ["12-02 02:00/12-02 03:00", "12-03 02:00/12-03 03:00"],
    ),
    "weekly on Sunday": (
        weekly(6, "02:00", 0.5),
        ("2026-12-01 00:00", "2026-12-15 00:00"),
        ["12-06 02:00/12-06 02:30", "12-13 02:00/12-13 02:30"],
    ),
    "weekly, seven days long": (
        weekly(0, "00:00", 168),
        ("2026-12-07 00:00", "2026-12-13 00:00"),
        ["12-07 00:00/12-14 00:00"],
    ),
    "monthly on the 31st": (
        monthly(31, "23:30", 1),
        ("2026-01-01 01:00", "2026-06-01 00:00"),
        [
            "01-31 23:30/02-01 00:30",
            "02-28 23:30/03-01 00:30",
            "03-31 23:30/04-01 00:30",
            "04-30 23:30/05-01 00:30",
            "05-31 23:30/06-01 00:30",
        ],
    ),
    "monthly on the 29th of a leap year's February": (
        monthly(29, "01:00", 1),
        ("2028-02-01 00:00", "2028-03-01 00:00"),
        ["02-29 01:00/02-29 02:00"],
    ),
    "monthly on the 29th of another February": (
        monthly(29, "01:00", 1),
        ("2027-02-01 00:00", "2027-03-01 00:00"),
        ["02-28 01:00/02-28 02:00"],
    ),
    "monthly, weeks long, seen near its end": (
        monthly(1, "00:00", 28 * 24),
        ("2026-03-28 12:00", "2026-03-29 12:00"),
        ["03-01 00:00/03-29 00:00"],
    ),
}


@pytest.mark.parametrize(("when", "span", "expected"), WHEN.values(), ids=WHEN)
def test_a_window_is_held(when: Once | Recurring, span: tuple[str, str], expected: list[str]) -> None:
    assert held(when, *span, HANOI) == expected


ELSEWHERE = {
    "the clock is set forward: what it skips begins after the gap": (
        daily("02:30", 1, BERLIN),
        ("2027-03-27 00:00", "2027-03-29 00:00"),
        ["03-27 02:30/03-27 03:30", "03-28 03:30/03-28 04:30"],
    ),
    "the clock is set back: the first of both, and so many hours as were said": (
        daily("02:30", 1, BERLIN),
        ("2026-10-25 00:00", "2026-10-26 00:00"),
        ["10-25 02:30/10-25 02:30"],
    ),
    "hours stay hours on the wall": (
        weekly(6, "12:00", 1, BERLIN),
        ("2027-03-20 00:00", "2027-03-29 00:00"),
        ["03-21 12:00/03-21 13:00", "03-28 12:00/03-28 13:00"],
    ),
}


@pytest.mark.parametrize(("when", "span", "expected"), ELSEWHERE.values(), ids=ELSEWHERE)
def test_a_window_where_clocks_are_changed(
    when: Recurring, span: tuple[str, str], expected: list[str]
) -> None:
    assert held(when, *span, BERLIN) == expected


MOMENTS = {
    "2026-12-05 22:00": 1796482800.0,
    "2026-12-05T22:00": 1796482800.0,
    "2026-12-05 22:00:30": 1796482830.0,
    "2026-12-05 22:00 +07:00": 1796482800.0,
    "2026-12-05T15:00Z": 1796482800.0,
    "2026-12-05 10:00-05:00": 1796482800.0,
}


@pytest.mark.parametrize(("text", "moment"), MOMENTS.items())
def test_a_moment_is_by_the_zone_unless_an_offset_is_written(text: str, moment: float) -> None:
    assert at(text) == moment


def test_only_what_entered_the_ledger_is_a_window() -> None:
    """The moment of the announcement goes with each occurrence; a recurring one has a name for each."""
    plans = [plan(daily("02:00", 1), "a"), plan(daily("03:00", 1), "b")]
    found = occurrences(plans, at("2026-12-05 00:00"), at("2026-12-07 00:00"), {"b": 7.0})
    assert [(window.name, window.announced) for window in found] == [
        ("b 2026-12-05T03:00:00+07:00", 7.0),
        ("b 2026-12-06T03:00:00+07:00", 7.0),
    ]
    assert (found[0].by, found[0].text, found[0].devices) == ("NOC", "nâng cấp", ("core",))


def test_occurrences_come_by_their_start() -> None:
    plans = [plan(daily("03:00", 1), "a"), plan(daily("02:00", 1), "b")]
    found = occurrences(plans, at("2026-12-05 00:00"), at("2026-12-06 00:00"), {"a": 0, "b": 0})
    assert [window.name[0] for window in found] == ["b", "a"]


def test_a_look_is_bounded() -> None:
    with pytest.raises(ValueError, match="over 800 days at most"):
        occurrences([], 0.0, 801 * 86400.0, {})


@given(
    st.sampled_from([daily("23:30", 2), weekly(3, "00:00", 160), monthly(31, "12:00", 600)]),
    st.integers(0, 500 * 24),
    st.integers(1, 80 * 24),
)
def test_a_long_look_sees_what_many_short_ones_see(when: Recurring, hour: int, hours: int) -> None:
    """An occurrence neither hides at the edge of a view nor stands in one that it does not touch."""
    since = at("2026-01-01 00:00") + hour * H
    whole = set(when.spans(since, since + hours * H))
    parts = {
        span
        for part in range(math.ceil(hours / 24))
        for span in when.spans(since + part * 24 * H, since + min((part + 1) * 24, hours) * H)
    }
    assert whole == parts


FILE = """\
windows:
  - {name: once, what: nâng cấp, by: NOC, start: 2026-12-05 22:00, duration: 4h, devices: [core]}
  - name: again
    what: kiểm tra
    by: NOC
    every: month
    day: 31
    at: "23:30"
    duration: 1h
    since: 2026-12-01
    until: 2027-12-31
    units: ["12004"]
    areas: [Trung tâm]
  - {name: over, what: thay, by: NOC, start: 2020-01-05 22:00, duration: 4h, devices: [gone], units: [gone]}
"""


def test_the_file_says_it_all(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> None:
    """What is over may name what is gone."""
    write("maintenance.yaml", FILE)
    once, again, over = loaded().windows
    start = at("2026-12-05 22:00")
    assert once == Plan("once", "NOC", "nâng cấp", Once(start, start + 4 * H), ("core",))
    assert again.when == Recurring(
        "month", dt.time(23, 30), H, HANOI, day=31, since=dt.date(2026, 12, 1), until=dt.date(2027, 12, 31)
    )
    assert (again.units, again.areas) == (("12004",), ("Trung tâm",))
    assert [each.over(dt.date(2028, 1, 1), HANOI) for each in (once, again, over)] == [True] * 3
    assert not again.over(dt.date(2027, 12, 31), HANOI)


def test_a_window_may_name_units_of_any_register(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    header = "code,name,kind,district,valid_from,valid_to,predecessors,latitude,longitude,source\n"
    write(
        "registers/organisations.csv",
        f"# province: Hưng Yên\n# example: true\n{header}so-tai-chinh,Sở Tài chính,sở,,2017-10-01,,,,,x\n",
    )
    write(
        "netwatch.yaml",
        "registers: {hung-yen: registers/hung-yen.csv, organisations: registers/organisations.csv}\n",
    )
    write("maintenance.yaml", FILE.replace('["12004"]', '["12004", so-tai-chinh]'))
    assert loaded().windows[1].units == ("12004", "so-tai-chinh")

"""When offices are open, by the shipped calendar and by small ones; lunar dates are reckoned anew."""

from __future__ import annotations

import datetime as dt
import math
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from netwatch.inventory.hours import OfficeHours
from netwatch.inventory.load import load
from netwatch.inventory.moments import MomentWord

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")
CONFIG = Path(__file__).parents[2] / "config"
SHIPPED = load(CONFIG, {}, today=dt.date(2026, 10, 15)).hours
PLAIN = OfficeHours(HANOI)


def at(text: str, zone: ZoneInfo = HANOI) -> float:
    return MomentWord().parse(text).unix(zone)


def told(moment: float, zone: ZoneInfo = HANOI) -> str:
    return f"{dt.datetime.fromtimestamp(moment, zone):%Y-%m-%d %H:%M}"


OPEN = {
    "2026-11-26 07:29:59": False,
    "2026-11-26 07:30": True,  # a Thursday
    "2026-11-26 12:00": True,
    "2026-11-26 16:59:59": True,
    "2026-11-26 17:00": False,
    "2026-11-28 10:00": False,  # a Saturday
    "2026-11-29 10:00": False,
    "2026-11-26 00:30Z": True,  # 07:30 there
    "2026-02-16 10:00": False,  # the eve of Tết
    "2026-02-17 10:00": False,  # mùng 1
    "2026-02-20 10:00": False,  # mùng 4
    "2026-02-23 10:00": True,  # the Monday after
    "2026-01-02 10:00": False,  # exchanged
    "2026-01-10 10:00": True,  # for this Saturday
    "2026-04-27 10:00": False,  # Giỗ Tổ fell on a Sunday
    "2026-08-31 10:00": False,
    "2026-08-22 10:00": True,
    "2025-05-02 10:00": False,
    "2025-04-26 10:00": True,
    "2026-11-24 10:00": True,  # not confirmed: a working day until it is
}


@pytest.mark.parametrize(("moment", "is_open"), OPEN.items())
def test_offices_are_open(moment: str, is_open: bool) -> None:
    assert SHIPPED.contains(at(moment)) is is_open


CHANGES = [
    ("2026-11-26 07:00", "2026-11-26 07:30"),
    ("2026-11-26 07:30", "2026-11-26 17:00"),
    ("2026-11-26 17:00", "2026-11-27 07:30"),
    ("2026-11-27 17:00", "2026-11-30 07:30"),  # over the weekend
    ("2026-02-13 17:00", "2026-02-23 07:30"),  # over Tết, nine days
    ("2026-08-28 18:00", "2026-09-03 07:30"),  # over Quốc khánh
]


@pytest.mark.parametrize(("moment", "change"), CHANGES)
def test_the_next_change(moment: str, change: str) -> None:
    assert told(SHIPPED.next_change(at(moment))) == change


def test_an_office_that_never_opens_has_no_next_change() -> None:
    start = dt.date(2026, 1, 1)
    closed = frozenset(start + dt.timedelta(days=number) for number in range(1000))
    assert OfficeHours(HANOI, closed).next_change(at("2026-01-05 12:00")) == math.inf


SPANS = {
    "a week": (
        PLAIN,
        ("2026-11-23 00:00", "2026-11-30 00:00"),
        [f"2026-11-{day} 07:30/2026-11-{day} 17:00" for day in range(23, 28)],
    ),
    "cut at both ends": (
        PLAIN,
        ("2026-11-26 08:00", "2026-11-27 09:00"),
        ["2026-11-26 08:00/2026-11-26 17:00", "2026-11-27 07:30/2026-11-27 09:00"],
    ),
    "a night": (PLAIN, ("2026-11-26 17:00", "2026-11-27 07:30"), []),
    "Tết": (
        SHIPPED,
        ("2026-02-13 00:00", "2026-02-24 00:00"),
        ["2026-02-13 07:30/2026-02-13 17:00", "2026-02-23 07:30/2026-02-23 17:00"],
    ),
    "nothing at all": (PLAIN, ("2026-11-26 08:00", "2026-11-26 08:00"), []),
}


@pytest.mark.parametrize(("hours", "span", "expected"), SPANS.values(), ids=SPANS)
def test_spans(hours: OfficeHours, span: tuple[str, str], expected: list[str]) -> None:
    since, until = map(at, span)
    assert [f"{told(start)}/{told(end)}" for start, end in hours.spans(since, until)] == expected


def test_spans_and_contains_say_the_same() -> None:
    since = at("2026-08-15 00:00")
    spans = SHIPPED.spans(since, since + 30 * 86400)
    for step in range(30 * 48):
        moment = since + step * 1800
        assert SHIPPED.contains(moment) is any(start <= moment < end for start, end in spans)


def test_the_hours_are_those_of_the_wall_where_clocks_are_changed() -> None:
    hours = OfficeHours(BERLIN)
    starts = [
        start for start, _ in hours.spans(at("2027-03-26 00:00", BERLIN), at("2027-03-30 00:00", BERLIN))
    ]
    assert [told(start, BERLIN)[11:] for start in starts] == ["07:30", "07:30"]
    assert starts[1] - starts[0] == 3 * 86400 - 3600


def test_the_hours_are_those_that_are_configured(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    assert (loaded().hours.opens, loaded().hours.closes) == (dt.time(7, 30), dt.time(17))
    write("netwatch.yaml", 'hours: {office: "08:00-16:30"}\ntimezone: Europe/Berlin\n')
    hours = loaded().hours
    assert (hours.opens, hours.closes, hours.zone) == (dt.time(8), dt.time(16, 30), BERLIN)


def test_a_calendar_that_has_run_out_is_a_warning(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write("holidays.yaml", "holidays: [{day: 2025-01-01, vi: Tết Dương lịch}]\n")
    assert [str(each).rpartition("/")[2] for each in loaded().warnings] == [
        "holidays.yaml: names no holiday of 2026: office hours are reckoned as if there were none"
    ]


# The lunar calendar of Vietnam, from sun and moon (Meeus, Astronomical Algorithms, chapters 25 and 49): a
# month begins on the day of a new moon by the clock of UTC+7; the first of the year is the one in which the
# sun passes longitude 330°.


def new_moon(lunation: int) -> float:
    """The Julian day (UT, to some minutes) of the new moon number `lunation` from that of 6 January 2000."""
    t = lunation / 1236.85
    sun = math.radians(2.5534 + 29.1053567 * lunation)
    moon = math.radians(201.5643 + 385.81693528 * lunation)
    node = math.radians(160.7108 + 390.67050284 * lunation)
    correction = (
        -0.4072 * math.sin(moon)
        + 0.17241 * math.sin(sun)
        + 0.01608 * math.sin(2 * moon)
        + 0.01039 * math.sin(2 * node)
        + 0.00739 * math.sin(moon - sun)
        - 0.00514 * math.sin(moon + sun)
        + 0.00208 * math.sin(2 * sun)
    )
    return 2451550.09766 + 29.530588861 * lunation + 0.00015437 * t * t + correction - 70 / 86400


def local_day(julian: float) -> dt.date:
    return dt.date(2000, 1, 1) + dt.timedelta(days=math.floor(julian - 2451544.5 + 7 / 24))


def sun_longitude(julian: float) -> float:
    """Apparent longitude of the sun in degrees, to about a hundredth."""
    days = julian - 2451545.0
    anomaly = math.radians(357.52911 + 0.98560028 * days)
    centre = (
        1.914602 * math.sin(anomaly) + 0.019993 * math.sin(2 * anomaly) + 0.000289 * math.sin(3 * anomaly)
    )
    return (280.46646 + 0.98564736 * days + centre - 0.00569) % 360


def first_of_first_month(year: int) -> tuple[dt.date, int]:
    """Tết of a year, and the number of its new moon."""
    guess = round((year - 2000) * 12.3685)
    for lunation in range(guess, guess + 3):
        if sun_longitude(new_moon(lunation + 1)) >= 330 or sun_longitude(new_moon(lunation + 1)) < 30:
            return local_day(new_moon(lunation)), lunation
    raise AssertionError("no new moon in early spring")


TET = {
    2024: "02-10",
    2025: "01-29",
    2026: "02-17",
    2027: "02-06",
    2028: "01-26",
    2029: "02-13",
    2030: "02-02",
}


@pytest.mark.parametrize(("year", "day"), TET.items())
def test_the_reckoning_knows_tet(year: int, day: str) -> None:
    """2030 is the next in which Vietnam and China differ: there it is 3 February."""
    assert str(first_of_first_month(year)[0]) == f"{year}-{day}"


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_the_shipped_calendar_has_the_days_of_the_law(year: int) -> None:
    tet, lunation = first_of_first_month(year)
    hung_kings = local_day(new_moon(lunation + 2)) + dt.timedelta(days=9)  # no leap month in these springs
    fixed = [dt.date(year, month, day) for month, day in ((1, 1), (4, 30), (5, 1), (9, 2))]
    new_year = [tet + dt.timedelta(days=number) for number in range(-1, 3)]
    assert SHIPPED.holidays >= {*fixed, hung_kings, *new_year}
    national = SHIPPED.holidays & {dt.date(year, 9, 1), dt.date(year, 9, 3)}
    assert len(national) == 1


@pytest.mark.parametrize("year", [2025, 2026, 2027])
def test_every_day_of_the_law_is_off_or_made_up_for(year: int) -> None:
    """Eleven days a year (Điều 112) on which offices would be open without it, exchanged ones aside."""
    days = [day for day in SHIPPED.holidays if day.year == year and day.weekday() < 5]
    worked = [day for day in SHIPPED.worked if day.year == year]
    assert len(days) - len(worked) == 11

"""Which time a period means, and until when it can be told."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from netwatch.audit.report.asked import month_before, period, reached
from netwatch.audit.report.masks import calendar
from netwatch.audit.report.outages import Runs
from netwatch.audit.report.processes import Processes
from netwatch.evidence.kinds import Started, Stopped
from netwatch.model.cause import Cause
from netwatch.model.decision import OutageBegan, RunEnded, Subject
from netwatch.model.device import StateRules

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("text", "zone", "start", "end"),
    [
        ("2026-10", HERE, "2026-10-01T00:00+07:00", "2026-11-01T00:00+07:00"),
        ("2026-12", HERE, "2026-12-01T00:00+07:00", "2027-01-01T00:00+07:00"),
        ("2028-02", HERE, "2028-02-01T00:00+07:00", "2028-03-01T00:00+07:00"),
        ("2026-10-07", HERE, "2026-10-07T00:00+07:00", "2026-10-08T00:00+07:00"),
        ("2026-10-01..2026-10-15", HERE, "2026-10-01T00:00+07:00", "2026-10-16T00:00+07:00"),
        ("2026-10", BERLIN, "2026-10-01T00:00+02:00", "2026-11-01T00:00+01:00"),  # an hour longer
    ],
)
def test_a_period_lies_between_local_midnights(text: str, zone: ZoneInfo, start: str, end: str) -> None:
    found = period(text, zone)
    times = tuple(dt.datetime.fromisoformat(each).timestamp() for each in (start, end))
    assert (found.start, found.end) == times
    assert (found.label, found.timezone) == (text, zone.key)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("October", "is not a period: write a month"),
        ("2026-13", "2026-13-01 is no day of the calendar"),
        ("2026-02-30", "2026-02-30 is no day of the calendar"),
        ("2026-10-15..2026-10-01", "ends before it begins"),
        ("2020-01-01..2026-10-01", "longer than 400 days"),
        ("2026-10..2026-11", "is not a period"),
        ("", "is not a period"),
    ],
)
def test_what_is_no_period_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(ValueError, match=told) as raised:
        period(text, HERE)
    assert "\n" not in str(raised.value)


def test_the_month_before_a_day_in_january_is_december() -> None:
    assert month_before(dt.date(2027, 1, 1)) == "2026-12"
    assert month_before(dt.date(2026, 3, 31)) == "2026-02"


@pytest.mark.parametrize(
    ("after", "until"),  # seconds after the period's beginning: now, and until when it is told
    [
        (86400 + 300, 86400),  # its last hour has just been sealed
        (86400 + 299, 82800),
        (86400 * 40, 86400),
        (7200, 3600),
        (7500, 7200),
    ],
)
def test_a_period_is_told_as_far_as_hours_are_sealed(after: int, until: int) -> None:
    asked = period("2026-10-07", HERE)
    assert reached(asked, asked.start + after) == asked.start + until


@pytest.mark.parametrize(("after", "told"), [(-1, "has not begun yet"), (3800, "has only just begun")])
def test_a_period_to_come_is_refused(after: int, told: str) -> None:
    asked = period("2026-10-07", HERE)
    with pytest.raises(ValueError, match=told):
        reached(asked, asked.start + after)


@pytest.mark.parametrize(
    ("span", "minutes"),
    [
        ((0, 3600), 60),
        ((30, 3600), 59),  # the first lies within it only in part
        ((0, 3599), 59),
        ((-600, 120), 2),
        ((7000, 9000), 3),  # cut at the end of what is told
        ((60, 119), 0),
        ((120, 60), 0),
    ],
)
def test_a_minute_counts_where_it_lies_wholly_within(span: tuple[int, int], minutes: int) -> None:
    found = calendar(0.0, 7200.0).within([span])
    assert found.bit_count() == minutes


START, END = 10_000.0, 20_000.0


def started(at: float, until: float | None, rules: StateRules | None = None) -> Started:
    return Started("1", 1, rules or StateRules(), "noc", at, 0.0, until)


def test_what_lies_between_two_processes_is_a_pause() -> None:
    processes = Processes(START, END)
    assert processes.start(started(500, None)) is None
    assert processes.start(started(12_000, 11_900)) is None
    processes.stop(Stopped(15_000))
    assert processes.start(started(15_500, 15_000)) is None
    processes.heard(19_950)
    processes.finish()
    assert processes.pauses == [(11_900, 12_000), (15_000, 15_500)]


def test_time_before_the_ledger_and_after_the_last_sign_of_life_is_a_pause() -> None:
    processes = Processes(START, END)
    processes.start(started(12_000, None))
    processes.heard(14_000)
    processes.finish()
    assert processes.pauses == [(START, 12_000), (14_000, END)]
    assert processes.begun == 12_000


def test_rules_are_told_that_were_in_force_in_the_period() -> None:
    older, old, new = StateRules(down_after=3), StateRules(), StateRules(up_after=9)
    processes = Processes(START, END)
    for at, rules in ((100, older), (9_000, old), (12_000, old), (15_000, new), (25_000, older)):
        processes.start(started(at, at - 50.0, rules))
    assert processes.rules == [old, new]


def began(start: float) -> OutageBegan:
    return OutageBegan(start + 200, Subject.UNIT, "1", start, Cause.UNDETERMINED, "")


def ended(start: float, end: float, *, outage: bool = True) -> RunEnded:
    return RunEnded(end + 200, Subject.UNIT, "1", start, end, outage)


def test_outages_that_touch_the_period_are_told_and_no_others() -> None:
    runs = Runs(START, END)
    for start, end in ((1_000, 2_000), (9_000, 10_001), (12_000, 12_500), (19_000, 22_000)):
        runs.take(began(start))
        runs.take(ended(start, end))
    runs.take(began(30_000))
    runs.take(ended(15_000, 15_010, outage=False))
    runs.take(ended(9_990, 10_010, outage=False))
    assert [(each.start, each.end) for each in runs.outages("1")] == [
        (9_000, 10_001),
        (12_000, 12_500),
        (19_000, 22_000),
    ]
    assert runs.blips("1") == 1
    assert runs.outages("2") == ()


def test_what_another_judgement_began_ends_with_it() -> None:
    """A start that knows nothing of what was down: nobody will ever say when that ended."""
    runs = Runs(START, END)
    runs.take(began(12_000))
    runs.end_all(13_000)
    (outage,) = runs.outages("1")
    assert (outage.end, outage.settled) == (13_000, False)

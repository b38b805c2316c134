"""Messages against the truth. Times are minutes of Monday."""

from __future__ import annotations

import pytest

from bench.noise.alertmanager import Notification
from bench.noise.engine import Firing
from bench.noise.judging import Judge, Row, in_office_hours, is_night
from bench.noise.week import MONDAY
from netwatch.lab.world.truth import TrueOutage
from netwatch.model.cause import Cause

NIGHT, MORNING, EVENING = 120.0, 600.0, 1200.0


def moment(minute: float) -> float:
    return MONDAY.timestamp() + minute * 60


def outage(start: float, end: float, cause: Cause = Cause.LINK) -> TrueOutage:
    return TrueOutage("a", moment(start), moment(end), cause, "", (), True, True, False)


def message(minute: float, *units: str, severity: str = "critical", over: bool = False) -> Notification:
    alerts = tuple(Firing((("severity", severity), ("unit", unit)), 0.0, 0.0) for unit in units)
    return Notification(moment(minute), "x", (), (), () if over else alerts, alerts if over else ())


def monday(outages: list[TrueOutage], *messages: Notification) -> Row:
    return Judge({"a": outages}, lambda alert, _: [dict(alert.labels)["unit"]]).days(messages)[0]


def test_a_message_within_the_outage_tells_it() -> None:
    row = monday([outage(600, 630)], message(603, "a"), message(631, "a", over=True))
    assert (row.messages, row.ends, row.pages, row.long, row.delays, row.missed) == (2, 1, 2, 1, [180.0], 0)
    assert (row.wrong_messages, row.night_pages) == (0, 0)


@pytest.mark.parametrize(
    ("start", "minutes", "told", "missed", "left"),
    [
        pytest.param(MORNING, 30, 31, 1, 0, id="told when it is over: missed"),
        pytest.param(MORNING, 4.9, 31, 0, 0, id="short: need not be told"),
        pytest.param(EVENING, 30, 31, 1, 1, id="in the evening: left for the morning"),
        pytest.param(1010, 30, 31, 1, 0, id="it began in office hours: missed"),
    ],
)
def test_an_outage_that_is_not_told_in_time(
    start: float, minutes: float, told: float, missed: int, left: int
) -> None:
    row = monday([outage(start, start + minutes)], message(start + told, "a"))
    assert (row.missed, row.left) == (missed, left)


def test_announced_work_need_not_be_told_and_telling_it_is_counted() -> None:
    row = monday([outage(NIGHT, 150, Cause.MAINTENANCE)], message(130, "a"))
    assert (row.long, row.missed, row.announced, row.night_pages, row.wrong_messages) == (0, 0, 1, 1, 0)


@pytest.mark.parametrize(("after", "wrong"), [(-40, 1), (0, 0), (31, 0), (32, 1)])
def test_naming_a_unit_that_is_up_is_wrong_a_while_after_its_outage(after: float, wrong: int) -> None:
    row = monday([outage(600, 630)], message(600 + after, "a"))
    assert (row.wrong_messages, row.wrong_names) == (wrong, wrong)


def test_a_message_that_names_nobody_as_down_is_never_wrong() -> None:
    judge = Judge({}, lambda _alert, _at: ())
    assert judge.days([message(600, "a", severity="ticket")])[0] == Row(messages=1, tickets=1)


@pytest.mark.parametrize(
    ("minute", "night"), [(359, True), (360, False), (1319, False), (1320, True), (0, True)]
)
def test_night(minute: float, night: bool) -> None:
    assert is_night(moment(minute)) is night


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (400, 449, False),
        (400, 451, True),
        (1020, 1100, False),
        (1019, 1100, True),
        (1439, 1440 + 451, True),
        (5 * 1440 + 600, 5 * 1440 + 660, False),
    ],
)
def test_office_hours(start: float, end: float, expected: bool) -> None:
    assert in_office_hours(moment(start), moment(end)) is expected

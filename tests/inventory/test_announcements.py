"""An announcement holds for what begins after it; what has begun stands as it was announced."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from netwatch.inventory.announcements import Announcements, announcement, content, ending, plan_of
from netwatch.inventory.windows import Once, Plan, Recurring
from netwatch.model.maintenance import Announcement, Origin

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
H = 3600.0
NOON = dt.datetime(2026, 12, 5, 12, tzinfo=HANOI).timestamp()
PLAN = Plan("firmware", "NOC", "nâng cấp", Once(NOON, NOON + 4 * H), ("core", "gw"), ("12004",), ("Văn Lâm",))
DAILY = Plan("ups", "NOC", "kiểm tra", Recurring("day", dt.time(12), H, HANOI), areas=("Văn Lâm",))


def of_file(*steps: tuple[float, Plan | None]) -> Announcements:
    """What the ledger says where the file said these, one after the other."""
    book = Announcements()
    for at, plan in steps:
        for entry in book.due([plan] if plan else [], at):
            book.take(entry)
    return book


def seen(book: Announcements, hours: float = 24) -> list[tuple[float, float, float]]:
    """Start, end and announcement of all windows around noon, in hours from it."""
    windows = book.windows(NOON - hours * H, NOON + hours * H)
    return [((w.start - NOON) / H, (w.end - NOON) / H, (w.announced - NOON) / H) for w in windows]


def moved(start: float, end: float) -> Plan:
    return replace(PLAN, when=Once(NOON + start * H, NOON + end * H))


FILE_HISTORIES = {
    "announced before": ([(-5, PLAN)], [(0, 4, -5)]),
    "announced too late": ([(1, PLAN)], [(0, 4, 1)]),
    "read again without a change": ([(-5, PLAN), (-4, PLAN), (1, PLAN)], [(0, 4, -5)]),
    "changed before it begins: announced anew": ([(-5, PLAN), (-1, moved(0, 5))], [(0, 5, -1)]),
    "changed after it began: it stands": ([(-5, PLAN), (1, moved(0, 9))], [(0, 4, -5)]),
    "moved to later while it is open: it stands, and so does the later one": (
        [(-5, PLAN), (1, replace(moved(6, 8), name="other"))],
        [(0, 4, -5), (6, 8, 1)],
    ),
    "deleted before it begins: it is none": ([(-5, PLAN), (-1, None)], []),
    "deleted after it began: it stands": ([(-5, PLAN), (1, None)], [(0, 4, -5)]),
    "deleted when it is over: it stands": ([(-5, PLAN), (6, None)], [(0, 4, -5)]),
    "deleted and written again: announced anew": ([(-5, PLAN), (-4, None), (-3, PLAN)], [(0, 4, -3)]),
    "written anew while open, too late": ([(-5, PLAN), (-4, None), (1, PLAN)], [(0, 4, 1)]),
    "recurring, changed between two": (
        [(-30, DAILY), (1, replace(DAILY, text="thay"))],
        [(-24, -23, -30), (0, 1, -30), (24, 25, 1)],
    ),
}


@pytest.mark.parametrize(("steps", "expected"), FILE_HISTORIES.values(), ids=FILE_HISTORIES)
def test_what_the_file_said(
    steps: list[tuple[float, Plan | None]], expected: list[tuple[float, float, float]]
) -> None:
    book = of_file(*((NOON + hour * H, plan) for hour, plan in steps))
    assert seen(book, 24.5) == expected


def test_the_ledger_rebuilds_the_same() -> None:
    """A restart reads the entries back; what the file still says is not announced again."""
    entries: list[Announcement] = []
    book = Announcements()
    for at, plans in ((-9 * H, [PLAN, DAILY]), (-1 * H, [DAILY, moved(0, 5)]), (2 * H, [DAILY])):
        for entry in book.due(plans, NOON + at):
            book.take(entry)
            entries.append(entry)
    again = Announcements(entries)
    assert again.windows(NOON - 99 * H, NOON + 99 * H) == book.windows(NOON - 99 * H, NOON + 99 * H)
    assert again.due([DAILY], NOON + 3 * H) == ()
    assert [entry.name for entry in entries] == ["firmware", "ups", "firmware", "firmware"]
    assert entries[-1].content == "", "withdrawn"


def test_a_window_by_command_stands_until_it_is_ended() -> None:
    book = Announcements([announcement(PLAN, Origin.COMMAND, NOON)])
    assert seen(book) == [(0, 4, 0)]
    (window,) = book.windows(NOON, NOON + 1)
    book.take(ending(window, "NOC", NOON + H))
    assert seen(book) == [(0, 1, 0)], "its announcement is the first one"
    book.take(ending(window, "NOC", NOON + 2 * H))
    assert seen(book) == [(0, 1, 0)], "what has ended is not made longer"
    assert book.windows(NOON + H, NOON + 2 * H) == ()


def test_one_occurrence_of_the_file_is_ended_by_command() -> None:
    book = of_file((NOON - 30 * H, DAILY))
    (window,) = book.windows(NOON, NOON + 1)
    book.take(ending(window, "", NOON + 0.5 * H))
    assert [(start, end) for start, end, _ in seen(book, 24.5)] == [(-24, -23), (0, 0.5), (24, 25)]


def test_the_first_entry_of_a_name_by_command_counts() -> None:
    book = Announcements([announcement(PLAN, Origin.COMMAND, NOON - H)])
    book.take(announcement(moved(-9, 9), Origin.COMMAND, NOON + H))
    assert seen(book) == [(0, 4, -1)]


def test_a_name_is_never_given_twice() -> None:
    """A command's name in the file is told, and not announced."""
    book = Announcements([announcement(PLAN, Origin.COMMAND, NOON - H)])
    assert book.clashes([PLAN, DAILY]) == ("firmware",)
    assert [entry.name for entry in book.due([moved(5, 6), DAILY], NOON)] == ["ups"]
    assert book.names == {"firmware"}
    assert of_file((NOON, DAILY), (NOON + 1, None)).names == {"ups"}, "also what was withdrawn"


WEEKLY = Recurring(
    "week", dt.time(2), 0.5 * H, HANOI, weekday=6, since=dt.date(2026, 1, 1), until=dt.date(2027, 1, 1)
)
PLANS = {
    "once": PLAN,
    "once, at a fraction of a second": replace(PLAN, when=Once(NOON + 0.125, NOON + 60.375)),
    "daily": DAILY,
    "weekly": replace(DAILY, when=WEEKLY),
    "monthly": replace(DAILY, when=Recurring("month", dt.time(23, 30), H, ZoneInfo("Europe/Berlin"), day=31)),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=PLANS)
def test_content_says_everything(plan: Plan) -> None:
    assert plan_of(announcement(plan, Origin.FILE, 0.0)) == plan


@given(
    st.text(max_size=20),
    st.text(max_size=20),
    st.floats(0, 4e9),
    st.floats(60, 3e6),
    st.lists(st.text(max_size=9), unique=True).map(lambda names: tuple(sorted(names))),
)
def test_content_says_everything_whatever_it_is(
    by: str, text: str, start: float, duration: float, names: tuple[str, ...]
) -> None:
    plan = Plan("w", by, text, Once(start, start + duration), names, names, names)
    assert plan_of(announcement(plan, Origin.COMMAND, 0.0)) == plan


CHANGES: dict[str, Plan] = {
    "who": replace(PLAN, by="VNPT"),
    "what for": replace(PLAN, text="thay"),
    "start": moved(-1, 4),
    "end": moved(0, 5),
    "devices": replace(PLAN, devices=("core",)),
    "units": replace(PLAN, units=()),
    "areas": replace(PLAN, areas=("Mỹ Hào",)),
    "a rhythm": replace(PLAN, when=DAILY.when),
}


@pytest.mark.parametrize("changed", CHANGES.values(), ids=CHANGES)
def test_whatever_changes_is_another_content(changed: Plan) -> None:
    assert content(changed) != content(PLAN)


def test_the_clock_belongs_to_what_recurs() -> None:
    berlin = replace(DAILY, when=Recurring("day", dt.time(12), H, ZoneInfo("Europe/Berlin")))
    assert content(berlin) != content(DAILY)


def test_the_order_of_a_list_is_no_change() -> None:
    assert content(replace(PLAN, devices=("gw", "core"))) == content(PLAN)


UNREADABLE = {
    "no JSON": "{",
    "no object": "[]",
    "no hours": '{"by": "x", "text": "y"}',
    "no number": '{"by": "x", "text": "y", "start": "z", "end": 1}',
    "no such zone": '{"by":"x","text":"y","every":"day","at":"02:00","duration":1,"timezone":"X"}',
    "an end that is no number": '{"ended": "x"}',
}


@pytest.mark.parametrize("text", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("origin", Origin)
def test_an_entry_that_is_none_of_ours_is_told(origin: Origin, text: str) -> None:
    with pytest.raises(ValueError, match="the announcement of 'w' cannot be read"):
        Announcements([Announcement(1.0, origin, "w", text)])

"""What is ordered by command is judged like what stands in a file, and refused with one line."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from netwatch.inventory.moments import MomentWord
from netwatch.inventory.ordering import (
    Note,
    covered_by,
    ordered_end,
    ordered_note,
    ordered_window,
    outage_of,
)
from netwatch.inventory.orders import OrderRefused
from netwatch.inventory.windows import Once, Plan
from netwatch.model.maintenance import Outage, Window

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
H = 3600.0


def at(text: str) -> float:
    return MomentWord().parse(text).unix(HANOI)


NOW = at("2026-10-15 10:30:15")
SITE = """
sites:
  - unit: "12004"
    area: Văn Lâm
    devices:
      - {name: gw, address: 198.18.4.1, role: uplink}
      - {name: sw, address: 198.18.4.2, role: switch}
"""
FILE = (
    "windows: [{name: in-file, what: x, by: NOC, start: 2026-12-05 22:00, duration: 4h, devices: [core]}]\n"
)


@pytest.fixture
def inventory(write: Callable[[str, str], None], loaded: Callable[..., Inventory]) -> Inventory:
    write("sites/a.yaml", SITE)
    write("maintenance.yaml", FILE)
    return loaded()


def order(**more: object) -> dict[str, object]:
    return {"units": ["12004"], "for": "2h", "by": "NOC", "text": "thay ONT", **more}


def test_a_window_from_now_on(inventory: Inventory) -> None:
    assert ordered_window(order(), inventory, (), NOW) == Plan(
        "2026-10-15-1030-12004", "NOC", "thay ONT", Once(NOW, NOW + 2 * H), units=("12004",)
    )


def test_a_window_later(inventory: Inventory) -> None:
    wanted = order(
        units=[], devices=["gw", "core", "gw"], areas=["Văn Lâm"], start="2026-12-05 22:00", name="đêm"
    )
    start = at("2026-12-05 22:00")
    assert ordered_window(wanted, inventory, (), NOW) == Plan(
        "đêm", "NOC", "thay ONT", Once(start, start + 2 * H), ("gw", "core"), (), ("Văn Lâm",)
    )


def test_words_are_nfc_without_spaces_around(inventory: Inventory) -> None:
    wanted = order(
        by="  NOC Văn Lâm\n",
        text=unicodedata.normalize("NFD", "nâng cấp"),
        areas=[unicodedata.normalize("NFD", "Văn Lâm")],
    )
    plan = ordered_window(wanted, inventory, (), NOW)
    assert (plan.by, plan.text, plan.areas) == ("NOC Văn Lâm", "nâng cấp", ("Văn Lâm",))


NAMES = {
    "of a unit": ({}, (), "2026-10-15-1030-12004"),
    "of an area": ({"units": [], "areas": ["Văn Lâm"]}, (), "2026-10-15-1030-van-lam"),
    "the second in a minute": ({}, ("2026-10-15-1030-12004",), "2026-10-15-1030-12004-2"),
    "the third in a minute": (
        {},
        ("2026-10-15-1030-12004", "2026-10-15-1030-12004-2"),
        "2026-10-15-1030-12004-3",
    ),
}


@pytest.mark.parametrize(("more", "taken", "name"), NAMES.values(), ids=NAMES)
def test_a_window_gets_a_name(
    more: dict[str, object], taken: tuple[str, ...], name: str, inventory: Inventory
) -> None:
    assert ordered_window(order(**more), inventory, taken, NOW).name == name


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "about nothing": (
        {"units": []},
        "a window needs a unit, a device or an area: without them it is about nothing",
    ),
    "a unit that there is not": (
        {"units": ["12005"]},
        "unit '12005' is not in register 'hung-yen'; did you mean 12004 (Xã Như Quỳnh)?",
    ),
    "a unit of the past": (
        {"units": ["11986"]},
        (
            "unit 11986 Thị trấn Như Quỳnh is in register 'hung-yen' only until 2025-06-30; "
            "it is now part of 12004 Xã Như Quỳnh: write that code"
        ),
    ),
    "several mistakes": (
        {"devices": ["cor"], "areas": ["Van Lam"]},
        "there is no device 'cor'; did you mean 'core'?; there is no area 'Van Lam'; did you mean 'Văn Lâm'?",
    ),
    "in the past": (
        {"start": "2026-10-15 10:30"},
        (
            "the window would begin in the past, at 2026-10-15T10:30:00+07:00: an announcement explains only "
            "what begins after it; leave 'start' out to begin now"
        ),
    ),
    "far off": (
        {"start": "2036-10-15 10:30"},
        "the window would begin more than two years from now, at 2036-10-15T10:30:00+07:00",
    ),
    "a time without a day": (
        {"start": "22:00"},
        (
            "'start': '22:00' is not a date and a time: write such as 2026-12-05 22:00, with an offset "
            "(+07:00) where another clock is meant"
        ),
    ),
    "no duration": ({"for": ""}, "'for' is missing: write a duration from 1m to 31d"),
    "a duration without its unit": (
        {"for": "2"},
        "'for': '2' is not a duration: write a number and ms, s, m, h or d, such as 30s",
    ),
    "for ever": ({"for": "365d"}, "'for': '365d' is out of range: write a duration from 1m to 31d"),
    "by nobody": ({"by": "  "}, "'by' is missing: write who announces it"),
    "for nothing": ({"text": ""}, "'text' is missing: write what for"),
    "a terminal's colours": (
        {"text": "\x1b[31mred"},
        "'text' has an invisible character (U+001B): delete it",
    ),
    "text that runs backwards": ({"by": "NOC\u202e"}, "'by' has an invisible character (U+202E): delete it"),
    "two lines": ({"text": "a\nb"}, "'text' has an invisible character (U+000A): delete it"),
    "a novel": ({"text": "x" * 501}, "'text': 501 characters are too many: at most 500"),
    "a name of the file": (
        {"name": "in-file"},
        "window 'in-file' stands in maintenance.yaml: choose another name",
    ),
    "a name that was given": (
        {"name": "taken"},
        "window 'taken' was announced before: choose another name",
    ),
    "a name of two words": (
        {"name": "a b"},
        (
            "'name': 'a b' is not a window's name: write letters, digits, '-', '_' and '.', beginning with a "
            "letter or digit, at most 63"
        ),
    ),
    "a word for a list": ({"units": "12004"}, "'units' is no list of at most 1000 names"),
    "a flood": ({"units": ["12004"] * 1001}, "'units' is no list of at most 1000 names"),
    "numbers for names": ({"units": [12004]}, "'units' is no text"),
    "a number for text": ({"by": 7}, "'by' is no text"),
}


@pytest.mark.parametrize(("more", "message"), REFUSED.values(), ids=REFUSED)
def test_a_window_is_refused(more: dict[str, object], message: str, inventory: Inventory) -> None:
    with pytest.raises(OrderRefused) as refused:
        ordered_window(order(**more), inventory, ("taken",), NOW)
    assert str(refused.value) == message


COVERED = {
    "a unit": (Plan("w", "", "", Once(0, 1), units=("12004",)), (1, 2)),
    "a device": (Plan("w", "", "", Once(0, 1), devices=("core",)), (0, 1)),
    "an area": (Plan("w", "", "", Once(0, 1), areas=("Văn Lâm",)), (1, 2)),
    "overlapping": (Plan("w", "", "", Once(0, 1), ("gw", "core"), ("12004",), ("Văn Lâm",)), (1, 3)),
    "no device": (Plan("w", "", "", Once(0, 1), units=("12103",)), (0, 0)),
}


@pytest.mark.parametrize(("plan", "expected"), COVERED.values(), ids=COVERED)
def test_what_is_covered_is_counted(plan: Plan, expected: tuple[int, int], inventory: Inventory) -> None:
    assert covered_by(plan, inventory.devices) == expected


WINDOWS = (
    Window("open", NOW - H, NOW + H, 0.0, "NOC"),
    Window("over", NOW - 2 * H, NOW, 0.0, "NOC"),
    Window("coming", NOW + H, NOW + 2 * H, 0.0, "NOC"),
)
ENDED = {
    "over": "window 'over' is over already",
    "coming": "window 'coming' has not begun",
    "opne": "there is no open window 'opne'; did you mean 'open'?",
    "xyz": "there is no open window 'xyz'; open: open",
}


def test_an_open_window_is_ended() -> None:
    assert ordered_end({"name": "open", "by": "NOC"}, WINDOWS, NOW) == (WINDOWS[0], "NOC")


@pytest.mark.parametrize(("name", "message"), ENDED.items())
def test_no_other_window_is_ended(name: str, message: str) -> None:
    with pytest.raises(OrderRefused) as refused:
        ordered_end({"name": name}, WINDOWS, NOW)
    assert str(refused.value) == message


def test_nothing_is_open() -> None:
    with pytest.raises(OrderRefused, match="there is no open window 'x'; none is open"):
        ordered_end({"name": "x"}, (), NOW)


NOTES = {
    "now": ({}, Note("12004", NOW, 0.0, "NOC", "đứt cáp", "")),
    "to the minute": (
        {"at": "2026-10-15 09:00"},
        Note("12004", at("2026-10-15 09:00"), 60.0, "NOC", "đứt cáp", ""),
    ),
    "to the second, with a ticket": (
        {"at": "2026-10-15T09:00:07+07:00", "ticket": "VNPT-123"},
        Note("12004", at("2026-10-15 09:00:07"), 1.0, "NOC", "đứt cáp", "VNPT-123"),
    ),
}


@pytest.mark.parametrize(("more", "note"), NOTES.values(), ids=NOTES)
def test_a_note(more: dict[str, object], note: Note, inventory: Inventory) -> None:
    wanted: dict[str, object] = {"unit": "12004", "by": "NOC", "text": "đứt cáp", **more}
    assert ordered_note(wanted, inventory, NOW) == note


BAD_NOTES: dict[str, tuple[dict[str, object], str]] = {
    "no unit": ({"unit": ""}, "'unit' is missing: write a unit's code"),
    "a unit that there is not": (
        {"unit": "xa Nhu Quynh"},
        "unit 'xa Nhu Quynh' is not in register 'hung-yen'; did you mean 12004 (Xã Như Quỳnh)?",
    ),
    "no text": ({"text": ""}, "'text' is missing: write the note"),
    "a bell": ({"ticket": "1\x07"}, "'ticket' has an invisible character (U+0007): delete it"),
}


@pytest.mark.parametrize(("more", "message"), BAD_NOTES.values(), ids=BAD_NOTES)
def test_a_note_is_refused(more: dict[str, object], message: str, inventory: Inventory) -> None:
    with pytest.raises(OrderRefused) as refused:
        ordered_note({"unit": "12004", "by": "NOC", "text": "x", **more}, inventory, NOW)
    assert str(refused.value) == message


def outage(start: str, end: str | None) -> Outage:
    return Outage(at(f"2026-10-15 {start}"), at(f"2026-10-15 {end}") if end else None)


OUTAGES = (
    outage("10:20:30", None),
    outage("08:00:40", "08:05:00"),
    outage("08:05:20", "08:05:50"),
    outage("06:00:00", "06:30:00"),
)
FOUND = {
    "in its middle": ("2026-10-15 06:10", OUTAGES[3]),
    "in the minute in which it began": ("2026-10-15 08:00", OUTAGES[1]),
    "as its beginning was told": ("2026-10-15T08:05:20+07:00", OUTAGES[2]),
    "it goes on": ("2026-10-15 10:30", OUTAGES[0]),
}


@pytest.mark.parametrize(("moment", "expected"), FOUND.values(), ids=FOUND)
def test_the_outage_of_a_moment(moment: str, expected: Outage, inventory: Inventory) -> None:
    note = ordered_note({"unit": "12004", "by": "N", "text": "x", "at": moment}, inventory, NOW)
    assert outage_of(note, OUTAGES, HANOI) is expected


NOT_FOUND = {
    "the nearest are told": (
        "2026-10-15 06:40",
        OUTAGES,
        (
            "unit 12004 had no outage at 2026-10-15T06:40:00+07:00; the nearest: "
            "2026-10-15T06:00:00+07:00 to 2026-10-15T06:30:00+07:00, "
            "2026-10-15T08:00:40+07:00 to 2026-10-15T08:05:00+07:00, "
            "2026-10-15T08:05:20+07:00 to 2026-10-15T08:05:50+07:00"
        ),
    ),
    "an end belongs to no outage": (
        "2026-10-15 06:30:00",
        OUTAGES[3:],
        (
            "unit 12004 had no outage at 2026-10-15T06:30:00+07:00; the nearest: "
            "2026-10-15T06:00:00+07:00 to 2026-10-15T06:30:00+07:00"
        ),
    ),
    "before one that goes on": (
        "2026-10-15 10:00",
        OUTAGES[:1],
        (
            "unit 12004 had no outage at 2026-10-15T10:00:00+07:00; "
            "the nearest: 2026-10-15T10:20:30+07:00 to now"
        ),
    ),
    "two in one minute": (
        "2026-10-15 08:05",
        (outage("08:04:00", "08:05:10"), *OUTAGES[2:]),
        (
            "unit 12004 had 2 outages then, say which: 2026-10-15T08:04:00+07:00 to "
            "2026-10-15T08:05:10+07:00, 2026-10-15T08:05:20+07:00 to 2026-10-15T08:05:50+07:00"
        ),
    ),
    "none at all": ("2026-10-15 08:05", (), "no outage of unit 12004 is known"),
}


@pytest.mark.parametrize(("moment", "outages", "message"), NOT_FOUND.values(), ids=NOT_FOUND)
def test_no_outage_of_a_moment(
    moment: str, outages: tuple[Outage, ...], message: str, inventory: Inventory
) -> None:
    note = ordered_note({"unit": "12004", "by": "N", "text": "x", "at": moment}, inventory, NOW)
    with pytest.raises(OrderRefused) as refused:
        outage_of(note, outages, HANOI)
    assert str(refused.value) == message

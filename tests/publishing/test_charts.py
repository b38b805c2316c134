"""The charts: where each mark stands, and that a label cannot break out."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from netwatch.publishing.charts import HEIGHT, LEAST, PATTERNS, bar, strip

DAY = 86400.0
DAYS = [((place * DAY, (place + 1) * DAY), place + 1) for place in range(4)]
HOSTILE = "\"><script>alert('1')</script>&"


def rows(svg: str, kind: str) -> list[tuple[str, float, float]]:
    """Return (x, y, height) of the rectangles of a group."""
    group = ET.fromstring(svg).find(f"g[@class='{kind}']")  # noqa: S314 - our own
    assert group is not None
    return [(each.get("x", ""), float(each.get("y", "")), float(each.get("height", ""))) for each in group]


@pytest.mark.parametrize(
    ("lower", "upper", "shown", "open_from", "open_width"),
    [
        (0.5, 0.75, "50%", "50%", "25%"),
        (0.0, 1.0, "0%", "0%", "100%"),
        (1.0, 1.0, "100%", "100%", "0%"),
        (0.69565, 0.97515, "69.56%", "69.56%", "27.95%"),
    ],
)
def test_a_bar_shows_what_is_shown_and_what_is_not_known(
    lower: float, upper: float, shown: str, open_from: str, open_width: str
) -> None:
    drawn = ET.fromstring(bar(lower, upper, 1.0, "a label"))  # noqa: S314 - our own
    solid, hatched = drawn.find("rect[@class='shown']"), drawn.find("rect[@class='open']")
    assert solid is not None
    assert hatched is not None
    assert solid.get("width") == shown
    assert (hatched.get("x"), hatched.get("width")) == (open_from, open_width)
    assert hatched.get("fill") == "url(#hatching)"


def test_a_bar_has_a_mark_where_something_was_declared() -> None:
    marked = ET.fromstring(bar(0, 1, 0.75, "a label")).find("svg[@class='mark']")  # noqa: S314 - our own
    assert marked is not None
    assert marked.get("x") == "75%"


def test_an_outage_stands_in_the_column_of_its_day_at_its_hours() -> None:
    drawn = strip(DAYS, [(DAY + DAY / 4, DAY + DAY / 2)], [], [], "a label")
    assert rows(drawn, "outages") == [("25%", HEIGHT / 4, HEIGHT / 4)]


def test_an_outage_over_midnight_is_cut_there() -> None:
    drawn = strip(DAYS, [(DAY * 0.75, DAY * 2.25)], [], [], "a label")
    assert rows(drawn, "outages") == [
        ("0%", HEIGHT * 0.75, HEIGHT / 4),
        ("25%", 0, HEIGHT),
        ("50%", 0, HEIGHT / 4),
    ]


def test_a_short_outage_is_seen_and_stays_within_its_day() -> None:
    drawn = strip(DAYS, [(DAY - 30, DAY)], [], [], "a label")
    assert rows(drawn, "outages") == [("0%", HEIGHT - LEAST, LEAST)]


def test_what_lies_outside_of_the_days_is_left_out() -> None:
    drawn = strip(DAYS, [(-DAY, -1), (9 * DAY, 10 * DAY)], [(3.5 * DAY, 9 * DAY)], [], "a label")
    assert rows(drawn, "outages") == []
    assert rows(drawn, "unseen") == [("75%", HEIGHT / 2, HEIGHT / 2)]


def test_a_day_of_25_hours_is_as_high_as_any() -> None:
    long = [((0.0, DAY + 3600), 25)]
    assert rows(strip(long, [(0, DAY + 3600)], [], [], "a label"), "outages") == [("0%", 0, HEIGHT)]


def test_numbers_have_room() -> None:
    month = [((place * DAY, (place + 1) * DAY), place + 1) for place in range(31)]
    numbers = ET.fromstring(strip(month, [], [], [], "a label")).find("g[@class='numbers']")  # noqa: S314 - our own
    assert numbers is not None
    assert [each.text for each in numbers] == ["1", "6", "11", "16", "21", "26", "31"]


def test_labels_are_escaped() -> None:
    for drawn in (bar(0, 1, 1, HOSTILE), strip(DAYS, [], [], [], HOSTILE)):
        assert ET.fromstring(drawn).get("aria-label") == HOSTILE  # noqa: S314 - our own
        assert "<script" not in drawn


def test_no_days_no_chart() -> None:
    assert strip([], [(0, 1)], [], [], "a label") == ""


def test_the_patterns_are_those_that_charts_name() -> None:
    names = {each.get("id") for each in ET.fromstring(PATTERNS).iter("pattern")}  # noqa: S314 - our own
    assert names == {"hatching", "dots"}

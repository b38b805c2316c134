"""Series as promtool's test files write them."""

from __future__ import annotations

import pytest

from bench.noise.samples import Change, Page, Samples, Series, notation


def series(*changes: Change, every: int = 1) -> Series:
    found = Series(every)
    for step, value in changes:
        found.put(step, value)
    return found


@pytest.mark.parametrize(
    ("changes", "first", "lead", "steps", "expected"),
    [
        pytest.param([(0, 1.0)], 0, 0, 4, "1+0x3", id="as it is, to the end"),
        pytest.param([(0, 1.0), (2, 0.0)], 0, 0, 4, "1+0x1 0+0x1", id="a change"),
        pytest.param([(0, 1.0), (3, 0.0)], 0, 0, 4, "1+0x2 0", id="one sample of its own"),
        pytest.param([(0, 1.0), (5, 0.0)], 4, 2, 6, "1+0x2 0+0x2", id="held before the first step"),
        pytest.param([(0, 0.0), (3, 1.0)], 4, 1, 3, "1+0x2", id="what changed before is not told"),
        pytest.param([(0, 1.0), (1, None)], 0, 0, 4, "1 stale _x2", id="gone: stale once, then missing"),
        pytest.param([(2, 1.0)], 0, 0, 4, "_ _x1 1+0x1", id="not yet there: missing"),
        pytest.param([(0, 1.0), (9, 0.0)], 0, 0, 4, "1+0x3", id="what comes later is not told"),
    ],
)
def test_notation(changes: list[Change], first: int, lead: int, steps: int, expected: str) -> None:
    assert notation(series(*changes), first, steps, lead) == expected


def test_a_series_that_is_scraped_each_fourth_step_has_samples_there_alone() -> None:
    assert notation(series((0, 1.0), (4, 2.0), every=4), 0, 9, 0) == "1 _x3 2 _x3 2"


def test_times_count_from_the_beginning_of_the_test() -> None:
    assert notation(series((0, 1_000_060.0)), 0, 2, 0, shift=1_000_000.0) == "60+0x1"


def test_an_equal_value_is_no_change_and_the_last_of_a_step_counts() -> None:
    assert series((0, 1.0), (1, 1.0), (2, 0.0), (2, 1.0)).changes == [(0, 1.0)]


def test_a_page_keeps_what_is_wanted_with_the_labels_of_its_scrape() -> None:
    samples = Samples()
    page = Page(samples, frozenset({"a", "c"}), 'job="netwatch"', 1)
    page.scrape(1, [b'# HELP a x\na{unit="1 2"} 1\nb 7\n', b'c{device="gw"} 3\na_total 9\n'])
    page.scrape(2, [b'a{unit="1 2"} 2\n'])
    assert {name: track.changes for name, track in samples.series.items()} == {
        'a{unit="1 2",job="netwatch",instance="127.0.0.1:9990"}': [(1, 1.0), (2, 2.0)],
        'c{device="gw",job="netwatch",instance="gw"}': [(1, 3.0), (2, None)],
    }

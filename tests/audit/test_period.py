"""A period is so many hours up to the present one, or a month of a time zone."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from netwatch.audit.period import Window, window

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START = 1_790_000_000 // 3600 * 3600  # a full hour of September 2026


def test_the_last_30_days_are_720_hours_up_to_the_present_one() -> None:
    there = window("last-30d", START + 1800, HANOI)
    assert there == Window(START + 3600 - 720 * 3600, START + 3600)
    assert there.minutes == 43_200


@pytest.mark.parametrize(
    ("day", "first", "following"),
    [("2026-10-31", "2026-10-01", "2026-11-01"), ("2026-02-01", "2026-02-01", "2026-03-01"),
     ("2025-12-31", "2025-12-01", "2026-01-01")],
)  # fmt: skip
def test_a_month_is_that_of_the_time_zone(day: str, first: str, following: str) -> None:
    def midnight(text: str) -> float:
        return dt.datetime.fromisoformat(text).replace(tzinfo=HANOI).timestamp()

    for at in (midnight(day), midnight(day) + 86_399):
        assert window("month", at, HANOI) == Window(midnight(first), midnight(following))


def test_other_periods_are_refused() -> None:
    with pytest.raises(ValueError, match="unknown period 'week': last-30d or month"):
        window("week", START, HANOI)

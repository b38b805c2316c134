"""Minutes are counted by the hour, and what was not counted is unknown."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from netwatch.audit.period import Window, window
from netwatch.audit.tally import HOURS, Figures, RollingTally
from netwatch.model.decision import MinuteSettled, Subject
from netwatch.model.state import State

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
START = 1_790_000_000 // 3600 * 3600  # a full hour of September 2026
DAY = Window(START, START + 86_400)


def minute(number: int, verdict: State = State.UP, key: str = "a") -> MinuteSettled:
    """The minute that begins `number` minutes after START."""
    return MinuteSettled(START + 60.0 * number, Subject.UNIT, key, verdict, expected=60, good=60, lost=0)


def counted(*minutes: MinuteSettled) -> RollingTally:
    tally = RollingTally()
    for each in minutes:
        tally.count(each)
    return tally


def test_minutes_are_counted_by_verdict_and_key() -> None:
    tally = counted(
        minute(0), minute(1, State.DOWN), minute(2, State.UNKNOWN), minute(3), minute(3, State.DOWN, "b")
    )
    assert tally.of("a", DAY) == Figures(up=2, down=1, unknown=1)
    assert tally.of("b", DAY) == Figures(up=0, down=1, unknown=3)


def test_a_minute_that_nobody_judged_is_unknown() -> None:
    """Ten minutes without a verdict, as between two processes, count; so does a unit never seen."""
    tally = counted(minute(0), minute(11))
    assert tally.of("a", DAY) == Figures(up=2, unknown=10)
    assert tally.of("new", DAY) == Figures(unknown=12)


def test_nothing_is_known_of_the_future_not_even_that_it_is_unknown() -> None:
    assert RollingTally().of("a", DAY) == Figures()
    assert counted(minute(0)).of("a", Window(START + 3600, START + 7200)) == Figures()


def test_hours_before_the_window_do_not_count() -> None:
    tally = counted(minute(0), minute(60), minute(61))
    assert tally.of("a", Window(START + 3600, START + 7200)) == Figures(up=2)


def test_a_late_minute_of_an_earlier_hour_is_counted_there() -> None:
    tally = counted(minute(60), minute(5))
    assert tally.of("a", Window(START, START + 3600)) == Figures(up=1, unknown=59)


def test_the_ring_turns_and_forgets() -> None:
    """The hour that takes an old one's place begins at zero, and what is too old is dropped."""
    tally = counted(minute(0), minute(600), minute(HOURS * 60), minute(1))
    late = Window(START + HOURS * 3600, START + (HOURS + 1) * 3600)
    assert tally.of("a", late) == Figures(up=1)
    assert tally.of("a", Window(START, START + 3600)).up == 0


def test_a_long_sleep_forgets_everything() -> None:
    tally = counted(minute(0), minute(3 * HOURS * 60, key="b"))
    assert tally.of("a", Window(START, START + (3 * HOURS + 1) * 3600)).up == 0


def test_what_a_reload_took_away_is_forgotten() -> None:
    tally = counted(minute(0), minute(0, key="b"))
    tally.retain({"b"})
    assert (tally.of("a", DAY).up, tally.of("b", DAY).up) == (0, 1)


def test_observed_is_a_share_of_the_whole_window() -> None:
    """Unknown minutes were not observed; two units seen at the same time do not count twice."""
    tally = counted(
        *(minute(number) for number in range(60)),
        *(minute(number, State.DOWN, "b") for number in range(60)),
        *(minute(number, State.UNKNOWN) for number in range(60, 120)),
        minute(120, State.DOWN),
    )
    assert tally.observed(DAY) == pytest.approx(61 / 1440)
    assert RollingTally().observed(DAY) == 0.0


def test_observed_forgets_with_the_ring() -> None:
    tally = counted(minute(0), minute(600), minute(HOURS * 60, State.UNKNOWN))
    late = Window(START + HOURS * 3600, START + (HOURS + 1) * 3600)
    assert tally.observed(late) == 0.0


@given(st.lists(st.tuples(st.integers(0, 3000), st.sampled_from(State)), unique_by=lambda each: each[0]))
def test_the_ring_agrees_with_a_plain_list(minutes: list[tuple[int, State]]) -> None:
    """In whatever order minutes come, as long as none is older than the ring."""
    tally = counted(*(minute(number, verdict) for number, verdict in minutes))
    passed = max((number for number, _ in minutes), default=-1) + 1
    up = sum(verdict is State.UP for _, verdict in minutes)
    down = sum(verdict is State.DOWN for _, verdict in minutes)
    whole = Window(START, START + 51 * 3600)
    assert tally.of("a", whole) == Figures(up, down, passed - up - down)
    assert tally.observed(whole) == pytest.approx((up + down) / (51 * 60))


@given(st.integers(0, 2 * HOURS), st.integers(1, HOURS), st.integers(1, HOURS))
def test_any_window_within_the_ring_is_found(offset: int, length: int, back: int) -> None:
    """One minute up in every hour, the ring begun anywhere: a window counts one for each of its hours."""
    newest = offset + HOURS
    tally = counted(*(minute(60 * hour) for hour in range(offset, newest)))
    first = max(offset, newest - back)
    end = min(newest, first + length)
    assert tally.of("a", Window(START + 3600 * first, START + 3600 * end)).up == end - first


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

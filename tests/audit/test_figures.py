"""What settled minutes show of a site: that it was reached, and how well its line kept its limits."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st

from netwatch.audit.criteria import quality, reachable
from netwatch.model.claim import NOT_FOUND, Finding, Found, Limits
from netwatch.model.figures import Figures

SHOWN, OPEN, AGAINST = Finding.SHOWN, Finding.NOT_SHOWN, Finding.CONTRADICTED
AT = 1_800_000_000.0
MONTH = 43_200  # minutes


@pytest.mark.parametrize("figures", [Figures(), Figures(down=1000), Figures(unknown=1000)])
def test_silence_contradicts_no_reachability(figures: Figures) -> None:
    assert reachable.found(figures, AT) is NOT_FOUND


def test_one_minute_up_shows_reachability() -> None:
    assert reachable.found(Figures(up=1, down=99), AT) == Found(SHOWN, AT, "", "settled minutes", "1/100")


@pytest.mark.parametrize(
    ("figures", "finding"),
    [
        (Figures(up=1000), SHOWN),
        (Figures(up=995, down=5), SHOWN),
        (Figures(up=994, down=1, unknown=5), OPEN),
        (Figures(up=994, down=6), AGAINST),
        (Figures(), OPEN),
        (Figures(up=MONTH - 216, down=216), SHOWN),
        (Figures(up=MONTH - 217, down=217), AGAINST),
        (Figures(up=MONTH - 300, unknown=300), OPEN),  # blind for 300 minutes of a month: nobody knows
    ],
)
def test_availability_is_judged_by_its_two_bounds(figures: Figures, finding: Finding) -> None:
    assert quality.found(figures, Limits(availability=0.995), AT).finding is finding


@pytest.mark.parametrize(
    ("expected", "valid", "lost", "finding"),
    [
        (1000, 1000, 20, SHOWN),
        (1000, 1000, 21, AGAINST),
        (1000, 990, 10, SHOWN),  # had all that say nothing been lost, it would still be within
        (1000, 990, 11, OPEN),
        (1000, 0, 0, OPEN),
        (0, 0, 0, OPEN),
    ],
)
def test_loss_is_judged_by_its_two_bounds(expected: int, valid: int, lost: int, finding: Finding) -> None:
    figures = Figures(up=1, expected=expected, valid=valid, lost=lost)
    assert quality.found(figures, Limits(loss=0.02), AT).finding is finding


@pytest.mark.parametrize(
    ("rtt_sum", "count", "finding"), [(5.0, 100, SHOWN), (5.1, 100, AGAINST), (0.0, 0, OPEN)]
)
def test_round_trip_time_is_the_mean_of_all_replies(rtt_sum: float, count: int, finding: Finding) -> None:
    figures = Figures(up=1, rtt_sum=rtt_sum, rtt_count=count)
    assert quality.found(figures, Limits(rtt=0.05), AT).finding is finding


GOOD = Figures(up=1000, expected=1000, valid=1000, rtt_sum=10.0, rtt_count=1000)
ALL = Limits(availability=0.995, loss=0.02, rtt=0.05)


@pytest.mark.parametrize(
    ("figures", "finding"),
    [
        (GOOD, SHOWN),
        (replace(GOOD, down=6), AGAINST),
        (replace(GOOD, lost=21), AGAINST),
        (replace(GOOD, rtt_sum=51.0), AGAINST),
        (replace(GOOD, unknown=6), OPEN),
        (replace(GOOD, valid=900), OPEN),
        (replace(GOOD, rtt_count=0), OPEN),
        (replace(GOOD, rtt_count=0, down=6), AGAINST),
    ],
)
def test_all_limits_must_be_kept_and_one_that_is_missed_suffices(figures: Figures, finding: Finding) -> None:
    assert quality.found(figures, ALL, AT).finding is finding


def test_the_figures_are_told() -> None:
    told = quality.found(replace(GOOD, unknown=1000), ALL, AT)
    assert (told.at, told.source) == (AT, "settled minutes")
    assert told.text == "0.5..1 >= 0.995, 0..0 <= 0.02, 0.01 <= 0.05 s"
    assert quality.found(Figures(up=1), Limits(rtt=0.05), AT).text == "? <= 0.05 s"


def test_where_nothing_is_asked_nothing_is_found() -> None:
    assert quality.found(GOOD, Limits(), AT) is NOT_FOUND


def test_of_no_minute_nothing_is_found_however_little_is_asked() -> None:
    assert quality.found(Figures(), Limits(availability=0.0, loss=1.0), AT) is NOT_FOUND


minutes = st.integers(0, 500)


@given(up=minutes, down=minutes, unknown=minutes, limit=st.floats(0, 1), data=st.data())
def test_more_evidence_never_takes_a_finding_back(
    up: int, down: int, unknown: int, limit: float, data: st.DataObject
) -> None:
    """Minutes that were unknown turn out up or down: what was shown or contradicted stays so."""
    before = quality.found(Figures(up, down, unknown), Limits(availability=limit), AT).finding
    found_up = data.draw(st.integers(0, unknown))
    found_down = data.draw(st.integers(0, unknown - found_up))
    learnt = Figures(up + found_up, down + found_down, unknown - found_up - found_down)
    after = quality.found(learnt, Limits(availability=limit), AT).finding
    assert before in {OPEN, after}

"""What minutes show of a site, and what they do not."""

from __future__ import annotations

import pytest

from netwatch.audit.criteria import finding, together
from netwatch.model.claim import Criterion, Finding, Limits
from netwatch.model.figures import Figures

SHOWN, NOT_SHOWN, CONTRADICTED = Finding.SHOWN, Finding.NOT_SHOWN, Finding.CONTRADICTED
LIMIT = Limits(availability=0.995)


@pytest.mark.parametrize(
    ("tally", "found"),
    [
        (Figures(), NOT_SHOWN),
        (Figures(down=1000), NOT_SHOWN),  # silence contradicts nothing
        (Figures(up=1, down=1000), SHOWN),
    ],
)
def test_reachable_is_shown_by_one_minute_up(tally: Figures, found: Finding) -> None:
    assert finding(Criterion.REACHABLE, tally, Limits()) is found


@pytest.mark.parametrize(
    ("tally", "limits", "found"),
    [
        (Figures(up=1000), LIMIT, SHOWN),
        (Figures(up=995, down=5), LIMIT, SHOWN),
        (Figures(up=994, down=1, unknown=5), LIMIT, NOT_SHOWN),
        (Figures(up=994, down=6), LIMIT, CONTRADICTED),
        (Figures(), LIMIT, NOT_SHOWN),
        (Figures(up=1000), Limits(), NOT_SHOWN),
        (Figures(up=1000), Limits(availability=0.995, loss=0.02), NOT_SHOWN),
        (Figures(up=1000), Limits(availability=0.995, rtt=0.05), NOT_SHOWN),
        (Figures(up=994, down=6), Limits(availability=0.995, loss=0.02, rtt=0.05), CONTRADICTED),
    ],
)
def test_quality_asks_for_the_bounds_of_availability(tally: Figures, limits: Limits, found: Finding) -> None:
    """A limit of loss or RTT, not measured yet, leaves quality open; a missed availability does not."""
    assert finding(Criterion.QUALITY, tally, limits) is found


@pytest.mark.parametrize("criterion", sorted(set(Criterion) - {Criterion.REACHABLE, Criterion.QUALITY}))
def test_what_has_no_evidence_yet_is_not_shown(criterion: Criterion) -> None:
    assert finding(criterion, Figures(up=43_200), LIMIT) is NOT_SHOWN


@pytest.mark.parametrize(
    ("findings", "found"),
    [
        ((), NOT_SHOWN),
        ((NOT_SHOWN, SHOWN), SHOWN),
        ((CONTRADICTED, SHOWN), SHOWN),
        ((CONTRADICTED, NOT_SHOWN), NOT_SHOWN),
        ((CONTRADICTED, CONTRADICTED), CONTRADICTED),
    ],
)
def test_of_several_sites_one_suffices_and_all_must_contradict(
    findings: tuple[Finding, ...], found: Finding
) -> None:
    assert together(findings) is found

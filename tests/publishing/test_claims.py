"""Claims as series: what is declared beside what is shown, for every unit of the population."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from netwatch.model.claim import (
    Claim,
    ClaimResult,
    ClaimVerdict,
    Criterion,
    Finding,
    Limits,
    Population,
    Source,
    UnitVerdict,
)
from netwatch.publishing.live import LiveExposition, Roll


class NoViews:
    """A judgement that nobody told anything."""

    devices: dict[str, Any] = {}  # noqa: RUF012 - never written to
    units: dict[str, Any] = {}  # noqa: RUF012
    paths: dict[str, Any] = {}  # noqa: RUF012
    lost_together = 0


def result(
    name: str = "fibre", register: str = "hung-yen", as_of: dt.date = dt.date(2025, 7, 1), **changes: Any
) -> ClaimResult:
    claim = Claim(
        name=name,
        kind="uplink",
        statement=(("vi", "Internet cáp quang đến 100% xã"), ("en", "Fibre reaches every commune")),
        source=Source("Báo cáo 123/BC-UBND", dt.date(2017, 12, 22), "ab" * 32),
        declared=1.0,
        population=Population(register, as_of, ()),
        criteria=(Criterion.FIBRE, Criterion.REACHABLE),
        period="last-30d",
        minimum=0.8,
        limits=Limits(),
    )
    values: dict[str, Any] = {
        "claim": claim,
        "units": (("1", UnitVerdict.VERIFIED), ("2", UnitVerdict.UNMONITORED), ("3", UnitVerdict.VERIFIED)),
        "lower": 2 / 3,
        "upper": 1.0,
        "verdict": ClaimVerdict.UNDETERMINED,
        "criteria": (("1", Criterion.FIBRE, Finding.SHOWN), ("3", Criterion.REACHABLE, Finding.CONTRADICTED)),
        "why": "of 3 units: 2 verified",
    }
    return ClaimResult(**(values | changes))


@pytest.fixture
def live(world: Any) -> LiveExposition:
    exposition = LiveExposition(NoViews())
    exposition.take_roll(Roll("hung-yen", (("hung-yen", world.unit()),)), world.T0)
    return exposition


def test_a_claim_is_told_with_both_bounds_and_a_verdict_for_every_unit(
    live: LiveExposition, world: Any, key: Any
) -> None:
    live.take_claims([result()])
    told = {
        (name, about): value
        for (name, about), value in world.samples(live.pieces).items()
        if name.startswith("netwatch_claim") or name == "netwatch_unit_criterion"
    }
    unit = {"claim": "fibre", "register": "hung-yen"}
    assert told == {
        key(
            "netwatch_claim_info",
            claim="fibre",
            kind="uplink",
            document="Báo cáo 123/BC-UBND",
            date="2017-12-22",
            register="hung-yen",
        ): 1,
        key("netwatch_claim_declared_ratio", claim="fibre"): 1,
        key("netwatch_claim_ratio", claim="fibre", bound="lower"): pytest.approx(2 / 3),
        key("netwatch_claim_ratio", claim="fibre", bound="upper"): 1,
        key("netwatch_claim_verdict", claim="fibre", verdict="holds"): 0,
        key("netwatch_claim_verdict", claim="fibre", verdict="does_not_hold"): 0,
        key("netwatch_claim_verdict", claim="fibre", verdict="undetermined"): 1,
        key("netwatch_claim_units", claim="fibre", verdict="verified"): 2,
        key("netwatch_claim_units", claim="fibre", verdict="refuted"): 0,
        key("netwatch_claim_units", claim="fibre", verdict="undetermined"): 0,
        key("netwatch_claim_units", claim="fibre", verdict="unmonitored"): 1,
        key("netwatch_claim_unit_verdict", unit="1", verdict="verified", **unit): 1,
        key("netwatch_claim_unit_verdict", unit="2", verdict="unmonitored", **unit): 1,
        key("netwatch_claim_unit_verdict", unit="3", verdict="verified", **unit): 1,
        key("netwatch_unit_criterion", unit="1", criterion="fibre"): 1,
        key("netwatch_unit_criterion", unit="3", criterion="reachable"): -1,
    }


def test_claims_that_differ_about_a_unit_leave_the_worst_finding(
    live: LiveExposition, world: Any, key: Any
) -> None:
    lenient = result("lenient", criteria=(("1", Criterion.QUALITY, Finding.SHOWN),))
    strict = result("strict", criteria=(("1", Criterion.QUALITY, Finding.NOT_SHOWN),))
    for order in ([lenient, strict], [strict, lenient]):
        live.take_claims(order)
        found = world.samples(live.pieces)[key("netwatch_unit_criterion", unit="1", criterion="quality")]
        assert found == 0


def test_criteria_of_another_register_carry_its_name(live: LiveExposition, world: Any, key: Any) -> None:
    live.take_claims([result(), result("other", register="organisations")])
    samples = world.samples(live.pieces)
    assert key("netwatch_unit_criterion", unit="1", criterion="fibre") in samples
    about = {"unit": "1", "criterion": "fibre", "register": "organisations"}
    assert key("netwatch_unit_criterion", **about) in samples


def test_criteria_of_an_older_list_carry_its_day(live: LiveExposition, world: Any, key: Any) -> None:
    """Codes are used again: 11953 was phường Hiến Nam, and is phường Phố Hiến."""
    live.take_claims([result(), result("of-2017", as_of=dt.date(2017, 12, 22))])
    samples = world.samples(live.pieces)
    assert key("netwatch_unit_criterion", unit="1", criterion="fibre") in samples
    about = {"unit": "1", "criterion": "fibre", "register": "hung-yen 2017-12-22"}
    assert key("netwatch_unit_criterion", **about) in samples


def test_a_claim_that_is_made_no_longer_ends(live: LiveExposition, world: Any) -> None:
    live.take_claims([result("old"), result("kept")])
    live.take_claims([result("kept")])
    claims = {dict(about).get("claim", "kept") for _, about in world.samples(live.pieces)}
    assert claims == {"kept"}
    assert [each.claim.name for each in live.claims] == ["kept"]

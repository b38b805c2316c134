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
    Found,
    Limits,
    Population,
    Source,
    UnitResult,
    UnitVerdict,
)
from netwatch.model.register import Unit
from netwatch.publishing.families import CLAIMS
from netwatch.publishing.live import LiveExposition, Roll


class NoViews:
    """A judgement that nobody told anything."""

    devices: dict[str, Any] = {}  # noqa: RUF012 - never written to
    units: dict[str, Any] = {}  # noqa: RUF012
    paths: dict[str, Any] = {}  # noqa: RUF012
    lost_together = 0


REACHED = Found(Finding.SHOWN, 1.0, "gw", "ifMauType", "wan")
REFUSED = Found(Finding.CONTRADICTED, 1.0, "gw", "serial", "serial HC2")
OPEN = Found(Finding.NOT_SHOWN)


def of_unit(code: str, verdict: UnitVerdict, **found: Found) -> UnitResult:
    unit = Unit(code, "Xã", "xã", "", "", dt.date(2017, 1, 1), None, (), None, None, "")
    return UnitResult(unit, verdict, tuple((Criterion(name), each) for name, each in found.items()))


UNITS = (
    of_unit("1", UnitVerdict.VERIFIED, fibre=REACHED),
    of_unit("2", UnitVerdict.UNMONITORED),
    of_unit("3", UnitVerdict.VERIFIED, reachable=REFUSED),
)


def result(
    name: str = "fibre",
    register: str = "hung-yen",
    as_of: dt.date = dt.date(2025, 7, 1),
    declared: float | None = 1.0,
    **changes: Any,
) -> ClaimResult:
    claim = Claim(
        name=name,
        kind="uplink",
        statement=(("vi", "Internet cáp quang đến 100% xã"), ("en", "Fibre reaches every commune")),
        source=Source("Báo cáo 123/BC-UBND", dt.date(2017, 12, 22), "ab" * 32),
        declared=declared,
        population=Population(register, as_of, ()),
        criteria=(Criterion.FIBRE, Criterion.REACHABLE),
        period="last-30d",
        minimum=0.8,
        limits=Limits(),
    )
    values: dict[str, Any] = {
        "claim": claim,
        "start": 0.0,
        "end": 86_400.0,
        "observed": 1.0,
        "units": UNITS,
        "lower": 2 / 3,
        "upper": 1.0,
        "verdict": ClaimVerdict.UNDETERMINED,
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
    live.take_claims([result()], [("1", ((Criterion.FIBRE, REACHED), (Criterion.LAN, OPEN)))])
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
            **{"class": "standard"},
            document="Báo cáo 123/BC-UBND",
            date="2017-12-22",
            register="hung-yen",
        ): 1,
        key(
            "netwatch_claim_statement",
            claim="fibre",
            language="vi",
            statement="Internet cáp quang đến 100% xã",
        ): 1,
        key(
            "netwatch_claim_statement", claim="fibre", language="en", statement="Fibre reaches every commune"
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
        key("netwatch_unit_criterion", unit="1", criterion="lan"): 0,
    }


def test_a_claim_that_declares_no_share_has_no_series_of_one(live: LiveExposition, world: Any) -> None:
    live.take_claims([result(declared=None)])
    names = {name for name, _ in world.samples(live.pieces)}
    assert "netwatch_claim_declared_ratio" not in names
    assert "netwatch_claim_ratio" in names


def test_every_family_of_claims_is_told(live: LiveExposition, world: Any) -> None:
    live.take_claims([result()], [("1", ((Criterion.FIBRE, REACHED),))])
    names = {name for name, _ in world.samples(live.pieces)}
    assert {family.name for family in CLAIMS} <= names


LATER, EARLIER = dt.date(2025, 7, 1), dt.date(2017, 12, 22)


def criteria(samples: Any) -> dict[tuple[str, str, str], float]:
    """Unit, criterion and register ("" for the main one) of each series of criteria."""
    found = {}
    for (name, about), value in samples.items():
        if name == "netwatch_unit_criterion":
            labels = dict(about)
            found[labels["unit"], labels["criterion"], labels.get("register", "")] = value
    return found


def test_units_in_force_have_their_own_criteria_whatever_claims_ask(live: LiveExposition, world: Any) -> None:
    """A claim with limits of its own finds another quality, which is the claim's and not the unit's."""
    of_claim = result(units=(of_unit("1", UnitVerdict.REFUTED, quality=REFUSED),))
    live.take_claims([of_claim], [("1", ((Criterion.QUALITY, REACHED),)), ("2", ((Criterion.LAN, OPEN),))])
    assert criteria(world.samples(live.pieces)) == {("1", "quality", ""): 1, ("2", "lan", ""): 0}


def test_criteria_stay_when_units_are_called_anew(live: LiveExposition, world: Any) -> None:
    live.take_claims([], [("1", ((Criterion.QUALITY, REACHED),))])
    live.take_roll(Roll("hung-yen", (("hung-yen", world.unit()),)), world.T0)
    assert criteria(world.samples(live.pieces)) == {("1", "quality", ""): 1}
    live.take_claims([])
    assert criteria(world.samples(live.pieces)) == {}


def test_claims_that_differ_about_a_unit_of_another_list_leave_the_worst_finding(
    live: LiveExposition, world: Any
) -> None:
    lenient = result("a", "organisations", units=(of_unit("1", UnitVerdict.VERIFIED, quality=REACHED),))
    strict = result("b", "organisations", units=(of_unit("1", UnitVerdict.UNDETERMINED, quality=OPEN),))
    for order in ([lenient, strict], [strict, lenient]):
        live.take_claims(order)
        assert criteria(world.samples(live.pieces)) == {("1", "quality", "organisations"): 0}


@pytest.mark.parametrize(
    ("register", "as_of", "label"),
    [
        ("organisations", LATER, "organisations"),
        ("organisations", EARLIER, "organisations"),
        ("hung-yen", EARLIER, "hung-yen 2017-12-22"),  # 11953 was phường Hiến Nam, and is phường Phố Hiến
        ("hung-yen", LATER, None),
    ],
)
def test_criteria_of_another_list_carry_its_name_and_of_an_older_one_its_day(
    live: LiveExposition, world: Any, register: str, as_of: dt.date, label: str | None
) -> None:
    live.take_claims([result(register=register, as_of=as_of)])
    expected = {("1", "fibre", label): 1, ("3", "reachable", label): -1} if label else {}
    assert criteria(world.samples(live.pieces)) == expected


def test_a_claim_that_is_made_no_longer_ends(live: LiveExposition, world: Any) -> None:
    live.take_claims([result("old"), result("kept")])
    live.take_claims([result("kept")])
    claims = {dict(about).get("claim", "kept") for _, about in world.samples(live.pieces)}
    assert claims == {"kept"}
    assert [each.claim.name for each in live.claims] == ["kept"]


def test_of_each_unit_it_is_told_how_many_claims_of_each_class_are_about_it(
    live: LiveExposition, world: Any
) -> None:
    """Like its state; not of a unit that no claim is about, nor of one that is not in force."""
    units = (("hung-yen", world.unit("1", district="Văn Lâm")), ("hung-yen", world.unit("2")))
    live.take_roll(Roll("hung-yen", units), world.T0)

    def told() -> dict[tuple[str, str, str], float]:
        return {
            (labels["unit"], labels["area"], labels["class"]): value
            for labels, value in (
                (dict(about), value)
                for (name, about), value in world.samples(live.pieces).items()
                if name == "netwatch_unit_claims"
            )
        }

    about = {("hung-yen", "1"): {"standard": 2, "high": 1}, ("organisations", "2"): {"high": 1}}
    live.take_claims([], about=about | {("hung-yen", "3"): {"high": 1}})
    assert told() == {("1", "Văn Lâm", "standard"): 2, ("1", "Văn Lâm", "high"): 1}
    live.take_roll(Roll("hung-yen", (("hung-yen", world.unit("1", district="Mỹ Hào")),)), world.T0)
    assert told() == {("1", "Mỹ Hào", "standard"): 2, ("1", "Mỹ Hào", "high"): 1}
    live.take_claims([], about={("hung-yen", "1"): {"high": 1}})
    assert told() == {("1", "Mỹ Hào", "high"): 1}
    live.take_claims([])
    assert told() == {}

"""Claims are judged by the minutes, facts and papers of what is configured now, and of nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from netwatch.audit.fact_book import FactBook
from netwatch.audit.steps import finish
from netwatch.daemon.claims import Claims, Said
from netwatch.daemon.configuration import Configuration
from netwatch.evidence.kinds import Facts
from netwatch.judgement.events import Reconfigured
from netwatch.model.attestation import Answer, Attestation, AttestationKind, Dispute
from netwatch.model.claim import (
    ClaimVerdict,
    Criterion,
    Finding,
    Limits,
    Measurement,
    UnitVerdict,
    Withheld,
)
from netwatch.model.decision import MinuteSettled, MinuteSlots, Subject
from netwatch.model.device import Line
from netwatch.model.fact import FactKind
from netwatch.model.state import State

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.inventory.load import Inventory
    from netwatch.model.claim import Found

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC).timestamp()
MINUTE = NOW - 600

CLAIM = """\
claims:
  - name: reachable
    kind: uplink
    statement: {en: All are reachable}
    source: {document: none, date: 2025-07-01}
    declared: {ratio: 1.0}
    population: {register: hung-yen, as_of: 2025-07-01}
    criteria: [reachable]
    period: last-30d
"""


@pytest.fixture
def inventory(folder: Path) -> Inventory:
    (folder / "claims.yaml").write_text(CLAIM)
    return Configuration(folder, folder / "state", {}).first().inventory


def settled(subject: Subject, key: str, verdict: State = State.UP) -> MinuteSettled:
    return MinuteSettled(MINUTE, subject, key, verdict, 60, 60, 0)


def judged(claims: Claims) -> UnitVerdict:
    """The verdict of the one unit that has devices."""
    (result,) = claims.evaluate(NOW)
    return next(each.verdict for each in result.units if each.unit.code == "12004")


def test_before_any_minute_settled_nothing_is_shown(inventory: Inventory) -> None:
    assert judged(Claims(inventory)) is UnitVerdict.UNDETERMINED


@pytest.mark.parametrize(
    ("minute", "verdict"),
    [
        (settled(Subject.UNIT, "12004"), UnitVerdict.VERIFIED),
        (settled(Subject.UNIT, "12004", State.UNKNOWN), UnitVerdict.UNDETERMINED),
        (settled(Subject.UNIT, "11992"), UnitVerdict.UNDETERMINED),
        (settled(Subject.DEVICE, "gw"), UnitVerdict.UNDETERMINED),
        (settled(Subject.LINE, "12004"), UnitVerdict.UNDETERMINED),
    ],
    ids=str,
)
def test_a_minute_counts_for_its_own_unit_only(
    inventory: Inventory, minute: MinuteSettled, verdict: UnitVerdict
) -> None:
    claims = Claims(inventory)
    claims.count(minute)
    assert judged(claims) is verdict


def test_the_minutes_of_a_device_count_where_a_unit_has_two_sites(inventory: Inventory) -> None:
    gateway, switch = inventory.devices
    two = replace(
        inventory,
        devices=(replace(gateway, predecessor="11986"), replace(switch, predecessor="11989")),
    )
    claims = Claims(two)
    claims.count(settled(Subject.DEVICE, "gw"))
    assert judged(claims) is UnitVerdict.VERIFIED


def test_a_reload_keeps_the_minutes_of_what_stays_and_forgets_what_goes(inventory: Inventory) -> None:
    claims = Claims(inventory)
    claims.count(settled(Subject.UNIT, "12004"))
    claims.take(inventory)
    assert judged(claims) is UnitVerdict.VERIFIED
    claims.take(replace(inventory, devices=()))
    claims.take(inventory)
    assert judged(claims) is UnitVerdict.UNDETERMINED


def test_a_unit_whose_devices_are_out_of_service_is_unmonitored(inventory: Inventory) -> None:
    ended = tuple(replace(device, until=dt.date(2026, 11, 20)) for device in inventory.devices)
    assert judged(Claims(replace(inventory, devices=ended))) is UnitVerdict.UNMONITORED


def test_round_trips_are_those_of_the_lines_that_a_unit_has(inventory: Inventory) -> None:
    claims = with_quality(inventory, rtt=0.05)
    gateway = inventory.devices[0]
    line = Line(4, gateway.name, None, gateway.address, 1.0)
    claims.configured(Reconfigured(MINUTE - 60, (line,), inventory.devices))
    for start, seconds in ((MINUTE, 0.030), (MINUTE + 60, 0.071)):
        slots = MinuteSlots(start, 1.0, bytes(60), 60 * seconds, 60)
        claims.count(MinuteSettled(start, Subject.LINE, "4", State.UP, 60, 60, 0, 0, slots))
        claims.count(
            MinuteSettled(start, Subject.LINE, "5", State.UP, 60, 60, 0, 0, replace(slots, rtt_sum=9))
        )
        claims.count(replace(settled(Subject.UNIT, "12004"), start=start))
    assert quality(claims).text == "0.0505 <= 0.05 s"
    assert judged(claims) is UnitVerdict.REFUTED


def with_quality(inventory: Inventory, hours: str = "24x7", **limits: float) -> Claims:
    (claim,) = inventory.claims
    asked = replace(claim, criteria=(Criterion.QUALITY,), limits=Limits(**limits), hours=hours)
    return Claims(replace(inventory, claims=(asked,)))


def quality(claims: Claims) -> Found:
    (result,) = claims.evaluate(NOW)
    unit = next(each for each in result.units if each.unit.code == "12004")
    return dict(unit.criteria)[Criterion.QUALITY]


@pytest.mark.parametrize(("hours", "told"), [("24x7", "2/3"), ("office", "1/2")])
def test_a_claim_may_ask_for_office_hours_alone(inventory: Inventory, hours: str, told: str) -> None:
    """Minutes up of those since the first: the second lies behind 17:00 of a Friday."""
    closing = dt.datetime(2026, 11, 20, 17, tzinfo=inventory.hours.zone).timestamp()
    claims = with_quality(inventory, hours, availability=0.5)
    for start, verdict in ((closing - 120, State.UP), (closing - 60, State.DOWN), (closing, State.UP)):
        claims.count(replace(settled(Subject.UNIT, "12004", verdict), start=start))
    up, total = map(int, told.split("/"))
    window = claims.evaluate(NOW)[0]
    text = quality(claims).text
    passed = round(closing + 60 - window.start) // 60
    if hours == "office":
        spans = inventory.hours.spans(window.start, closing + 60)
        passed = sum(round(until - since) // 60 for since, until in spans)
    assert text.startswith(f"{up / passed:.6g}..{(passed - total + up) / passed:.6g} "), text


def test_facts_are_judged_as_they_come(inventory: Inventory) -> None:
    claims = Claims(asking(inventory, Criterion.IDENTIFIED))
    assert judged(claims) is UnitVerdict.UNDETERMINED
    claims.take_facts(identity(NOW - 60, 1.0))
    assert judged(claims) is UnitVerdict.VERIFIED


def asking(inventory: Inventory, *criteria: Criterion) -> Inventory:
    (claim,) = inventory.claims
    gateway, switch = inventory.devices
    expecting = replace(gateway, expect=(("serial", "HC1"),))
    return replace(inventory, claims=(replace(claim, criteria=criteria),), devices=(expecting, switch))


def identity(at: float, value: float, device: str = "gw") -> Facts:
    text = "HC1" if value else "HC2"
    return Facts(at, device, ((FactKind.IDENTITY, "serial", value, text, "entPhysicalSerialNum"),))


def inspection(at: float, finding: Finding, name: str = "look") -> Attestation:
    day = dt.datetime.fromtimestamp(at, dt.UTC).date()
    kind = AttestationKind.INSPECTION
    return Attestation(at, name, kind, "hung-yen", "12004", "", Criterion.LAN, finding, day, "Sở", ())


def test_what_people_sign_is_judged_as_it_comes(inventory: Inventory) -> None:
    claims = Claims(asking(inventory, Criterion.LAN))
    claims.take_entry(inspection(NOW - 60, Finding.SHOWN))
    assert judged(claims) is UnitVerdict.VERIFIED
    claims.take_entry(Dispute(NOW - 50, "not-so", "reachable", "hung-yen", "12004", "Xã", "…", NOW))
    assert judged(claims) is UnitVerdict.UNDETERMINED
    claims.take_entry(Answer(NOW - 40, "not-so", "Sở", upheld=False, text="…"))
    assert judged(claims) is UnitVerdict.VERIFIED


def test_a_figure_is_judged_by_what_was_measured(inventory: Inventory) -> None:
    (claim,) = inventory.claims
    figure = replace(claim, name="mailboxes", kind="figure", declared=0.75, population=None)
    claims = Claims(replace(inventory, claims=(figure,)))
    claims.take_entry(Measurement(NOW - 60, "mailboxes", dt.date(2026, 11, 19), 0.8, "hand"))
    (result,) = claims.evaluate(NOW)
    assert (result.verdict, result.lower) == (ClaimVerdict.HOLDS, 0.8)


def test_criteria_are_told_of_every_unit_in_force(inventory: Inventory) -> None:
    claims = Claims(asking(inventory, Criterion.IDENTIFIED))
    claims.count(settled(Subject.UNIT, "12004"))
    told = {(register, code): dict(found) for register, code, found in claims.criteria(NOW)}
    assert len(told) == len(inventory.units(dt.date(2026, 11, 20)))
    assert told["hung-yen", "12004"][Criterion.REACHABLE].finding is Finding.SHOWN
    assert told["hung-yen", "11992"][Criterion.REACHABLE].finding is Finding.NOT_SHOWN


def test_claims_are_counted_by_class_for_the_units_that_their_populations_live_on_in(
    inventory: Inventory,
) -> None:
    """Of 2017, six communes live on in 12004: a claim that counts all of them is one claim about it."""
    (today,) = inventory.claims
    assert today.population is not None
    then = replace(today, name="then", population=replace(today.population, as_of=dt.date(2017, 12, 22)))
    claims = Claims(replace(inventory, claims=(today, then, replace(then, name="high", class_="high"))))
    about = finish(claims.judging(NOW)).about
    assert about["hung-yen", "12004"] == {"standard": 2, "high": 1}
    assert len(about) == len(inventory.units(dt.date(2026, 11, 20)))
    assert sum("high" in classes for classes in about.values()) == 39  # the others were Thái Bình's


def test_the_hours_of_a_unit_are_told(inventory: Inventory) -> None:
    claims = Claims(inventory)
    claims.count(settled(Subject.UNIT, "12004", State.DOWN))
    assert claims.timeline("12004") == [(NOW - 3600, 0, 1, 50)]


def test_while_the_ledger_is_read_a_claim_says_so(inventory: Inventory) -> None:
    claims = Claims(inventory)
    claims.reading = True
    assert claims.evaluate(NOW)[0].withheld is Withheld.READING
    claims.end_seeding()
    assert claims.evaluate(NOW)[0].withheld is Withheld.NOT_OBSERVED


def test_what_came_meanwhile_is_newer_than_what_the_ledger_tells(inventory: Inventory) -> None:
    """In the order of the ledger the last word counts, whenever its older part was read."""
    claims = Claims(asking(inventory, Criterion.IDENTIFIED, Criterion.LAN))
    claims.reading = True
    claims.take_facts(identity(NOW - 60, 1.0))
    claims.take_entry(inspection(NOW - 60, Finding.SHOWN))
    book = FactBook(inventory.hours)
    book.take(identity(NOW - 3600, 0.0))
    book.take(identity(NOW - 3600, 0.0, "gone"))
    claims.seed(Said((inspection(NOW - 3600, Finding.CONTRADICTED),)))
    claims.seed(book)
    claims.end_seeding()
    assert judged(claims) is UnitVerdict.VERIFIED


def test_the_ledger_tells_what_did_not_come_meanwhile(inventory: Inventory) -> None:
    claims = Claims(asking(inventory, Criterion.IDENTIFIED, Criterion.LAN))
    claims.reading = True
    book = FactBook(inventory.hours)
    book.take(identity(NOW - 3600, 1.0))
    for part in (book, Said((inspection(NOW - 3600, Finding.SHOWN),))):
        claims.seed(part)
    assert judged(claims) is UnitVerdict.VERIFIED


def test_judging_is_done_in_steps(inventory: Inventory) -> None:
    """A step for each unit of a claim and each in force, so that none takes long."""
    claims = Claims(inventory)
    steps = sum(1 for _ in claims.judging(NOW))
    assert steps > 2 * len(inventory.units(dt.date(2026, 11, 20)))

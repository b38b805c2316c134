"""Claims are judged by the settled minutes of what is configured now, and of nothing else."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from netwatch.daemon.claims import Claims
from netwatch.daemon.configuration import Configuration
from netwatch.model.claim import UnitVerdict
from netwatch.model.decision import MinuteSettled, Subject
from netwatch.model.state import State

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.inventory.load import Inventory

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
    return dict(result.units)["12004"]


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

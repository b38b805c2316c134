"""The table can fail: each thing that the judgement does is taken from it once, and a column shows that.

Where several things would have helped, the others are taken away too; without them alone nothing is wrong.
"""

from __future__ import annotations

import dataclasses
from functools import reduce
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.judgement.events import Announced, Reconfigured
from netwatch.judgement.reducer import Judgement
from netwatch.model.device import Role
from netwatch.model.observation import EchoSlots, EchoStray, Observation
from netwatch.model.outcome import SlotResult
from tools.truth.compare import compare
from tools.truth.play import play
from tools.truth.province import province
from tools.truth.score import failures

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from netwatch.judgement.composite import UnitState
    from netwatch.judgement.events import Event
    from netwatch.lab.script.story import Script
    from netwatch.model.decision import Decision
    from netwatch.model.device import StateRules

    Change = Callable[[Event], Event | None]

pytestmark = pytest.mark.truth


class Altered:
    """A judgement that is told something else than what happened; a change may return None for nothing."""

    def __init__(self, rules: StateRules, changes: Sequence[Change]) -> None:
        self._judgement = Judgement(rules)
        self._changes = changes

    @property
    def units(self) -> Mapping[str, UnitState]:
        return self._judgement.units

    def advance(self, event: Event) -> list[Decision]:
        start: Event | None = event
        told = reduce(lambda each, change: None if each is None else change(each), self._changes, start)
        return [] if told is None else self._judgement.advance(told)


def without_paths(event: Event) -> Event | None:
    return dataclasses.replace(event, paths=()) if isinstance(event, Reconfigured) else event


def without_parents(event: Event) -> Event | None:
    if not isinstance(event, Reconfigured):
        return event
    return dataclasses.replace(
        event, devices=tuple(dataclasses.replace(device, parents=()) for device in event.devices)
    )


def without_witnesses(event: Event) -> Event | None:
    """Nobody behind a gateway is asked."""
    if not isinstance(event, Reconfigured):
        return event
    kept = tuple(device for device in event.devices if device.role not in {Role.SWITCH, Role.UPS})
    names = {device.name for device in kept}
    lines = tuple(line for line in event.lines if line.device in names)
    return dataclasses.replace(event, devices=kept, lines=lines)


def without_backups(event: Event) -> Event | None:
    if not isinstance(event, Reconfigured):
        return event
    return dataclasses.replace(event, lines=tuple(line for line in event.lines if line.uplink is None))


def without_late_replies(event: Event) -> Event | None:
    return None if isinstance(event, EchoStray) else event


def without_polls(event: Event) -> Event | None:
    return None if isinstance(event, Observation) else event


def without_windows(event: Event) -> Event | None:
    return None if isinstance(event, Announced) else event


def unsent_is_lost(event: Event) -> Event | None:
    if not isinstance(event, EchoSlots):
        return event
    results = (SlotResult.LOST if each == SlotResult.INVALID else each for each in event.results)
    return dataclasses.replace(event, results=bytearray(results))


def dated_too_early(event: Event) -> Event | None:
    if not isinstance(event, EchoSlots):
        return event
    early = type(event.due)("d", [due - 3 for due in event.due])
    return dataclasses.replace(event, due=early)


@pytest.mark.parametrize(
    ("script", "changes", "rules", "columns"),
    [
        ("way-out-cut", [without_paths], {}, {"false down", "minutes", "outages"}),
        ("area-router-dies", [without_parents], {}, {"causes"}),
        ("echo-silent-gateway", [without_witnesses], {}, {"false down", "minutes", "outages"}),
        ("4g-takes-over", [without_backups], {}, {"false down", "minutes", "outages"}),
        ("late-replies", [without_witnesses], {}, set()),
        ("late-replies", [without_witnesses, without_late_replies], {}, {"false down", "minutes", "outages"}),
        ("poller-cannot-send", [without_paths], {}, set()),
        ("poller-cannot-send", [without_paths, unsent_is_lost], {}, {"false down", "minutes", "outages"}),
        ("fibre-cut-sfp", [without_polls], {}, {"causes"}),
        ("planned-maintenance", [without_windows], {}, {"causes"}),
        ("uplink-port-down", [dated_too_early], {}, {"dated", "outages"}),
        ("loss-10-percent", [without_witnesses], {}, set()),
        ("loss-10-percent", [without_witnesses], {"down_after": 1}, {"false down"}),
        ("uplink-port-down", [], {"down_after": 12}, {"false up", "delay"}),
        ("uplink-port-down", [], {"up_after": 12}, {"false down", "delay"}),
        ("uplink-port-down", [], {"outage_after": 600.0}, {"outages"}),
        ("flapping", [], {"outage_after": 8.0}, {"outages"}),
        ("uplink-port-down", [], {"settle_after": -30.0}, {"unknown", "minutes"}),
    ],
)
def test_what_is_taken_away_shows_in_its_columns(
    script: str,
    changes: list[Change],
    rules: dict[str, Any],
    columns: set[str],
    shipped: Callable[[str], Script],
) -> None:
    played = play(
        shipped(script),
        province(24),
        judge=lambda usual: Altered(dataclasses.replace(usual, **rules), changes),
    )
    score = compare(played)
    found = set(failures(score))
    assert columns <= found if columns else not found, score.misses[:5]

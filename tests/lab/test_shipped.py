"""The scripts that come with netwatch: each can be played, and its truth covers it to the last second."""

from __future__ import annotations

import collections
import functools
import itertools
import json
import random
from typing import TYPE_CHECKING

import pytest

from netwatch.lab.faults import FaultKind
from netwatch.lab.plan.addresses import BENCHMARK
from netwatch.lab.plan.layout import Plan, plan as lay_out
from netwatch.lab.script.shipped import find, names, shipped
from netwatch.lab.script.story import ScriptError, Strike
from netwatch.lab.world import report
from netwatch.lab.world.world import World
from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netwatch.lab.world.truth import Truth

START = 1_790_000_000.0
SETTLE = 180.0  # seconds that verdicts need at a script's end: a poll, and 90 s


def play(plan: Plan, name: str) -> Truth:
    script = shipped(name)
    world = World(plan, script, START, random.Random(1))
    world.advance(world.end)
    return world.truth()


@pytest.fixture(scope="module")
def played(large: Plan) -> Callable[[str], Truth]:
    """What was true of a script, which is played once."""
    return functools.cache(lambda name: play(large, name))


def smaller(plan: Plan, units: int) -> Plan:
    sites = [site for branch in plan.branches for site in branch.sites][:units]
    return lay_out(sites, "Hưng Yên", BENCHMARK)


def test_there_are_enough_and_the_quiet_one_first() -> None:
    assert len(names()) >= 28
    assert "quiet-hour" in names()


@pytest.mark.parametrize("name", names())
def test_a_script_can_be_played_and_its_truth_covers_it(large: Plan, name: str) -> None:
    script = shipped(name)
    assert script.name == name
    assert all(script.about.values())
    truth = play(smaller(large, script.units), name)
    assert truth.end - truth.start == script.duration
    for spans in truth.units.values():
        assert (spans[0].start, spans[-1].end) == (truth.start, truth.end)
        assert all(a.end == b.start for a, b in itertools.pairwise(spans))
        assert all((a.up, a.observable) != (b.up, b.observable) for a, b in itertools.pairwise(spans))
        down = sum(span.end - span.start for span in spans if not span.up)
        mine = [each for each in truth.outages if truth.units[each.unit] is spans]
        assert down == pytest.approx(sum(each.end - each.start for each in mine))


@pytest.mark.parametrize("name", names())
def test_it_begins_and_ends_quietly(played: Callable[[str], Truth], name: str) -> None:
    """So that a monitor knows the province before anything happens, and has settled everything at the end."""
    script = shipped(name)
    truth = played(name)
    quiet = 15.0 if script.wire else 120.0
    assert all(each.start >= START + quiet for each in truth.outages)
    after = 25.0 if script.wire else SETTLE
    assert all(each.end <= truth.end - after for each in truth.outages)
    assert all(spans[-1].up and spans[-1].observable for spans in truth.units.values())


@pytest.mark.parametrize("name", [name for name in names() if shipped(name).wire])
def test_what_is_played_in_real_time_is_short_and_small(name: str) -> None:
    assert (shipped(name).duration <= 150, shipped(name).units <= 8) == (True, True)


def test_together_they_play_every_fault_and_every_cause(played: Callable[[str], Truth]) -> None:
    faults = {step.fault.kind for name in names() for step in shipped(name).steps if isinstance(step, Strike)}
    assert faults == set(FaultKind)
    causes = {each.cause for name in names() for each in played(name).outages}
    assert causes == set(Cause)


@pytest.mark.parametrize(
    ("name", "causes"),
    [
        ("quiet-hour", {}),
        ("fibre-cut-sfp", {"link": 2}),
        ("fibre-cut-ont", {"access": 2}),
        ("4g-takes-over", {}),
        ("power-cut-ups-holds", {}),
        ("power-cut-no-ups", {"power without a sign": 2}),
        ("power-cut-battery-empties", {"power": 2}),
        ("power-cut-ont-off", {"power": 1}),
        ("reboots", {"restart": 4}),
        ("area-router-dies", {"upstream": 8}),
        ("one-parent-of-two-dies", {}),
        ("both-parents-die", {"upstream": 8}),
        ("core-dies", {"upstream": 24}),
        ("core-drops-icmp", {}),
        ("own-outage-outlives-parents", {"upstream": 7, "link": 1}),
        ("child-stays-down", {"upstream": 8, "link": 1}),
        ("way-out-cut", {}),
        ("dies-while-blind", {"link out of sight": 1, "power without a sign out of sight": 1}),
        ("late-replies", {}),
        ("typhoon", {"power": 6, "power without a sign": 3, "link": 3}),
        ("planned-maintenance", {"maintenance": 1, "link": 2}),
        ("maintenance-announced-late", {"link": 1, "access": 1}),
        ("maintenance-of-a-router", {"upstream": 8}),
    ],
)
def test_what_a_script_comes_to(played: Callable[[str], Truth], name: str, causes: dict[str, int]) -> None:
    found: collections.Counter[str] = collections.Counter()
    for each in played(name).outages:
        sign, sight = "" if each.sign else " without a sign", "" if each.seen else " out of sight"
        found[f"{each.cause}{sign}{sight}"] += 1
    assert found == causes


def test_a_script_is_found_by_its_name_or_in_a_file(tmp_path: Path) -> None:
    assert find("typhoon") == shipped("typhoon")
    mine = tmp_path / "mine.yaml"
    mine.write_text("name: mine\nabout: {vi: của tôi, en: mine}\nduration: 1m\nsteps: []\n", encoding="utf-8")
    assert find(str(mine)).about["vi"] == "của tôi"
    mine.write_bytes(b"name: \xff")
    with pytest.raises(ScriptError, match=r"mine.yaml:1: this is no UTF-8"):
        find(str(mine))
    with pytest.raises(
        ScriptError, match=r"nowhere is no script that can be read \(No such file or directory\)"
    ):
        find("nowhere")
    with pytest.raises(KeyError):
        shipped("nowhere")


def test_the_truth_can_be_read_from_json_lines(played: Callable[[str], Truth]) -> None:
    truth = played("fibre-cut-sfp")
    told = [json.loads(line) for line in report.lines(truth, "fibre-cut-sfp")]
    assert told[0] == {"kind": "script", "name": "fibre-cut-sfp", "start": START, "end": START + 900}
    assert collections.Counter(line["kind"] for line in told) == {"script": 1, "unit": 24 + 4, "outage": 2}
    assert told[2] == {
        "kind": "unit",
        "unit": "10000",
        "start": START + 180,
        "end": START + 600,
        "state": "down",
        "observable": True,
    }
    assert told[-2] == {
        "kind": "outage",
        "unit": "10000",
        "start": START + 180,
        "end": START + 600,
        "cause": "link",
        "root": "",
        "roots": [],
        "sign": True,
        "seen": True,
        "lasting": False,
    }

"""Scripts know no names of a register: what they mean is found in whatever plan they are played in."""

from __future__ import annotations

import random

import pytest

from netwatch.lab.faults import FaultKind
from netwatch.lab.plan.layout import Feature, Plan
from netwatch.lab.script.reading import read_script
from netwatch.lab.script.selecting import NotFoundError, select, target
from netwatch.lab.script.story import ScriptError, Selector
from netwatch.lab.world.world import World


def having(*features: str) -> frozenset[Feature]:
    return frozenset(map(Feature, features))


@pytest.mark.parametrize(
    ("selector", "found"),
    [
        (Selector(line=1, names=("core", "gw-tan-3")), ("core", "gw-tan-3")),
        (Selector(line=1, unit=0), ("gw-tan-0",)),
        (Selector(line=1, unit=23, part="switch"), ("sw-tan-23",)),
        (Selector(line=1, unit=0, features=having("ups"), part="ups"), ("ups-tan-2",)),
        (
            Selector(line=1, unit=1, features=having("ont", "ups"), without=having("ont-on-ups")),
            ("gw-tan-11",),
        ),
        (Selector(line=1, unit=0, carrier="fpt"), ("gw-tan-2",)),
        (Selector(line=1, every=6), ("gw-tan-0", "gw-tan-6", "gw-tan-12", "gw-tan-18")),
        (Selector(line=1, features=having("sfp", "4g", "ups")), ("gw-tan-7", "gw-tan-15", "gw-tan-23")),
        (Selector(line=1, branch=0, all_routers=True), ("area-huyen-0", "area-huyen-0-b")),
        (Selector(line=1, branch=0, router=1), ("area-huyen-0-b",)),
        (Selector(line=1, branch=0, routers=1, router=0), ("area-huyen-1",)),
        (Selector(line=1, branch=1, routers=2, all_routers=True), ("area-huyen-2", "area-huyen-2-b")),
        (Selector(line=1, branch=1, unit=0, features=having("4g")), ("gw-tan-12",)),
        (Selector(line=1, routers=1, unit=0), ("gw-tan-8",)),
    ],
)
def test_what_is_meant(large: Plan, selector: Selector, found: tuple[str, ...]) -> None:
    assert select(selector, large) == found


@pytest.mark.parametrize(
    ("selector", "reason"),
    [
        (Selector(line=1, names=("gw-nowhere",)), "no device 'gw-nowhere'"),
        (Selector(line=1, unit=24), "there is no such unit 24: only 24, counted from 0"),
        (Selector(line=1, branch=3, all_routers=True), "there is no such branch 3: only 3"),
        (Selector(line=1, branch=0, router=2), "there is no router of the branch of area-huyen-0 2: only 2"),
        (Selector(line=1, unit=0, part="ups"), "one that does has no ups"),
        (Selector(line=1, features=having("sfp", "ont")), "no unit fits"),
    ],
)
def test_what_is_not_there_is_told(large: Plan, selector: Selector, reason: str) -> None:
    with pytest.raises(NotFoundError, match=reason):
        select(selector, large)


@pytest.mark.parametrize(
    ("kind", "name", "found"),
    [
        (FaultKind.HANG, "gw-tan-0", "gw-tan-0"),
        (FaultKind.FIBRE_CUT, "sw-tan-0", "10000"),
        (FaultKind.POWER_CUT, "gw-tan-0", "10000"),
        (FaultKind.POWER_CUT, "core", "core"),
        (FaultKind.CANNOT_SEND, "core", ""),
    ],
)
def test_what_a_fault_strikes(large: Plan, kind: FaultKind, name: str, found: str) -> None:
    assert target(kind, name, large) == found


def test_a_backbone_has_no_fibre_of_a_unit(large: Plan) -> None:
    with pytest.raises(NotFoundError, match="fibre-cut strikes a unit, and core is of none"):
        target(FaultKind.FIBRE_CUT, "core", large)


def test_a_script_that_does_not_fit_is_refused_with_every_line(plan: Plan) -> None:
    script = read_script(
        "name: x\nabout: {vi: a, en: a}\nunits: 8\nduration: 5m\nsteps:\n"
        "  - {at: 1m, fault: hang, on: {unit: 5}}\n  - {at: 1m, fault: fibre-cut, on: core}\n",
        "x.yaml",
    )
    with pytest.raises(ScriptError) as told:
        World(plan, script, 0.0, random.Random(1))
    assert str(told.value).splitlines() == [
        "x.yaml:1: x needs 8 units, not 3",
        "x.yaml:6: there is no such unit 5: only 3, counted from 0",
        "x.yaml:7: fibre-cut strikes a unit, and core is of none",
    ]

"""The week's days, cut into episodes."""

from __future__ import annotations

import itertools

import pytest

from bench.noise.week import AFTER, BEFORE, MONDAY, Episode, days, episodes, truly
from netwatch.lab.script.reading import read_script
from netwatch.lab.script.story import Announce, ScriptError, Strike
from netwatch.lab.world.truth import TrueOutage
from netwatch.model.cause import Cause
from tools.truth.province import province

DAY = """
name: day
about: {{vi: x, en: x}}
duration: 24h
steps:
{}
"""
CUT = "  - {{at: {}, fault: fibre-cut, on: {{unit: 0}}, until: {}}}\n"


def cut(*steps: str) -> list[Episode]:
    return list(episodes([read_script(DAY.format("".join(steps)), "day.yaml")]))


def test_what_is_close_together_is_one_episode_and_what_is_far_apart_two() -> None:
    found = cut(CUT.format("9h", "9h10m"), CUT.format("10h", "10h10m"), CUT.format("12h", "12h05m"))
    assert [(each.start - MONDAY.timestamp(), each.script.duration) for each in found] == [
        (9 * 3600 - BEFORE, BEFORE + 4200 + AFTER),
        (12 * 3600 - BEFORE, BEFORE + 300 + AFTER),
    ]


def test_steps_count_from_the_episode_s_beginning() -> None:
    (found,) = cut(CUT.format("9h", "9h10m"))
    (step,) = found.script.steps
    assert isinstance(step, Strike)
    assert (step.at, step.until) == (BEFORE, BEFORE + 600)


def test_an_announcement_happens_when_its_work_does_and_is_known_before() -> None:
    (found,) = cut("  - {at: 1h, announce: x, from: 9h, to: 10h, on: {unit: 0}}\n")
    (step,) = found.script.steps
    assert isinstance(step, Announce)
    assert (step.at, step.start, step.end) == (0.0, BEFORE, BEFORE + 3600)


def test_a_restore_is_refused_since_nobody_could_tell_how_long_a_fault_lasts() -> None:
    with pytest.raises(ScriptError, match=r"day.yaml:6: say 'until'"):
        cut("  - {at: 9h, restore: fibre-cut, on: {unit: 0}}\n")


def test_the_week_has_seven_days_that_fit_the_lab() -> None:
    found = list(episodes(days()))
    assert {each.day for each in found} == set(range(7))
    for before, after in itertools.pairwise(found):
        assert before.start + before.script.duration < after.start


def test_what_hangs_on_a_router_that_is_worked_on_as_announced_is_announced() -> None:
    (found,) = cut("  - {at: 1h, announce: x, from: 9h, to: 10h, on: core}\n")
    plan = province(1).plan
    times = [found.start + BEFORE + after for after in (-1, 0, 3599, 3600)]
    outages = [
        TrueOutage("a", at, at + 60, Cause.UPSTREAM, root, (root,), True, True, False)
        for at in times
        for root in ("core", "area-x")
    ]
    announced = [each.cause is Cause.MAINTENANCE for each in truly(outages, found, plan)]
    assert announced == [False, False, True, False, True, False, False, False]

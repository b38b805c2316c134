"""A run of down of 30 s is an outage, a shorter one a blip; unknown time within it never counts as down."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.decision import Subject


@pytest.mark.parametrize(
    ("tape", "runs"),
    [
        ("ggg LLLLL", []),  # it is not over
        ("LLLLL ggg", [("blip", 0, 5, 0)]),
        ("ggg" + "L" * 29 + "ggg", [("blip", 3, 32, 0)]),
        ("ggg" + "L" * 30 + "ggg", [("outage", 3, 33, 0)]),
        ("ggg" + "LLLLLggg" * 5, [("blip", 3 + 8 * n, 8 + 8 * n, 0) for n in range(5)]),
        # A single reply, or two, do not end a run.
        ("ggg" + "LLLLLg" * 5 + "LL ggg", [("outage", 3, 35, 0)]),
        # Unknown and then up: it ended where knowledge of it ended.
        ("L" * 20 + "i" * 40 + "ggg", [("blip", 0, 20, 0)]),
        ("L" * 40 + "i" * 40 + "ggg", [("outage", 0, 40, 0)]),
        # Unknown and then down again: one run, whose unknown part is told apart.
        ("L" * 20 + "i" * 40 + "L" * 20 + "ggg", [("outage", 0, 80, 40)]),
        ("L" * 10 + "i" * 40 + "L" * 10 + "ggg", [("blip", 0, 60, 40)]),
        ("L" * 10 + "i" * 40 + "L" * 10 + "i" * 10 + "L" * 10 + "ggg", [("outage", 0, 80, 50)]),
        ("L" * 10 + "i" * 40 + "L" * 30 + "i" * 9 + "ggg", [("outage", 0, 80, 40)]),
        # Fewer than five invalid ones are no unknown time.
        ("L" * 15 + "iiii" + "L" * 11 + "ggg", [("outage", 0, 30, 0)]),
        ("iiiiiiii", []),
    ],
)
def test_runs(world: Any, start: float, tape: str, runs: list[tuple[str, int, int, int]]) -> None:
    """Device and unit of a single line agree; (kind, first slot, slot after the last, unknown seconds)."""
    played = world()
    played.play(tape)
    played.tick(400)
    for subject in (Subject.DEVICE, Subject.UNIT):
        assert [
            (
                "outage" if run.outage else "blip",
                run.start - start - 0.25,
                run.end - start - 0.25,
                run.unknown,
            )
            for run in played.runs(subject)
        ] == runs


def test_totals_are_kept_in_the_views(world: Any) -> None:
    played = world()
    played.play("ggg" + "L" * 40 + "ggg" + "LLLLL ggg" + "L" * 50 + "ggg")
    played.tick(400)
    unit = played.judgement.units["12004"]
    assert unit.outages == {"undetermined": 2}
    assert unit.blips == 1
    assert unit.last_outage in played.decisions
    assert unit.last_outage.start == played.runs()[-1].start
    assert {run.cause for run in played.runs()} == {"undetermined"}


def test_down_since_is_the_beginning_of_the_run(world: Any, start: float) -> None:
    """Also where unknown time lay within it; and nothing unless down."""
    played = world()
    unit = played.judgement.units["12004"]
    assert unit.down_since is None
    played.play("ggg LLLLL")
    assert unit.down_since == start + 3.25
    played.play("iiiii", start=8)
    assert unit.down_since is None
    played.play("LLLLL", start=13)
    assert unit.down_since == start + 3.25
    played.play("ggg", start=18)
    assert unit.down_since is None


def test_a_run_of_what_is_removed_ends_with_it(world: Any, start: float) -> None:
    """As far as its minutes are settled: nobody will tell of the others any more."""
    played = world()
    played.play("L" * 200)
    played.configure(211.0, [], [])
    (run,) = played.runs()
    assert (run.start, run.end, run.outage) == (start + 0.25, start + 120.0, True)


def test_a_down_that_later_slots_take_back_is_no_run(world: Any, line: Any) -> None:
    """The backup's first good slot was due before the main line went down; live that took three to know."""
    played = world([line(0, uplink=0), line(1, uplink=1, interval=30.0)])
    main = played.slots({0: "g" * 180 + "L" * 60})
    played.phase = 20.0
    played.feed(sorted(main + played.slots({1: "LLLLLggg"})))
    assert ("down", 180.25) in played.states()
    played.tick(400)
    assert played.runs() == []

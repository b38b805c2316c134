"""Parents and children: who is down because of whom, and who is acquitted by what answers behind it."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.decision import CauseSettled, OutageBegan, RootChanged, Subject

LINES = ("ref-a", "ref-b", "core", "east", "west", "gw-a", "gw-b", "gw-c")
LENGTH = 420


def tape(*down: tuple[int, int], letter: str = "L") -> str:
    """Good but for these seconds (from, to)."""
    return "".join(letter if any(a <= place < b for a, b in down) else "g" for place in range(LENGTH))


def play(province: Any, tapes: dict[str, str]) -> Any:
    played = province()
    played.play({number: tapes.get(name, tape()) for number, name in enumerate(LINES)})
    for second in range(LENGTH, LENGTH + 400):
        played.tick(second)
    return played


@pytest.mark.parametrize(
    ("down", "unit", "outages"),
    [
        # (which are down and when, unit, its outages).
        ({"gw-a": (100, 200)}, "A", [("outage", "", 100, 200)]),
        ({"gw-a": (100, 129)}, "A", [("blip", "", 100, 129)]),
        ({"gw-a": (100, 130)}, "A", [("outage", "", 100, 130)]),
        ({"gw-a": (100, 200), "east": (100, 200)}, "A", [("outage", "east", 100, 200)]),
        # The beginnings may be a slot or two apart, whichever is first.
        ({"gw-a": (100, 200), "east": (103, 200)}, "A", [("outage", "east", 100, 200)]),
        ({"gw-a": (103, 200), "east": (100, 200)}, "A", [("outage", "east", 103, 200)]),
        # One that began before its parent's keeps its own cause.
        ({"gw-a": (96, 200), "east": (100, 200)}, "A", [("outage", "", 96, 200)]),
        ({"gw-a": (40, 300), "east": (100, 200)}, "A", [("outage", "", 40, 300)]),
        # The root is the first dead one on the way.
        (
            {"gw-a": (100, 200), "east": (100, 200), "core": (100, 200), "west": (100, 200)}
            | {"gw-b": (100, 200), "gw-c": (100, 200)},
            "A",
            [("outage", "core", 100, 200)],
        ),
        # Two parents, one alive.
        ({"gw-b": (100, 200), "east": (100, 200), "gw-a": (100, 200)}, "B", [("outage", "", 100, 200)]),
        (
            dict.fromkeys(("gw-a", "gw-b", "gw-c", "east", "west"), (100, 200)),
            "B",
            [("outage", "east", 100, 200)],
        ),
        # A parent that is back: its children are judged afresh a grace period later.
        (
            {"gw-a": (100, 320), "east": (100, 200)},
            "A",
            [("outage", "east", 100, 200), ("outage", "", 200, 320)],
        ),
        ({"gw-a": (100, 250), "east": (100, 200)}, "A", [("outage", "east", 100, 250)]),
        # It went down while its parent had long been down: that cannot be told from the parent's failure.
        ({"gw-a": (150, 260), "east": (100, 260)}, "A", []),
    ],
)
def test_an_outage_is_due_to_parents_that_were_down_from_its_beginning_on(
    province: Any, *, down: dict[str, tuple[int, int]], unit: str, outages: list[tuple[str, str, int, int]]
) -> None:
    """The last case: until 150 s the child answers, which acquits its parent."""
    played = play(province, {name: tape(span) for name, span in down.items()})
    expected = [(kind, root, start + 0.25, end + 0.25) for kind, root, start, end in outages]
    if not expected:
        assert played.outages("east")[0][2] >= 149
        assert played.outages("A")[0][1] == "east"
    else:
        assert played.outages(unit) == expected
    for _kind, root, start, end in expected:
        if end - start >= 30:
            (settled,) = [each for each in played.of(CauseSettled, unit) if each.end == played_time(end)]
            assert settled.cause == ("upstream" if root else "undetermined")
            assert settled.root == root


def played_time(second: float) -> float:
    return 1_700_000_040.0 + second


def test_an_outage_begins_once(province: Any) -> None:
    played = play(province, {name: tape((100, 300)) for name in ("east", "gw-a")})
    assert [(each.subject, each.root, each.cause) for each in played.of(OutageBegan, "A")] == [
        (Subject.UNIT, "east", "upstream")
    ]
    assert len(played.of(OutageBegan, "east")) == 1


def test_unknown_time_within_a_run_neither_ends_nor_doubles_it(province: Any) -> None:
    dark = "".join("i" if 150 <= place < 200 else letter for place, letter in enumerate(tape((100, 300))))
    played = play(province, {"gw-a": dark})
    assert played.outages("A") == [("outage", "", 100.25, 300.25)]
    assert played.of(CauseSettled, "A")[0].unknown == 50.0
    assert len(played.of(OutageBegan, "A")) == 1


@pytest.mark.parametrize(
    ("silent", "acquitted", "guilty"),
    [
        (("core",), ("core",), ()),  # it drops echoes, and forwards
        (("core", "east", "west"), ("core", "east", "west"), ()),  # a chain of three
        (("east", "gw-a"), (), ("gw-a",)),  # gw-b answers: but it may come by west
        (("east", "west"), ("east", "west"), ()),  # neither of gw-b's parents answers, and it does
        (("core", "east", "west", "gw-a", "gw-b", "gw-c"), (), ("core", "east", "west")),
        (("core", "east", "west", "gw-a", "gw-b"), ("core", "west"), ("east",)),
    ],
)
def test_whoever_answers_acquits_what_lies_before_it(
    province: Any, silent: tuple[str, ...], acquitted: tuple[str, ...], guilty: tuple[str, ...]
) -> None:
    played = play(province, {name: tape((60, 180)) for name in silent})
    for name in acquitted:
        assert played.minutes(Subject.DEVICE, name)[1:3] == ["up 60/0/0", "up 60/0/0"], name
        assert played.outages(name) == [], name
        assert [state for state, _ in played.states(Subject.DEVICE, name)][-2:] == [
            "up",
            "unknown",
        ]  # the end
    for name in guilty:
        assert played.minutes(Subject.DEVICE, name)[2] == "down 60/0/60", name


def test_slots_of_who_is_acquitted_are_late_and_not_good(province: Any) -> None:
    played = play(province, {"core": tape((60, 120))})
    minute = [each for each in played.settled() if getattr(each, "key", "") == "core"][1]
    assert (minute.verdict, minute.good, minute.lost, minute.late) == ("up", 0, 0, 60)
    assert played.minutes(Subject.LINE, "2")[1] == "down 60/0/60"  # the line itself did not answer


@pytest.mark.parametrize(("interval", "lost"), [(7.0, 0), (30.0, 0), (60.0, 0)])
def test_a_witness_may_be_asked_less_often(
    world: Any, line: Any, device: Any, interval: float, lost: int
) -> None:
    """Between two answers of its own it shows that its parent forwards."""
    played = world(
        [line(0, "core"), line(1, "gw", interval=interval)],
        [device("core", ""), device("gw", parents=("core",))],
    )
    played.play({0: tape((60, 180)), 1: "g" * int(LENGTH / interval)})
    played.tick(400)
    assert played.minutes(Subject.DEVICE, "core")[1:3] == [f"up 60/0/{lost}"] * 2


def test_the_root_is_named_live_and_taken_back(province: Any) -> None:
    played = province()
    tapes = {number: tape() for number in range(len(LINES))}
    played.play(tapes | {3: tape((100, 200)), 5: tape((100, 210))})
    roots = [(each.key, each.root) for each in played.of(RootChanged) if each.subject is Subject.UNIT]
    assert roots == [("A", "east"), ("A", "")]

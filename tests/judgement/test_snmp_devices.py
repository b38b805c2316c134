"""Polls are counted for every device; of one that is not echoed they are the slots as well."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.decision import Subject
from netwatch.model.device import Line
from netwatch.model.observation import Observation
from netwatch.model.outcome import Outcome

LETTERS = {
    "a": Outcome.ANSWERED,
    "t": Outcome.TIMEOUT,
    "u": Outcome.UNREACHABLE,
    "r": Outcome.REFUSED,
    "e": Outcome.AGENT_ERROR,
    "m": Outcome.MALFORMED,
    "x": Outcome.LOCAL_ERROR,
}


def poll(played: Any, start: float, tape: str, interval: float = 60.0, name: str = "gw") -> None:
    """Poll once an interval, from second 10 on; a poll takes 2 s."""
    for place, letter in enumerate(tape):
        at = start + 12 + place * interval
        played.advance(Observation(name, at, LETTERS[letter], 2.0, uptime=100.0 + place, vendor="MikroTik"))


@pytest.fixture
def silent(world: Any, device: Any) -> Any:
    """A device that is not echoed."""
    return world([Line(0, "gw", None, "198.18.4.1", 60.0, polled=True)], [device(echo=False, snmp="noc")])


@pytest.mark.parametrize(
    ("tape", "states"),
    [
        ("aa", []),
        ("aaa", [("up", 10)]),
        ("tttt", []),
        ("ttttt", [("down", 10)]),
        ("aaautuut", [("up", 10), ("down", 190)]),
        # Whoever refuses, reports an error or answers with garbage is alive.
        ("rem", [("up", 10)]),
        ("aaaxxxxx", [("up", 10), ("unknown", 190)]),
        ("aaattxttt", [("up", 10), ("unknown", 190), ("down", 190)]),
    ],
)
def test_polls_as_slots(silent: Any, start: float, tape: str, states: Any) -> None:
    poll(silent, start, tape)
    assert silent.states(Subject.DEVICE) == states
    assert silent.states(Subject.UNIT) == states
    assert silent.states(Subject.LINE) == states


def test_minutes_of_polls(silent: Any, start: float) -> None:
    """One slot a minute decides it."""
    poll(silent, start, "aatxa")
    silent.tick(240 + 152)
    assert silent.minutes() == ["up 1/1/0", "up 1/1/0", "down 1/0/1", "unknown 1/0/0", "up 1/1/0"]


def test_an_echoed_device_is_not_judged_by_its_polls(world: Any, device: Any, start: float) -> None:
    played = world(devices=[device(snmp="noc")])
    poll(played, start, "ttttttt")
    assert played.states() == []


def test_polls_are_counted_and_the_last_values_kept(world: Any, device: Any, start: float) -> None:
    """A poll that failed takes nothing away."""
    played = world(devices=[device(snmp="noc")])
    poll(played, start, "aattum")
    poll(played, start, "a", name="no-such-device")
    polls = played.judgement.devices["gw"].polls
    assert polls.outcomes == {
        Outcome.ANSWERED: 2,
        Outcome.TIMEOUT: 2,
        Outcome.UNREACHABLE: 1,
        Outcome.REFUSED: 0,
        Outcome.AGENT_ERROR: 0,
        Outcome.MALFORMED: 1,
        Outcome.LOCAL_ERROR: 0,
    }
    assert (polls.last, polls.success, polls.duration) == (Outcome.MALFORMED, start + 72, 2.0)
    assert (polls.uptime, polls.vendor) == (101.0, "MikroTik")


def test_values_not_taken_are_counted_by_reason(world: Any, start: float) -> None:
    played = world()
    for _ in range(2):
        played.advance(
            Observation("gw", start + 1, Outcome.ANSWERED, 0.1, refused=(("type", 2), ("too_many_rows", 1)))
        )
    assert played.judgement.devices["gw"].polls.refused == {"type": 4, "too_many_rows": 2}


def test_a_poll_of_a_settled_minute_is_no_slot(silent: Any, start: float) -> None:
    silent.tick(152)
    silent.advance(Observation("gw", start + 12, Outcome.ANSWERED, 2.0))
    silent.tick(212)
    assert silent.minutes() == ["unknown 1/0/0", "unknown 1/0/0"]
    assert silent.judgement.devices["gw"].polls.outcomes[Outcome.ANSWERED] == 1


@pytest.mark.parametrize(
    ("changes", "kept"), [({}, True), ({"area": "Khoái Châu"}, True), ({"snmp_interval": 30.0}, False)]
)
def test_a_reload_keeps_the_slots_of_polls(
    silent: Any, device: Any, start: float, *, changes: dict[str, Any], kept: bool
) -> None:
    poll(silent, start, "aaa")
    changed = device(**{"echo": False, "snmp": "noc"} | changes)
    polled = Line(0, "gw", None, "198.18.4.1", changed.snmp_interval, polled=True)
    silent.configure(140.0, [polled], [changed])
    assert silent.judgement.devices["gw"].state == ("up" if kept else "unknown")
    assert silent.judgement.devices["gw"].polls.outcomes[Outcome.ANSWERED] == 3

"""The log tells everything once, and nothing a thousand times."""

from __future__ import annotations

import logging

from netwatch.daemon.daemon import STATE_TOLD
from netwatch.daemon.logs import BURST, WINDOW, FloodGate
from netwatch.model.state import State


class Hand:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def record(text: str, *values: object) -> logging.LogRecord:
    return logging.LogRecord("netwatch.test", logging.WARNING, __file__, 1, text, values, None)


def test_a_burst_passes_and_the_flood_behind_it_does_not() -> None:
    gate = FloodGate(Hand())
    passed = [gate.filter(record("%s is silent", device)) for device in range(100)]
    assert passed == [True] * BURST + [False] * (100 - BURST)


def test_other_lines_pass_while_one_floods() -> None:
    gate = FloodGate(Hand())
    for device in range(100):
        gate.filter(record("%s is silent", device))
    assert gate.filter(record("reloaded"))


def test_the_next_window_tells_how_many_were_held_back() -> None:
    hand = Hand()
    gate = FloodGate(hand)
    for device in range(100):
        gate.filter(record("%s is silent", device))
    hand.now += WINDOW
    line = record("%s is silent", "sw%1")
    assert gate.filter(line)
    assert line.getMessage() == f"sw%1 is silent (and {100 - BURST} more like it before)"


def test_a_quiet_window_adds_nothing_to_the_next_line() -> None:
    hand = Hand()
    gate = FloodGate(hand)
    gate.filter(record("%s is silent", "a"))
    hand.now += WINDOW
    line = record("%s is silent", "b")
    gate.filter(line)
    assert line.getMessage() == "b is silent"


def test_kinds_of_lines_are_bounded() -> None:
    gate = FloodGate(Hand())
    for number in range(5000):
        assert gate.filter(record(f"text {number}"))
    assert len(gate._windows) <= 1000


def test_a_hundred_units_that_come_up_hide_none_that_goes_down() -> None:
    gate = FloodGate(Hand())
    for unit in range(100):
        gate.filter(record(STATE_TOLD[State.UP], "unit", str(unit), "3 echoes in a row were answered"))
    line = record(STATE_TOLD[State.DOWN], "unit", "13279", "5 echoes in a row were lost")
    assert gate.filter(line)
    assert line.getMessage() == "unit 13279 is down: 5 echoes in a row were lost"

"""A bar where a person watches, plain lines elsewhere."""

from __future__ import annotations

import io
import threading

import pytest

from netwatch.cli.progress import EVERY, progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Hands:
    """A clock that is turned by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_elsewhere_there_is_a_line_every_few_seconds_and_one_at_the_end() -> None:
    stream, clock = io.StringIO(), Hands()
    with progress("asking", 100, "addresses", stream=stream, clock=clock) as shown:
        for _ in range(10):
            shown.advance(10)
            clock.now += EVERY / 4
    assert stream.getvalue().splitlines() == [
        "asking: 50 of 100 addresses",
        "asking: 90 of 100 addresses",
        "asking: 100 of 100 addresses",
    ]


def test_where_nobody_knows_how_many_there_are_no_total_is_told() -> None:
    stream = io.StringIO()
    with progress("reading", None, "rows", stream=stream) as shown:
        shown.advance(3)
        shown.say("line 2: no such unit")
    assert stream.getvalue() == "line 2: no such unit\nreading: 3 rows\n"


def test_work_that_is_broken_off_says_how_far_it_had_come() -> None:
    stream = io.StringIO()

    def interrupted() -> None:
        with progress("asking", 9, "addresses", stream=stream) as shown:
            shown.advance()
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert stream.getvalue() == "asking: 1 of 9 addresses\n"


def test_on_a_terminal_there_is_a_bar_that_leaves_nothing_but_what_was_said() -> None:
    stream = Terminal()
    before = threading.active_count()
    with progress("asking", 4, "addresses", stream=stream) as shown:
        shown.advance(4)
        shown.say("found one")
        assert threading.active_count() == before, "no thread watches the bar"
    written = stream.getvalue()
    assert "asking: " in written
    assert "4/4" in written
    assert "found one\n" in written
    assert written.split("\n")[-1].split("\r")[-1].strip() == "", "the bar is gone"

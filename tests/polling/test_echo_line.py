from __future__ import annotations

from hypothesis import given, strategies as st

from netwatch.model.device import Line
from netwatch.polling.echo_line import WINDOW, EchoLine

sequences = st.integers(0, 2**16 - 1)


def made() -> EchoLine:
    return EchoLine(Line(1, "gw-1", None, "198.18.0.1", 1.0), {})


@given(sequences, st.lists(st.integers(1, 2 * WINDOW), min_size=1, max_size=20))
def test_which_of_the_last_echoes_were_lost_is_remembered_once(first: int, gaps: list[int]) -> None:
    """Wherever the sequences begin and wrap; what lies a window back is forgotten."""
    line = made()
    ages = [sum(gaps[at:]) for at in range(len(gaps) + 1)]  # of the lost, oldest first; the last is 0
    last = first + sum(gaps)
    for age in ages:
        line.lose((last - age) % 2**16)
    found = {age for age in range(2 * WINDOW) if line.find((last - age) % 2**16)}
    assert found == {age for age in ages if age < WINDOW}
    assert not any(line.find((last - age) % 2**16) for age in ages), "told once"


@given(sequences, st.integers(1, WINDOW - 1))
def test_a_loss_that_is_told_late_is_remembered_too(last: int, behind: int) -> None:
    line = made()
    line.lose(last)
    line.lose((last - behind) % 2**16)
    assert line.find(last)
    assert line.find((last - behind) % 2**16)


@given(st.floats(0, 2e9), sequences)
def test_what_was_due_lately_are_the_last_cycles(at: float, back: int) -> None:
    line = made()
    latest = int((at - line.offset) // 1.0)
    due = line.due((latest - back) % 2**16, at)
    assert due == ((latest - back) * line.line.interval + line.offset if back < WINDOW else None)


def test_a_line_without_a_socket_has_no_version() -> None:
    assert made().version == 0

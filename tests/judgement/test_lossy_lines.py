"""A line that loses much by chance needs more lost slots to be down: only what was lost by chance counts."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.decision import Subject
from netwatch.model.device import Role


@pytest.fixture
def seen(world: Any, device: Any, line: Any, path: Any) -> Any:
    """A gateway, line 0, that is seen by a reference, line 1."""
    devices = [device(), device("ref", unit="", role=Role.REFERENCE)]
    return world([line(), line(1, of="ref")], devices, paths=[path()])


@pytest.mark.parametrize("blind", [10, 60, 180])
def test_what_was_lost_while_blind_does_not_make_a_line_lossy(seen: Any, blind: int) -> None:
    """Dead when sight returns: down is known after five slots, as of any line that was up before."""
    seen.play({0: "g" * 30 + "L" * blind + "L" * 8, 1: "g" * 30 + "L" * blind + "g" * 8})
    assert [state for state, _ in seen.states(Subject.UNIT, "12004")] == ["up", "unknown", "down"]


def test_what_was_lost_in_sight_does(seen: Any) -> None:
    """Half of 60 lost: five more in a row are what chance would show, twenty are not."""
    seen.play({0: "g" * 5 + "gL" * 30 + "L" * 8, 1: "g" * 73})
    assert "down" not in dict(seen.states(Subject.UNIT, "12004"))
    seen.play({0: "L" * 15, 1: "g" * 15}, start=73.0)
    assert "down" in dict(seen.states(Subject.UNIT, "12004"))

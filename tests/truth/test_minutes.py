"""The verdict that a minute should have, computed from the truth alone."""

from __future__ import annotations

import pytest

from tools.truth.minutes import Shares


@pytest.mark.parametrize(
    ("up", "down", "verdicts"),
    [
        (60, 0, {"up"}),
        (0, 60, {"down"}),
        (0, 0, {"unknown"}),
        (40, 20, {"up"}),
        (32, 28, {"up", "down"}),  # three seconds decide
        (30, 30, {"up", "down"}),
        (20, 40, {"down"}),
        (52, 0, {"up"}),
        (50, 0, {"up", "unknown"}),  # 80 % are 48 s
        (46, 0, {"up", "unknown"}),
        (40, 0, {"unknown"}),
        (24, 24, {"up", "down", "unknown"}),
    ],
)
def test_so_many_seconds_up_and_down_make_these_verdicts_right(
    up: float, down: float, verdicts: set[str]
) -> None:
    assert {str(verdict) for verdict in Shares(up, down).verdicts()} == verdicts

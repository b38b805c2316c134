"""Every script that ships, played in virtual time: no verdict is wrong.

The short ones are played in every run of the tests, all of them by `make truth` and under the mark `truth`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netwatch.lab.script.shipped import names
from tools.truth.__main__ import score_of
from tools.truth.score import failures

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.lab.script.story import Script

SMALL = 8  # units: as many as the short scripts need


def scores(name: str, script: Script) -> None:
    units = SMALL if script.wire else 24
    score = score_of(name, units=units, seed=1)
    assert score.seconds > units * script.duration
    assert score.to_up  # every unit came up at its beginning
    assert not failures(score), "\n".join(map(str, score.misses))


@pytest.mark.parametrize("name", [name for name in names() if name.startswith("wire-")])
def test_no_verdict_is_wrong_in(name: str, shipped: Callable[[str], Script]) -> None:
    scores(name, shipped(name))


@pytest.mark.truth
@pytest.mark.parametrize("name", [name for name in names() if not name.startswith("wire-")])
def test_no_verdict_is_wrong_in_any_of_the_others(name: str, shipped: Callable[[str], Script]) -> None:
    scores(name, shipped(name))


def test_the_same_seed_gives_the_same_figures() -> None:
    first, second = (score_of("wire-outages", units=SMALL, seed=7) for _ in range(2))
    assert first == second

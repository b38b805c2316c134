"""One played script against its truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tools.truth import live, minutes, outages
from tools.truth.course import Course
from tools.truth.score import Score

if TYPE_CHECKING:
    from tools.truth.play import Played


def compare(played: Played) -> Score:
    """Return how a script was judged."""
    score = Score(played.script)
    for code in played.said:
        course = Course(played.truth.units[code])
        live.compare(played, code, course, score)
        minutes.compare(played, code, course, score)
        outages.compare(played, code, course, score)
    return score

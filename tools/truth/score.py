"""What a comparison comes to: figures for the table, and each miss with what is needed to look into it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple


class Miss(NamedTuple):
    """One thing that was wrong. `start` and `end` are seconds since the script's beginning."""

    script: str
    unit: str
    what: str
    start: float
    end: float
    said: str
    truth: str

    def __str__(self) -> str:
        """Return one line for people."""
        return (
            f"{self.script}: {self.unit}: {self.what}, {self.start:.1f} s to {self.end:.1f} s:"
            f" said {self.said}, truth {self.truth}"
        )


@dataclass(slots=True)
class Score:
    """How one script was judged. Delays in seconds."""

    script: str
    seconds: int = 0  # unit-seconds that were compared
    false_up: int = 0
    false_down: int = 0
    unknown: int = 0  # needlessly
    to_down: list[float] = field(default_factory=list)
    to_up: list[float] = field(default_factory=list)
    late: int = 0  # changes that were noticed too late, or never
    misdated: int = 0
    minutes: int = 0
    minutes_wrong: int = 0
    outages: int = 0  # that had to be found
    outages_wrong: int = 0
    causes: Counter[str] = field(default_factory=Counter)  # see CAUSES
    misses: list[Miss] = field(default_factory=list)


RIGHT, ALLOWED, NOT_ALLOWED, WRONG = CAUSES = ("right", "allowed", "not allowed", "wrong")
"""How a cause may turn out: right; undetermined, allowed or not; wrong."""

MOST_UNKNOWN = 0.01
"""Share of the unit-seconds that may be needlessly unknown."""


def failures(score: Score) -> tuple[str, ...]:
    """Return the columns in which the goal is missed; none: it is reached."""
    wrong = {
        "false up": score.false_up,
        "false down": score.false_down,
        "unknown": score.unknown > MOST_UNKNOWN * score.seconds,
        "delay": score.late,
        "dated": score.misdated,
        "minutes": score.minutes_wrong,
        "outages": score.outages_wrong,
        "causes": score.causes[NOT_ALLOWED] + score.causes[WRONG],
    }
    return tuple(name for name, count in wrong.items() if count)


def figures(score: Score) -> dict[str, Any]:
    """Return everything as JSON knows it."""
    values = {each.name: getattr(score, each.name) for each in fields(score)}
    return {**values, "misses": [miss._asdict() for miss in score.misses]}

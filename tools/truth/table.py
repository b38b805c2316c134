"""The table of all scripts, and what was wrong, for people."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from tools.truth.score import ALLOWED, NOT_ALLOWED, RIGHT, WRONG, Score, failures

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COLUMNS = (
    ("script", "", 28),
    ("unit-", "seconds", 7),
    ("false", "up", 5),
    ("false", "down", 5),
    ("unkn.", "%", 5),
    ("to down", "p50", 7),
    ("to down", "max", 7),
    ("to up", "max", 5),
    ("late", "", 4),
    ("mis-", "dated", 5),
    ("min-", "utes", 5),
    ("", "wrong", 5),
    ("out-", "ages", 4),
    ("", "wrong", 5),
    ("causes", "right", 6),
    ("undet.", "allowed", 7),
    ("undet.", "not", 6),
    ("", "wrong", 5),
)
"""Two lines of heading, and the width."""


def lines(scores: Sequence[Score]) -> Iterator[str]:
    """Yield the lines of the table, with a last row for everything."""
    rule = "-" * len(_line(first for first, *_ in COLUMNS))
    yield _line(first for first, *_ in COLUMNS)
    yield _line(second for _, second, _ in COLUMNS)
    yield rule
    for score in scores:
        yield _line(row(score)) + _mark(score)
    if len(scores) > 1:
        yield rule
        yield _line(row(total(scores)))


def row(score: Score) -> tuple[str, ...]:
    """Return the cells of one row."""
    return (
        score.script,
        str(score.seconds),
        str(score.false_up),
        str(score.false_down),
        f"{100 * score.unknown / max(score.seconds, 1):.2f}",
        _seconds(statistics.median(score.to_down) if score.to_down else None),
        _seconds(max(score.to_down, default=None)),
        _seconds(max(score.to_up, default=None)),
        str(score.late),
        str(score.misdated),
        str(score.minutes),
        str(score.minutes_wrong),
        str(score.outages),
        str(score.outages_wrong),
        *(str(score.causes[each]) for each in (RIGHT, ALLOWED, NOT_ALLOWED, WRONG)),
    )


def total(scores: Iterable[Score]) -> Score:
    """Return all scores as one."""
    whole = Score("all")
    for score in scores:
        whole.seconds += score.seconds
        whole.false_up += score.false_up
        whole.false_down += score.false_down
        whole.unknown += score.unknown
        whole.to_down += score.to_down
        whole.to_up += score.to_up
        whole.late += score.late
        whole.misdated += score.misdated
        whole.minutes += score.minutes
        whole.minutes_wrong += score.minutes_wrong
        whole.outages += score.outages
        whole.outages_wrong += score.outages_wrong
        whole.causes += score.causes
        whole.misses += score.misses
    return whole


def _mark(score: Score) -> str:
    failed = failures(score)
    return f"  <- {', '.join(failed)}" if failed else ""


def _seconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _line(cells: Iterable[str]) -> str:
    first, *rest = ((cell, width) for cell, (_, _, width) in zip(cells, COLUMNS, strict=True))
    return "  ".join((first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in rest)))

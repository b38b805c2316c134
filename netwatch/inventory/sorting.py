"""Rows of a spreadsheet that mean a unit, and those that do not; what would be said of them elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.importing import Refusal
from netwatch.inventory.matching import Asked, Match, Matcher, NoMatch

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping, Sequence

    from netwatch.inventory.spreadsheet import Row
    from netwatch.inventory.units import Units


def sort_out(rows: Iterable[Row], matcher: Matcher) -> tuple[list[tuple[Row, Match]], list[Refusal]]:
    """Return the rows that mean a unit with it, and why the others do not."""
    matched: list[tuple[Row, Match]] = []
    refused: list[Refusal] = []
    for row in rows:
        if row.problem:
            refused.append(Refusal(row.line, row.problem))
            continue
        answer = matcher.match(_asked(row))
        if isinstance(answer, NoMatch):
            refused.append(Refusal(row.line, answer.why, answer.candidates))
        else:
            matched.append((row, answer))
    return matched, refused


def _asked(row: Row) -> Asked:
    cells = row.cells
    return Asked(
        cells.get("code", ""), cells.get("unit", ""), cells.get("district", ""), cells.get("kind", "")
    )


def best_day(rows: Sequence[Row], units: Units, today: dt.date) -> tuple[dt.date, int]:
    """Return the day on which a layout began by whose names most rows mean a unit in force, and how many."""
    days = sorted({unit.valid_from for unit in units.register.units if unit.valid_from <= today})
    counts = {day: len(sort_out(rows, Matcher(units, today, day))[0]) for day in days or [today]}
    best = max(counts, key=lambda day: counts[day])
    return best, counts[best]


def elsewhere(rows: Sequence[Row], registers: Mapping[str, Units], today: dt.date) -> dict[str, int]:
    """Return how many rows mean a unit of each register, where any does."""
    counts = {name: len(sort_out(rows, Matcher(units, today))[0]) for name, units in registers.items()}
    return {name: count for name, count in counts.items() if count}

"""The table as Markdown."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from bench.noise.judging import LONG, Row, day, kinds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from netwatch.lab.world.truth import TrueOutage

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
HEADS = (
    *("day", "tool", "messages", "pages", "pages at night", "messages that named a unit that was up"),
    *(
        "messages about announced work",
        "outages ≥ 5 min",
        "told",
        "left for the morning",
        "missed",
        "delay p50",
    ),
)


def truth(outages: Sequence[TrueOutage]) -> Iterator[str]:
    """Yield the lines that tell what was true."""
    yield "| day | outages | of 5 min or more | announced | by cause |"
    yield "| --- | --- | --- | --- | --- |"
    for number, name in enumerate(DAYS):
        yield _truth(name, [each for each in outages if day(each.start) == number])
    yield _truth("**week**", outages)


def _truth(name: str, outages: Sequence[TrueOutage]) -> str:
    long = sum(each.end - each.start >= LONG for each in outages)
    causes = kinds(outages)
    told = ", ".join(f"{cause} {count}" for cause, count in sorted(causes.items())) or "-"
    return f"| {name} | {len(outages)} | {long} | {causes['maintenance']} | {told} |"


def compared(rows: Mapping[str, Sequence[Row]]) -> Iterator[str]:
    """Yield the lines that tell what each tool did, by day and over the week."""
    yield f"| {' | '.join(HEADS)} |"
    yield f"| {' | '.join('---' for _ in HEADS)} |"
    for number, name in enumerate(DAYS):
        for place, (tool, days) in enumerate(rows.items()):
            yield _row("" if place else name, tool, days[number])
    for place, (tool, days) in enumerate(rows.items()):
        yield _row("" if place else "**week**", tool, total(days))


def total(days: Iterable[Row]) -> Row:
    """Return all days as one."""
    whole = Row()
    for row in days:
        whole.add(row)
    return whole


def _row(name: str, tool: str, row: Row) -> str:
    delay = f"{statistics.median(row.delays):.0f} s" if row.delays else "-"
    cells = (
        *(name, tool, row.messages, row.pages, row.night_pages, row.wrong_messages, row.announced),
        *(row.long, len(row.delays), row.left, row.missed - row.left, delay),
    )
    return f"| {' | '.join(map(str, cells))} |"

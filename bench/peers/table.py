"""The runs as Markdown: what the alerts said, and what each tool said first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare import total
from judging import TOOLS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from compare import Row
    from judging import Run

HEADINGS = (
    "script",
    "tool",
    "outages",
    "missed",
    "units falsely down",
    "false unit-seconds",
    "delay p50 / max",
)


NOTHING = "-"


def tables(runs: Sequence[Run], versions: Mapping[str, str]) -> str:
    """Return everything that there is to print."""
    parts = [
        ", ".join(f"{name} {version}" for name, version in versions.items()),
        "### Alerts firing\n\n" + table([(run.script, run.alerts) for run in runs]),
        "### First word: alert pending; of netwatch, its live state\n\n"
        + table([(run.script, run.first) for run in runs]),
        "### netwatch: unknown\n\n" + unknown(runs),
        *(f"INCONCLUSIVE {run.script}: {doubt}" for run in runs for doubt in run.doubts),
    ]
    return "\n\n".join(parts) + "\n"


def table(rows: Sequence[tuple[str, Mapping[str, Row]]]) -> str:
    """Return one table, three lines a script and three of totals."""
    lines: list[Sequence[str]] = [HEADINGS]
    for script, by_tool in rows:
        for place, tool in enumerate(TOOLS):
            lines.append((f"`{script}`" if not place else "", tool, *cells(by_tool[tool])))
    for place, tool in enumerate(TOOLS):
        lines.append(("**all**" if not place else "", tool, *cells(total(by[tool] for _, by in rows))))
    return markdown(lines)


def cells(row: Row) -> tuple[str, ...]:
    """Return a row's figures; a dash where there is nothing that could have been told."""
    delay = NOTHING if row.delay is None else f"{row.delay[0]:.0f} / {row.delay[1]:.0f} s"
    missed = str(row.missed) if row.outages else NOTHING
    return (str(row.outages), missed, str(row.false_units), f"{row.false_seconds:,.0f}", delay)


def unknown(runs: Sequence[Run]) -> str:
    """Return for how long netwatch said *unknown* of units that were up or down, and had to."""
    headings = ("script", "unit-seconds up and hidden from every echo", "needlessly unknown unit-seconds")
    rows = [(f"`{run.script}`", f"{run.hidden:,.0f}", f"{run.unknown:,.0f}") for run in runs]
    return markdown([headings, *rows])


def markdown(lines: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; its first line is the headings."""
    rule = ["---"] * len(lines[0])
    return "\n".join(f"| {' | '.join(line)} |" for line in (lines[0], rule, *lines[1:]))

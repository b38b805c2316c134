"""How every benchmark prints what it measured: each figure against its yardstick and its goal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADINGS = ("work", "measured", "yardstick", "goal", "")
VERDICTS = {True: "met", False: "MISSED", None: ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One figure, its unit written out. `met` is None where there is no goal."""

    work: str
    measured: str
    yardstick: str
    goal: str
    met: bool | None


def print_table(title: str, rows: Sequence[Row]) -> None:
    """Print rows in columns as wide as what stands in them."""
    lines = [HEADINGS, *((r.work, r.measured, r.yardstick, r.goal, VERDICTS[r.met]) for r in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    print(f"\n{title}\n")
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())

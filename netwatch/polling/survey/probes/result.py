"""The last result of a probe, and how rows of numbers and texts are read."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.polling.text import clean
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.polling.survey.asking import Table
    from netwatch.protocols.snmp_walk import Walk

LONGEST_NAME = 96
"""Characters of a probe's name."""

Cells = dict[str, int | bytes | None]


class Result(NamedTuple):
    """The last result of one probe."""

    name: str
    answered: bool
    age: float | None  # seconds; None: not told
    rtt: float | None  # seconds
    mark: tuple[object, ...]  # moves with each new result
    source: str
    target: str = ""  # what sort of address it asks, "" where not told


def column(entry: tuple[int, ...], name: str, arc: int, syntax: str) -> Column:
    """Return a column of the table whose entry this is."""
    return Column(name, (*entry, arc), syntax)


def rows(walk: Walk, table: Table) -> Iterator[tuple[tuple[int, ...], Cells]]:
    """Yield the rows of a table of numbers and texts, cells by name."""
    texts = walk.texts()
    for index, numbers in walk.integers().items():
        cells = (
            number if number is not None else text for number, text in zip(numbers, texts[index], strict=True)
        )
        yield arcs(index), dict(zip((column.name for column in table.columns), cells, strict=True))


def owned(index: tuple[int, ...], *, ends: bool) -> str:
    """Return "owner/test" out of an index that begins with the two; "" where it does not.

    `ends`: nothing may follow.
    """
    parts = []
    for _ in range(2):
        if not index or not index[0] < len(index) or any(arc > 0xFF for arc in index[1 : index[0] + 1]):
            return ""
        parts.append(clean(bytes(index[1 : index[0] + 1]), LONGEST_NAME // 2))
        index = index[index[0] + 1 :]
    return "" if ends and index else "/".join(filter(None, parts))


def seconds(value: int | bytes | None, unit: float) -> float | None:
    """Return a number of units as seconds; None where it is none."""
    return value * unit if isinstance(value, int) and value >= 0 else None


def octets(value: int | bytes | None) -> bytes:
    """Return a text, empty where it is none."""
    return value if isinstance(value, bytes) else b""


def number(value: int | bytes | None) -> int:
    """Return a number, 0 where it is none."""
    return value if isinstance(value, int) else 0

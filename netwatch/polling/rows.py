"""The rows of a table that holds both numbers and texts, for short tables that are read whole and seldom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.protocols.ber import arcs

if TYPE_CHECKING:
    from netwatch.protocols.snmp_walk import Walk

Row = list[int | bytes | None]


def rows(walk: Walk) -> dict[tuple[int, ...], Row]:
    """Return the rows of a walk by their index, ascending; None where a row has no such value."""
    texts = walk.texts()
    return {
        arcs(index): [
            number if text is None else text for number, text in zip(numbers, texts[index], strict=True)
        ]
        for index, numbers in walk.integers().items()
    }

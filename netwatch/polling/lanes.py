"""The lanes that one row of a table of light tells of: columns of each, or a text with a value for each."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.units import LIGHT
from netwatch.polling.tables import measured
from netwatch.polling.text import clean

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Sequence

    from netwatch.model.profile import Lane, LightTable, Quantity
    from netwatch.polling.tables import Cell, Rows

MOST_LANES = 16
"""Lanes that are taken of one text: modules have up to 8 (CMIS), and twice that is to come."""


class Level(NamedTuple):
    """What one lane receives and sends, in dBm."""

    received: float | None
    transmitted: float | None


def levels(light: LightTable, rows: Rows, index: bytes, refused: Counter[str]) -> Sequence[Level]:
    """Return what the lanes of a row tell, in their order: one, unless any but the first tells something."""
    first = _level(light, rows, index, refused)
    if light.kinds is not None:
        # Arcs below 128 are one octet each (X.690, 8.19.2).
        sent = index[:-1] + bytes(light.kinds[1:])
        cell = rows.cell(sent, light.received.metric)
        return [Level(first.received, measured(light.received, cell, refused, LIGHT))]
    if light.comma_lanes is not None:
        written = _written(light.comma_lanes, rows, index, refused)
        if len(written) > 1:
            return written
        return [first if written == [] else _either(first, written[0])]
    more = [_level(lane, rows, index, refused) for lane in light.more_lanes]
    return [first, *more] if any(each != Level(None, None) for each in more) else [first]


def _level(source: LightTable | Lane, rows: Rows, index: bytes, refused: Counter[str]) -> Level:
    return Level(
        *(
            None if each is None else measured(each, rows.cell(index, each.metric), refused, LIGHT)
            for each in (source.received, source.transmitted)
        )
    )


def _either(first: Level, other: Level) -> Level:
    return Level(
        other.received if first.received is None else first.received,
        other.transmitted if first.transmitted is None else first.transmitted,
    )


def _written(lane: Lane, rows: Rows, index: bytes, refused: Counter[str]) -> list[Level]:
    """Return what texts tell, lane by lane; none where there are none, or more than can be."""
    texts = [
        [] if quantity is None else _pieces(rows.cell(index, quantity.metric))
        for quantity in (lane.received, lane.transmitted)
    ]
    if max(map(len, texts)) > MOST_LANES:
        refused["out of range"] += 1
        return []
    return [
        Level(
            _piece(lane.received, received, refused),
            _piece(lane.transmitted, transmitted, refused),
        )
        for received, transmitted in zip_longest(*texts)
    ]


def _pieces(cell: Cell) -> list[str]:
    text = clean(cell) if isinstance(cell, bytes) else ""
    return text.split(",") if text else []


def _piece(quantity: Quantity | None, text: str | None, refused: Counter[str]) -> float | None:
    return None if quantity is None or text is None else measured(quantity, text, refused, LIGHT)

"""A map without tiles: where units lie towards each other, as shapes in a drawing of fixed size.

Degrees become lengths by an equirectangular projection around the middle of what is drawn, which over a
province is exact to well under a marker's size.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.publishing.present import Key

SIDE = 600.0
"""Units of the drawing along its longer side."""

MARGIN = 22.0

LARGEST, SMALLEST = 13.0, 2.5
"""Radius of a marker: as there is room for them."""

ROOM = 0.25
"""Of a marker's radius to the side of the square that would be its own, were all spread evenly."""

ROUNDS = 12
"""Times that markers are pushed apart; after those some may still touch."""


@dataclass(frozen=True, slots=True)
class Marker:
    """Where a unit is drawn."""

    key: Key
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Map:
    """A drawing of `width` by `height`, its markers of one radius from north to south."""

    width: float
    height: float
    radius: float
    markers: tuple[Marker, ...]


def draw(places: Iterable[tuple[Key, float, float]]) -> Map:
    """Return the map of (key, latitude, longitude), in degrees; an empty one of none."""
    placed = sorted(places, key=lambda place: (-place[1], place[2], place[0]))
    if not placed:
        return Map(SIDE, SIDE / 2, LARGEST, ())
    south, north = placed[-1][1], placed[0][1]
    west, east = min(each[2] for each in placed), max(each[2] for each in placed)
    narrowing = max(math.cos(math.radians((south + north) / 2)), 0.01)
    wide, high = (east - west) * narrowing, north - south
    scale = (SIDE - 2 * MARGIN) / (max(wide, high) or 1.0)
    width, height = wide * scale + 2 * MARGIN, high * scale + 2 * MARGIN
    radius = min(LARGEST, max(SMALLEST, ROOM * math.sqrt(width * height / len(placed))))
    points = [
        [MARGIN + (longitude - west) * narrowing * scale, MARGIN + (north - latitude) * scale]
        for _, latitude, longitude in placed
    ]
    _push_apart(points, 2.1 * radius, (width, height))
    return Map(
        round(width, 1),
        round(height, 1),
        round(radius, 1),
        tuple(
            Marker(key, round(x, 1), round(y, 1)) for (key, _, _), (x, y) in zip(placed, points, strict=True)
        ),
    )


def _push_apart(points: list[list[float]], distance: float, size: tuple[float, float]) -> None:
    """Move points that are nearer than `distance` away from each other, in place and within the drawing."""
    for _ in range(ROUNDS):
        cells: dict[tuple[int, int], list[int]] = {}
        for index, (x, y) in enumerate(points):
            cells.setdefault((int(x // distance), int(y // distance)), []).append(index)
        moved = False
        for index in range(len(points)):
            for other in _near(points[index], cells, distance):
                moved |= other > index and _part(points[index], points[other], distance)
        for point in points:
            for axis in (0, 1):
                point[axis] = min(max(point[axis], MARGIN / 2), size[axis] - MARGIN / 2)
        if not moved:
            return


def _near(point: list[float], cells: dict[tuple[int, int], list[int]], distance: float) -> list[int]:
    column, row = int(point[0] // distance), int(point[1] // distance)
    return [
        index
        for across in (-1, 0, 1)
        for down in (-1, 0, 1)
        for index in cells.get((column + across, row + down), ())
    ]


def _part(one: list[float], other: list[float], distance: float) -> bool:
    """Move two points apart by half of what is missing each; two at one place part sideways."""
    across, down = other[0] - one[0], other[1] - one[1]
    apart = math.hypot(across, down)
    if apart >= distance - 1e-6:
        return False
    push = (distance - apart) / 2
    step = (push, 0.0) if apart < 1e-6 else (across / apart * push, down / apart * push)
    one[0] -= step[0]
    one[1] -= step[1]
    other[0] += step[0]
    other[1] += step[1]
    return True

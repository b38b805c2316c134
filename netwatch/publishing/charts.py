"""Parts of SVG that stand in a page: bars of claims and strips of days, told apart by form, not by colour.

Lengths across are percentages, so that a chart is as wide as there is room for and its lines stay thin.
Whoever shows one shows :data:`PATTERNS` once in the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from netwatch.publishing.wording import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    Stretch = tuple[float, float]
    """From the first up to but not including the second, Unix seconds."""

HEIGHT = 48
"""Of a strip's days, in pixels: midnight above, midnight below."""

LEAST = 1.5
"""Height of the shortest stretch, in pixels; a minute is 0.03."""

EVERY = (1, 2, 5, 10, 20, 50, 100)
"""How many days may lie between two that bear a number."""

MOST_NUMBERS = 8

PATTERNS = Markup(
    '<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>'
    '<pattern id="hatching" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
    '<rect width="6" height="6" class="ground"/><path d="M0 0V6" class="hatch"/></pattern>'
    '<pattern id="dots" width="4" height="4" patternUnits="userSpaceOnUse">'
    '<rect width="4" height="4" class="ground"/><circle cx="1" cy="1" r=".7" class="dot"/></pattern>'
    "</defs></svg>"
)
"""The hatching of what is not known, and the dots of what was not looked at."""


def bar(lower: float, upper: float, declared: float, label: str) -> Markup:
    """Draw a ratio between its bounds, and a mark at what was declared; `label` says the same."""
    shown, known = max(lower, 0) * 100, min(max(upper, lower), 1) * 100
    parts = [
        Markup('<rect class="frame" x="0" y="14" width="100%" height="18"/>'),
        Markup('<rect class="open" x="{}%" y="14" width="{}%" height="18" fill="url(#hatching)"/>').format(
            _brief(shown), _brief(known - shown)
        ),
        Markup('<rect class="shown" x="0" y="14" width="{}%" height="18"/>').format(_brief(shown)),
        Markup(
            '<svg class="mark" x="{}%" y="0" overflow="visible">'
            '<path d="M-6 1H6L0 11Z"/><path class="line" d="M0 10V37"/></svg>'
        ).format(_brief(declared * 100)),
    ]
    return _drawing("bar", 38, label, parts)


def strip(
    days: Sequence[tuple[Stretch, int]],
    outages: Iterable[Stretch],
    unseen: Iterable[Stretch],
    planned: Iterable[Stretch],
    label: str,
) -> Markup:
    """Draw a column for each day, its hours from above to below, and in them what is known.

    `days` are the local days in order, with their numbers in the month. Outages are solid, what nobody looked
    at is dotted, announced windows have a frame. What is left blank is no proof of anything.
    """
    if not days:
        return Markup("")
    width = 100 / len(days)
    lines = [
        Markup('<line x1="{0}%" x2="{0}%" y1="0" y2="{1}"/>').format(_brief(width * place), HEIGHT)
        for place in range(1, len(days))
    ]
    parts = [
        Markup('<rect class="frame" width="100%" height="{}"/>').format(HEIGHT),
        Markup('<g class="days">{}</g>').format(Markup("").join(lines)),
        _marks("unseen", days, unseen),
        _marks("planned", days, planned),
        _marks("outages", days, outages),
        Markup('<g class="numbers">{}</g>').format(Markup("").join(_numbers(days))),
    ]
    return _drawing("strip", HEIGHT + 14, label, parts)


def _drawing(kind: str, height: int, label: str, parts: Iterable[Markup]) -> Markup:
    return Markup('<svg class="{}" width="100%" height="{}" role="img" aria-label="{}">{}</svg>').format(
        kind, height, clean(label), Markup("").join(parts)
    )


def _marks(kind: str, days: Sequence[tuple[Stretch, int]], stretches: Iterable[Stretch]) -> Markup:
    return Markup('<g class="{}">{}</g>').format(kind, Markup("").join(_columns(days, stretches)))


def _columns(days: Sequence[tuple[Stretch, int]], stretches: Iterable[Stretch]) -> Iterator[Markup]:
    """Cut stretches at midnights, and draw each piece in the column of its day."""
    width = 100 / len(days)
    for start, end in stretches:
        for place, ((first, last), _) in enumerate(days):
            since, until = max(start, first), min(end, last)
            if since < until:
                scale = HEIGHT / (last - first)
                height = max((until - since) * scale, LEAST)
                top = min((since - first) * scale, HEIGHT - height)
                yield Markup('<rect x="{}%" y="{}" width="{}%" height="{}"/>').format(
                    _brief(place * width), _brief(top), _brief(width), _brief(height)
                )


def _numbers(days: Sequence[tuple[Stretch, int]]) -> Iterator[Markup]:
    apart = next((each for each in EVERY if len(days) <= each * MOST_NUMBERS), EVERY[-1])
    for place in range(0, len(days), apart):
        middle = (place + 0.5) * 100 / len(days)
        yield Markup('<text x="{}%" y="{}">{}</text>').format(_brief(middle), HEIGHT + 11, days[place][1])


def _brief(value: float) -> str:
    """Write a length with as many digits as can be seen."""
    return f"{value:.2f}".rstrip("0").rstrip(".")

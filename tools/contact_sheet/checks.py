"""What is wrong with a drawn board, from what its page tells: pure, so that tests can tell it anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

WRONG = re.compile(
    r"No data|No alerts matching filters|Loading\b|Panel plugin not found|no renderer for panels"
    r"|An unexpected error|\bError\b|\bNaN\b|\bundefined\b|Invalid [Dd]ate"
    r"|\$\{?[A-Za-z_]\w*|\[object Object\]"
)
"""Texts that a panel shows only where something went wrong, or where there is nothing to show."""

LEAST_INK = 4
"""Pixels drawn on, below which a canvas counts as blank."""


@dataclass(frozen=True)
class Panel:
    """What is seen of one panel: its texts without its title, and the ink (pixels) on each canvas."""

    title: str
    type: str
    text: str
    nothing: str = ""  # what it says in place of data
    links: tuple[str, ...] = ()
    marks: int = 0  # shapes that are on no canvas
    ink: tuple[int, ...] = ()

    @classmethod
    def of(cls, seen: Mapping[str, Any]) -> Panel:
        """Read what the page's `contactSheet.seen()` tells of one."""
        ink = tuple(int(canvas["ink"]) for canvas in seen["canvases"])
        return cls(
            str(seen["title"]),
            str(seen["type"]),
            str(seen["text"]),
            str(seen["nothing"]),
            tuple(map(str, seen["links"])),
            int(seen["marks"]),
            ink,
        )


def problems(panels: Collection[Panel], complaints: Collection[str], empty: Collection[str]) -> Iterator[str]:
    """Yield what is wrong, a line each: the page's complaints, error texts, blank canvases, no panels.

    `empty` names the panels, by their titles, that may have nothing to show.
    """
    yield from complaints
    if not panels:
        yield "no panel was drawn"
    for panel in panels:
        yield from (f"{panel.title}: {each}" for each in _of_one(panel, may_be_empty=panel.title in empty))


def _of_one(panel: Panel, *, may_be_empty: bool) -> Iterator[str]:
    if panel.nothing:
        if not may_be_empty:
            yield f"says {panel.nothing!r}"
        return
    yield from (f"shows {text!r}" for text in dict.fromkeys(WRONG.findall(panel.text)))
    yield from (f"links to {link}" for link in dict.fromkeys(panel.links) if WRONG.search(link))
    if not panel.text.strip() and not panel.ink and not panel.marks:
        yield "shows nothing"
    if any(ink < LEAST_INK for ink in panel.ink) and not may_be_empty:
        yield "has a blank canvas"

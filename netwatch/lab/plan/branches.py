"""Which units hang on the same routers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.lab.plan.names import slugs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.lab.plan.sites import Site


@dataclass(frozen=True, slots=True)
class Branch:
    """What hangs on the same routers, one or two."""

    area: str
    routers: tuple[str, ...]
    sites: tuple[Site, ...]


def branches(sites: Sequence[Site], most: int) -> tuple[Branch, ...]:
    """Divide areas into branches of so many units at most, the largest first.

    Every second one, from the first on, has two routers.
    """
    by_area: dict[str, list[Site]] = {}
    for site in sites:
        by_area.setdefault(site.area, []).append(site)
    parts = [
        (area, tuple(inside[first : first + most]))
        for area, inside in by_area.items()
        for first in range(0, len(inside), most)
    ]
    parts.sort(key=lambda part: -len(part[1]))
    names = [f"area-{short}" for short in slugs(area for area, _ in parts)]
    return tuple(
        Branch(area, (name,) if k % 2 else (name, f"{name}-b"), inside)
        for k, (name, (area, inside)) in enumerate(zip(names, parts, strict=True))
    )

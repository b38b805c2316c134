"""Names of devices and files, made of what people call places."""

from __future__ import annotations

import collections
from typing import TYPE_CHECKING

from netwatch.model.slug import slug

if TYPE_CHECKING:
    from collections.abc import Iterable

UNNAMED = "unit"  # where a name has no letter that ASCII knows


def slugs(names: Iterable[str]) -> tuple[str, ...]:
    """Return the slug of each name; one that came before is given a number."""
    seen: collections.Counter[str] = collections.Counter()
    unique = []
    for name in names:
        short = slug(name) or UNNAMED
        seen[short] += 1
        unique.append(short if seen[short] == 1 else f"{short}-{seen[short]}")
    return tuple(unique)

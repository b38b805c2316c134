"""Names of devices and files, made of what people call places."""

from __future__ import annotations

import collections
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNNAMED = "unit"  # where a name has no letter that ASCII knows


def slug(name: str) -> str:
    """Return a Vietnamese name as lower-case ASCII with hyphens: `Như Quỳnh` → `nhu-quynh`."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    letters = (char for char in plain if not unicodedata.combining(char))
    return "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in letters).split())


def slugs(names: Iterable[str]) -> tuple[str, ...]:
    """Return the slug of each name; one that came before is given a number."""
    seen: collections.Counter[str] = collections.Counter()
    unique = []
    for name in names:
        short = slug(name) or UNNAMED
        seen[short] += 1
        unique.append(short if seen[short] == 1 else f"{short}-{seen[short]}")
    return tuple(unique)

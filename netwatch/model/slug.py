"""Names of devices and files, made of what people call places and things."""

from __future__ import annotations

import unicodedata

_STROKED = str.maketrans(dict.fromkeys("đðɖ", "d"))
"""Letters that do not decompose; the last two are typed where the first is meant."""


def slug(name: str) -> str:
    """Return a Vietnamese name as lower-case ASCII with hyphens: `Như Quỳnh` → `nhu-quynh`.

    "" where nothing is left.
    """
    plain = unicodedata.normalize("NFD", name.lower().translate(_STROKED))
    letters = (char for char in plain if not unicodedata.combining(char))
    return "-".join("".join(char if char.isascii() and char.isalnum() else " " for char in letters).split())

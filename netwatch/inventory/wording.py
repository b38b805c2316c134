"""How messages speak: what was written is quoted short, and what was probably meant is suggested."""

from __future__ import annotations

import difflib
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

QUOTED = 60
"""Characters of a value that a message repeats."""


def quote(text: str) -> str:
    """Return what was written, in quotes, cut where it is long, and with nothing that a terminal obeys."""
    short = text if len(text) <= QUOTED else text[:QUOTED] + "…"
    return "'" + "".join(sign if sign.isprintable() else f"\\u{ord(sign):04x}" for sign in short) + "'"


def did_you_mean(word: str, candidates: Iterable[str]) -> str:
    """Return "; did you mean 'x'?" for the nearest candidate, or "" where none is near."""
    near = nearest(word, candidates)
    return f"; did you mean {quote(near)}?" if near else ""


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Return the candidate that was probably meant, or "".

    Case and diacritics do not count: who types `xa` means `xã`.
    """
    if len(word) > QUOTED:
        return ""
    folded: dict[str, str] = {}
    for candidate in candidates:
        folded.setdefault(fold(candidate), candidate)
    near = difflib.get_close_matches(fold(word), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else ""


def fold(text: str) -> str:
    """Return `text` without diacritics and case, for comparing what people type."""
    plain = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(sign for sign in plain if not unicodedata.combining(sign))


def listed(words: Iterable[str]) -> str:
    """Return `a, b or c`."""
    *head, last = words
    return f"{', '.join(head)} or {last}" if head else last


def counted(number: int, noun: str) -> str:
    """Return `1 device`, `2 devices`, `0 replies`."""
    if number == 1:
        return f"1 {noun}"
    plural = noun[:-1] + "ies" if noun.endswith("y") else noun + "s"
    return f"{number:,} {plural}"

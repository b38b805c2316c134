"""Names of Vietnamese places, in the one spelling in which two of them can be compared.

Officials type "Hoà Phong" and "Hòa Phong", lose marks or all of them, and use the old Eth for the letter Đ.
What they type may lack marks that the official name has; it never may have others: `Tán` is not `Tân`.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Grave, acute, tilde, hook above, dot below: they are the syllable's, wherever in it they are written."""

STROKE = "\u0335"
"""Stands for the stroke of `đ`, which Unicode does not decompose."""

INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""Soft hyphen, zero-width signs and marks of direction, which come along when text is pasted."""

_TIDY = str.maketrans({**dict.fromkeys(INVISIBLE), "\u2010": "-", "\u2011": "-"})
_APOSTROPHES = "'`\u2018\u2019\u02bc\u00b4"
_LETTERS = str.maketrans(dict.fromkeys("đðɖ", "d" + STROKE) | dict.fromkeys(_APOSTROPHES))

OFFICES = (("ủy", "ban", "nhân", "dân"), ("ubnd",), ("hđnd",))
"""What is written before the name of a unit where its office is meant."""

KINDS = {
    "xã": ("xã", "x"),
    "phường": ("phường", "p"),
    "thị trấn": ("thị trấn", "tt"),
    "đặc khu": ("đặc khu", "đk"),
    "huyện": ("huyện", "h"),
    "quận": ("quận", "q"),
    "thị xã": ("thị xã", "tx"),
    "thành phố": ("thành phố", "tp"),
    "tỉnh": ("tỉnh",),
}
"""Kinds of units, each as it is written out and as it is abbreviated."""


def tidy(text: str) -> str:
    """Return what a cell of a spreadsheet holds: NFC, on one line, one plain space between words."""
    return " ".join(unicodedata.normalize("NFC", text.translate(_TIDY)).split())


def spell(text: str) -> str:
    """Return a name in small letters with its tones behind each syllable, and nothing between but spaces.

    Two spellings of one name come out equal: case, NFC and NFD, hyphens, dots, `òa` and `oà`, `01` and `1`.
    """
    lower = unicodedata.normalize("NFKC", text.translate(_TIDY).casefold()).casefold()
    letters = unicodedata.normalize("NFD", lower.translate(_LETTERS))
    kept = "".join(sign if sign.isalnum() or unicodedata.combining(sign) else " " for sign in letters)
    return " ".join(_syllable(word) for word in kept.split())


def _syllable(word: str) -> str:
    if word.isdecimal():
        return word.lstrip("0") or "0"
    tones = sorted(sign for sign in word if sign in TONES)
    return "".join(sign for sign in word if sign not in TONES) + "".join(tones) if tones else word


def plain(spelling: str) -> str:
    """Return a spelling without any marks."""
    return "".join(sign for sign in spelling if not unicodedata.combining(sign))


def fits(written: str, official: str) -> bool:
    """Tell whether a spelling is the official one, or that with some marks left out."""
    return written == official or (
        plain(written) == plain(official)
        and all(mark <= full for mark, full in zip(_marks(written), _marks(official), strict=True))
    )


def _marks(spelling: str) -> list[set[str]]:
    """Return the marks behind each sign that is none; a syllable's tones stand behind its last."""
    marks: list[set[str]] = [set()]
    for sign in spelling:
        if unicodedata.combining(sign):
            marks[-1].add(sign)
        else:
            marks.append(set())
    return marks


class Reading(NamedTuple):
    """One way in which a text can be understood as a unit's name."""

    kind: str  # "" where none is written
    name: str  # spelled


def readings(text: str) -> Iterator[Reading]:
    """Yield every way to read a text: `phuong chieu` may be Phường Chiểu, or a Phương Chiểu of any kind."""
    words = tuple(spell(text).split())
    pending = [words]
    while pending:
        rest = pending.pop()
        if not rest:
            continue
        yield Reading("", " ".join(rest))
        for kind, prefix in _KIND_WORDS:
            if _begins(rest, prefix) and len(rest) > len(prefix):
                yield Reading(kind, " ".join(rest[len(prefix) :]))
        pending += [rest[len(prefix) :] for prefix in _OFFICE_WORDS if _begins(rest, prefix)]


def bare(name: str, kind: str) -> str:
    """Return the spelling of a register's name without the kind that it begins with."""
    full, prefix = spell(name), spell(kind) + " "
    return full.removeprefix(prefix) if kind else full


def kind_of(text: str) -> str:
    """Return the kind that a text says and nothing else, or ""."""
    words = tuple(spell(text).split())
    return next((kind for kind, prefix in _KIND_WORDS if words and words in {prefix, _plain(prefix)}), "")


def _begins(words: tuple[str, ...], prefix: tuple[str, ...]) -> bool:
    """Tell whether words begin with others, with all their marks or with none: `phương` is not `phường`."""
    head = words[: len(prefix)]
    return head in {prefix, _plain(prefix)}


def _plain(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(plain, words))


_KIND_WORDS = tuple((kind, tuple(spell(form).split())) for kind, forms in KINDS.items() for form in forms)
_OFFICE_WORDS = tuple(tuple(spell(word) for word in office) for office in OFFICES)

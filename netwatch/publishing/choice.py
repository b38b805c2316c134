"""Which units a reader wants to see: found by what people type, whether or not they type the diacritics."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.publishing.present import UnitNow, Verdicts

_STROKES = str.maketrans("đð", "dd")


def fold(text: str) -> str:
    """Return small letters without any marks: `Như Quỳnh` and `nhu quynh` come out equal, and `đ` and `d`."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_STROKES)
    return " ".join("".join(sign for sign in plain if not unicodedata.combining(sign)).split())


def sought(now: UnitNow) -> str:
    """Return what a unit is found by: its code, name and area, folded."""
    return fold(f"{now.unit.code} {now.unit.name} {now.area} {now.unit.district}")


@dataclass(frozen=True, slots=True)
class Choice:
    """A search and two filters; "" chooses all."""

    text: str = ""
    state: str = ""
    verdict: str = ""

    def __bool__(self) -> bool:
        return self != Choice()

    def fits(self, now: UnitNow, found_by: str, verdicts: Verdicts) -> bool:
        """Tell whether a unit is to be listed: every word of the search occurs in what it is found by."""
        if self.state and now.shown != self.state:
            return False
        if self.verdict and all(each.verdict != self.verdict for _, each in verdicts):
            return False
        return not self.text or all(word in found_by for word in fold(self.text).split())

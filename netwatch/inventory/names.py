"""References by name across files: what is there, and what was probably meant where it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.wording import did_you_mean, quote

if TYPE_CHECKING:
    from collections.abc import Collection

    from netwatch.inventory.document import Scalar
    from netwatch.inventory.problem import Remarks

SUGGESTIONS = 50
"""References that get a suggestion; looking for one among thousands of names costs 50 ms."""


class Names:
    """All the names of one sort of thing."""

    def __init__(self, noun: str, names: Collection[str], home: str, *, complete: bool = True) -> None:
        self.noun = noun
        self.names = names
        self._home = home  # where one would be added
        self._complete = complete  # False: a file that may define more could not be read
        self._suggestions = SUGGESTIONS

    def knows(self, reference: Scalar, remarks: Remarks) -> bool:
        """Tell whether the name is one of them, and remark where it is surely none."""
        if reference.text in self.names:
            return True
        if self._complete:
            hint = self.suggest(reference.text) or f": add it to {self._home}, or correct the name"
            remarks.error(reference, f"there is no {self.noun} {quote(reference.text)}{hint}")
        return False

    def suggest(self, name: str) -> str:
        """Return "; did you mean 'x'?" or ""."""
        if self._suggestions == 0:
            return ""
        self._suggestions -= 1
        return did_you_mean(name, self.names)

"""What is wrong with a configuration, and where: collected file by file, so that one run tells everything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

LIMIT = 1000
"""Errors that one file may report; what breaks a file that often is told by the first of them."""


class Place(Protocol):
    """Anything that knows where in its file it stands; lines and columns count from 1."""

    @property
    def line(self) -> int:
        """The line."""
        ...

    @property
    def column(self) -> int:
        """The column, in characters."""
        ...


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One error or warning. Line 0 means the file or folder as a whole."""

    path: str  # the folder as it was given, and the file below it
    line: int
    column: int
    message: str

    @property
    def place(self) -> str:
        """`file:line:column`, or the file alone."""
        return f"{self.path}:{self.line}:{self.column}" if self.line else self.path

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


class InvalidInventory(Exception):  # noqa: N818 - a name that other rooms already use
    """The configuration cannot be used. `problems` holds every error, by file and line."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Remarks:
    """The errors and warnings of one file."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.errors: list[Problem] = []
        self.warnings: list[Problem] = []

    @property
    def full(self) -> bool:
        """Whether more errors would help nobody: readers stop here."""
        return len(self.errors) >= LIMIT

    def error(self, place: Place | None, message: str) -> None:
        """Note what makes the file unusable; `place` is None for the file as a whole."""
        if self.full:
            return
        self.errors.append(self._problem(place, message))
        if len(self.errors) == LIMIT:
            told = f"these are {LIMIT} errors: the rest of the file is not judged"
            self.errors.append(self._problem(place, told))

    def warn(self, place: Place | None, message: str) -> None:
        """Note what works, but hardly as it was meant."""
        self.warnings.append(self._problem(place, message))

    def where(self, place: Place) -> str:
        """Return `file:line` for a message that points at a second place."""
        return f"{self.path}:{place.line}"

    def _problem(self, place: Place | None, message: str) -> Problem:
        return Problem(self.path, place.line if place else 0, place.column if place else 0, message)

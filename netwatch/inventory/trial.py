"""A configuration with one site file more: what `netwatch check` would say of it, were it there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from netwatch.inventory.folder import Folder, parse
from netwatch.inventory.importing import Imported, Refusal, Written, site_file
from netwatch.inventory.loading import Loading
from netwatch.inventory.record import Record
from netwatch.inventory.source import LARGEST

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from netwatch.inventory.problem import Problem, Remarks

R = TypeVar("R", bound=Record)


class Trial(Folder):
    """A folder without one of its site files, `hidden`, and with another, whose `content` is at hand.

    That one comes last, so that what stands twice is remarked there.
    """

    def __init__(self, path: Path, hidden: str = "", content: bytes | None = None) -> None:
        super().__init__(path, path)
        self._hidden = f"sites/{hidden}"
        self._content = content
        self.name = max(["sites/", *super().listing("sites")]) + "~import.yaml"

    def listing(self, below: str) -> list[str]:
        """Return the YAML files of a sub-folder by name."""
        names = [name for name in super().listing(below) if name != self._hidden]
        return [*names, self.name] if below == "sites" and self._content is not None else names

    def record(self, name: str, shape: type[R]) -> tuple[R | None, Remarks]:
        """Return what a YAML file says, be it there or at hand."""
        if name != self.name or self._content is None:
            return super().record(name, shape)
        remarks = self.about(name)
        return parse(self._content, shape, remarks), remarks

    def load(self, environment: Mapping[str, str], today: dt.date | None) -> Loading:
        """Read and check everything; what is wrong stands in `problems` afterwards."""
        loading = Loading(self, environment, today, may_be_empty=True)
        loading.check()
        return loading

    def problems(self) -> tuple[Sequence[Problem], Sequence[Problem]]:
        """Return the errors of the file at hand, and those of all others."""
        errors = sorted({error for remarks in self.remarks for error in remarks.errors})
        here = str(self.path / self.name)
        return [error for error in errors if error.path == here], [
            error for error in errors if error.path != here
        ]


@dataclass(frozen=True, slots=True)
class Settled:
    """A site file in which `netwatch check` finds no error."""

    text: str
    made: tuple[Imported, ...]  # the devices in it
    refused: tuple[Refusal, ...]  # rows that had to be left out
    others: int  # errors of other files


def settle(
    made: Sequence[Imported],
    register: str,
    origin: str,
    trial: Callable[[bytes], Trial],
    *,
    environment: Mapping[str, str],
    today: dt.date,
) -> Settled:
    """Leave out what `netwatch check` would refuse until it refuses nothing.

    One row that is left out may be the parent of another. Raises ValueError where no row is at fault.
    """
    refused: list[Refusal] = []
    while made:
        written = site_file(made, register, origin)
        content = written.text.encode()
        if len(content) > LARGEST:
            raise ValueError(f"the site file would exceed {LARGEST >> 20} MiB: split the spreadsheet")
        there = trial(content)
        there.load(environment, today)
        ours, others = there.problems()
        if not ours:
            return Settled(written.text, tuple(made), tuple(refused), len(others))
        refused += (_refusal(each, str(there.path / there.name), written) for each in ours)
        bad = {each.line for each in refused}
        if 0 in bad:
            raise ValueError(next(each.why for each in refused if each.line == 0))
        made = [each for each in made if each.line not in bad]
    return Settled("", (), tuple(refused), 0)


def _refusal(problem: Problem, here: str, written: Written) -> Refusal:
    """Turn places in the site file into lines of the spreadsheet."""
    why, *parts = problem.message.split(f"{here}:")
    for part in parts:
        rest = part.lstrip("0123456789")
        why += f"line {written.row(int(part[: len(part) - len(rest)]))} of the spreadsheet{rest}"
    return Refusal(written.row(problem.line), why)

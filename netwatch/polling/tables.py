"""Tables besides that of interfaces: what is asked of them is compiled once, how they are is remembered.

A table that a device does not have costs one varbind an hour, and one that is not answered never fails a
poll: what a device does not tell costs nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.units import OutOfRange, unified
from netwatch.polling.conversation import NoAnswerError
from netwatch.polling.text import clean
from netwatch.polling.tuning import Tuning
from netwatch.protocols.ber import arcs
from netwatch.protocols.snmp_rows import Column, Columns
from netwatch.protocols.snmp_walk import Scalars

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterable, Iterator

    from netwatch.model.profile import Flag, Metric, Quantity
    from netwatch.polling.conversation import Conversation
    from netwatch.protocols.snmp_walk import Walk

Cell = int | bytes | None

NO_SCALARS = Scalars(())

FAILURES = 2
"""Times in a row that a table without rows so far may go unanswered before it is left alone for long."""


class Table:
    """Columns of one index, compiled once for all devices of a profile."""

    def __init__(self, metrics: Iterable[Metric | None]) -> None:
        wanted = dict.fromkeys((metric.oid, metric.syntax) for metric in metrics if metric is not None)
        self.places = {key: place for place, key in enumerate(wanted)}
        self.columns = Columns(
            tuple(Column(".".join(map(str, oid)), oid, syntax) for oid, syntax in wanted), index_arcs=0
        )

    def __len__(self) -> int:
        return len(self.columns)


class Rows:
    """Rows of a table that were read, by their encoded index, ascending."""

    __slots__ = ("cells", "table")

    def __init__(self, table: Table, cells: dict[bytes, list[Cell]]) -> None:
        self.table = table
        self.cells = cells

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.cells)

    def cell(self, index: bytes, metric: Metric | None) -> Cell:
        """Return a value; None where there is none, or no such object is asked for."""
        row = self.cells.get(index)
        place = None if metric is None else self.table.places.get((metric.oid, metric.syntax))
        return None if row is None or place is None else row[place]

    def text(self, index: bytes, metric: Metric | None) -> str:
        """Return a text, cleaned; "" where there is none."""
        cell = self.cell(index, metric)
        return clean(cell) if isinstance(cell, bytes) else ""


class TableReader:
    """What is remembered of one table of one device. `what` names it among the refused."""

    def __init__(self, table: Table, what: str) -> None:
        self.table = table
        self.absent = False
        self._what = what
        self._tuning = Tuning(table.columns.fitting())
        self._expected = 0
        self._had = False  # rows, since tables were looked for
        self._failures = 0

    def look_again(self, *, absent: bool = False) -> None:
        """Ask for the table again, unless it was just found to be absent."""
        self.absent = absent
        self._had = False
        self._failures = 0

    async def walk(self, conversation: Conversation, scalars: Scalars = NO_SCALARS) -> Walk | None:
        """Walk the table; None where it is absent or not answered, which is then counted."""
        if self.absent or not self.table:
            return None
        try:
            walk = await conversation.walk(self.table.columns, scalars, self._tuning, expected=self._expected)
        except NoAnswerError:
            conversation.refused[self._what] += 1
            self._failures += 1
            self.absent = self._failures >= FAILURES and not self._had
            return None
        self._failures = 0
        return walk

    def rows(self, walk: Walk) -> Rows:
        """Return what a walk brought, and remember how much that was."""
        cells = walk.cells()
        self._expected = len(cells)
        self._had = self._had or bool(cells)
        self.absent = not self._had
        return Rows(self.table, cells)

    async def read(self, conversation: Conversation) -> Rows | None:
        """Walk the table; None where it is absent or not answered."""
        walk = await self.walk(conversation)
        return None if walk is None else self.rows(walk)


class Labels:
    """Columns that hardly change (names, kinds): read when tables are looked for, or a new row came."""

    def __init__(self, table: Table, what: str) -> None:
        self.known = Rows(table, {})
        self._reader = TableReader(table, what)
        self._seen: frozenset[bytes] = frozenset()

    def look_again(self) -> None:
        """Read them again when they are next needed."""
        self._reader.look_again()
        self._seen = frozenset()

    async def learn(self, conversation: Conversation, indices: Iterable[bytes]) -> Rows:
        """Return the columns, read anew where one of these rows was not there when they were read."""
        wanted = frozenset(indices)
        if self.known.table and not wanted <= self._seen:
            rows = await self._reader.read(conversation)
            if rows is not None:
                self.known = rows
            self._seen = wanted
        return self.known


def measured(
    quantity: Quantity,
    cell: Cell | str,
    refused: Counter[str],
    within: tuple[float, float] | None = None,
) -> float | None:
    """Return a value in its base unit; None where there is none, or it cannot be true, which is counted.

    `within`: the least and the most that are believed, where that is less than the base unit allows.
    """
    if cell is None:
        return None
    raw = clean(cell) if isinstance(cell, bytes) else cell
    try:
        return unified(quantity.unit, raw, quantity.absent, within)
    except OutOfRange:
        refused["out of range"] += 1
        return None


def flagged(flag: Flag, cell: Cell) -> bool | None:
    """Return whether a value means yes; None where it tells neither."""
    if not isinstance(cell, int) or cell in flag.absent:
        return None
    return cell in flag.yes


def dotted(index: bytes) -> str:
    """Return an index as people write it."""
    return ".".join(map(str, arcs(index)))


def unique(names: list[tuple[str, str]]) -> list[str]:
    """Return names that are unique, given each with its index: one that stands more often bears its index."""
    uses: dict[str, int] = {}
    for name, _ in names:
        uses[name] = uses.get(name, 0) + 1
    return [index if not name else f"{name} ({index})" if uses[name] > 1 else name for name, index in names]

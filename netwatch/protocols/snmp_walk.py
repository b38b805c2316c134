"""Walking the columns of a table, whatever the agent answers: a state machine that always comes to an end.

A walk has one cursor, an index: every request asks every column for what follows it. The cursor moves to
the last index up to which *all* columns have answered, so that an incomplete last row is simply asked
again, and holes in one column do not put the columns out of step. An answer that neither moves the
cursor nor ends a column ends the walk; indices must increase strictly in each column; rows are capped.
"""

from __future__ import annotations

from array import array
from collections import Counter
from typing import TYPE_CHECKING

from netwatch.model.observation import MISSING
from netwatch.protocols.ber import MalformedError, arcs, encode_oid
from netwatch.protocols.snmp import (
    AUTHORIZATION_ERROR,
    DAMAGED,
    END_OF_MIB_VIEW,
    EXCEPTIONS,
    GETBULK,
    GETNEXT,
    NO_ACCESS,
    TOO_BIG,
    Request,
    Response,
    encode_varbind,
    error_name,
    number,
    value,
    varbind,
)
from netwatch.protocols.snmp_reading import Reading, RegularRows, compared, take_regular
from netwatch.protocols.snmp_step import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.protocols.snmp_rows import Column, Columns

MAX_ROWS = 4096
"""Rows of one table that are taken of one device. More are refused, and counted."""

MAX_REQUESTS = MAX_ROWS + 64
"""Answers that one walk takes: one a row where an agent knows no GETBULK, and some to spare."""


class Scalars:
    """Single objects that ride along with a walk, as non-repeaters. Made once per profile."""

    def __init__(self, columns: tuple[Column, ...]) -> None:
        self.columns = columns
        self.names = tuple(encode_oid(column.oid) + b"\x00" for column in columns)
        self.varbinds = b"".join(encode_varbind(name[:-1]) for name in self.names)

    def __len__(self) -> int:
        return len(self.columns)


class Walk:
    """One walk over `columns`. Feed it each answer; ask it for each request.

    `expected` is the number of rows that the table had before (0: not known): the last request is then cut
    to what is left. `scalars` are asked in the first request and in the one that should be the last, so that
    `scalar_changes` can tell which of them moved meanwhile. `plain` takes every row by the plain loop. After
    `most` rows, where that is less than MAX_ROWS, the walk is done.
    """

    def __init__(
        self,
        columns: Columns,
        scalars: Scalars,
        *,
        expected: int = 0,
        most: int = MAX_ROWS,
        plain: bool = False,
    ) -> None:
        self.refused: Counter[str] = Counter()
        self.detail = ""
        self.first: dict[str, int] = {}  # scalars as the first answer had them
        self.latest: dict[str, int] = {}  # … and as the last answer that bore them had
        self._whole = columns
        self._columns = columns
        self._scalars = scalars
        self._expected = expected
        self._most = min(most, MAX_ROWS)
        self._plain = plain
        self._cursor = b""
        self._answers = 0
        self._asked_scalars = False
        self._taken = 0  # rows, where they are regular
        self._regular: list[RegularRows] = []
        self._cells: dict[bytes, list[int | bytes | None]] = {}

    def ask(self, repetitions: int) -> Request:
        """Return the next request, for up to `repetitions` rows; 0 asks by GETNEXT."""
        had = self._taken + len(self._cells)
        self._asked_scalars = not self._answers or had + max(repetitions, 1) >= self._expected
        varbinds = self._columns.varbinds(self._cursor) if self._columns else b""
        if self._asked_scalars:
            varbinds = self._scalars.varbinds + varbinds
        if not repetitions or not self._columns:
            return Request(GETNEXT, varbinds)
        if had < self._expected:
            repetitions = min(repetitions, self._expected - had + 1)
        return Request(GETBULK, varbinds, len(self._scalars) if self._asked_scalars else 0, repetitions)

    def take(self, response: Response) -> Step:
        """Take an answer to the last request."""
        self._answers += 1
        if response.error_status:
            return self._fail(response)
        reading = Reading(self._columns, self._cursor)
        try:
            return self._take(reading, response.data, response.start, response.stop)
        except MalformedError as error:
            self._forget(reading.fresh)
            self.refused[error.reason] += 1
            self.detail = f"answer cannot be read: {error.reason}"
            return Step.MALFORMED

    def _fail(self, response: Response) -> Step:
        """Judge an error: one that names a column costs that column only."""
        status = response.error_status
        if status == TOO_BIG:
            self._answers -= 1  # nothing was answered yet
            return Step.TOO_BIG
        self.detail = f"agent says {error_name(status)}"
        if status in {NO_ACCESS, AUTHORIZATION_ERROR}:
            return Step.REFUSED
        place = response.error_index - 1 - (len(self._scalars) if self._asked_scalars else 0)
        if not 0 <= place < len(self._columns):
            return Step.FAILED
        self.refused[error_name(status)] += 1
        self._columns = self._columns.without(frozenset((place,)))
        return Step.MORE if self._columns else Step.FAILED

    def _take(self, reading: Reading, data: bytes, at: int, stop: int) -> Step:
        if self._asked_scalars:
            at = self._take_scalars(data, at, stop)
        if not self._columns:
            return Step.DONE
        batch = RegularRows(self._columns)
        while at < stop and len(reading.ended) < len(self._columns):
            if reading.level is not None and not self._plain:
                at = take_regular(self._columns.patterns(data, at), reading, batch, data, (at, stop))
                if at == stop:
                    break
            at = self._take_repetition(reading, data, at, stop)
        if batch.indices:
            self._keep(batch)
        return self._move(reading)

    def _keep(self, batch: RegularRows) -> None:
        self._taken += len(batch.indices)
        if self._regular and self._regular[-1].columns is self._columns:
            self._regular[-1].indices += batch.indices
            self._regular[-1].numbers += batch.numbers
        else:
            self._regular.append(batch)

    def _take_scalars(self, data: bytes, at: int, stop: int) -> int:
        found: dict[str, int] = {}
        for column, wanted in zip(self._scalars.columns, self._scalars.names, strict=True):
            if at >= stop:
                break
            name, tag, content, at = varbind(data, at, stop)
            if name != wanted or tag in EXCEPTIONS:
                continue
            try:
                found[column.name] = number(tag, content, column.syntax)
            except MalformedError as error:
                self.refused[error.reason] += 1
        if not self.first:
            self.first = found
        self.latest = found
        return at

    def _take_repetition(self, reading: Reading, data: bytes, at: int, stop: int) -> int:
        """Take up to one varbind of each column, one by one: the reference for take_regular."""
        for place in range(len(self._columns)):
            if at >= stop:
                break
            name, tag, content, at = varbind(data, at, stop)
            if place in reading.ended:
                continue
            prefix = self._columns.prefixes[place]
            if not name.startswith(prefix) or tag == END_OF_MIB_VIEW:
                if tag == DAMAGED:
                    self.refused["damaged"] += 1  # of which row cannot be told
                else:
                    reading.ended.add(place)
                continue
            self._take_cell(reading, place, name[len(prefix) :], tag, content)
        reading.settle()
        return at

    def _take_cell(self, reading: Reading, place: int, index: bytes, tag: int, content: bytes) -> None:
        try:
            width, increases = compared(index, reading.lasts[place])
        except MalformedError as error:
            self.refused[error.reason] += 1
            return
        if not increases:
            self.refused["not increasing"] += 1
            reading.ended.add(place)
            return
        reading.lasts[place] = index
        if self._columns.index_arcs and width != self._columns.index_arcs:
            self.refused["index"] += 1
            return
        row = self._cells.get(index)
        if row is None:
            row = self._cells[index] = [None] * len(self._whole)
            reading.fresh.append(index)
        if tag in EXCEPTIONS:
            return
        try:
            row[self._columns.positions[place]] = value(tag, content, self._columns.syntaxes[place])
        except MalformedError as error:
            self.refused[error.reason] += 1

    def _move(self, reading: Reading) -> Step:
        """Move the cursor as far as all columns got, drop those that ended, see whether that leads on."""
        if reading.level is not None:
            cursor = reading.level
        else:
            active = [last for place, last in enumerate(reading.lasts) if place not in reading.ended]
            cursor = min(active, key=arcs, default=b"")
        if reading.ended:
            self._columns = self._columns.without(frozenset(reading.ended))
        elif cursor == self._cursor:
            self._forget(reading.fresh)
            self.refused["no progress"] += 1
            self.detail = "an answer without a complete row"
            return Step.MALFORMED
        elif reading.level is None:  # what lies beyond is asked again, in step
            reach = arcs(cursor)
            self._forget([index for index in reading.fresh if arcs(index) > reach])
        self._cursor = cursor
        if not self._columns:
            return Step.DONE
        rows = self._taken + len(self._cells)
        if rows >= self._most < MAX_ROWS:
            return Step.DONE
        if rows >= MAX_ROWS or self._answers >= MAX_REQUESTS:
            self.refused["too many rows"] += 1
            self.detail = "the table was cut"
            return Step.DONE
        return Step.MORE

    def _forget(self, indices: list[bytes]) -> None:
        for index in indices:
            del self._cells[index]

    def numbers(self) -> tuple[tuple[bytes, ...], tuple[array[int], ...]]:
        """Return the indices, encoded and ascending, and each column's values, or MISSING."""
        if not self._cells and all(rows.columns is self._whole for rows in self._regular):
            rows = self._regular[0] if self._regular else RegularRows(self._whole)
            width = len(self._whole) + 1
            return tuple(rows.indices), tuple(rows.numbers[place::width] for place in range(1, width))
        rows_by_index = self._merged()
        return tuple(rows_by_index), tuple(
            array("Q", map(self._storable, column)) for column in zip(*rows_by_index.values(), strict=True)
        )

    def integers(self) -> dict[bytes, list[int | None]]:
        """Return rows of numbers with a sign: for each index, ascending, the number of each column.

        For short tables: `numbers` keeps whole columns in a fraction of the room, but knows no sign.
        """
        return {
            index: [cell if isinstance(cell, int) else None for cell in row]
            for index, row in self._merged().items()
        }

    def cells(self) -> dict[bytes, list[int | bytes | None]]:
        """Return rows of numbers with a sign, and octets: for each index, ascending, each column's value."""
        return dict(self._merged())

    def texts(self) -> dict[bytes, list[bytes | None]]:
        """Return the rows of a walk over texts: for each index, ascending, the octets of each column."""
        return {
            index: [cell if isinstance(cell, bytes) else None for cell in row]
            for index, row in self._merged().items()
        }

    def _merged(self) -> dict[bytes, list[int | bytes | None]]:
        for rows in self._regular:
            width = len(rows.columns) + 1
            for place, index in enumerate(rows.indices):
                row = self._cells.setdefault(index, [None] * len(self._whole))
                values = rows.numbers[place * width + 1 : (place + 1) * width]
                for position, number_there in zip(rows.columns.positions, values, strict=True):
                    row[position] = number_there
        self._regular.clear()
        self._taken = 0
        ordered: Iterable[bytes] = sorted(self._cells, key=arcs)
        self._cells = {index: self._cells[index] for index in ordered}
        return self._cells

    def _storable(self, cell: int | bytes | None) -> int:
        if not isinstance(cell, int):
            return MISSING
        if cell < 0:
            self.refused["negative"] += 1
            return MISSING
        return cell

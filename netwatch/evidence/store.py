"""Where chains and tails are kept: SQLite or PostgreSQL, through the same tables.

One process writes a chain at a time; any number may read. Whatever the database raises comes out as
`LedgerError`, in one line that never repeats an address: it may hold a password.
"""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from netwatch.evidence.chain import BEGINNING, Entry, New, digest
from netwatch.evidence.place import LedgerError, Lock, Place
from netwatch.evidence.tables import (
    ALONE,
    DETAILED,
    ENTRIES,
    HASH,
    STRAYS,
    TAIL,
    WITHHELD,
    append,
    check_schema,
    entry_of,
    make_tables,
)
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MICRO = 1_000_000
BATCH = 1000  # entries read at a time


class Store:
    """The tables behind one address. Every method may block, and raises LedgerError."""

    def __init__(self, url: str, poller: str) -> None:
        self.poller = poller
        self.head = (0, BEGINNING)  # sequence number and hash of the chain's last entry
        self._place = Place(url)
        self._lock = Lock(self._place, poller)
        self._engine = self._place.engine()
        self._connection: sa.Connection | None = None  # that writes
        self._doubtful = False  # whether the last attempt to write may have been committed all the same
        self._detailed = False  # whether the ledger is known to have a place for details

    def open(self) -> None:
        """Make the tables where there are none, and become the one writer of the chain."""
        try:
            with self._place.told():
                connection = self._connect()
                with connection.begin():
                    make_tables(connection)
                    self.head = self._head(connection)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let others write the chain."""
        self._disconnect()
        self._lock.release()
        self._engine.dispose()

    def write(
        self, new: Sequence[New], pieces: Sequence[tuple[int, int, bytes]], drop: int | None
    ) -> Sequence[Receipt]:
        """Append entries, keep pieces (number, at, body), drop those up to a number: all of it or none.

        Returns where each entry stands now.

        After an error it must be called with the same again: the transaction may have been committed although
        nobody was told, and then is not repeated.
        """
        entries = self._chained(new)
        head = (entries[-1].seq, entries[-1].hash) if entries else self.head
        receipts = [Receipt(self.poller, entry.seq, entry.at / MICRO, entry.hash.hex()) for entry in entries]
        try:
            with self._place.told():
                connection = self._connect()
                with connection.begin():
                    if not (self._doubtful and self._is_in(connection, head)):
                        append(connection, entries)
                        self._put(connection, pieces, drop)
        except BaseException:
            self._doubtful = True
            self._disconnect()
            raise
        self._doubtful = False
        self.head = head
        return receipts

    def tail(self) -> list[tuple[int, int, bytes]]:
        """Return the pieces of the tail (number, at, body), by number."""
        body = sa.cast(TAIL.c.body, sa.LargeBinary)
        asked = (
            sa.select(TAIL.c.piece, TAIL.c.at, body)
            .where(TAIL.c.poller == self.poller)
            .order_by(TAIL.c.piece)
        )
        with self._place.told(), self._engine.connect() as connection:
            return [(row.piece, row.at, bytes(row[2])) for row in connection.execute(asked)]

    def entries(self, after: int = 0, kinds: Sequence[str] = ()) -> Iterator[Entry]:
        """Yield the chain's entries behind a sequence number, of some kinds only where any are named."""
        while True:
            with self._place.told(), self._engine.connect() as connection:
                asked = self._asked(connection).where(ENTRIES.c.seq > after)
                if kinds:
                    asked = asked.where(ENTRIES.c.kind.in_(kinds))
                rows = connection.execute(asked.order_by(ENTRIES.c.seq).limit(BATCH)).all()
            for row in rows:
                after = row.seq
                yield entry_of(row)
            if len(rows) < BATCH:
                return

    def last(self, kind: str, until: float = math.inf) -> Entry | None:
        """Return the last entry of a kind, of those written until then (Unix seconds)."""
        with self._place.told(), self._engine.connect() as connection:
            asked = self._asked(connection).where(ENTRIES.c.kind == kind)
            if until < math.inf:
                asked = asked.where(ENTRIES.c.at <= round(until * MICRO))
            row = connection.execute(asked.order_by(ENTRIES.c.seq.desc()).limit(1)).first()
        return None if row is None else entry_of(row)

    def length(self) -> int:
        """Return how many entries the chain has."""
        asked = sa.select(sa.func.count()).select_from(ENTRIES).where(ENTRIES.c.poller == self.poller)
        with self._place.told(), self._engine.connect() as connection:
            return connection.execute(asked).scalar_one()

    def _asked(self, connection: sa.Connection) -> sa.Select[Any]:
        """Return the question for the entries of the chain."""
        asked = DETAILED if self._keeps_details(connection) else ALONE
        return asked.where(ENTRIES.c.poller == self.poller)

    def _keeps_details(self, connection: sa.Connection) -> bool:
        """Tell whether the ledger has a place for details; one that an older netwatch made has none yet."""
        self._detailed = self._detailed or sa.inspect(connection).has_table(WITHHELD.name)
        return self._detailed

    def _connect(self) -> sa.Connection:
        """Return the connection that writes, and holds the lock; it is kept until something fails."""
        if self._connection is None:
            connection = self._engine.connect()
            try:
                self._lock.take(connection)
                self._place.make_durable(connection)
            except BaseException:
                connection.close()
                raise
            self._connection = connection
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                connection.invalidate()
                connection.close()

    def _chained(self, new: Sequence[New]) -> list[Entry]:
        """Return entries in their places behind the head."""
        seq, before = self.head
        entries = []
        for each in new:
            seq += 1
            before = digest(before, self.poller, seq, each)
            entries.append(Entry(self.poller, seq, each.at, each.kind, each.body, before, each.details))
        return entries

    def _is_in(self, connection: sa.Connection, head: tuple[int, bytes]) -> bool:
        """Tell whether what was tried before has been committed."""
        found = self._head(connection)
        if found not in {self.head, head}:
            raise LedgerError("another process has written to this poller's chain: restart netwatch")
        return found == head != self.head

    def _put(
        self,
        connection: sa.Connection,
        pieces: Sequence[tuple[int, int, bytes]],
        drop: int | None,
    ) -> None:
        mine = TAIL.c.poller == self.poller
        if pieces:
            if self._doubtful:
                numbers = [number for number, _, _ in pieces]
                connection.execute(sa.delete(TAIL).where(mine, TAIL.c.piece.in_(numbers)))
            named = [
                {"poller": self.poller, "piece": number, "at": at, "body": body}
                for number, at, body in pieces
            ]
            connection.execute(sa.insert(TAIL), named)
        if drop is not None:
            connection.execute(sa.delete(TAIL).where(mine, TAIL.c.piece <= drop))

    def _head(self, connection: sa.Connection) -> tuple[int, bytes]:
        asked = sa.select(ENTRIES.c.seq, HASH).where(ENTRIES.c.poller == self.poller)
        row = connection.execute(asked.order_by(ENTRIES.c.seq.desc()).limit(1)).first()
        return (row.seq, bytes(row.hash)) if row else (0, BEGINNING)


def pollers(url: str) -> list[str]:
    """Return whose chains a ledger holds. Raises LedgerError, also where there is no ledger."""
    with _reading(url) as connection:
        found = connection.execute(sa.select(ENTRIES.c.poller).distinct().order_by(ENTRIES.c.poller))
        return [str(name) for (name,) in found]


def strays(url: str) -> list[tuple[str, int]]:
    """Return the pollers and numbers of entries that are not there, and whose details are.

    Raises LedgerError, also where there is no ledger.
    """
    with _reading(url) as connection:
        if not sa.inspect(connection).has_table(WITHHELD.name):
            return []
        return [(str(row.poller), row.seq) for row in connection.execute(STRAYS)]


@contextlib.contextmanager
def _reading(url: str) -> Iterator[sa.Connection]:
    """Connect to a ledger that there must be, and whose tables must be known. Raises LedgerError."""
    place = Place(url)
    if place.file is not None and not place.file.exists():
        raise LedgerError(f"there is no ledger {place.file}")
    engine = place.engine()
    try:
        with place.told(), engine.connect() as connection:
            check_schema(connection)
            yield connection
    finally:
        engine.dispose()

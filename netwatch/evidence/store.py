"""Where chains and tails are kept: SQLite or PostgreSQL, through the same tables.

One process writes a chain at a time; any number may read. Whatever the database raises comes out as
`LedgerError`, in one line that never repeats an address: it may hold a password.
"""

from __future__ import annotations

import contextlib
import math
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from netwatch.evidence.chain import BEGINNING, Entry, New, digest
from netwatch.evidence.place import LedgerError, Lock, Place
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEMA = 1
"""Version of the tables; a ledger of a later one is not touched."""

MICRO = 1_000_000
BATCH = 1000  # entries read at a time

TABLES = sa.MetaData()

META = sa.Table(
    "meta",
    TABLES,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(200), nullable=False),
)

ENTRIES = sa.Table(
    "entries",
    TABLES,
    sa.Column("poller", sa.String(100), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("kind", sa.String(40), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("hash", sa.LargeBinary(32), nullable=False),
    sa.Index("entries_by_kind", "poller", "kind", "seq"),
)

TAIL = sa.Table(
    "tail",
    TABLES,
    sa.Column("poller", sa.String(100), primary_key=True),
    sa.Column("piece", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", sa.BigInteger, nullable=False),  # microseconds, steady: of the last slot in it
    sa.Column("body", sa.LargeBinary, nullable=False),
)

_BODY = sa.cast(ENTRIES.c.body, sa.LargeBinary).label("body")
_HASH = sa.cast(ENTRIES.c.hash, sa.LargeBinary).label("hash")
COLUMNS = (ENTRIES.c.poller, ENTRIES.c.seq, ENTRIES.c.at, ENTRIES.c.kind, _BODY, _HASH)
"""An entry's columns, as bytes where bytes belong: SQLite lets anything be put into a column."""


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
        rows = [entry._asdict() for entry in entries]
        head = (entries[-1].seq, entries[-1].hash) if entries else self.head
        receipts = [Receipt(self.poller, entry.seq, entry.at / MICRO, entry.hash.hex()) for entry in entries]
        try:
            with self._place.told():
                connection = self._connect()
                with connection.begin():
                    if not (self._doubtful and self._is_in(connection, head)):
                        self._put(connection, rows, pieces, drop)
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

    def entries(
        self, after: int = 0, kinds: Sequence[str] = (), *, since: float = -math.inf, until: float = math.inf
    ) -> Iterator[Entry]:
        """Yield the chain's entries behind a sequence number, of some kinds only where any are named.

        `since` and `until` are Unix seconds: when they were written.
        """
        while True:
            asked = sa.select(*COLUMNS).where(ENTRIES.c.poller == self.poller, ENTRIES.c.seq > after)
            if kinds:
                asked = asked.where(ENTRIES.c.kind.in_(kinds))
            if since > -math.inf:
                asked = asked.where(ENTRIES.c.at >= round(since * MICRO))
            if until < math.inf:
                asked = asked.where(ENTRIES.c.at <= round(until * MICRO))
            with self._place.told(), self._engine.connect() as connection:
                rows = connection.execute(asked.order_by(ENTRIES.c.seq).limit(BATCH)).all()
            for row in rows:
                after = row.seq
                yield Entry(*row)
            if len(rows) < BATCH:
                return

    def some(self, seqs: Sequence[int]) -> list[Entry]:
        """Return the entries with these sequence numbers, in the chain's order."""
        asked = sa.select(*COLUMNS).where(ENTRIES.c.poller == self.poller, ENTRIES.c.seq.in_(seqs))
        with self._place.told(), self._engine.connect() as connection:
            return [Entry(*row) for row in connection.execute(asked.order_by(ENTRIES.c.seq))]

    def beginnings(self, kind: str, size: int, *, since: float) -> list[tuple[int, bytes]]:
        """Return the number and the first bytes of each entry of a kind that was written since then."""
        head = sa.cast(sa.func.substr(_BODY.element, 1, size), sa.LargeBinary)
        asked = sa.select(ENTRIES.c.seq, head).where(
            ENTRIES.c.poller == self.poller, ENTRIES.c.kind == kind, ENTRIES.c.at >= round(since * MICRO)
        )
        with self._place.told(), self._engine.connect() as connection:
            return [(row[0], bytes(row[1])) for row in connection.execute(asked.order_by(ENTRIES.c.seq))]

    def last(self, kind: str, until: float = math.inf) -> Entry | None:
        """Return the last entry of a kind, of those written until then (Unix seconds)."""
        asked = sa.select(*COLUMNS).where(ENTRIES.c.poller == self.poller, ENTRIES.c.kind == kind)
        if until < math.inf:
            asked = asked.where(ENTRIES.c.at <= round(until * MICRO))
        with self._place.told(), self._engine.connect() as connection:
            row = connection.execute(asked.order_by(ENTRIES.c.seq.desc()).limit(1)).first()
        return None if row is None else Entry(*row)

    def ends(self) -> tuple[Receipt, ...]:
        """Return where every chain of the ledger ends, this one and others, by poller."""
        last = sa.select(ENTRIES.c.poller, sa.func.max(ENTRIES.c.seq)).group_by(ENTRIES.c.poller)
        ends = sa.tuple_(ENTRIES.c.poller, ENTRIES.c.seq).in_(last)
        asked = sa.select(ENTRIES.c.poller, ENTRIES.c.seq, ENTRIES.c.at, _HASH).where(ends)
        with self._place.told(), self._engine.connect() as connection:
            rows = connection.execute(asked.order_by(ENTRIES.c.poller)).all()
        return tuple(Receipt(row.poller, row.seq, row.at / MICRO, bytes(row.hash).hex()) for row in rows)

    def hash_of(self, poller: str, seq: int) -> str | None:
        """Return the hash of an entry of any chain, hexadecimal; None where there is no such entry."""
        asked = sa.select(_HASH).where(ENTRIES.c.poller == poller, ENTRIES.c.seq == seq)
        with self._place.told(), self._engine.connect() as connection:
            row = connection.execute(asked).first()
        return None if row is None else bytes(row[0]).hex()

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
            entries.append(Entry(self.poller, seq, each.at, each.kind, each.body, before))
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
        rows: Sequence[dict[str, object]],
        pieces: Sequence[tuple[int, int, bytes]],
        drop: int | None,
    ) -> None:
        mine = TAIL.c.poller == self.poller
        if rows:
            connection.execute(sa.insert(ENTRIES), rows)
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
        asked = sa.select(ENTRIES.c.seq, _HASH).where(ENTRIES.c.poller == self.poller)
        row = connection.execute(asked.order_by(ENTRIES.c.seq.desc()).limit(1)).first()
        return (row.seq, bytes(row.hash)) if row else (0, BEGINNING)


def make_tables(connection: sa.Connection) -> None:
    """Make the tables where there are none. Raises LedgerError where a later netwatch made them."""
    if not sa.inspect(connection).has_table(META.name):
        TABLES.create_all(connection)
        connection.execute(sa.insert(META).values(name="schema", value=str(SCHEMA)))
    check_schema(connection)


def check_schema(connection: sa.Connection) -> None:
    """Raise LedgerError where the tables are not of this version."""
    found = connection.execute(sa.select(META.c.value).where(META.c.name == "schema")).scalar()
    if found != str(SCHEMA):
        raise LedgerError(f"its schema is {found!s:.20}, and this netwatch knows {SCHEMA}: use a newer one")


def pollers(url: str) -> list[str]:
    """Return whose chains a ledger holds. Raises LedgerError, also where there is no ledger."""
    place = Place(url)
    if place.file is not None and not place.file.exists():
        raise LedgerError(f"there is no ledger {place.file}")
    engine = place.engine()
    try:
        with place.told(), engine.connect() as connection:
            check_schema(connection)
            found = connection.execute(sa.select(ENTRIES.c.poller).distinct().order_by(ENTRIES.c.poller))
            return [str(name) for (name,) in found]
    finally:
        engine.dispose()

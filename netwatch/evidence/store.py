"""Where chains and tails are kept: SQLite or PostgreSQL, through the same tables.

One process writes a chain at a time; any number may read. Whatever the database raises comes out as
`LedgerError`, in one line that never repeats an address: it may hold a password.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import math
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from netwatch.evidence.chain import BEGINNING, Entry, New, digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SCHEMA = 1
"""Version of the tables; a ledger of a later one is not touched."""

MICRO = 1_000_000
BATCH = 1000  # entries read at a time
BUSY = 5.0  # seconds that another writer of the file is waited for

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


class LedgerError(OSError):
    """The ledger cannot be used, now or at all; the message says why in one line."""


class Store:
    """The tables behind one address. Every method may block, and raises LedgerError."""

    def __init__(self, url: str, poller: str) -> None:
        self.poller = poller
        self.head = (0, BEGINNING)  # sequence number and hash of the chain's last entry
        self._engine = _engine(url)
        self._lock = _Lock(self._engine, url, poller)

    def open(self) -> None:
        """Make the tables where there are none, and become the one writer of the chain."""
        with _told():
            self._make_tables()
            self._lock.take()
            self.head = self._read_head()

    def close(self) -> None:
        """Let others write the chain."""
        self._lock.release()
        self._engine.dispose()

    def write(self, new: Sequence[New], pieces: Sequence[tuple[int, int, bytes]], drop: int | None) -> None:
        """Append entries, keep pieces (number, at, body), drop those up to a number: all of it or none."""
        with _told():
            seq, before = self.head
            rows = []
            for each in new:
                seq += 1
                found = digest(before, self.poller, seq, each)
                rows.append(Entry(self.poller, seq, each.at, each.kind, each.body, found)._asdict())
                before = found
            with self._engine.begin() as connection:
                if self._lock.lost(connection) and self._head(connection) != self.head:
                    raise LedgerError("another process has written to this poller's chain: restart netwatch")
                if rows:
                    connection.execute(sa.insert(ENTRIES), rows)
                for number, at, body in pieces:
                    values = {"poller": self.poller, "piece": number, "at": at, "body": body}
                    connection.execute(sa.insert(TAIL).values(values))
                if drop is not None:
                    mine = TAIL.c.poller == self.poller
                    connection.execute(sa.delete(TAIL).where(mine, TAIL.c.piece <= drop))
            self.head = (seq, before)

    def tail(self) -> list[tuple[int, bytes]]:
        """Return the pieces of the tail, by number."""
        asked = sa.select(TAIL.c.piece, TAIL.c.body).where(TAIL.c.poller == self.poller)
        with _told(), self._engine.connect() as connection:
            return [
                (number, bytes(body)) for number, body in connection.execute(asked.order_by(TAIL.c.piece))
            ]

    def entries(self, after: int = 0, kinds: Sequence[str] = ()) -> Iterator[Entry]:
        """Yield the chain's entries behind a sequence number, of some kinds only where any are named."""
        while True:
            asked = sa.select(ENTRIES).where(ENTRIES.c.poller == self.poller, ENTRIES.c.seq > after)
            if kinds:
                asked = asked.where(ENTRIES.c.kind.in_(kinds))
            with _told(), self._engine.connect() as connection:
                rows = connection.execute(asked.order_by(ENTRIES.c.seq).limit(BATCH)).all()
            for row in rows:
                after = row.seq
                yield Entry(row.poller, row.seq, row.at, row.kind, bytes(row.body), bytes(row.hash))
            if len(rows) < BATCH:
                return

    def last(self, kind: str, until: float = math.inf) -> Entry | None:
        """Return the last entry of a kind, of those written until then (Unix seconds)."""
        asked = sa.select(ENTRIES).where(ENTRIES.c.poller == self.poller, ENTRIES.c.kind == kind)
        if until < math.inf:
            asked = asked.where(ENTRIES.c.at <= round(until * MICRO))
        with _told(), self._engine.connect() as connection:
            row = connection.execute(asked.order_by(ENTRIES.c.seq.desc()).limit(1)).first()
        if row is None:
            return None
        return Entry(row.poller, row.seq, row.at, row.kind, bytes(row.body), bytes(row.hash))

    def _make_tables(self) -> None:
        with self._engine.begin() as connection:
            TABLES.create_all(connection)
            found = connection.execute(sa.select(META.c.value).where(META.c.name == "schema")).scalar()
            if found is None:
                connection.execute(sa.insert(META).values(name="schema", value=str(SCHEMA)))
            elif found != str(SCHEMA):
                raise LedgerError(f"the ledger is of schema {found:.20}: a later netwatch wrote it")

    def _read_head(self) -> tuple[int, bytes]:
        with self._engine.connect() as connection:
            return self._head(connection)

    def _head(self, connection: sa.Connection) -> tuple[int, bytes]:
        asked = sa.select(ENTRIES.c.seq, ENTRIES.c.hash).where(ENTRIES.c.poller == self.poller)
        row = connection.execute(asked.order_by(ENTRIES.c.seq.desc()).limit(1)).first()
        return (row.seq, bytes(row.hash)) if row else (0, BEGINNING)


def pollers(url: str) -> list[str]:
    """Return whose chains a ledger holds. Raises LedgerError, also where there is no ledger."""
    if (file := file_of(url)) is not None and not file.exists():
        raise LedgerError(f"there is no ledger {file}")
    with _told():
        engine = _engine(url)
        with engine.connect() as connection:
            found = connection.execute(sa.select(ENTRIES.c.poller).distinct().order_by(ENTRIES.c.poller))
            names = [str(name) for (name,) in found]
        engine.dispose()
        return names


def file_of(url: str) -> Path | None:
    """Return the file of an SQLite ledger; None of any other."""
    parsed = _parsed(url)
    return Path(parsed.database) if parsed.drivername.startswith("sqlite") and parsed.database else None


def _parsed(url: str) -> sa.URL:
    try:
        return sa.make_url(url)
    except SQLAlchemyError:
        raise LedgerError("the ledger's address cannot be read: see 'ledger' in netwatch.yaml") from None


def _engine(url: str) -> sa.Engine:
    parsed = _parsed(url)
    if parsed.drivername.startswith("sqlite"):
        engine = sa.create_engine(parsed, poolclass=sa.NullPool, connect_args={"timeout": BUSY})
        sa.event.listen(engine, "connect", _set_up_sqlite)
        return engine
    return sa.create_engine(parsed, pool_size=1, max_overflow=1, pool_pre_ping=True, hide_parameters=True)


def _set_up_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - DB-API
    """Write ahead, and durably: what was committed survives the loss of power."""
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")


class _Lock:
    """Sees to it that one process at a time writes a chain."""

    def __init__(self, engine: sa.Engine, url: str, poller: str) -> None:
        self._engine = engine
        self._file = file_of(url)
        self._number = int.from_bytes(hashlib.sha256(poller.encode()).digest()[:8], "big", signed=True)
        self._held: IO[bytes] | sa.Connection | None = None
        self._poller = poller

    def take(self) -> None:
        if self._file is not None:
            self._take_file(self._file)
        elif self._engine.dialect.name == "postgresql":
            self._take_number()

    def release(self) -> None:
        if self._held is not None:
            with contextlib.suppress(SQLAlchemyError, OSError):
                self._held.close()
            self._held = None

    def lost(self, _connection: sa.Connection) -> bool:
        """Tell whether the lock went with its connection; it is taken anew then."""
        held = self._held
        if not isinstance(held, sa.Connection):
            return False
        try:
            held.execute(sa.text("SELECT 1"))
            held.commit()
        except SQLAlchemyError:
            self.release()
            self._take_number()
            return True
        return False

    def _take_file(self, file: Path) -> None:
        held = Path(f"{file}.{self._poller}.lock").open("ab")  # noqa: SIM115 - held as long as the ledger
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            raise LedgerError(f"another netwatch writes to the ledger {file}: end it first") from None
        self._held = held

    def _take_number(self) -> None:
        held = self._engine.connect()
        taken = held.execute(sa.text("SELECT pg_try_advisory_lock(:number)"), {"number": self._number})
        if not taken.scalar():
            held.close()
            raise LedgerError(f"another netwatch writes to the ledger as poller {self._poller}: end it first")
        held.commit()
        self._held = held


@contextlib.contextmanager
def _told() -> Iterator[None]:
    """Let whatever goes wrong be told in one line."""
    try:
        yield
    except LedgerError:
        raise
    except DBAPIError as error:
        lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
        raise LedgerError(f"the ledger cannot be reached or written: {lines[0]}") from None
    except SQLAlchemyError as error:
        raise LedgerError(f"the ledger cannot be used: {type(error).__name__}") from None
    except OSError as error:
        raise LedgerError(f"the ledger cannot be opened: {error.strerror or error}") from None

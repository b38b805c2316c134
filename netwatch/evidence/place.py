"""Where a ledger is, who may write to it, and how its faults are told: apart from what it holds.

An address may hold a password: no message repeats one. A file is named, a server is called by its host.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import re
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

if TYPE_CHECKING:
    from collections.abc import Iterator

BUSY = 5.0  # seconds that another writer of the file is waited for

PATIENCE: dict[str, Any] = {
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,  # milliseconds
}
"""How long libpq waits for a server that is gone without a word (seconds)."""

POLLER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
"""What a poller may be called: the name is part of a file's."""


class LedgerError(OSError):
    """The ledger cannot be used, now or at all; the message says why in one line."""


class Place:
    """An SQLite file, or a database of a PostgreSQL server. Raises LedgerError where it is neither."""

    def __init__(self, url: str) -> None:
        self._url = _parsed(url)
        sqlite = self._url.get_backend_name() == "sqlite"
        self.file = Path(self._url.database) if sqlite and self._url.database else None

    def __str__(self) -> str:
        return str(self.file or f"{self._url.database} at {self._url.host or 'the local server'}")

    def engine(self) -> sa.Engine:
        """Return what connects. It keeps no connection: who writes keeps its own, and who reads is seldom."""
        patience = PATIENCE if self.file is None else {"timeout": BUSY}
        return sa.create_engine(self._url, poolclass=sa.NullPool, hide_parameters=True, connect_args=patience)

    def make_durable(self, connection: sa.Connection) -> None:
        """See to it that what is committed survives the loss of power, as PostgreSQL does by itself."""
        if self.file is not None:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("PRAGMA synchronous=FULL")
            connection.rollback()  # ends the transaction that SQLAlchemy began for them

    @contextlib.contextmanager
    def told(self) -> Iterator[None]:
        """Let whatever goes wrong be told in one line."""
        try:
            yield
        except LedgerError as error:
            raise LedgerError(f"ledger {self}: {error}") from None
        except DBAPIError as error:
            lines = str(error.orig).strip().splitlines() or [type(error.orig).__name__]
            raise LedgerError(f"ledger {self}: {lines[0]}") from None
        except SQLAlchemyError as error:
            raise LedgerError(f"ledger {self}: it cannot be used: {type(error).__name__}") from None
        except OSError as error:
            raise LedgerError(f"ledger {self}: {error.strerror or error}") from None


class Lock:
    """Sees to it that one process at a time writes a chain: a file beside it, or a lock of the server's."""

    def __init__(self, place: Place, poller: str) -> None:
        if not POLLER.fullmatch(poller):
            raise LedgerError(
                f"poller {poller!r:.80}: a name is up to 64 letters (a-z), digits, '.', '_' and '-', "
                "and begins with a letter or digit: choose one with --poller"
            )
        self._place = place
        self._poller = poller
        self._held: IO[bytes] | None = None

    def take(self, connection: sa.Connection) -> None:
        """Take it, where it is not held; a server's lasts as long as the connection does."""
        if self._place.file is None:
            self._take_number(connection)
        elif self._held is None:
            self._held = self._take_file(self._place.file)

    def release(self) -> None:
        """Let others have it."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def _take_file(self, file: Path) -> IO[bytes]:
        held = Path(f"{file}.{self._poller}.lock").open("ab")  # noqa: SIM115 - held as long as the ledger
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            held.close()
            raise self._taken() from None
        return held

    def _take_number(self, connection: sa.Connection) -> None:
        number = int.from_bytes(hashlib.sha256(self._poller.encode()).digest()[:8], "big", signed=True)
        taken = connection.execute(sa.text("SELECT pg_try_advisory_lock(:number)"), {"number": number})
        if not taken.scalar():
            raise self._taken()
        connection.commit()

    def _taken(self) -> LedgerError:
        return LedgerError(f"another netwatch writes to it as poller {self._poller}: end that first")


def _parsed(url: str) -> sa.URL:
    try:
        parsed = sa.make_url(url)
    except (SQLAlchemyError, ValueError):
        raise LedgerError("the ledger's address cannot be read: see 'ledger' in netwatch.yaml") from None
    if parsed.drivername == "postgresql":
        parsed = parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername not in {"sqlite", "sqlite+pysqlite", "postgresql+psycopg"} or not parsed.database:
        raise LedgerError(
            "the ledger's address must be sqlite:///FILE or postgresql+psycopg://USER@HOST/DATABASE"
        )
    return parsed


def make_room(url: str) -> None:
    """Make the folder of a ledger that is a file. Raises LedgerError."""
    place = Place(url)
    if place.file is not None:
        with place.told():
            place.file.parent.mkdir(parents=True, exist_ok=True)

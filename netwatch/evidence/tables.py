"""The tables of a ledger, the same in SQLite and PostgreSQL, and entries as their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from netwatch.evidence.chain import Details, Entry
from netwatch.evidence.place import LedgerError

if TYPE_CHECKING:
    from collections.abc import Sequence

SCHEMA = "2"
"""Version of the tables; a ledger of a later one is not touched."""

FORMER = "1"
"""Without `withheld`: it is read as it is, and whoever writes it adds that table."""

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

WITHHELD = sa.Table(
    "withheld",
    TABLES,
    sa.Column("poller", sa.String(100), primary_key=True),
    sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("salt", sa.LargeBinary(32), nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
)

HASH = sa.cast(ENTRIES.c.hash, sa.LargeBinary).label("hash")
BODY = sa.cast(ENTRIES.c.body, sa.LargeBinary).label("body")
COLUMNS = (ENTRIES.c.poller, ENTRIES.c.seq, ENTRIES.c.at, ENTRIES.c.kind, BODY, HASH)
"""An entry's columns, as bytes where bytes belong: SQLite lets anything be put into a column."""

BESIDE = sa.and_(WITHHELD.c.poller == ENTRIES.c.poller, WITHHELD.c.seq == ENTRIES.c.seq)
ALONE = sa.select(*COLUMNS)
DETAILED = sa.select(
    *COLUMNS, sa.cast(WITHHELD.c.salt, sa.LargeBinary), sa.cast(WITHHELD.c.body, sa.LargeBinary)
).join_from(ENTRIES, WITHHELD, BESIDE, isouter=True)
"""Entries, without and with the details that are at hand."""

STRAYS = (
    sa.select(WITHHELD.c.poller, WITHHELD.c.seq)
    .join_from(WITHHELD, ENTRIES, BESIDE, isouter=True)
    .where(ENTRIES.c.seq.is_(None))
    .order_by(WITHHELD.c.poller, WITHHELD.c.seq)
)
"""Where details stand that belong to no entry."""


def entry_of(row: sa.Row[Any]) -> Entry:
    """Return an entry out of a row of ALONE or DETAILED."""
    stored = Entry(*row[: len(COLUMNS)])
    details = row[len(COLUMNS) :]
    return stored if not details or details[0] is None else stored._replace(details=Details(*details))


def append(connection: sa.Connection, entries: Sequence[Entry]) -> None:
    """Put entries into the tables, and their details beside them."""
    rows = [entry._asdict() for entry in entries]
    details = [row.pop("details") for row in rows]
    if rows:
        connection.execute(sa.insert(ENTRIES), rows)
    beside = [
        {"poller": entry.poller, "seq": entry.seq, **each._asdict()}
        for entry, each in zip(entries, details, strict=True)
        if each is not None
    ]
    if beside:
        connection.execute(sa.insert(WITHHELD), beside)


def make_tables(connection: sa.Connection) -> None:
    """Make the tables where there are none, and the one that an older netwatch did not know.

    Raises LedgerError where a later netwatch made them.
    """
    if not sa.inspect(connection).has_table(META.name):
        TABLES.create_all(connection)
        connection.execute(sa.insert(META).values(name="schema", value=SCHEMA))
    elif schema(connection) == FORMER:
        # Whoever changes the row holds it until the table is there: others wait, and find nothing to do.
        former = sa.and_(META.c.name == "schema", META.c.value == FORMER)
        if connection.execute(sa.update(META).where(former).values(value=SCHEMA)).rowcount:
            WITHHELD.create(connection)
    check_schema(connection)


def check_schema(connection: sa.Connection) -> None:
    """Raise LedgerError where the tables are of no version that is known."""
    found = schema(connection)
    if found not in {FORMER, SCHEMA}:
        raise LedgerError(f"its schema is {found!s:.20}, and this netwatch knows {SCHEMA}: use a newer one")


def schema(connection: sa.Connection) -> str | None:
    """Return the version of the tables, as the ledger says."""
    return connection.execute(sa.select(META.c.value).where(META.c.name == "schema")).scalar()

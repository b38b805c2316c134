"""An edition of a ledger: a file of its own for others, that verifies as the ledger does.

A public one leaves out the details that entries withhold, an audit one has them; neither has the tail. The
chains stand in it as they are, from their beginnings: an anchor of the ledger is one of each edition.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.evidence import codec, withholding
from netwatch.evidence.chain import BrokenChain, intact
from netwatch.evidence.place import LedgerError, Place
from netwatch.evidence.reading import content, withholds
from netwatch.evidence.store import BATCH
from netwatch.evidence.tables import append, make_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import sqlalchemy as sa

    from netwatch.evidence.chain import Entry
    from netwatch.evidence.store import Store


class EditionError(Exception):
    """There can be no such edition; the message says why in one line."""


@dataclass
class Chain:
    """One chain of an edition."""

    poller: str
    entries: int = 0
    details: int = 0  # entries whose details are in it
    withheld: int = 0  # entries whose details are not
    head: str = ""  # hash of the last entry, hexadecimal


def audit(entry: Entry) -> Entry:
    """Return an entry as it stands, its details checked. Raises BrokenBodyError."""
    if entry.details is not None:
        content(entry)
    return entry


def public(entry: Entry) -> Entry:
    """Return an entry without its details. Raises BrokenBodyError; EditionError: it cannot be."""
    if entry.kind not in withholding.RULES:
        return entry._replace(details=None)
    content(entry)  # what it tells can be found only in a body of its kind's shape
    if path := withholding.open_path(entry.kind, codec.parse(entry.body)):
        raise EditionError(
            f"entry {entry.seq} of poller {entry.poller} ({entry.kind}) tells {path} in the chain itself, as "
            "an older netwatch wrote it: there can be no public edition of this chain, only of a new one"
        )
    return entry._replace(details=None)


def write(
    file: Path,
    chains: Sequence[tuple[Store, int]],
    edit: Callable[[Entry], Entry],
    progress: Callable[[int], None],
) -> list[Chain]:
    """Write an edition: of each store, the first so many entries of its chain, as `edit` gives them.

    That is `public` or `audit`. `progress` is told how many were written since. Raises EditionError, also
    where the file is there already or an entry is broken, and LedgerError where it cannot be written; then no
    file is left.
    """
    _claim(file, 0o600 if edit is audit else 0o666)
    try:
        with _made(file) as connection:
            written = [_copy(connection, store, length, edit, progress) for store, length in chains]
        _sync(file)
        _sync(file.parent)
    except BaseException:
        file.unlink(missing_ok=True)
        raise
    return written


def _claim(file: Path, mode: int) -> None:
    """Make a file that is not there yet. Raises EditionError."""
    try:
        file.touch(mode, exist_ok=False)
    except FileExistsError:
        raise EditionError(f"{file} is there already: give another name") from None
    except OSError as error:
        raise EditionError(f"{file} cannot be written: {error.strerror}") from error


@contextlib.contextmanager
def _made(file: Path) -> Iterator[sa.Connection]:
    """Make the tables of a ledger; all that is put into them is committed at once, at the end."""
    place = Place(f"sqlite:///{file.absolute()}")
    engine = place.engine()
    try:
        with place.told(), engine.begin() as connection:
            make_tables(connection)
            yield connection
    finally:
        engine.dispose()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _copy(
    connection: sa.Connection,
    store: Store,
    length: int,
    edit: Callable[[Entry], Entry],
    progress: Callable[[int], None],
) -> Chain:
    """Copy a chain, and check on the way that nothing in it is broken."""
    chain = Chain(store.poller)
    entries = map(edit, intact(itertools.islice(store.entries(), length)))
    try:
        while batch := list(itertools.islice(entries, BATCH)):
            append(connection, batch)
            _count(chain, batch)
            progress(len(batch))
    except (BrokenChain, codec.BrokenBodyError) as error:
        raise EditionError(f"the ledger is broken: {error}") from error
    except LedgerError as error:  # of the ledger that is read: it names itself
        raise EditionError(str(error)) from error
    return chain


def _count(chain: Chain, batch: Sequence[Entry]) -> None:
    chain.entries += len(batch)
    chain.head = batch[-1].hash.hex()
    for entry in batch:
        chain.details += entry.details is not None
        chain.withheld += entry.details is None and withholds(entry)

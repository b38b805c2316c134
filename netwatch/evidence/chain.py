"""The chain: each entry bears a hash over itself and over the one before, so that none can be changed alone.

    hash = SHA-256( hash before ‖ poller ‖ seq ‖ at ‖ kind ‖ body )

Each part behind the hash before has its length in front, as 8 bytes; numbers are 8 bytes, big-endian and
signed; texts are UTF-8. Before the first entry come 32 zero bytes. A chain does not show that its end was cut
off: that takes an anchor.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

BEGINNING = bytes(32)


class Details(NamedTuple):
    """What an entry withholds: it stands beside the chain, and may be away (see `withholding`)."""

    salt: bytes
    body: bytes


class Entry(NamedTuple):
    """One entry as it is stored."""

    poller: str
    seq: int  # from 1 on, without holes
    at: int  # microseconds since 1970 (UTC): when it was written
    kind: str
    body: bytes
    hash: bytes
    details: Details | None = None  # None: it has none, or they are not at hand


class New(NamedTuple):
    """An entry that is to be written."""

    kind: str
    at: int  # microseconds since 1970
    body: bytes
    details: Details | None = None


def digest(before: bytes, poller: str, seq: int, entry: New) -> bytes:
    """Return the hash of an entry of a poller that follows on one with the hash `before`."""
    found = hashlib.sha256(before)
    for part in (poller.encode(), _number(seq), _number(entry.at), entry.kind.encode(), entry.body):
        found.update(_number(len(part)))
        found.update(part)
    return found.digest()


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big", signed=True)


def _expected(before: bytes, entry: Entry) -> bytes:
    """Return the hash that an entry must bear; none fits one whose columns hold what is none of theirs."""
    try:
        return digest(before, entry.poller, entry.seq, New(entry.kind, entry.at, entry.body))
    except (TypeError, AttributeError, ValueError, OverflowError):
        return b""


class BrokenChain(Exception):  # noqa: N818 - it says what is the matter
    """An entry that is not what it was: the message names it."""


def intact(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Hand on the entries of one chain, in their order; raises BrokenChain at the first that is broken."""
    before = BEGINNING
    for seq, entry in enumerate(entries, start=1):
        if entry.seq != seq:
            raise BrokenChain(f"entry {seq} of poller {entry.poller} is missing: {entry.seq} stands there")
        expected = _expected(before, entry)
        if not expected or entry.hash != expected:
            raise BrokenChain(
                f"entry {seq} of poller {entry.poller} ({entry.kind}) is not what was written: "
                "its hash does not fit it, or the entry before"
            )
        before = expected
        yield entry

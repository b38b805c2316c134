"""A receipt as a text to keep: what was handed in, for people, and where its entry stands in the ledger."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from netwatch.evidence.chain import BEGINNING, New, digest
from netwatch.evidence.place import POLLER
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.evidence.chain import Entry
    from netwatch.evidence.store import Store

LARGEST = 64 * 1024
"""Bytes of a receipt that is read."""

ENTRY, HASH = "mục / entry", "mã băm / hash"
COLUMN = 22
"""Characters of a label at least."""

_ENTRY = re.compile(rf"^{ENTRY} +([0-9]{{1,18}}) of poller ({POLLER.pattern})\s*$", re.MULTILINE)
_HASH = re.compile(rf"^{HASH} +([0-9a-f]{{64}})\s*$", re.MULTILINE)


class ReceiptRefused(ValueError):  # noqa: N818 - it says what happened
    """A text that is no receipt, or that the ledger does not bear out; the message says why in one line."""


def text(rows: Iterable[tuple[str, str]], receipt: Receipt) -> str:
    """Return a receipt: rows of (label, value) for people, and the entry's place and hash."""
    entry = ((ENTRY, f"{receipt.seq} of poller {receipt.poller}"), (HASH, receipt.hash))
    return lines((*rows, *entry))


def lines(rows: Iterable[tuple[str, str]]) -> str:
    """Return rows of (label, value) as lines."""
    return "".join(f"{label:<{COLUMN}} {value}\n" for label, value in rows)


def parse(written: str) -> Receipt:
    """Return the place and hash that a receipt names; it tells no time. Raises ReceiptRefused."""
    entries, hashes = _ENTRY.findall(written), _HASH.findall(written)
    if len(entries) != 1 or len(hashes) != 1:
        raise ReceiptRefused(f"no receipt of netwatch: it has one line '{ENTRY}' and one line '{HASH}'")
    ((seq, poller),) = entries
    return Receipt(poller, int(seq), 0.0, hashes[0])


def find(receipt: Receipt, store: Store | None) -> Entry:
    """Return the entry of a receipt where its chain has it, unchanged. Raises ReceiptRefused, LedgerError.

    `store` is None where the ledger has no chain of that poller.
    """
    if store is None:
        raise ReceiptRefused(f"the ledger has no chain of poller {receipt.poller}")
    called = f"entry {receipt.seq} of poller {receipt.poller}"
    before = BEGINNING
    for entry in islice(store.entries(after=max(receipt.seq - 2, 0)), 2):
        if entry.seq == receipt.seq:
            if entry.hash.hex() != receipt.hash:
                raise ReceiptRefused(f"{called} bears another hash: it is not what was entered")
            if digest(before, entry.poller, entry.seq, New(entry.kind, entry.at, entry.body)) != entry.hash:
                raise ReceiptRefused(f"{called} was changed: its hash does not fit it, or the entry before")
            return entry
        before = entry.hash
    raise ReceiptRefused(f"{called} is not in the ledger: it was cut off, or this is another ledger")

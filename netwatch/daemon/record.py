"""What people handed in for the record, as the ledger has it: documents, attestations, disputes, answers.

Nothing counts before the ledger has it: whoever keeps an entry gets its receipt once it is durable. Names are
made here, and go on from those that the ledger has.
"""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import json
import re
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from netwatch.audit.standing import Standing
from netwatch.evidence.documents import DocumentRefused
from netwatch.inventory.moments import told
from netwatch.inventory.orders import OrderRefused
from netwatch.model.attestation import Answer, Attestation, Dispute, Exhibit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from zoneinfo import ZoneInfo

    from netwatch.daemon.orders import Handler
    from netwatch.model.attestation import Receipt

    Entry = Exhibit | Attestation | Dispute | Answer
    Json = dict[str, object]

MOST_LISTED = 2000
MOST_BYTES = 8 * 2**20
"""Rows of one answer, and how long they may be together: a client reads twice that."""


class Append(Protocol):
    """Keeps an entry in the ledger; returns once it is durable. Raises OSError where it cannot be kept."""

    async def __call__(self, entry: Entry, /) -> Receipt:
        """Append."""
        ...


class Record:
    """What stands (`known`: what the ledger has, in its order), and how more gets there.

    `on_entry` is called with each entry once it is durable; `now` gives Unix seconds. Hold `turn` from the
    look at what stands until the entry that follows from it is kept: a name is free until then.
    """

    def __init__(
        self,
        zone: ZoneInfo,
        known: Iterable[tuple[Entry, Receipt]],
        *,
        append: Append,
        on_entry: Callable[[Entry], None],
        now: Callable[[], float],
    ) -> None:
        self.zone = zone
        self.now = now
        self.turn = asyncio.Lock()
        self.standing = Standing()
        self.receipts: dict[str, Receipt] = {}  # by name, of documents by SHA-256
        self.said: dict[Attestation, str] = {}  # what was ever attested, `bare` → its name
        self._append = append
        self._on_entry = on_entry
        for entry, receipt in known:
            self._take(entry, receipt)

    async def keep(self, entry: Entry) -> Json:
        """Let the ledger have an entry; return its receipt. Raises OSError."""
        receipt = await self._append(entry)
        self._take(entry, receipt)
        self._on_entry(entry)
        at = self.told(receipt.at)
        return {"poller": receipt.poller, "seq": receipt.seq, "at": at, "hash": receipt.hash}

    def next_name(self, letter: str) -> str:
        """Return a name that is free: `A-2026-0001`."""
        year = dt.datetime.fromtimestamp(self.now(), self.zone).year
        form = re.compile(rf"{letter}-{year}-([0-9]{{4,}})")
        numbers = (int(found[1]) for name in self.standing.names if (found := form.fullmatch(name)))
        return f"{letter}-{year}-{max(numbers, default=0) + 1:04d}"

    def check_documents(self, digests: Iterable[str]) -> None:
        """Raise OrderRefused where a document is not archived."""
        for each in digests:
            if each not in self.standing.exhibits:
                raise OrderRefused(f"document {each} is not archived: 'netwatch archive FILE' does that")

    def told(self, at: float) -> str:
        """Return a moment by the clock of the configuration."""
        return told(at, self.zone)

    def _take(self, entry: Entry, receipt: Receipt) -> None:
        self.standing.take(entry)
        if isinstance(entry, Exhibit):
            self.receipts.setdefault(entry.sha256, receipt)
        elif isinstance(entry, Attestation | Dispute):
            self.receipts[entry.name] = receipt
        if isinstance(entry, Attestation) and not entry.withdrawn:
            self.said[bare(entry)] = entry.name


def bare(attestation: Attestation) -> Attestation:
    """Return what an attestation says, without what the ledger and its signer gave it."""
    return dataclasses.replace(attestation, at=0.0, name="", signer="", signature="")


def refusing(carry_out: Handler) -> Handler:
    """Return a handler that answers a refusal instead of raising it."""

    async def handle(order: Json) -> Json:
        try:
            return await carry_out(order)
        except (OrderRefused, DocumentRefused) as refusal:
            return {"error": str(refusal)}
        except OSError as error:
            return {"error": f"nothing was done: the ledger cannot keep it: {error}"}

    return handle


def listed(key: str, rows: list[Json]) -> Json:
    """Return the answer of a list, and how many rows it leaves out."""
    sizes = accumulate(len(json.dumps(row)) for row in rows)
    shown = [row for row, size in zip(rows[:MOST_LISTED], sizes, strict=False) if size <= MOST_BYTES]
    return {key: shown, "left_out": len(rows) - len(shown)}

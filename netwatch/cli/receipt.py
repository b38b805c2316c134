"""What a command that hands something in prints: rows for people, and the receipt of the entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from netwatch.evidence import receipts
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Iterable


def told(rows: Iterable[tuple[str, str]], receipt: dict[str, Any] | None) -> str:
    """Return rows of (label, value) as a text, with the receipt of an answer where there is one."""
    if receipt is None:
        return receipts.lines(rows)
    return receipts.text(rows, Receipt(receipt["poller"], receipt["seq"], 0.0, receipt["hash"]))

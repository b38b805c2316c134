"""A forger who knows the format: writes a ledger anew with something changed, and every hash right again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.evidence.chain import New
from netwatch.evidence.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netwatch.evidence.chain import Entry


def as_it_was(entry: Entry) -> New | None:
    """Change nothing."""
    return New(entry.kind, entry.at, entry.body)


def rebuild(
    before: Path, after: Path, poller: str, change: Callable[[Entry], New | None] = as_it_was
) -> None:
    """Write the chain of a ledger into another file; an entry of which `change` makes None is left out."""
    new = [made for entry in Store(f"sqlite:///{before}", poller).entries() if (made := change(entry))]
    forged = Store(f"sqlite:///{after}", poller)
    forged.open()
    forged.write(new, [], None)
    forged.close()

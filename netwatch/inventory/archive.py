"""The files of a configuration as they are kept in evidence: without secrets."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from netwatch.inventory.folder import CREDENTIALS, SETTINGS

if TYPE_CHECKING:
    from netwatch.inventory.load import Inventory

KEPT = frozenset({".yaml", ".csv"})
WITHHELD = "ledger: (withheld)"
_LEDGER = re.compile(r"^\s*ledger\s*:.*$", re.MULTILINE)


def names(inventory: Inventory) -> tuple[str, ...]:
    """Return the files that are kept: all that were read but credentials, and what these name."""
    return tuple(
        sorted(
            name for name in inventory.files if name != CREDENTIALS and PurePath(name).suffix.lower() in KEPT
        )
    )


def text(inventory: Inventory, name: str) -> str:
    """Return a file's text, the ledger's address withheld; "" where it is not any more what was read."""
    try:
        data = (inventory.folder / name).read_bytes()
    except OSError:
        return ""
    if hashlib.sha256(data).hexdigest() != inventory.files[name]:
        return ""
    kept = data.decode("utf-8", "replace")
    return _LEDGER.sub(WITHHELD, kept) if name == SETTINGS else kept

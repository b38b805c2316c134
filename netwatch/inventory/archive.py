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
WITHHELD = "(withheld)"

_LOGIN = re.compile(r"://\S*@")
"""What an address has before its host, in a comment too: a name, and often a password."""


def names(inventory: Inventory) -> tuple[str, ...]:
    """Return the files that are kept: all that were read but credentials, and what these name."""
    return tuple(
        sorted(
            name for name in inventory.files if name != CREDENTIALS and PurePath(name).suffix.lower() in KEPT
        )
    )


def text(inventory: Inventory, name: str) -> str:
    """Return a file's text without the ledger's address, or the login of any other.

    "" where it is not any more what was read, or where the address is written so that it cannot be taken out.
    """
    try:
        data = (inventory.folder / name).read_bytes()
    except OSError:
        return ""
    if hashlib.sha256(data).hexdigest() != inventory.files[name]:
        return ""
    kept = data.decode("utf-8", "replace")
    ledger = inventory.settings.ledger
    if name == SETTINGS and ledger is not None:
        if ledger.reveal() not in kept:
            return ""
        kept = kept.replace(ledger.reveal(), WITHHELD)
    return _LOGIN.sub(f"://{WITHHELD}@", kept)

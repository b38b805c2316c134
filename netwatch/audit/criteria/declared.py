"""`declared`: whether the document that makes a claim is kept, by its hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.claim import NOT_FOUND, Finding, Found

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.audit.standing import Standing
    from netwatch.model.claim import Claim

SOURCE = "document"


def found(claims: Iterable[Claim], standing: Standing) -> Found:
    """Return the newest document of some claims that was archived."""
    hashes = (claim.source.sha256 for claim in claims)
    kept = (standing.exhibits[each] for each in hashes if each in standing.exhibits)
    newest = max(kept, key=lambda exhibit: exhibit.at, default=None)
    return NOT_FOUND if newest is None else Found(Finding.SHOWN, newest.at, "", SOURCE, newest.name)

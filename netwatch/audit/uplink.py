"""Claims of kind `uplink`: that a line of some sort reaches each unit, or keeps some quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.audit.criteria.unit import of_criterion

if TYPE_CHECKING:
    from netwatch.audit.criteria.unit import Known
    from netwatch.model.claim import Claim, Criterion, Found


def findings(claim: Claim, known: Known) -> tuple[tuple[Criterion, Found], ...]:
    """Return what is known of one unit of each criterion that the claim asks for."""
    return tuple((each, of_criterion(each, claim.limits, known)) for each in claim.criteria)

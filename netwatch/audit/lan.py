"""Claims of kind `lan`: that each unit has a network of its own. They ask for `lan` unless they say more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.audit.criteria.unit import of_criterion
from netwatch.model.claim import Criterion

if TYPE_CHECKING:
    from netwatch.audit.criteria.unit import Known
    from netwatch.model.claim import Claim, Found


def findings(claim: Claim, known: Known) -> tuple[tuple[Criterion, Found], ...]:
    """Return what is known of one unit of each criterion that the claim asks for."""
    asked = claim.criteria or (Criterion.LAN,)
    return tuple((each, of_criterion(each, claim.limits, known)) for each in asked)

"""Claims of kind `uplink`: that a line of some sort reaches each unit, or keeps some quality."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.audit.criteria import finding, together
from netwatch.model.claim import Found

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.audit.sites import Site
    from netwatch.model.claim import Claim, Criterion


def findings(claim: Claim, sites: tuple[Site, ...]) -> Mapping[Criterion, Found]:
    """Return what the sites of one unit show of each criterion that the claim asks for."""
    return {
        criterion: Found(together(tuple(finding(criterion, site.figures, claim.limits) for site in sites)))
        for criterion in claim.criteria
    }

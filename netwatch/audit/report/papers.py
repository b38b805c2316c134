"""What people objected to, as far as it is about a unit of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.audit.standing import Standing
    from netwatch.model.attestation import Answer, Dispute
    from netwatch.model.claim import UnitVerdict

Verdicts = tuple[tuple[str, str, "UnitVerdict"], ...]
"""(claim, code in its population, verdict) of what lives on in one unit of today."""


def disputes(
    standing: Standing, register: str, verdicts: Verdicts
) -> tuple[tuple[Dispute, Answer | None], ...]:
    """Return the disputes about any of the verdicts, with their answers."""
    about = {(claim, code) for claim, code, _ in verdicts}
    return tuple(
        (each, standing.answers.get(name))
        for name, each in standing.disputes.items()
        if each.register == register and (each.claim, each.unit) in about
    )

"""What people signed for and objected to, as far as it is about a unit of today."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.succession import Lineage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.audit.standing import Standing
    from netwatch.model.attestation import Answer, Attestation, Dispute
    from netwatch.model.claim import UnitVerdict
    from netwatch.model.register import Register, Unit


class Papers:
    """Looks them up by unit; `older` tells which units of claims' populations live on in one of today."""

    def __init__(
        self,
        standing: Standing,
        registers: Mapping[str, Register],
        older: Mapping[tuple[str, str], tuple[tuple[str, str, UnitVerdict], ...]],
    ) -> None:
        self._standing = standing
        self._lineages = {name: Lineage(register) for name, register in registers.items()}
        self._older = older

    def attestations(self, register: str, unit: Unit) -> tuple[Attestation, ...]:
        """Return those that stand, by the day that they are of; also of the units that it was made of."""
        lineage = self._lineages[register]
        codes = dict.fromkeys((unit.code, *unit.predecessors))
        found = [
            each
            for code in codes
            for each in self._standing.attestations(register, code)
            if code in lineage.ancestors(unit, each.date)
        ]
        return tuple(sorted(found, key=lambda each: (each.date, each.name)))

    def disputes(self, register: str, unit: Unit) -> tuple[tuple[Dispute, Answer | None], ...]:
        """Return those about what a claim found of it, or of what lives on in it, with their answers."""
        about = {(claim, code) for claim, code, _ in self._older.get((register, unit.code), ())}
        return tuple(
            (each, self._standing.answers.get(name))
            for name, each in self._standing.disputes.items()
            if each.register == register and (each.claim, each.unit) in about
        )

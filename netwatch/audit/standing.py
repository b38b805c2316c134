"""What people have signed for and objected to, as the ledger's entries so far say."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from netwatch.model.attestation import Answer, Attestation, Dispute, Exhibit

if TYPE_CHECKING:
    from collections.abc import Iterable


class Standing:
    """Attestations, exhibits and disputes; `take` gets the entries of a chain in their order."""

    def __init__(self, entries: Iterable[object] = ()) -> None:
        self.exhibits: dict[str, Exhibit] = {}  # by SHA-256
        self.disputes: dict[str, Dispute] = {}  # by name
        self.answers: dict[str, Answer] = {}  # by the dispute's name
        self._attestations: dict[str, Attestation] = {}  # by name
        self._of_unit: dict[tuple[str, str], list[str]] = defaultdict(list)  # names by (register, unit)
        for entry in entries:
            self.take(entry)

    def take(self, said: object) -> None:
        """Take what an entry says; whatever else it is, is left alone."""
        if isinstance(said, Exhibit):
            self.exhibits.setdefault(said.sha256, said)
        elif isinstance(said, Attestation):
            if said.name not in self._attestations:
                self._of_unit[said.register, said.unit].append(said.name)
            self._attestations[said.name] = said
        elif isinstance(said, Dispute):
            self.disputes.setdefault(said.name, said)
        elif isinstance(said, Answer) and said.dispute in self.disputes:
            self.answers.setdefault(said.dispute, said)

    @property
    def names(self) -> frozenset[str]:
        """Every name that is taken, of attestations and disputes."""
        return frozenset(self._attestations) | frozenset(self.disputes)

    def attestations(self, register: str, unit: str) -> tuple[Attestation, ...]:
        """Return those of one unit that stand, by the day that they are of."""
        there = (self._attestations[name] for name in self._of_unit.get((register, unit), ()))
        return tuple(sorted((each for each in there if not each.withdrawn), key=lambda each: each.date))

    def of_register(self, register: str) -> tuple[Attestation, ...]:
        """Return all of one register that stand, by the day that they are of."""
        there = (each for each in self._attestations.values() if each.register == register)
        return tuple(sorted((each for each in there if not each.withdrawn), key=lambda each: each.date))

    def disputed(self, claim: str, register: str) -> dict[str, tuple[str, ...]]:
        """Return the names of a claim's disputes that nobody has answered, by the unit's code."""
        found: dict[str, tuple[str, ...]] = {}
        for name, each in self.disputes.items():
            if (each.claim, each.register) == (claim, register) and name not in self.answers:
                found[each.unit] = (*found.get(each.unit, ()), name)
        return found

    def open_disputes(self, claim: str, register: str, unit: str) -> tuple[str, ...]:
        """Return the names of a unit's disputes of a claim that nobody has answered."""
        return self.disputed(claim, register).get(unit, ())

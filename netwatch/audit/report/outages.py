"""The outages and blips of units that touch a period, with all that the ledger says of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from netwatch.model.decision import CauseSettled, OutageBegan, RunEnded, Subject
from netwatch.model.report import OutageAccount

if TYPE_CHECKING:
    from netwatch.model.maintenance import Annotation

Key = tuple[str, int]
"""A unit's code and the second in which the run began: no two of a unit begin in one."""


class Runs:
    """Takes what was decided of runs of down, in the ledger's order. Steady seconds."""

    def __init__(self, start: float, end: float) -> None:
        self._start = start
        self._end = end
        self._open: dict[Key, OutageAccount] = {}
        self._over: dict[Key, OutageAccount] = {}
        self._notes: dict[Key, list[Annotation]] = defaultdict(list)
        self._blips: dict[Key, float] = {}

    def take(self, said: OutageBegan | RunEnded | CauseSettled) -> None:
        """Take a decision; only those about units count."""
        if said.subject is not Subject.UNIT:
            return
        key = _key(said.key, said.start)
        if isinstance(said, OutageBegan):
            if key not in self._over:
                self._open[key] = OutageAccount(
                    said.start, None, said.cause, said.root, unknown=0.0, settled=False, facts=(), notes=()
                )
        elif isinstance(said, CauseSettled):
            self._end_of(key, said, settled=True)
        elif said.outage:
            self._end_of(key, said, settled=False)
        elif self._start <= said.start < self._end:
            self._blips[key] = said.start

    def note(self, said: Annotation) -> None:
        """Take what somebody knows of an outage."""
        self._notes[_key(said.unit, said.start)].append(said)

    def end_all(self, at: float) -> None:
        """End what is open: another process judges afresh, and nobody will say when these ended."""
        for key, outage in self._open.items():
            if outage.start < at and at > self._start:
                self._over[key] = replace(outage, end=at)
        self._open.clear()

    def outages(self, code: str) -> tuple[OutageAccount, ...]:
        """Return those of a unit that touch the period, by their beginning."""
        return tuple(
            replace(outage, notes=tuple(self._notes.get(key, ())))
            for key, outage in sorted((*self._over.items(), *self._open.items()), key=lambda item: item[0][1])
            if key[0] == code and outage.start < self._end
        )

    def blips(self, code: str) -> int:
        """Return how many blips of a unit began in the period."""
        return sum(key[0] == code for key in self._blips)

    def _end_of(self, key: Key, said: RunEnded | CauseSettled, *, settled: bool) -> None:
        self._open.pop(key, None)
        known = self._over.get(key)
        if said.end <= self._start or (known is not None and known.settled and not settled):
            return
        facts = said.facts if isinstance(said, CauseSettled) else ()
        self._over[key] = OutageAccount(
            said.start, said.end, said.cause, said.root, said.unknown, settled=settled, facts=facts, notes=()
        )


def _key(code: str, start: float) -> Key:
    return code, round(start)

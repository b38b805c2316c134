"""Which claims are about whom, as units stand today: how much hangs on one that fails."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Generator, Iterable, Mapping

    from netwatch.audit.claims import Judge
    from netwatch.model.claim import Claim
    from netwatch.model.register import Register


def steps(
    judge: Judge, registers: Mapping[str, Register], claims: Iterable[Claim], today: dt.date
) -> Generator[None, None, Mapping[tuple[str, str], Mapping[str, int]]]:
    """Count the claims about each unit of today by class, a claim at a time; by register and code.

    A claim counts once for a unit, however many of those that it declares it of were merged into that one.
    """
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for claim in claims:
        population = claim.population
        register = registers.get(population.register) if population else None
        if population is None or register is None:
            continue
        for code in judge.placement(population, register, today).successors:
            found[register.name, code][claim.class_] += 1
        yield
    return dict(found)

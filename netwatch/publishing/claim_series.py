"""Claims as sample lines: what a document says, beside what evidence shows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netwatch.model.claim import ClaimVerdict, UnitVerdict
from netwatch.publishing.exposition import encoded, fill, labels, number, template

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping

    from netwatch.model.claim import Claim, ClaimResult, Criterion, Found

    Criteria = tuple[tuple[Criterion, Found], ...]

_VERDICT = template("netwatch_claim_verdict", "verdict", ClaimVerdict)
_UNITS = template("netwatch_claim_units", "verdict", UnitVerdict)


def claim_lines(result: ClaimResult) -> dict[str, bytes]:
    """Return all lines of one claim, by family, but those of criteria."""
    claim = result.claim
    plain = encoded(labels({"claim": claim.name}))
    register = claim.population.register if claim.population else ""
    about = labels(
        {
            "claim": claim.name,
            "kind": claim.kind,
            "class": claim.class_,
            "document": claim.source.document,
            "date": claim.source.date.isoformat(),
            "register": register,
        }
    )
    counts = Counter(unit.verdict for unit in result.units)
    return {
        "netwatch_claim_info": encoded(f"netwatch_claim_info{{{about}}} 1\n"),
        "netwatch_claim_statement": encoded("".join(_statement_lines(claim))),
        "netwatch_claim_declared_ratio": b""
        if claim.declared is None
        else b"netwatch_claim_declared_ratio{%b} %b\n" % (plain, number(claim.declared)),
        "netwatch_claim_ratio": b'netwatch_claim_ratio{%b,bound="lower"} %b\n' % (plain, number(result.lower))
        + b'netwatch_claim_ratio{%b,bound="upper"} %b\n' % (plain, number(result.upper)),
        "netwatch_claim_verdict": fill(
            _VERDICT, plain, (int(each is result.verdict) for each in ClaimVerdict)
        ),
        "netwatch_claim_units": fill(_UNITS, plain, (counts[each] for each in UnitVerdict)),
        "netwatch_claim_unit_verdict": encoded("".join(_unit_lines(result))),
    }


def _statement_lines(claim: Claim) -> Iterator[str]:
    for language, text in claim.statement:
        about = labels({"claim": claim.name, "language": language, "statement": text})
        yield f"netwatch_claim_statement{{{about}}} 1\n"


def _unit_lines(result: ClaimResult) -> Iterator[str]:
    for each in result.units:
        about = labels(
            {
                "claim": result.claim.name,
                "unit": each.unit.code,
                "register": result.claim.population.register if result.claim.population else "",
                "verdict": each.verdict.value,
            }
        )
        yield f"netwatch_claim_unit_verdict{{{about}}} 1\n"


def criterion_lines(
    units: Iterable[tuple[str, Criteria]],
    results: Iterable[ClaimResult],
    main: str,
    in_force_since: dt.date | None,
) -> bytes:
    """Return the criteria of units, and those of the populations of claims that are of another list.

    `units` are those of the `main` register in force, by code. Codes are used again: a unit of a population
    that is not of that register, as it has been since `in_force_since`, carries its register's name, with the
    day of its list where it is an older one; of claims that differ about it the worst finding is told.
    """
    found = {
        (main, code, criterion): told.finding for code, criteria in units for criterion, told in criteria
    }
    for result in results:
        register = _other_list(result.claim, main, in_force_since)
        if register is None:
            continue
        for each in result.units:
            for criterion, told in each.criteria:
                key = (register, each.unit.code, criterion)
                found[key] = min(told.finding, found.get(key, told.finding))
    return encoded(
        "".join(
            f"netwatch_unit_criterion{{{labels(_about(key, main))}}} {finding.value}\n"
            for key, finding in found.items()
        )
    )


def _other_list(claim: Claim, main: str, in_force_since: dt.date | None) -> str | None:
    """Return the name of the list that a claim is about; None where it is about none but the one in force."""
    population = claim.population
    if population is None:
        return None
    if population.register != main:
        return population.register
    if in_force_since is not None and population.as_of < in_force_since:
        return f"{main} {population.as_of}"
    return None


def _about(key: tuple[str, str, Criterion], main: str) -> Mapping[str, str]:
    register, unit, criterion = key
    about = {"unit": unit, "criterion": criterion.value}
    return about if register == main else {**about, "register": register}

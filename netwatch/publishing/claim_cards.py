"""Claims as cards: what a document declares, beside what was measured, with both of its bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.claim import UnitVerdict

if TYPE_CHECKING:
    from netwatch.model.claim import ClaimResult
    from netwatch.publishing.voice import Voice


class Card(NamedTuple):
    """A claim as its card shows it."""

    name: str
    language: str
    statement: str
    declared: str
    measured: str
    lower: float
    upper: float
    mark: float | None
    verdict: str
    verdict_word: str
    withheld: str
    tally: str
    population: str
    as_measured: str
    observed: str
    told: str
    result: ClaimResult


def card(result: ClaimResult, voice: Voice, at: float) -> Card:
    """Return a claim's card; `at` is the present, Unix seconds."""
    claim, words = result.claim, voice.words
    language, statement = voice.text(claim.statement)
    lower, upper = voice.percent(result.lower, "lower"), voice.percent(result.upper, "upper")
    declared = voice.percent(claim.declared)
    if claim.declared is None and claim.count is not None:
        declared = words["declared_count"].format(count=voice.number(claim.count))
    told = words["bounds_told" if claim.declared is not None else "bounds_told_undeclared"]
    end = min(result.end, at)
    return Card(
        name=claim.name,
        language=language,
        statement=statement,
        declared=declared,
        measured=_measured(result, voice) or words["between"].format(lower=lower, upper=upper),
        lower=round(100 * result.lower, 2),
        upper=round(100 * result.upper, 2),
        mark=None if claim.declared is None else round(100 * claim.declared, 2),
        verdict="" if result.withheld else result.verdict.value,
        verdict_word=words["claim_verdicts"][result.verdict.value],
        withheld=words["why_withheld"][result.withheld.value] if result.withheld else "",
        tally=voice.tally({each.value: result.count(each) for each in UnitVerdict}, words["unit_verdicts"]),
        population=_population(result, voice),
        as_measured=words["as_measured"][claim.period].format(
            date=voice.date(claim.source.date), start=voice.day(result.start), end=voice.day(end)
        ),
        observed=words["observed"].format(share=voice.percent(result.observed, "lower")),
        told=told.format(declared=declared, lower=lower, upper=upper),
        result=result,
    )


def _population(result: ClaimResult, voice: Voice) -> str:
    """Return of how many units a claim is, and in how many they live on where that is another number."""
    population = result.claim.population
    if population is None:
        return ""
    count, heirs = len(result.units), result.heirs
    told = voice.words["population" if heirs in {0, count} else "heirs"]
    return str(told.format(count=count, heirs=heirs, date=voice.date(population.as_of)))


def _measured(result: ClaimResult, voice: Voice) -> str:
    """Return what a figure's own source says; "" where a claim is measured at units, or not at all."""
    measured = result.measured
    if measured is None:
        return ""
    value = voice.number(measured.value) if result.claim.declared is None else voice.percent(measured.value)
    told = voice.words["measured_value"]
    return str(told.format(value=value, date=voice.date(measured.date), source=measured.source))

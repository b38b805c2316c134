"""All criteria of one unit: what its sites show, and what was signed of it."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.audit.criteria import attested, quality, reachable
from netwatch.model.claim import NOT_FOUND, Criterion, Finding, Found, Limits

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.audit.sites import Site
    from netwatch.model.attestation import Attestation

DEFAULT_LIMITS = Limits(availability=0.995, rtt=0.05)
"""Of QCVN 34:2019/BTTTT, borrowed: it binds providers of fixed broadband, and says nothing of existence."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of one unit. `at`: the end of what is known, Unix seconds."""

    sites: tuple[Site, ...]
    attestations: tuple[Attestation, ...]
    declared: Found
    at: float


def of_unit(
    sites: tuple[Site, ...],
    limits: Limits,
    attestations: tuple[Attestation, ...],
    declared: Found,
    at: float,
) -> tuple[tuple[Criterion, Found], ...]:
    """Return what is found of each criterion of one unit.

    `attestations` are those that count for it (`netwatch.audit.population`), `declared` what documents show
    (`netwatch.audit.criteria.declared`); `at` is the end of what is known, Unix seconds.
    """
    known = Known(sites, attestations, declared, at)
    return tuple((criterion, of_criterion(criterion, limits, known)) for criterion in Criterion)


def of_criterion(criterion: Criterion, limits: Limits, known: Known) -> Found:
    """Return what is found of one criterion of one unit."""
    papers = [each for each in known.attestations if attested.says(each, criterion)]
    if criterion is Criterion.DECLARED:
        return attested.newest(known.declared, map(attested.found, papers))
    measured = [_measured(criterion, site, limits, known.at) for site in known.sites]
    return together(_with_papers(known.sites, measured, papers) if papers else measured)


def together(findings: Iterable[Found]) -> Found:
    """Join what is found at the sites of one unit: one that shows it suffices, all must contradict it."""
    every = tuple(findings)
    if len(every) == 1:
        return every[0]
    shown = [each for each in every if each.finding is Finding.SHOWN]
    if shown:
        return _newest(shown)
    open_ones = [each for each in every if each.finding is Finding.NOT_SHOWN]
    return _newest(open_ones or every)


def _newest(findings: Iterable[Found]) -> Found:
    return max(findings, key=lambda each: float("-inf") if each.at is None else each.at, default=NOT_FOUND)


def _measured(criterion: Criterion, site: Site, limits: Limits, at: float) -> Found:
    if criterion is Criterion.REACHABLE:
        return reachable.found(site.figures, at)
    if criterion is Criterion.QUALITY:
        return quality.found(site.figures, limits, at)
    for each, told in site.found:
        if each is criterion:
            return told
    return NOT_FOUND


def _with_papers(
    sites: tuple[Site, ...], measured: list[Found], papers: list[Attestation]
) -> Iterable[Found]:
    """Yield what is found at each site, and at each office that has papers and no device.

    A paper that names no office speaks of the whole unit, and so of each of its sites.
    """
    spoken: set[str] = set()
    units = {site.unit for site in sites}
    for site, told in zip(sites, measured, strict=True):
        about = [
            paper
            for paper in papers
            if _is_of(paper, site, alone=len(sites) == 1)
            and (paper.unit == site.unit or paper.unit not in units)
        ]
        spoken.update(paper.name for paper in about)
        yield attested.newest(told, map(attested.found, about))
    elsewhere: dict[str, list[Found]] = defaultdict(list)
    for paper in papers:
        if paper.name not in spoken:
            elsewhere[paper.predecessor].append(attested.found(paper))
    for found in elsewhere.values():
        yield attested.newest(NOT_FOUND, found)


def _is_of(paper: Attestation, site: Site, *, alone: bool) -> bool:
    return paper.predecessor in {"", site.predecessor} or (alone and not site.predecessor)

"""The words of the report: one form, filled in for Vietnamese and for English in files of their own.

All of them are plain text; what stands in braces is filled in by the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.model.attestation import AttestationKind
    from netwatch.model.cause import Cause
    from netwatch.model.claim import ClaimVerdict, Criterion, Finding, UnitVerdict, Withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class Front:
    """The title, and what the report is of."""

    kinds: Mapping[str, str]  # month, day, range
    title: str
    contents: str
    period: str
    period_text: str  # {first} {last} {zone} {offset}
    made: str
    made_text: str  # {moment} {version}
    registers: str
    example: str
    units: str
    units_text: str  # {count} {monitored}
    page: str
    running: str  # at the foot of each page


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What was declared, beside what was measured."""

    heading: str
    lead: str
    one: str  # a claim, with {number}
    document: str
    document_hash: str
    no_hash: str
    sentence: str  # {declared} {date} {period} {found}
    between: str  # {lower} {upper}
    valued: str  # {value} {date} {source}
    unmeasured: str
    undeclared: str
    not_then: str  # {date} {period}
    verdicts: Mapping[ClaimVerdict, str]
    unit_verdicts: Mapping[UnitVerdict, str]
    no_verdict: str
    withheld: Mapping[Withheld, str]  # {observed} {minimum}
    population: str
    population_text: str  # {count} {register} {date}
    no_population: str
    lives_on: str  # {count} {date} {heirs}
    asked: str
    observed: str
    observed_text: str  # {observed} {minimum}
    limits: str
    limit_availability: str
    limit_loss: str
    limit_rtt: str
    hours: Mapping[str, str]
    by_verdict: str
    all: str
    bar: str  # label of the chart: {lower} {upper} {declared}
    key_shown: str
    key_unknown: str
    key_refuted: str
    key_declared: str
    none: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All units in one table, and what was not seen."""

    heading: str
    lead: str
    caption: str
    unit: str
    code: str
    area: str
    availability: str
    outages: str
    claim: str  # a column: {number}
    symbols: str
    no_part: str
    none: str
    unseen: str
    unseen_lead: str
    unmonitored: str  # {count} {total}
    all_monitored: str
    pauses: str
    no_pauses: str
    gaps: str
    no_gaps: str
    gap_kind: str
    gap_number: str
    blind: str
    blind_text: str  # {units} {minutes}
    no_blind: str
    began: str
    ended: str
    length: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Populations:
    """Each claim's own units."""

    heading: str
    lead: str
    caption: str  # {number} {count}
    verdict: str
    lives_on: str
    nowhere: str
    disputed: str
    no_units: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Units:
    """Every unit."""

    heading: str
    lead: str
    key_outage: str
    key_unseen: str
    key_planned: str
    code: str
    area: str
    register: str
    unmonitored: str
    verdicts: str
    figures: str
    basis: str
    gross: str
    net: str
    office: str
    uplink: str  # {device} {provider} {medium}
    availability: str
    loss: str
    swift: str
    rtt: str
    up: str
    down: str
    unknown: str
    counts: str  # {outages} {blips} {blind}
    strip: str  # label of the chart: {name} {outages}
    criteria: str
    criterion: str
    finding: str
    findings: Mapping[Finding, str]
    graded: Mapping[Finding, str]  # of quality
    criterion_names: Mapping[Criterion, str]
    at: str
    source: str
    sources: Mapping[str, str]
    attested: str
    outages: str
    no_outages: str
    began: str
    ended: str
    length: str
    cause: str
    causes: Mapping[Cause, str]
    known: str
    goes_on: str
    so_far: str
    settled: str
    root: str
    partly_unknown: str  # {length}
    ticket: str
    excluded: str
    excluded_text: str  # {name} {start} {end} {by} {announced}
    excluded_minutes: str  # {minutes}
    too_late: str
    papers: str
    attestation_kinds: Mapping[AttestationKind, str]
    attestation_text: str  # {by} {criterion} {finding} {date}
    signed: str  # {signer}
    on_paper: str
    predecessor: str  # {code}
    exhibits: str
    disputes: str
    dispute_text: str  # {claim} {by} {at}
    deadline: str  # {deadline}
    open: str
    upheld: str
    dismissed: str
    answer_text: str  # {by} {at}
    top: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What the report was made from, and how to check it."""

    heading: str
    proves: tuple[str, ...]
    check: str
    check_text: str
    heads: str
    poller: str
    entry: str
    at: str
    hash: str
    no_heads: str
    anchors: str
    no_anchors: str
    date: str
    fits: str
    fits_yes: str
    fits_no: str
    signed_by: str
    stamped: str
    unsigned: str
    unstamped: str
    registers: str
    register: str
    status: str
    in_use: str
    exhibits: str
    no_exhibits: str
    file: str
    title: str
    size: str
    by: str
    bytes: str  # {size}


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What the figures mean."""

    heading: str
    lead: str
    terms: tuple[tuple[str, str], ...]
    criteria: str
    criteria_rows: Mapping[Criterion, tuple[str, str]]  # shown by, contradicted by
    shown_by: str
    contradicted_by: str
    causes: str
    cause: str
    sign: str
    cause_rows: Mapping[Cause, str]
    parameters: str
    parameter: str
    value: str  # {number}
    down_after: str
    up_after: str
    outage_after: str
    settle_after: str
    slots: str  # {count}
    no_parameters: str
    office: str
    office_text: str  # {hours} {zone}
    weekdays: Mapping[str, str]  # by what they are called in the configuration
    holidays: str  # {days}
    no_holidays: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportWords:
    """Everything that a report says in one language."""

    front: Front
    claims: Claims
    overview: Overview
    populations: Populations
    units: Units
    record: Record
    definitions: Definitions

"""The report of a period, as figures: what `netwatch.audit` works out and `netwatch.publishing` writes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.model.attestation import Answer, Attestation, Dispute, Exhibit
    from netwatch.model.cause import Cause, Fact
    from netwatch.model.claim import ClaimResult, Criterion, Found, UnitVerdict
    from netwatch.model.device import StateRules
    from netwatch.model.figures import Figures
    from netwatch.model.maintenance import Annotation, Window
    from netwatch.model.register import Unit


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` up to but not including `end`, Unix seconds at local midnights."""

    label: str  # as it was asked for: 2026-10, 2026-10-07 or 2026-10-01..2026-10-15
    start: float
    end: float
    timezone: str


@dataclass(frozen=True, slots=True)
class OutageAccount:
    """An outage that touches the period."""

    start: float  # Unix seconds; may lie before the period
    end: float | None  # None: it goes on
    cause: Cause
    root: str  # the failed ancestor, where the cause is upstream
    unknown: float  # seconds of it about which nothing is known
    settled: bool  # whether the cause is settled, and not only what is known so far
    facts: tuple[Fact, ...]
    notes: tuple[Annotation, ...]


@dataclass(frozen=True, slots=True)
class Excluded:
    """An announced window, and the minutes that the net figures leave out for it."""

    window: Window
    minutes: int  # within the period; counted once where windows overlap, for the first
    in_time: bool  # announced before it began; else nothing is left out, and `minutes` is 0


@dataclass(frozen=True, slots=True)
class UplinkAccount:
    """One device that is an uplink of the unit."""

    device: str
    provider: str
    medium: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class UnitAccount:
    """All that the period shows of one unit of the register in force."""

    register: str
    unit: Unit
    area: str
    monitored: bool
    gross: Figures  # all minutes of the period
    net: Figures  # without those of windows that were announced in time
    office: Figures  # gross, of office hours
    blind: int  # minutes in which an observation path to it was blind, in whole or part
    blips: int
    outages: tuple[OutageAccount, ...]
    excluded: tuple[Excluded, ...]
    uplinks: tuple[UplinkAccount, ...]
    criteria: tuple[tuple[Criterion, Found], ...]  # all there are
    verdicts: tuple[tuple[str, str, UnitVerdict], ...]  # (claim, code in its population, verdict)
    attestations: tuple[Attestation, ...]
    disputes: tuple[tuple[Dispute, Answer | None], ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain as the report was made from it."""

    poller: str
    seq: int
    at: float  # Unix seconds
    hash: str  # hexadecimal


@dataclass(frozen=True, slots=True)
class AnchorNote:
    """An anchor of a chain within the period or after it, and what was checked of it."""

    date: str  # of the daily head
    poller: str
    seq: int
    fits: bool  # whether the ledger still has that entry with that hash
    signed_by: str  # fingerprint of the key whose signature was checked; "": none
    stamped_at: float | None  # Unix seconds, by the time-stamping authority
    authority: str  # its name; "": not stamped
    stamp_checked: bool = False  # up to a certificate that is trusted; else anybody could have written it


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report."""

    period: Period
    made_at: float  # Unix seconds
    version: str  # of netwatch
    claims: tuple[ClaimResult, ...]
    units: tuple[UnitAccount, ...]
    parameters: tuple[StateRules, ...]  # those in force in the period, in order
    office_hours: str  # "Mon-Fri 07:30-17:00"
    holidays: tuple[str, ...]  # ISO dates within the period that are no working days
    pauses: tuple[tuple[float, float], ...]  # stretches without a netwatch that ran, Unix seconds
    gaps: tuple[tuple[str, int], ...]  # (kind, number) of entries that were dropped
    registers: tuple[tuple[str, str, bool], ...]  # (name, SHA-256 of its file, example)
    exhibits: tuple[Exhibit, ...]
    heads: tuple[Head, ...]
    anchors: tuple[AnchorNote, ...]
    until: float | None = None  # Unix seconds up to which it is told; None: to the period's end

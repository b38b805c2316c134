"""claims.yaml: what was declared, as its document states it, and what would show it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.inventory.kind import Choice, ListOf
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.wording import counted, did_you_mean, quote
from netwatch.inventory.words import Date, Duration, Pattern, Ratio, Reference, Text, name_kind
from netwatch.model.claim import Claim, Criterion, Limits, Population, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netwatch.inventory.assembly import Draft
    from netwatch.inventory.names import Names
    from netwatch.inventory.problem import Remarks
    from netwatch.inventory.units import Units
    from netwatch.model.register import Register

KINDS = ("uplink", "lan", "service", "figure")
SUPPORTED = ("uplink",)
"""The kinds that can be evaluated; the others have their names reserved."""


class ClaimKind(Choice):
    """What sort of thing is claimed."""

    def __init__(self) -> None:
        super().__init__("a kind of claim", *KINDS)

    def parse(self, text: str) -> str:
        """Return the kind."""
        kind = super().parse(text)
        if kind not in SUPPORTED:
            raise ValueError(f"kind {quote(kind)} is not supported yet: only {', '.join(SUPPORTED)} is")
        return kind


class Statement(Record):
    """What was declared, in words."""

    noun = "'statement'"
    vi = optional(Text(longest=1000), "in Vietnamese", "")
    en = optional(Text(longest=1000), "in English", "")

    def check(self, remarks: Remarks) -> None:
        """One language at least."""
        if not self.has("vi") and not self.has("en"):
            remarks.error(self, "the statement is empty: write it in 'vi', 'en' or both")


class SourceEntry(Record):
    """The document that makes the claim."""

    noun = "'source'"
    document = required(Text(longest=1000), "which document: title, number, issuer")
    date = required(Date(), "of the document")
    sha256 = optional(
        Pattern(r"[0-9a-f]{64}", "a SHA-256", "write 64 hexadecimal digits, as sha256sum prints them"),
        "of the document's file, where it is kept",
        "",
    )


class Declared(Record):
    """How much of the population the document claims."""

    noun = "'declared'"
    ratio = required(Ratio(), "share of the units: 1.0 for all of them")


class PopulationEntry(Record):
    """The denominator."""

    noun = "'population'"
    register = required(
        Reference(name_kind("a register's name")), "a name under 'registers' in netwatch.yaml"
    )
    as_of = required(Date(), "the units in force on this day")
    kinds = optional(
        ListOf(Reference(Text("a kind of unit", 100)), "'kinds'", least=1),
        "left out: units of every kind",
        (),
    )


class LimitsEntry(Record):
    """What the criterion quality asks for."""

    noun = "'limits'"
    availability = optional(Ratio(), "least share of settled minutes that are up (its lower bound)", None)
    loss = optional(Ratio(), "largest share of lost echoes", None)
    rtt = optional(Duration(0.0001, 60), "longest mean round trip", None)


class ClaimEntry(Record):
    """One claim."""

    noun = "a claim"
    name = required(Reference(name_kind("a claim's name")), "unique; stands in metrics and reports")
    kind = required(ClaimKind(), "what sort of thing is claimed")
    statement = required(Of(Statement), "what was declared, in words")
    source = required(Of(SourceEntry), "the document that makes the claim")
    declared = required(Of(Declared), "how much of the population it claims")
    population = required(Of(PopulationEntry), "the units that it is a share of")
    criteria = required(
        ListOf(Choice("a criterion", *Criterion), "'criteria'", least=1), "what has to be shown of each unit"
    )
    period = optional(
        Pattern(
            r"month|last-(?:[1-9][0-9]{0,2})d", "a period", "write month, or last-30d for the last 30 days"
        ),
        "over which it is measured",
        "last-30d",
    )
    minimum = optional(
        Ratio(), "share of the period that must have passed and been observed for a verdict", 0.8
    )
    limits = optional(Of(LimitsEntry), "what the criterion quality asks for", LimitsEntry(0, 0))

    def check(self, remarks: Remarks) -> None:
        """Limits and the criterion `quality` come together."""
        if not self.was_read("criteria"):
            return
        if Criterion.QUALITY in self.criteria and not self.has("limits"):
            remarks.error(
                self.place("criteria"), "criterion 'quality' needs 'limits' (availability, loss, rtt)"
            )
        if Criterion.QUALITY not in self.criteria and self.has("limits"):
            remarks.error(
                self.place("limits"), "'limits' are for the criterion 'quality', which is not asked for"
            )

    def claim(self) -> Claim:
        """Return the claim, where every required key was read."""
        statement = {"vi": self.statement.vi, "en": self.statement.en}
        return Claim(
            name=self.name.text,
            kind=self.kind,
            statement=tuple((language, text) for language, text in statement.items() if text),
            source=Source(self.source.document, self.source.date, self.source.sha256),
            declared=self.declared.ratio,
            population=Population(
                self.population.register.text,
                self.population.as_of,
                tuple(kind.text for kind in self.population.kinds),
            ),
            criteria=tuple(map(Criterion, self.criteria)),
            period=self.period,
            minimum=self.minimum,
            limits=Limits(self.limits.availability, self.limits.loss, self.limits.rtt),
        )

    @property
    def complete(self) -> bool:
        """Whether the claim and everything in it was read."""
        parts = (self.source, self.declared, self.population) if self.whole else ()
        return self.whole and all(part.whole for part in parts)


class ClaimsFile(Record):
    """The claims."""

    noun = "claims.yaml"
    claims = optional(
        ListOf(Of(ClaimEntry), "'claims'"), "what was declared, by whom, and what would show it", ()
    )


def check_claims(file: ClaimsFile, remarks: Remarks, registers: Mapping[str, Units], known: Names) -> None:
    """Remark claims whose name stands twice, and populations that do not exist."""
    first: dict[str, int] = {}
    for entry in file.claims:
        if entry.was_read("name"):
            line = first.setdefault(entry.name.text, entry.name.line)
            if line != entry.name.line:
                remarks.error(
                    entry.name, f"claim {quote(entry.name.text)} stands twice, first on line {line}"
                )
        if entry.was_read("population") and entry.population.was_read("register"):
            population = entry.population
            if known.knows(population.register, remarks) and population.register.text in registers:
                _check_population(population, remarks, registers[population.register.text].register)


def _check_population(population: PopulationEntry, remarks: Remarks, register: Register) -> None:
    if not population.was_read("as_of"):
        return
    units = register.as_of(population.as_of)
    if not units:
        beginning = min(unit.valid_from for unit in register.units)
        remarks.error(
            population.place("as_of"),
            f"register {quote(register.name)} lists no unit on {population.as_of}: it begins on {beginning}",
        )
        return
    kinds = sorted({unit.kind for unit in units})
    for kind in population.kinds:
        if kind.text not in kinds:
            hint = did_you_mean(kind.text, kinds) or f": it has {', '.join(kinds)}"
            remarks.error(
                kind,
                f"register {quote(register.name)} has no {quote(kind.text)} on {population.as_of}{hint}",
            )


def warn_of_missing_predecessors(
    file: ClaimsFile, remarks: Remarks, registers: Mapping[str, Units], drafts: Iterable[Draft]
) -> None:
    """Warn where a claim counts older units, and sites do not say in which of them they lie."""
    silent: dict[str, set[str]] = {}
    for draft in drafts:
        device = draft.device
        if device is not None and device.unit and not device.predecessor:
            silent.setdefault(device.register, set()).add(device.unit)
    for entry in file.claims:
        if entry.complete and entry.population.register.text in registers:
            units = registers[entry.population.register.text]
            day = entry.population.as_of
            merged = units.merged(silent.get(units.register.name, set()), day)
            if merged:
                codes = ", ".join(merged[:3]) + (", …" if len(merged) > 3 else "")
                remarks.warn(
                    entry.name,
                    f"{counted(len(merged), 'unit')} with devices ({codes}) merged several of {day}: without "
                    "'predecessor' at a site, none of those is monitored for this claim",
                )

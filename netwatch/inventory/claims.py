"""claims.yaml: what was declared, as its document states it, and what would show it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netwatch.inventory.kind import Choice, ListOf, Word
from netwatch.inventory.record import Of, Record, optional, required
from netwatch.inventory.wording import counted, did_you_mean, listed, quote
from netwatch.inventory.words import Date, Duration, Integer, Pattern, Ratio, Reference, Text, name_kind
from netwatch.model.claim import Claim, Criterion, Limits, MeasuredBy, Population, Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netwatch.inventory.assembly import Draft
    from netwatch.inventory.kind import JSON
    from netwatch.inventory.names import Names
    from netwatch.inventory.problem import Remarks
    from netwatch.inventory.units import Units
    from netwatch.model.register import Register

KINDS = ("uplink", "lan", "service", "figure")
OF_UNITS = ("uplink", "lan")
"""The kinds that are judged unit by unit; the others need no population, and have no criteria."""

CLASSES = ("standard", "high")
"""How much hangs on a claim: what a unit's failure is told at night for."""

LONGEST_PERIOD = 31
"""Days of a rolling period: what a daemon keeps at hand."""


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
    """How much the document claims."""

    noun = "'declared'"
    exactly_one = ("ratio", "count")
    ratio = optional(Ratio(), "share of the units, or of whom the figure counts: 1.0 for all of them", None)
    count = optional(Integer(1, 1_000_000), "a number, where the document states one: 29 units", None)


class MeasuredEntry(Record):
    """Where the value of a figure comes from."""

    noun = "'measured'"
    exactly_one = ("csv", "query")
    csv = optional(
        Reference(Text("a file's path", 1000)),
        "a file with the columns date, value, source; relative to this folder",
        None,
    )
    query = optional(
        Text("a PromQL query", 2000), "of one value, asked of 'prometheus' in netwatch.yaml once a day", ""
    )

    def measured_by(self) -> MeasuredBy:
        """Return it."""
        return MeasuredBy(self.csv.text if self.csv else "", self.query)


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
    successors_of = optional(
        Date(), "only those of them that were made of units in force on this earlier day", None
    )

    def population(self) -> Population:
        """Return the population, where every required key was read."""
        kinds = tuple(kind.text for kind in self.kinds)
        return Population(self.register.text, self.as_of, kinds, self.successors_of)


class LimitsEntry(Record):
    """What the criterion quality asks for."""

    noun = "'limits'"
    availability = optional(Ratio(), "least share of settled minutes that are up (its lower bound)", None)
    loss = optional(Ratio(), "largest share of lost echoes", None)
    rtt = optional(Duration(0.0001, 60), "longest mean round trip", None)


class Period(Word[str]):
    """What a claim is measured over."""

    what = "a period"

    def parse(self, text: str) -> str:
        """Return the period as it is written."""
        rolling = re.fullmatch(r"last-([1-9][0-9]{0,2})d", text)
        if text != "month" and rolling is None:
            raise ValueError(f"{quote(text)} is not a period: write month, or last-30d for the last 30 days")
        if rolling and int(rolling[1]) > LONGEST_PERIOD:
            raise ValueError(f"{quote(text)} is too long: at most last-{LONGEST_PERIOD}d")
        return text

    def schema(self) -> JSON:
        """Return a string of either form."""
        return {"type": "string", "pattern": "^(month|last-([1-9]|[12][0-9]|3[01])d)$"}


class ClaimEntry(Record):
    """One claim."""

    noun = "a claim"
    name = required(Reference(name_kind("a claim's name")), "unique; stands in metrics and reports")
    kind = required(Choice("a kind of claim", *KINDS), "what sort of thing is claimed")
    statement = required(Of(Statement), "what was declared, in words")
    source = required(Of(SourceEntry), "the document that makes the claim")
    declared = optional(
        Of(Declared), "how much of it is claimed; may be left out where a document states no number", None
    )
    population = optional(Of(PopulationEntry), "the units that it is a share of", None)
    criteria = optional(
        ListOf(Choice("a criterion", *Criterion), "'criteria'", least=1),
        "what has to be shown of each unit (default of kind lan: lan)",
        (),
    )
    hours = optional(Choice("hours", "24x7", "office"), "the minutes that quality is judged by", "24x7")
    measured = optional(Of(MeasuredEntry), "where a figure's value comes from", None)
    class_ = optional(
        Choice("a class", *CLASSES),
        "how much hangs on it: a unit that a claim of class high is about is told of at any hour",
        "standard",
    )
    period = optional(Period(), "over which it is measured: month, or last-30d", "last-30d")
    minimum = optional(
        Ratio(), "share of the period that must have passed and been observed for a verdict", 0.8
    )
    limits = optional(Of(LimitsEntry), "what the criterion quality asks for", LimitsEntry(0, 0))

    def check(self, remarks: Remarks) -> None:
        """What is asked of each unit needs units, and limits and the criterion `quality` come together."""
        if not self.was_read("kind"):
            return
        if self.kind in OF_UNITS:
            self._check_of_units(remarks)
        else:
            for key in ("criteria", "limits", "hours"):
                if self.has(key):
                    remarks.error(
                        self.place(key), f"{quote(key)} is for claims of kind {listed(OF_UNITS)}: delete it"
                    )
        if self.kind != "figure" and self.has("measured"):
            remarks.error(self.place("measured"), "'measured' is for claims of kind figure: delete it")

    def _check_of_units(self, remarks: Remarks) -> None:
        needed = ("declared", "population") if self.kind == "lan" else ("declared", "population", "criteria")
        for key in needed:
            if not self.has(key):
                remarks.error(self, f"a claim of kind {self.kind} needs the key {quote(key)}")
        if self.declared is not None and self.declared.count is not None:
            remarks.error(
                self.declared.place("count"),
                f"a claim of kind {self.kind} is about a share: write 'ratio'",
            )
        quality = Criterion.QUALITY in self.criteria
        if quality and not self.has("limits"):
            remarks.error(
                self.place("criteria"), "criterion 'quality' needs 'limits' (availability, loss, rtt)"
            )
        for key in ("limits", "hours"):
            if self.has(key) and not quality and (self.was_read("criteria") or not self.has("criteria")):
                remarks.error(
                    self.place(key),
                    f"{quote(key)} are for the criterion 'quality', which is not asked for",
                )

    def claim(self) -> Claim:
        """Return the claim, where every required key was read."""
        statement = {"vi": self.statement.vi, "en": self.statement.en}
        return Claim(
            name=self.name.text,
            kind=self.kind,
            statement=tuple((language, text) for language, text in statement.items() if text),
            source=Source(self.source.document, self.source.date, self.source.sha256),
            declared=self.declared.ratio if self.declared else None,
            population=self.population.population() if self.population else None,
            criteria=tuple(map(Criterion, self.criteria or (("lan",) if self.kind == "lan" else ()))),
            period=self.period,
            minimum=self.minimum,
            limits=Limits(self.limits.availability, self.limits.loss, self.limits.rtt),
            count=self.declared.count if self.declared else None,
            hours=self.hours,
            measured_by=self.measured.measured_by() if self.measured else None,
            class_=self.class_,
        )

    @property
    def complete(self) -> bool:
        """Whether the claim and everything in it was read."""
        parts = (self.source, self.declared, self.population) if self.whole else ()
        return self.whole and all(part is None or part.whole for part in parts)


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
        population = entry.population
        if (
            population is not None
            and population.was_read("register")
            and known.knows(population.register, remarks)
            and population.register.text in registers
        ):
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
    if population.successors_of is not None and not register.as_of(population.successors_of):
        remarks.error(
            population.place("successors_of"),
            f"register {quote(register.name)} lists no unit on {population.successors_of}",
        )
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
        population = entry.population
        if entry.complete and population is not None and population.register.text in registers:
            units = registers[population.register.text]
            day = population.as_of
            merged = units.merged(silent.get(units.register.name, set()), day)
            if merged:
                codes = ", ".join(merged[:3]) + (", …" if len(merged) > 3 else "")
                remarks.warn(
                    entry.name,
                    f"{counted(len(merged), 'unit')} with devices ({codes}) merged several of {day}: without "
                    "'predecessor' at a site, none of those is monitored for this claim",
                )

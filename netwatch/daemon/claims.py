"""Keeps what claims are judged by: settled minutes, facts of devices, and what people sign.

What the ledger knows of the time before this process comes in parts, while all of it goes on; until the last
of them is here, claims are judged by what is known so far and say so.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.audit import about, in_force
from netwatch.audit.claims import Evidence, Judge
from netwatch.audit.fact_book import FactBook
from netwatch.audit.period import window
from netwatch.audit.rolling import Rings, Rolling, Told, Wanted
from netwatch.audit.sites import sites
from netwatch.audit.standing import Standing
from netwatch.audit.steps import finish
from netwatch.evidence import skim
from netwatch.model.claim import Measurement
from netwatch.model.decision import Subject
from netwatch.model.device import Role

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence

    from netwatch.audit.sites import Site
    from netwatch.evidence.hour import Hour
    from netwatch.evidence.kinds import Facts
    from netwatch.inventory.load import Inventory
    from netwatch.judgement.events import Reconfigured
    from netwatch.model.attestation import Answer, Attestation, Dispute, Exhibit
    from netwatch.model.claim import ClaimResult, Criterion, Found
    from netwatch.model.decision import MinuteSettled
    from netwatch.model.device import Device
    from netwatch.model.figures import Figures

    Kept = Exhibit | Attestation | Dispute | Answer | Measurement
    Of = tuple[str, str, tuple[tuple[Criterion, Found], ...]]

OFFICE = "office"
ROLLING = "last-30d"


@dataclass(frozen=True, slots=True)
class Said:
    """What people have signed, asked and measured, in the order of the ledger."""

    entries: tuple[Kept, ...]


Part = Told | Rings | FactBook | Said
"""Of what the ledger knows: minutes that were told of, then their figures; facts; papers."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Claims, and the criteria of the units in force as (register, code, what is found).

    `about` is how many claims of each class are about a unit, by register and code.
    """

    results: tuple[ClaimResult, ...]
    criteria: tuple[Of, ...]
    about: Mapping[tuple[str, str], Mapping[str, int]]


class Claims:
    """The evidence over the longest period, and the claims judged by it. Times are steady seconds."""

    def __init__(self, inventory: Inventory) -> None:
        self.reading = False  # whether parts of the ledger are still to come
        self._judge = Judge()
        self._rolling = Rolling(wanted(inventory))
        self._book = FactBook(inventory.hours)
        self._standing = Standing()
        self._measurements: list[Measurement] = []
        self._leave_out: frozenset[int] = frozenset()  # hours of the ledger that were counted here
        self._facts: dict[str, list[Facts]] = defaultdict(list)  # by device, that came while it is read
        self._said: list[Kept] = []  # likewise
        self._places: tuple[dt.date, tuple[tuple[Device, ...], ...]] | None = None
        self.take(inventory)

    def take(self, inventory: Inventory) -> None:
        """Judge by this inventory from now on; what is known of what it no longer has is forgotten."""
        self._inventory = inventory
        self._zone = zoneinfo.ZoneInfo(inventory.settings.timezone)
        self._names = {device.name for device in inventory.devices}
        self._rolling.want(wanted(inventory))
        self._book.use(inventory.hours)
        self._book.retain(self._names)
        self._places = None

    @property
    def wanted(self) -> Wanted:
        """Whose minutes are counted."""
        return self._rolling.wanted

    @property
    def standing(self) -> Standing:
        """What people have signed and object to, as far as the ledger has been read."""
        return self._standing

    def configured(self, event: Reconfigured) -> None:
        """Count round trips by these lines from now on."""
        self._rolling.configured(event.at, event.lines, event.devices)

    def count(self, minute: MinuteSettled) -> None:
        """Add a settled minute."""
        self._rolling.count(minute)

    def recall(self, rosters: Iterable[Reconfigured], hours: Iterable[Hour]) -> None:
        """Add the minutes that the process before settled, and did not get to keep."""
        for roster in rosters:
            self.configured(roster)
        for hour in hours:
            self._rolling.take_hour(skim.of(hour))

    def take_facts(self, facts: Facts) -> None:
        """Take facts that are written to the ledger."""
        self._book.take(facts)
        if self.reading:
            self._facts[facts.device].append(facts)

    def take_entry(self, entry: Kept) -> None:
        """Take what people signed, asked or measured, as the ledger has it now."""
        if self.reading:
            self._said.append(entry)
        self._keep(entry)

    def seed(self, part: Part) -> None:
        """Take a part of what the ledger knows: it is older than all that came so far."""
        if isinstance(part, Told):
            self._leave_out = self._rolling.adopt(part)
        elif isinstance(part, Rings):
            self._rolling.adopt_rings(part, self._leave_out)
        elif isinstance(part, FactBook):
            self._seed_facts(part)
        else:
            self._standing, self._measurements = Standing(), []
            for entry in (*part.entries, *self._said):
                self._keep(entry)

    def end_seeding(self) -> None:
        """Go on without what may be missing: no more parts come."""
        self.reading = False
        self._facts.clear()
        self._said = []

    def judging(self, at: float) -> Generator[None, None, Judged]:
        """Judge every claim as of `at`, in steps that take well under a millisecond."""
        today = dt.datetime.fromtimestamp(at, self._zone).date()
        known = {(ROLLING, False): (yield from self._evidence(ROLLING, at, today, office=False))}
        results = []
        for claim in self._inventory.claims:
            period, office = over = claim.period, claim.hours == OFFICE
            if over not in known:
                known[over] = yield from self._evidence(period, at, today, office=office)
            name = claim.population.register if claim.population else ""
            register = self._inventory.registers.get(name)
            results.append((yield from self._judge.steps(claim, register, known[over])))
        of_units: list[Of] = []
        for register in self._inventory.registers.values():
            found = yield from in_force.steps(
                self._judge, register, known[ROLLING, False], self._inventory.claims
            )
            of_units += ((register.name, code, told) for code, told in found)
        classes = yield from about.steps(
            self._judge, self._inventory.registers, self._inventory.claims, today
        )
        return Judged(tuple(results), tuple(of_units), classes)

    def evaluate(self, at: float) -> tuple[ClaimResult, ...]:
        """Judge every claim as of `at`, in one go."""
        return finish(self.judging(at)).results

    def criteria(self, at: float) -> tuple[Of, ...]:
        """Return what is found of each criterion of each unit in force, whatever claims ask for."""
        return finish(self.judging(at)).criteria

    def timeline(self, unit: str) -> list[tuple[float, int, int, int]]:
        """Return (start, minutes up, down and unknown) of each hour that is kept, oldest first."""
        return [
            (float(start), up, down, unknown) for start, up, down, unknown in self._rolling.timeline(unit)
        ]

    def _keep(self, entry: Kept) -> None:
        if isinstance(entry, Measurement):
            self._measurements.append(entry)
        else:
            self._standing.take(entry)

    def _seed_facts(self, part: FactBook) -> None:
        part.retain(self._names)
        self._book.join(part)
        for name in part.names:
            for facts in self._facts.pop(name, ()):
                self._book.take(facts)

    def _evidence(
        self, period: str, at: float, today: dt.date, *, office: bool
    ) -> Generator[None, None, Evidence]:
        span = window(period, at, self._zone)
        passed = self._rolling.passed(span, office=office)

        def figures(subject: Subject, key: str) -> Figures:
            return self._rolling.of((subject, key), span, passed, office=office)

        there: list[Site] = []
        for devices in self._by_unit(today):
            there += sites(
                devices,
                of_unit=lambda code: figures(Subject.UNIT, code),
                of_device=lambda name: figures(Subject.DEVICE, name),
                found=lambda group: self._book.found(group, span.start, span.end, at),
            )
            yield
        return Evidence(
            today,
            tuple(there),
            self._rolling.observed(span),
            span,
            self._standing,
            tuple(self._measurements),
            self.reading,
            at,
        )

    def _by_unit(self, today: dt.date) -> tuple[tuple[Device, ...], ...]:
        """Return the devices in service, unit by unit."""
        if self._places is None or self._places[0] != today:
            self._places = today, _by_unit(self._inventory.in_service(today))
        return self._places[1]


def wanted(inventory: Inventory) -> Wanted:
    """Return whose minutes claims need: of every unit; of uplink devices where a unit has several sites."""
    units = _by_unit(inventory.devices)
    shared = (group for group in units if len({device.predecessor for device in group}) > 1)
    return Wanted(
        frozenset(group[0].unit for group in units),
        frozenset(device.name for group in shared for device in group if device.role is Role.UPLINK),
        inventory.hours if any(claim.hours == OFFICE for claim in inventory.claims) else None,
    )


def _by_unit(devices: Sequence[Device]) -> tuple[tuple[Device, ...], ...]:
    found: dict[tuple[str, str], list[Device]] = defaultdict(list)
    for device in devices:
        if device.unit:
            found[device.register, device.unit].append(device)
    return tuple(map(tuple, found.values()))

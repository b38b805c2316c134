"""What people order for the record: documents, attestations, disputes and their answers.

Words are checked like those of a file. What the ledger has to say to an order (whether a name is taken, a
dispute open, a document there) is for whoever knows the ledger.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.inventory.document import Scalar
from netwatch.inventory.kind import Choice
from netwatch.inventory.matching import Asked, Matcher, NoMatch
from netwatch.inventory.orders import OrderRefused, clean, read, word
from netwatch.inventory.problem import Remarks
from netwatch.inventory.units import Units
from netwatch.inventory.wording import did_you_mean, listed, quote
from netwatch.inventory.words import Date, Pattern, Text, name_kind
from netwatch.model.attestation import SAYS, Attestation, AttestationKind, Dispute, Exhibit
from netwatch.model.claim import Criterion, Finding

if TYPE_CHECKING:
    from collections.abc import Mapping
    from zoneinfo import ZoneInfo

    from netwatch.inventory.load import Inventory
    from netwatch.model.claim import Claim
    from netwatch.model.register import Register, Unit

    Order = Mapping[str, object]

MOST_DOCUMENTS = 20
"""Documents of one attestation, dispute or answer."""

DAYS = 14.0
"""Until a dispute is to be answered, where nothing else is said."""

BY = Text("who says it: person and office", 200)
TITLE = Text("a document's title", 300)
FILE = Text("a file's name", 255)
TEXT = Text("a line of text", 1000)
UNIT = Text("a unit's code or name", 200)
DIGEST = Pattern(r"[0-9a-f]{64}", "a SHA-256", "write 64 hexadecimal digits")
DAY = 86400.0
LONGEST_TERM = 366

CRITERION = Choice("a criterion", *Criterion)


@dataclass(frozen=True, slots=True)
class Named:
    """An attestation, and the names that its statement tells beside the codes."""

    attestation: Attestation  # without a name, a signer or a signature yet
    unit: str
    predecessor: str


def ordered_exhibit(order: Order, size: int, now: float) -> Exhibit:
    """Return the exhibit of an order. Raises OrderRefused. Keys: `sha256`, `name`, `title`, `by`."""
    return Exhibit(
        now,
        word(order, "sha256", DIGEST),
        word(order, "name", FILE),
        size,
        word(order, "title", TITLE),
        word(order, "by", BY),
    )


def ordered_attestation(order: Order, inventory: Inventory, now: float) -> Named:
    """Return what an order attests. Raises OrderRefused.

    Keys: `unit` (code or name), `criterion`, `kind`, `date`, `by`; also `contradicts` (a boolean),
    `register`, `predecessor`, `documents` and `text`.
    """
    kind = AttestationKind(word(order, "kind", Choice("a kind of attestation", *AttestationKind)))
    criterion = Criterion(word(order, "criterion", CRITERION))
    finding = Finding.CONTRADICTED if order.get("contradicts") is True else Finding.SHOWN
    _check_said(kind, criterion, finding)
    date = word(order, "date", Date())
    if date > _today(inventory.hours.zone, now):
        raise OrderRefused(f"'date': {date} lies in the future: write the day that the paper is of")
    register = _register(order, inventory)
    units = Units(register, date)
    unit, implied = find_unit(word(order, "unit", UNIT), units, date)
    older = word(order, "predecessor", UNIT) if order.get("predecessor") else implied
    if older:
        _check_predecessor(older, unit, units)
    attestation = Attestation(
        at=now,
        name="",
        kind=kind,
        register=register.name,
        unit=unit.code,
        predecessor=older,
        criterion=criterion,
        finding=finding,
        date=date,
        by=word(order, "by", BY),
        exhibits=documents(order),
        text=word(order, "text", TEXT) if order.get("text") else "",
    )
    return Named(attestation, unit.name, units.predecessors(unit).get(older, "") if older else "")


def with_names(attestation: Attestation, inventory: Inventory) -> Named:
    """Return an attestation of the ledger with the names of its units. Raises OrderRefused."""
    register = inventory.registers.get(attestation.register)
    if register is None:
        raise OrderRefused(f"netwatch.yaml names no register {quote(attestation.register)} any more")
    units = Units(register, attestation.date)
    unit, _ = find_unit(attestation.unit, units, attestation.date)
    older = attestation.predecessor
    return Named(attestation, unit.name, units.predecessors(unit).get(older, "") if older else "")


def ordered_dispute(order: Order, inventory: Inventory, now: float) -> tuple[Dispute, Unit]:
    """Return a dispute without a name yet, and its unit. Raises OrderRefused.

    Keys: `claim`, `unit` (code or name, of the claim's population), `by`, `text`; also `days` (a number) and
    `documents`.
    """
    claim = _claim(order, inventory)
    population = claim.population
    register = inventory.registers.get(population.register) if population else None
    if population is None or register is None:
        raise OrderRefused(
            f"claim {quote(claim.name)} is about no units: there is no unit's verdict to dispute"
        )
    day = population.as_of
    unit, _ = find_unit(word(order, "unit", UNIT), Units(register, day), day, named=day)
    kinds = [kind.casefold() for kind in population.kinds]
    if kinds and unit.kind.casefold() not in kinds:
        told = f"{unit.code} {unit.name} is none of the units of claim {quote(claim.name)}"
        raise OrderRefused(f"{told}: those are {', '.join(population.kinds)}")
    dispute = Dispute(
        at=now,
        name="",
        claim=claim.name,
        register=register.name,
        unit=unit.code,
        by=word(order, "by", BY),
        text=word(order, "text", TEXT),
        deadline=now + _term(order),
        exhibits=documents(order),
    )
    return dispute, unit


def documents(order: Order) -> tuple[str, ...]:
    """Return the hashes of the documents that an order names, each once. Raises OrderRefused."""
    values = order.get("documents", [])
    if not isinstance(values, list) or len(values) > MOST_DOCUMENTS:
        raise OrderRefused(f"'documents' is no list of at most {MOST_DOCUMENTS} SHA-256")
    return tuple(dict.fromkeys(read(clean(value, "documents"), "documents", DIGEST) for value in values))


def find_unit(text: str, units: Units, day: dt.date, named: dt.date | None = None) -> tuple[Unit, str]:
    """Return the unit in force on `day` that a code or a name means, and its older unit where that was named.

    `named`: only names of that day count. Raises OrderRefused where none, or more than one, may be meant.
    """
    coded = next((unit for unit in units.register.as_of(day) if unit.code == text), None)
    if coded is not None:
        return coded, ""
    if text.isdigit() or any(unit.code == text for unit in units.register.units):
        raise OrderRefused(units.why_none(text, of_site=False))
    found = Matcher(units, day, named).match(Asked(name=text))
    if isinstance(found, NoMatch):
        known = "; ".join(found.candidates) or "'netwatch register show' lists them"
        raise OrderRefused(f"unit {quote(text)}: {found.why}: {known}".replace("?:", "?"))
    return found.unit, found.predecessor


def _check_said(kind: AttestationKind, criterion: Criterion, finding: Finding) -> None:
    """Refuse what no paper of a kind can say."""
    if criterion not in SAYS[kind]:
        known = listed(map(str, SAYS[kind]))
        raise OrderRefused(f"criterion {quote(criterion)} is not shown by an {kind}: that shows {known}")
    if finding is Finding.CONTRADICTED and kind is AttestationKind.ACCEPTANCE:
        raise OrderRefused("a record of acceptance contradicts nothing: attest an inspection")
    if finding is Finding.CONTRADICTED and criterion is Criterion.DECLARED:
        raise OrderRefused("that something was declared is contradicted by nothing")


def _register(order: Order, inventory: Inventory) -> Register:
    if not order.get("register"):
        if inventory.register is None:
            raise OrderRefused(
                "netwatch.yaml names no register of administrative units: say which with 'register'"
            )
        return inventory.register
    name = word(order, "register", name_kind("a register's name"))
    found = inventory.registers.get(name)
    if found is None:
        hint = did_you_mean(name, inventory.registers) or f": there are {', '.join(inventory.registers)}"
        raise OrderRefused(f"there is no register {quote(name)}{hint}")
    return found


def _claim(order: Order, inventory: Inventory) -> Claim:
    name = word(order, "claim", name_kind("a claim's name"))
    claims = {claim.name: claim for claim in inventory.claims}
    if name not in claims:
        hint = did_you_mean(name, claims) or f": there are {', '.join(claims) or 'none'}"
        raise OrderRefused(f"there is no claim {quote(name)}{hint}")
    return claims[name]


def _check_predecessor(code: str, unit: Unit, units: Units) -> None:
    remarks = Remarks("")
    units.check_predecessor(Scalar(code, 0, 0), unit, remarks)
    if remarks.errors:
        raise OrderRefused(remarks.errors[0].message)


def _term(order: Order) -> float:
    """Return the seconds until a dispute is to be answered."""
    days = order.get("days", DAYS)
    if isinstance(days, bool) or not isinstance(days, int | float) or not 1 <= days <= LONGEST_TERM:
        raise OrderRefused(f"'days' is no number from 1 to {LONGEST_TERM}")
    return days * DAY


def _today(zone: ZoneInfo, now: float) -> dt.date:
    return dt.datetime.fromtimestamp(now, zone).date()

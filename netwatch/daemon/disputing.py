"""Disputes on their way into the ledger, and their answers: orders from the control socket."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING

from netwatch.daemon.record import listed, refusing
from netwatch.inventory.attesting import BY, TEXT, documents, ordered_dispute
from netwatch.inventory.orders import OrderRefused, clean, word
from netwatch.inventory.unit_names import UnitNames
from netwatch.inventory.wording import did_you_mean, quote
from netwatch.model.attestation import Answer
from netwatch.publishing.attestation_rows import dispute_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from netwatch.daemon.attesting import RunAside
    from netwatch.daemon.orders import Handler
    from netwatch.daemon.record import Record
    from netwatch.inventory.load import Inventory

    Order = Mapping[str, object]
    Json = dict[str, object]

MOST_TOLD = 5
"""Open disputes that are told to whoever answers one that there is not."""


class Disputing:
    """Takes disputes. `verdict_of` tells a unit's present verdict by claim and code, "" where it has none."""

    def __init__(
        self, inventory: Inventory, record: Record, aside: RunAside, verdict_of: Callable[[str, str], str]
    ) -> None:
        self._record = record
        self._aside = aside
        self._verdict_of = verdict_of
        self.use(inventory)
        self.handlers: Mapping[str, Handler] = {
            "dispute open": refusing(self._open),
            "dispute answer": refusing(self._answer),
            "dispute list": self._list,
        }

    def use(self, inventory: Inventory) -> None:
        """Judge orders by this inventory from now on."""
        self._inventory = inventory
        self._names = UnitNames(inventory.registers.values())
        self._days = {each.name: each.population.as_of for each in inventory.claims if each.population}

    async def _open(self, order: Order) -> Json:
        ordered = partial(ordered_dispute, order, self._inventory, self._record.now())
        dispute, unit = await self._aside(ordered)
        async with self._record.turn:
            self._record.check_documents(dispute.exhibits)
            verdict = self._verdict_of(dispute.claim, dispute.unit)
            entry = dataclasses.replace(dispute, name=self._record.next_name("D"))
            receipt = await self._record.keep(entry)
        return {
            **dataclasses.asdict(entry),
            "at": self._record.told(entry.at),
            "deadline": self._record.told(entry.deadline),
            "unit_name": unit.name,
            "verdict": verdict,
            "receipt": receipt,
        }

    async def _answer(self, order: Order) -> Json:
        name = clean(order.get("name", ""), "name")
        by, text, exhibits = word(order, "by", BY), word(order, "text", TEXT), documents(order)
        upheld = order.get("upheld")
        if not isinstance(upheld, bool):
            raise OrderRefused("'upheld' is neither true nor false")
        async with self._record.turn:
            self._record.check_documents(exhibits)
            self._check_open(name)
            receipt = await self._record.keep(Answer(self._record.now(), name, by, upheld, text, exhibits))
        return {"name": name, "upheld": upheld, "receipt": receipt}

    def _check_open(self, name: str) -> None:
        standing = self._record.standing
        answer = standing.answers.get(name)
        if answer is not None:
            at = self._record.told(answer.at)
            raise OrderRefused(f"dispute {quote(name)} was answered already, at {at} by {answer.by}")
        if name not in standing.disputes:
            waiting = [each for each in standing.disputes if each not in standing.answers]
            told = f"; open: {', '.join(waiting[:MOST_TOLD])}" if waiting else "; none is open"
            raise OrderRefused(f"there is no dispute {quote(name)}{did_you_mean(name, waiting) or told}")

    async def _list(self, _order: Order) -> Json:
        record = self._record
        return listed(
            "disputes",
            dispute_rows(record.standing, self._name, record.told, record.now(), record.receipts),
        )

    def _name(self, claim: str, register: str, code: str) -> str:
        """Return the name of a unit of a claim's population; "" where the claim is not configured now."""
        return self._names.on(register, code, self._days[claim]) if claim in self._days else ""

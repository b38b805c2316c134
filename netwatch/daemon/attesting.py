"""Documents and attestations on their way into the ledger: orders from the control socket."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeVar

from netwatch.daemon.record import bare, listed, refusing
from netwatch.daemon.signing import signer, tidy
from netwatch.evidence import documents
from netwatch.evidence.statement import statement
from netwatch.inventory.attesting import (
    BY,
    DIGEST,
    TEXT,
    ordered_attestation,
    ordered_exhibit,
    with_names,
)
from netwatch.inventory.orders import OrderRefused, clean, word
from netwatch.inventory.unit_names import UnitNames
from netwatch.inventory.wording import did_you_mean, quote
from netwatch.publishing.attestation_rows import attestation_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from netwatch.daemon.orders import Handler
    from netwatch.daemon.record import Record
    from netwatch.inventory.attesting import Named
    from netwatch.inventory.load import Inventory
    from netwatch.model.attestation import Attestation, Exhibit

    Order = Mapping[str, object]
    Json = dict[str, object]

T = TypeVar("T")


class RunAside(Protocol):
    """Runs what may block or takes long beside the loop."""

    async def __call__(self, work: Callable[[], T], /) -> T:
        """Return what it returns, or raise what it raises."""
        ...


class Attesting:
    """Takes documents, which are in `folder` by then, and what they say of units."""

    def __init__(self, inventory: Inventory, record: Record, folder: Path, aside: RunAside) -> None:
        self._record = record
        self._folder = folder
        self._aside = aside
        self.use(inventory)
        self.handlers: Mapping[str, Handler] = {
            "document": refusing(self._document),
            "archive": refusing(self._archive),
            "attest": refusing(self._attest),
            "attest statement": refusing(self._state),
            "attest show": refusing(self._show),
            "attest withdraw": refusing(self._withdraw),
            "attest list": self._list,
        }

    def use(self, inventory: Inventory) -> None:
        """Judge orders by this inventory from now on."""
        self._inventory = inventory
        self._names = UnitNames(inventory.registers.values())

    async def _document(self, order: Order) -> Json:
        """Tell whether the ledger has a document, and what is the matter with its file in the archive."""
        sha256 = word(order, "sha256", DIGEST)
        exhibit = self._record.standing.exhibits.get(sha256)
        if exhibit is None:
            return {"known": False}
        try:
            await self._aside(partial(documents.check, self._folder, sha256))
        except documents.DocumentRefused as problem:
            return {"known": True, "problem": str(problem), **self._shown(exhibit)}
        return {"known": True, "problem": "", **self._shown(exhibit)}

    async def _archive(self, order: Order) -> Json:
        sha256 = word(order, "sha256", DIGEST)
        async with self._record.turn:
            known = self._record.standing.exhibits.get(sha256)
            if known is not None:
                return {"new": False, **self._shown(known)}
            size = await self._aside(partial(documents.check, self._folder, sha256))
            exhibit = ordered_exhibit(order, size, self._record.now())
            receipt = await self._record.keep(exhibit)
        return {"new": True, **self._shown(exhibit), "receipt": receipt}

    async def _ordered(self, order: Order) -> Named:
        """Return what an order attests; to find a unit by its name takes a moment."""
        return await self._aside(partial(ordered_attestation, order, self._inventory, self._record.now()))

    async def _state(self, order: Order) -> Json:
        named = await self._ordered(order)
        return {"statement": _stated(named)}

    async def _show(self, order: Order) -> Json:
        """Return what was signed, and by which signature, so that anybody can check it again."""
        said = self._standing_one(clean(order.get("name", ""), "name"))
        named = await self._aside(partial(with_names, said, self._inventory))
        return {"statement": _stated(named), "signature": said.signature}

    async def _attest(self, order: Order) -> Json:
        named = await self._ordered(order)
        said = _stated(named)
        signature, owner = self._signed(order, said)
        if not owner and not named.attestation.exhibits:
            raise OrderRefused(
                "an attestation needs a signature, or the document that was signed on paper: add --document"
            )
        async with self._record.turn:
            self._record.check_documents(named.attestation.exhibits)
            self._check_unsaid(named.attestation)
            name = self._record.next_name("A")
            entry = dataclasses.replace(named.attestation, name=name, signer=owner, signature=signature)
            receipt = await self._record.keep(entry)
        return {"name": name, "statement": said, "signer": owner, "receipt": receipt}

    def _signed(self, order: Order, said: str) -> tuple[str, str]:
        """Return the signature of an order, tidied, and whose it is; twice "" where there is none."""
        armored = order.get("signature") or ""
        if not isinstance(armored, str):
            raise OrderRefused("'signature' is no text")
        if not armored:
            return "", ""
        return tidy(armored), signer(said, armored, self._inventory.settings.attestors)

    def _check_unsaid(self, attestation: Attestation) -> None:
        """Refuse to take one statement twice: whoever signed it, signed for one attestation."""
        name = self._record.said.get(bare(attestation))
        if name is None:
            return
        if any(each.name == name and each.withdrawn for each in self._record.standing.attested):
            raise OrderRefused(f"{name} said just this and was withdrawn: say in the text why it holds again")
        raise OrderRefused(f"this is attested already: {name}")

    async def _withdraw(self, order: Order) -> Json:
        name = clean(order.get("name", ""), "name")
        by, text = word(order, "by", BY), word(order, "text", TEXT)
        async with self._record.turn:
            said, now = self._standing_one(name), self._record.now()
            entry = dataclasses.replace(
                said, at=now, by=by, text=text, signer="", signature="", withdrawn=True
            )
            receipt = await self._record.keep(entry)
        return {"name": name, "receipt": receipt}

    def _standing_one(self, name: str) -> Attestation:
        """Return an attestation that stands. Raises OrderRefused."""
        attestations = {each.name: each for each in self._record.standing.attested}
        if name not in attestations:
            stand = [each.name for each in attestations.values() if not each.withdrawn]
            raise OrderRefused(f"there is no attestation {quote(name)}{did_you_mean(name, stand)}")
        if attestations[name].withdrawn:
            raise OrderRefused(f"attestation {quote(name)} was withdrawn already")
        return attestations[name]

    async def _list(self, _order: Order) -> Json:
        record = self._record
        return listed(
            "attestations",
            attestation_rows(record.standing, self._names.on, record.told, record.receipts),
        )

    def _shown(self, exhibit: Exhibit) -> Json:
        return {**dataclasses.asdict(exhibit), "at": self._record.told(exhibit.at)}


def _stated(named: Named) -> str:
    return statement(named.attestation, named.unit, named.predecessor)

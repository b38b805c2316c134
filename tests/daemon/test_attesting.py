"""Nothing counts before the ledger has it: documents, attestations, disputes, and what they are given."""

from __future__ import annotations

import asyncio
import dataclasses
import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
import signing

from netwatch.daemon.attesting import Attesting
from netwatch.daemon.disputing import Disputing
from netwatch.daemon.record import Record
from netwatch.evidence import documents
from netwatch.inventory.load import load
from netwatch.model.attestation import Answer, Attestation, Dispute, Exhibit, Receipt
from netwatch.model.claim import Finding

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from pathlib import Path

    from netwatch.daemon.record import Entry

NOW = 1_795_750_215.0  # 2026-11-27 10:30:15 in Hanoi
AT = "2026-11-27T10:30:15+07:00"
DAY = 86400.0

SCAN = b"%PDF bien ban"
SHA256 = hashlib.sha256(SCAN).hexdigest()
OTHER = "bb" * 32

AN, STRANGER = signing.ed25519_key(1), signing.ed25519_key(2)

CLAIMS = """
claims:
  - name: fibre
    kind: uplink
    statement: {en: Fibre for all}
    source: {document: a letter, date: 2017-12-22}
    declared: {ratio: 1.0}
    population: {register: hung-yen, as_of: 2017-12-22}
    criteria: [fibre]
"""

ATTESTED = {
    "unit": "12004",
    "criterion": "fibre",
    "kind": "inspection",
    "date": "2026-11-20",
    "by": "Nguyễn Văn An",
    "documents": [SHA256],
}
DISPUTED = {"claim": "fibre", "unit": "12004", "by": "UBND xã", "text": "đã có từ 2016"}


@pytest.fixture
def folder(folder: Path) -> Path:
    """With claims, and one who signs."""
    (folder / "claims.yaml").write_text(CLAIMS, "utf-8")
    with (folder / "netwatch.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"attestors:\n  an: {signing.line(AN)}\n")
    return folder


class World:
    """A configuration, a ledger in a list, an archive on the disk, and a clock turned by hand."""

    def __init__(self, folder: Path, ledger: Sequence[tuple[Entry, Receipt]] = ()) -> None:
        self.now = NOW
        self.ledger = list(ledger)
        self.heard: list[Entry] = []
        self.full = False
        self.kept = asyncio.Event()
        self.kept.set()
        self.archive = folder.parent / "documents"
        inventory = load(folder, {})
        self.record = Record(
            inventory.hours.zone,
            ledger,
            append=self.append,
            on_entry=self.heard.append,
            now=lambda: self.now,
        )
        attesting = Attesting(inventory, self.record, self.archive, self.aside)
        disputing = Disputing(inventory, self.record, self.aside, lambda claim, unit: f"{claim} {unit}: x")
        self.handlers = {**attesting.handlers, **disputing.handlers}

    async def append(self, entry: Entry) -> Receipt:
        await self.kept.wait()
        if self.full:
            raise OSError(28, "No space left on device")
        receipt = Receipt("noc", len(self.ledger) + 1, self.now, f"{len(self.ledger) + 1:064x}")
        self.ledger.append((entry, receipt))
        return receipt

    async def aside(self, work: Callable[[], Any]) -> Any:
        return work()

    @property
    def entries(self) -> list[Entry]:
        return [entry for entry, _ in self.ledger]

    async def order(self, order: str, **more: object) -> dict[str, Any]:
        return await self.handlers[order]({"order": order, **more})

    async def hand_in(self, data: bytes = SCAN) -> dict[str, Any]:
        """Copy a file as the command does, and order its entry."""
        self.archive.mkdir(exist_ok=True)
        digest = hashlib.sha256(data).hexdigest()
        (self.archive / digest).write_bytes(data)
        return await self.order("archive", sha256=digest, name="bb.pdf", title="Biên bản", by="An")

    async def attest(self, **more: object) -> dict[str, Any]:
        return await self.order("attest", **{**ATTESTED, **more})

    async def dispute(self, **more: object) -> dict[str, Any]:
        return await self.order("dispute open", **{**DISPUTED, **more})


def run(
    folder: Path, story: Callable[[World], Awaitable[None]], ledger: Sequence[tuple[Entry, Receipt]] = ()
) -> World:
    async def main() -> World:
        world = World(folder, ledger)
        await story(world)
        return world

    return asyncio.run(main())


def receipt(seq: int, at: str = AT) -> dict[str, object]:
    return {"poller": "noc", "seq": seq, "at": at, "hash": f"{seq:064x}"}


def test_a_document_is_entered_once(folder: Path) -> None:
    async def story(world: World) -> None:
        assert await world.order("document", sha256=SHA256) == {"known": False}
        shown = {"at": AT, "sha256": SHA256, "name": "bb.pdf", "size": 13, "title": "Biên bản", "by": "An"}
        assert await world.hand_in() == {"new": True, **shown, "receipt": receipt(1)}
        world.now += DAY
        assert await world.hand_in() == {"new": False, **shown}
        assert await world.order("document", sha256=SHA256) == {"known": True, "problem": "", **shown}
        (world.archive / SHA256).unlink()
        found = await world.order("document", sha256=SHA256)
        assert found["problem"] == f"{world.archive / SHA256}: there is no such file"

    world = run(folder, story)
    assert world.entries == [Exhibit(NOW, SHA256, "bb.pdf", 13, "Biên bản", "An")]
    assert world.heard == world.entries


def test_the_daemon_believes_no_hash_that_it_has_not_found_itself(folder: Path) -> None:
    async def story(world: World) -> None:
        wanted = {"name": "bb.pdf", "title": "Biên bản", "by": "An"}
        missing = await world.order("archive", sha256=OTHER, **wanted)
        assert missing == {"error": f"{world.archive / OTHER}: there is no such file"}
        world.archive.mkdir()
        (world.archive / OTHER).write_bytes(SCAN)
        changed = await world.order("archive", sha256=OTHER, **wanted)
        assert changed == {"error": f"{world.archive / OTHER}: was changed: archive the document again"}
        outside = await world.order("archive", sha256="../config/netwatch.yaml", **wanted)
        assert "is not a SHA-256: write 64 hexadecimal digits" in outside["error"]

    assert run(folder, story).entries == []


def test_an_attestation_on_paper(folder: Path) -> None:
    async def story(world: World) -> None:
        await world.hand_in()
        answer = await world.attest(contradicts=True)
        assert (answer["name"], answer["signer"], answer["receipt"]) == ("A-2026-0001", "", receipt(2))
        assert "Đơn vị / Unit: 12004 Xã Như Quỳnh\n" in answer["statement"]
        assert f"Tài liệu / Document SHA-256: {SHA256}\n" in answer["statement"]

    world = run(folder, story)
    said = world.entries[1]
    assert isinstance(said, Attestation)
    assert (said.name, said.unit, said.finding) == ("A-2026-0001", "12004", Finding.CONTRADICTED)
    assert (said.signer, said.signature, said.exhibits) == ("", "", (SHA256,))
    assert world.record.standing.attestations("hung-yen", "12004") == (said,)
    assert world.heard == world.entries


def test_an_attestation_signed_by_a_key_needs_no_paper(folder: Path) -> None:
    async def story(world: World) -> None:
        stated = (await world.order("attest statement", **{**ATTESTED, "documents": []}))["statement"]
        signature = signing.armored(signing.blob(AN, stated))
        answer = await world.attest(documents=[], signature=signature.replace("\n", "\r\n"))
        assert (answer["signer"], answer["statement"]) == ("an", stated)
        said = world.entries[0]
        assert isinstance(said, Attestation)
        assert (said.signer, said.signature) == ("an", signature)

    run(folder, story)


def test_what_is_stated_is_not_attested_yet(folder: Path) -> None:
    """Its documents need not be archived by then either."""

    async def story(world: World) -> None:
        assert (
            OTHER
            in (await world.order("attest statement", **{**ATTESTED, "documents": [OTHER]}))["statement"]
        )

    assert run(folder, story).entries == []


def signed(text: str, **more: Any) -> str:
    return signing.armored(signing.blob(more.pop("key", AN), text, **more))


SIGNATURES: dict[str, tuple[Callable[[str], str], str]] = {
    "of another statement": (
        lambda text: signed(text + " "),
        (
            "the signature of an does not fit this statement: sign what 'netwatch attest statement' prints "
            "for the same words, and nothing else"
        ),
    ),
    "by a key that is not listed": (
        lambda text: signed(text, key=STRANGER),
        (
            "the signature is by a key that netwatch.yaml does not list under 'attestors': "
            "SHA256:r3iiNRXIdlSVBezAaA0zSYWm4nb/0n7xonM1qm6qiOQ"
        ),
    ),
    "by a stranger who shows another's key": (
        lambda text: signed(text, key=STRANGER, shown=AN),
        (
            "the signature of an does not fit this statement: sign what 'netwatch attest statement' prints "
            "for the same words, and nothing else"
        ),
    ),
    "for another purpose": (
        lambda text: signed(text, namespace="git"),
        "the signature was made for another purpose: sign with '-n netwatch-attestation'",
    ),
    "that is none": (
        lambda _text: "x",
        "no signature of ssh-keygen: it begins with -----BEGIN SSH SIGNATURE-----",
    ),
}


@pytest.mark.parametrize(("sign", "message"), SIGNATURES.values(), ids=SIGNATURES)
def test_a_signature_is_refused(sign: Callable[[str], str], message: str, folder: Path) -> None:
    """Also where there is a paper."""

    async def story(world: World) -> None:
        await world.hand_in()
        text = (await world.order("attest statement", **ATTESTED))["statement"]
        assert await world.attest(signature=sign(text)) == {"error": message}

    assert len(run(folder, story).entries) == 1


REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "neither signed nor on paper": (
        {"documents": []},
        "an attestation needs a signature, or the document that was signed on paper: add --document",
    ),
    "a paper that is not archived": (
        {"documents": [OTHER]},
        f"document {OTHER} is not archived: 'netwatch archive FILE' does that",
    ),
    "a signature that is no text": ({"signature": 7}, "'signature' is no text"),
    "what is said already": ({}, "this is attested already: A-2026-0001"),
    "no such unit": (
        {"unit": "120044"},
        "unit '120044' is not in register 'hung-yen'; did you mean 12004 (Xã Như Quỳnh)?",
    ),
}


@pytest.mark.parametrize(("more", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_not_attested_is_told(more: dict[str, object], message: str, folder: Path) -> None:
    async def story(world: World) -> None:
        await world.hand_in()
        await world.attest()
        assert await world.attest(**more) == {"error": message}

    assert len(run(folder, story).entries) == 2


def test_an_attestation_is_withdrawn_once_and_its_words_do_not_count_again(folder: Path) -> None:
    async def story(world: World) -> None:
        await world.hand_in()
        await world.attest()
        why = {"by": "An", "text": "sai đơn vị"}
        assert await world.order("attest withdraw", name="A-2026-0002", **why) == {
            "error": "there is no attestation 'A-2026-0002'; did you mean 'A-2026-0001'?"
        }
        world.now += DAY
        later = "2026-11-28T10:30:15+07:00"
        withdrawn = await world.order("attest withdraw", name="A-2026-0001", **why)
        assert withdrawn == {"name": "A-2026-0001", "receipt": receipt(3, later)}
        assert world.record.standing.attestations("hung-yen", "12004") == ()
        assert await world.order("attest withdraw", name="A-2026-0001", **why) == {
            "error": "attestation 'A-2026-0001' was withdrawn already"
        }
        assert await world.attest() == {
            "error": "A-2026-0001 said just this and was withdrawn: say in the text why it holds again"
        }
        assert (await world.attest(text="đã đo lại"))["name"] == "A-2026-0002"

    run(folder, story)


def test_a_dispute_is_open_until_it_is_answered(folder: Path) -> None:
    async def story(world: World) -> None:
        opened = await world.dispute()
        assert opened["receipt"] == receipt(1)
        assert {key: opened[key] for key in ("name", "unit", "unit_name", "verdict", "deadline")} == {
            "name": "D-2026-0001",
            "unit": "12004",
            "unit_name": "Xã Đình Dù",
            "verdict": "fibre 12004: x",
            "deadline": "2026-12-11T10:30:15+07:00",
        }
        standing = world.record.standing
        assert standing.open_disputes("fibre", "hung-yen", "12004") == ("D-2026-0001",)
        world.now += 15 * DAY
        assert standing.open_disputes("fibre", "hung-yen", "12004") == ("D-2026-0001",)  # overdue, and open
        answer = {"by": "Sở KH&CN", "text": "đúng", "upheld": True}
        assert (await world.order("dispute answer", name="D-2026-0001", **answer))["upheld"] is True
        assert standing.open_disputes("fibre", "hung-yen", "12004") == ()

    world = run(folder, story)
    assert [type(entry) for entry in world.entries] == [Dispute, Answer]
    assert world.entries[1] == Answer(NOW + 15 * DAY, "D-2026-0001", "Sở KH&CN", upheld=True, text="đúng")
    assert world.heard == world.entries


ANSWERS: dict[str, tuple[dict[str, object], str]] = {
    "no such dispute": (
        {"name": "D-2026-0009"},
        "there is no dispute 'D-2026-0009'; did you mean 'D-2026-0002'?",
    ),
    "nothing like it": ({"name": "x"}, "there is no dispute 'x'; open: D-2026-0002"),
    "one that is answered": (
        {"name": "D-2026-0001"},
        f"dispute 'D-2026-0001' was answered already, at {AT} by Sở",
    ),
    "neither": ({"name": "D-2026-0002", "upheld": None}, "'upheld' is neither true nor false"),
    "nobody": ({"name": "D-2026-0002", "by": ""}, "'by' is missing: write who says it: person and office"),
    "a paper that is not archived": (
        {"name": "D-2026-0002", "documents": [OTHER]},
        f"document {OTHER} is not archived: 'netwatch archive FILE' does that",
    ),
}


@pytest.mark.parametrize(("more", "message"), ANSWERS.values(), ids=ANSWERS)
def test_what_is_no_answer_is_told(more: dict[str, object], message: str, folder: Path) -> None:
    answer = {"by": "Sở", "text": "không", "upheld": False}

    async def story(world: World) -> None:
        await world.dispute()
        await world.dispute()
        await world.order("dispute answer", name="D-2026-0001", **answer)
        assert await world.order("dispute answer", **{**answer, **more}) == {"error": message}

    assert len(run(folder, story).entries) == 3


def test_what_the_ledger_does_not_keep_does_not_stand(folder: Path) -> None:
    full = "nothing was done: the ledger cannot keep it: [Errno 28] No space left on device"

    async def story(world: World) -> None:
        await world.hand_in()
        world.full = True
        assert await world.attest() == {"error": full}
        assert await world.dispute() == {"error": full}
        assert await world.hand_in(b"another") == {"error": full}
        assert world.record.standing.names == frozenset()
        assert world.heard == world.entries
        world.full = False
        assert (await world.attest())["name"] == "A-2026-0001"

    run(folder, story)


def test_two_at_a_time_get_names_of_their_own(folder: Path) -> None:
    async def story(world: World) -> None:
        world.kept.clear()
        both = [asyncio.ensure_future(world.dispute(text=text)) for text in ("một", "hai")]
        await asyncio.sleep(0)
        assert not any(task.done() for task in both)
        world.kept.set()
        answers = await asyncio.gather(*both)
        assert [answer["name"] for answer in answers] == ["D-2026-0001", "D-2026-0002"]

    run(folder, story)


def test_a_start_goes_on_from_the_ledger(folder: Path) -> None:
    """Names, what stands, what was said before and the receipts."""

    async def before(world: World) -> None:
        await world.hand_in()
        await world.attest()
        await world.order("attest withdraw", name="A-2026-0001", by="An", text="sai")
        await world.dispute()

    async def after(world: World) -> None:
        assert "said just this and was withdrawn" in (await world.attest())["error"]
        assert (await world.attest(text="lại"))["name"] == "A-2026-0002"
        assert (await world.dispute())["name"] == "D-2026-0002"
        listed = (await world.order("dispute list"))["disputes"]
        assert [row["receipt"]["seq"] for row in listed] == [4, 6]
        assert (await world.hand_in())["new"] is False
        world.now += 365 * DAY  # numbers begin with the year, by the configuration's clock
        assert (await world.dispute())["name"] == "D-2027-0001"

    run(folder, after, run(folder, before).ledger)


def test_what_was_signed_is_shown_again(folder: Path) -> None:
    """With the names of its day, and of the older unit."""

    async def story(world: World) -> None:
        await world.hand_in()
        said = await world.attest(predecessor="12013", date="2026-01-05")
        old = await world.attest(date="2019-06-01")
        for answer in (said, old):
            shown = await world.order("attest show", name=answer["name"])
            assert shown == {"statement": answer["statement"], "signature": ""}
        assert "12013 Xã Trưng Trắc\n" in said["statement"]
        assert "12004 Xã Đình Dù\n" in old["statement"]
        assert await world.order("attest show", name="A-2026-0009") == {
            "error": "there is no attestation 'A-2026-0009'; did you mean 'A-2026-0002'?"
        }

    run(folder, story)


def test_lists_tell_what_there_is(folder: Path) -> None:
    async def story(world: World) -> None:
        assert await world.order("attest list") == {"attestations": [], "left_out": 0}
        await world.hand_in()
        await world.attest()
        await world.dispute(documents=[SHA256])
        (said,) = (await world.order("attest list"))["attestations"]
        assert (said["unit_name"], said["signed"], said["entered"]) == ("Xã Như Quỳnh", "paper", AT)
        (row,) = (await world.order("dispute list"))["disputes"]
        assert (row["unit_name"], row["state"], row["documents"]) == (
            "Xã Đình Dù",
            "open",
            [{"sha256": SHA256, "title": "Biên bản"}],
        )

    run(folder, story)


def test_lists_are_bounded(folder: Path) -> None:
    entry = Dispute(NOW, "", "fibre", "hung-yen", "12004", "x", "y", NOW)
    ledger = [
        (dataclasses.replace(entry, name=f"D-2026-{number:04d}"), Receipt("noc", number, NOW, ""))
        for number in range(2005)
    ]

    async def story(world: World) -> None:
        answer = await world.order("dispute list")
        assert (len(answer["disputes"]), answer["left_out"]) == (2000, 5)
        assert (await world.dispute())["name"] == "D-2026-2005"

    run(folder, story, ledger)


def test_so_are_the_bytes_of_a_list(folder: Path) -> None:
    entry = Dispute(NOW, "", "fibre", "hung-yen", "12004", "x", "đ" * 10_000, NOW)
    ledger = [
        (dataclasses.replace(entry, name=f"D-2026-{number:04d}"), Receipt("noc", number, NOW, ""))
        for number in range(200)
    ]

    async def story(world: World) -> None:
        answer = await world.order("dispute list")
        assert len(json.dumps(answer)) <= 8 * 2**20 + 100
        assert 100 < len(answer["disputes"]) == 200 - answer["left_out"] < 200

    run(folder, story, ledger)


def test_the_archive_is_a_folder_of_the_state() -> None:
    assert documents.NAME == "documents"

"""A receipt holds for one entry of one chain; whether the ledger still has it needs no daemon."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from netwatch.evidence import codec
from netwatch.evidence.chain import New
from netwatch.evidence.receipts import ReceiptRefused, find, parse, text
from netwatch.evidence.store import Store
from netwatch.model.attestation import Dispute, Receipt

if TYPE_CHECKING:
    from pathlib import Path

RECEIPT = Receipt("noc", 12, 0.0, "ab" * 32)
ROWS = (("khiếu nại / dispute", "D-2026-0001"), ("nội dung / text", "hash of entry 3 of poller x"))


def test_a_receipt_is_for_people_and_is_read_again() -> None:
    written = text(ROWS, RECEIPT)
    assert written.splitlines() == [
        "khiếu nại / dispute    D-2026-0001",
        "nội dung / text        hash of entry 3 of poller x",
        "mục / entry            12 of poller noc",
        f"mã băm / hash          {'ab' * 32}",
    ]
    assert parse(written) == RECEIPT
    assert parse(written.replace("\n", "\r\n")) == RECEIPT


WRITTEN = text(ROWS, RECEIPT)
BAD = {
    "nothing": "",
    "another text": "hello\n",
    "without the hash": WRITTEN.replace("hash ", "hush "),
    "two entries": WRITTEN + WRITTEN,
    "a hash that is too short": WRITTEN.replace("abab", "ab"),
    "no number": WRITTEN.replace("12 of", "x of"),
    "a poller that there cannot be": WRITTEN.replace("poller noc", "poller ../x"),
}


@pytest.mark.parametrize("written", BAD.values(), ids=BAD)
def test_what_is_no_receipt_is_told(written: str) -> None:
    with pytest.raises(ReceiptRefused) as refused:
        parse(written)
    assert str(refused.value) == (
        "no receipt of netwatch: it has one line 'mục / entry' and one line 'mã băm / hash'"
    )


@given(st.text(max_size=300))
def test_any_text_is_a_receipt_or_refused(written: str) -> None:
    try:
        assert parse(written).seq >= 0
    except ReceiptRefused:
        return


class Ledger:
    """Three disputes in a real chain."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.store = Store(f"sqlite:///{path}", "noc")
        self.store.open()
        entries = [
            Dispute(float(number), f"D-2026-000{number}", "fibre", "r", "12004", "UBND", "…", 9.0)
            for number in (1, 2, 3)
        ]
        new = [New("dispute", int(entry.at), codec.dump(entry)) for entry in entries]
        self.receipts = self.store.write(new, (), None)
        self.store.close()

    def run(self, statement: str) -> None:
        with sqlite3.connect(self.path) as connection:
            connection.execute(statement)
        connection.close()


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.db")


def test_every_entry_is_found_by_its_receipt(ledger: Ledger) -> None:
    """The first included, which follows on none."""
    for receipt in ledger.receipts:
        entry = find(parse(text((), receipt)), ledger.store)
        assert (entry.seq, entry.hash.hex()) == (receipt.seq, receipt.hash)


FOLLOWS = "its hash does not fit it, or the entry before"
CHANGED: dict[str, tuple[str, str]] = {
    "cut off": (
        "DELETE FROM entries WHERE seq >= 2",
        "entry 2 of poller noc is not in the ledger: it was cut off, or this is another ledger",
    ),
    "taken out": (
        "DELETE FROM entries WHERE seq = 2",
        "entry 2 of poller noc is not in the ledger: it was cut off, or this is another ledger",
    ),
    "rewritten": (
        "UPDATE entries SET hash = zeroblob(32) WHERE seq = 2",
        "entry 2 of poller noc bears another hash: it is not what was entered",
    ),
    "another body below the hash": (
        "UPDATE entries SET body = x'7b7d' WHERE seq = 2",
        f"entry 2 of poller noc was changed: {FOLLOWS}",
    ),
    "another time below the hash": (
        "UPDATE entries SET at = at + 1 WHERE seq = 2",
        f"entry 2 of poller noc was changed: {FOLLOWS}",
    ),
    "another entry before": (
        "UPDATE entries SET hash = zeroblob(32) WHERE seq = 1",
        f"entry 2 of poller noc was changed: {FOLLOWS}",
    ),
}


@pytest.mark.parametrize(("change", "message"), CHANGED.values(), ids=CHANGED)
def test_a_ledger_that_was_changed_is_told(change: str, message: str, ledger: Ledger) -> None:
    ledger.run(change)
    with pytest.raises(ReceiptRefused) as refused:
        find(ledger.receipts[1], ledger.store)
    assert str(refused.value) == message


def test_a_chain_that_is_not_there_is_told() -> None:
    with pytest.raises(ReceiptRefused, match=r"^the ledger has no chain of poller noc$"):
        find(RECEIPT, None)

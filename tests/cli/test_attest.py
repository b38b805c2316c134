"""`netwatch archive`, `attest` and `dispute`, as typed, against a socket and an archive on the disk."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import signing

from netwatch.cli.main import main
from netwatch.daemon.attesting import Attesting
from netwatch.daemon.disputing import Disputing
from netwatch.daemon.orders import NAME, Orders
from netwatch.daemon.record import Record
from netwatch.evidence import codec
from netwatch.evidence.chain import New
from netwatch.evidence.kinds import KIND_OF
from netwatch.evidence.store import Store
from netwatch.inventory.load import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from netwatch.daemon.record import Entry
    from netwatch.model.attestation import Receipt

NOW = 1_795_750_215.0  # 2026-11-27 10:30:15 in Hanoi
AT, UNTIL = "2026-11-27 10:30:15 +07:00", "2026-12-11 10:30:15 +07:00"
AN = signing.ed25519_key(1)
SCAN = b"%PDF bien ban"
SHA256 = hashlib.sha256(SCAN).hexdigest()

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


@dataclass
class Station:
    """A daemon's control socket in a thread of its own; its ledger is a real one, its clock stands still."""

    config: Path
    state: Path
    entries: list[Entry] = field(default_factory=list)
    full: bool = False

    def __post_init__(self) -> None:
        self.state.mkdir(exist_ok=True)
        self.ledger = self.state / "ledger.db"
        self.store = Store(f"sqlite:///{self.ledger}", "noc")
        self.store.open()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.orders: Orders = self.call(self._start())

    def call(self, work: object) -> Orders:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)  # type: ignore[arg-type, return-value]

    async def _start(self) -> Orders:
        inventory = load(self.config, {})
        record = Record(
            inventory.hours.zone, (), append=self._append, on_entry=self.entries.append, now=lambda: NOW
        )
        attesting = Attesting(inventory, record, self.state / "documents", self._aside)
        disputing = Disputing(inventory, record, self._aside, lambda _claim, _unit: "unmonitored")
        orders = Orders(self.state / NAME, {**attesting.handlers, **disputing.handlers})
        await orders.start()
        return orders

    async def _append(self, entry: Entry) -> Receipt:
        if self.full:
            raise OSError(28, "No space left on device")
        new = New(KIND_OF[type(entry)], round(NOW * 1e6), codec.dump(entry))
        (receipt,) = self.store.write((new,), (), None)
        return receipt

    async def _aside(self, work: Callable[[], Any]) -> Any:
        return work()

    def end(self) -> None:
        self.call(self.orders.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()
        self.store.close()


@pytest.fixture
def station(folder: Path, tmp_path: Path) -> Iterator[Station]:
    (folder / "claims.yaml").write_text(CLAIMS, "utf-8")
    with (folder / "netwatch.yaml").open("a", encoding="utf-8") as settings:
        settings.write(f"attestors:\n  an: {signing.line(AN)}\n")
    station = Station(folder, tmp_path / "state")
    yield station
    station.end()


@pytest.fixture
def scan(tmp_path: Path) -> str:
    path = tmp_path / "biên bản.pdf"
    path.write_bytes(SCAN)
    return str(path)


Typed = tuple[int, str, str]


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Typed]:
    """Types a command; gives status, stdout and stderr."""

    def typed(*words: str, state: bool = True) -> Typed:
        at = ("--state", str(tmp_path / "state")) if state else ()
        status = main([*words, *at])
        return status, *capsys.readouterr()

    return typed


def archived(tmp_path: Path) -> list[str]:
    folder = tmp_path / "state" / "documents"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


ARCHIVE = ("--title", "Biên bản", "--by", "Sở KH&CN")
SHOWN = (
    "tài liệu / document    biên bản.pdf, 13 bytes\n"
    f"SHA-256                {SHA256}\n"
    "tiêu đề / title        Biên bản\n"
    "người nộp / by         Sở KH&CN\n"
    f"lúc / entered          {AT}\n"
)


def entry(station: Station, seq: int) -> str:
    (row,) = [each for each in station.store.entries() if each.seq == seq]
    return f"mục / entry            {seq} of poller noc\nmã băm / hash          {row.hash.hex()}\n"


def test_a_document_is_archived_once(
    station: Station, typed: Callable[..., Typed], scan: str, tmp_path: Path
) -> None:
    assert typed("archive", scan, *ARCHIVE) == (0, SHOWN + entry(station, 1), "")
    assert archived(tmp_path) == [SHA256]
    again = typed("archive", scan, "--title", "khác", "--by", "ai")
    assert again == (0, SHOWN, "archived before: nothing was changed\n")
    (tmp_path / "state" / "documents" / SHA256).unlink()
    mended = "archived before: its copy was damaged or missing, and is there again\n"
    assert typed("archive", scan, *ARCHIVE) == (0, SHOWN, mended)
    assert archived(tmp_path) == [SHA256]
    assert len(station.entries) == 1


def test_what_is_refused_leaves_nothing_in_the_archive(
    station: Station, typed: Callable[..., Typed], scan: str, tmp_path: Path
) -> None:
    missing = "'title' is missing: write a document's title\n"
    assert typed("archive", scan, "--title", " ", "--by", "x") == (1, "", missing)
    station.full = True
    full = "nothing was done: the ledger cannot keep it: [Errno 28] No space left on device\n"
    assert typed("archive", scan, *ARCHIVE) == (1, "", full)
    gone = str(tmp_path / "gone.pdf")
    assert typed("archive", gone, *ARCHIVE) == (1, "", f"{gone}: there is no such file\n")
    assert (archived(tmp_path), station.entries) == ([], [])


def test_without_a_daemon_nothing_is_copied(typed: Callable[..., Typed], scan: str, tmp_path: Path) -> None:
    state = tmp_path / "state"
    state.mkdir()
    told = f"no netwatch runs on {state}: --state DIR names the folder of the one that does\n"
    assert typed("archive", scan, *ARCHIVE) == (1, "", told)
    assert archived(tmp_path) == []


ATTEST = (
    *("--criterion", "fibre", "--kind", "inspection", "--date", "2026-11-20"),
    *("--by", "Nguyễn Văn An"),
)


def statement(document: str) -> str:
    return (
        "Xác nhận / Attestation: netwatch, phiên bản / version 1\n"
        "Danh mục / Register: hung-yen\n"
        "Đơn vị / Unit: 12004 Xã Như Quỳnh\n"
        "Đơn vị cũ / Predecessor: -\n"
        "Tiêu chí / Criterion: cáp quang / fibre\n"
        "Kết luận / Finding: đạt / shown\n"
        "Loại / Kind: kiểm tra tại chỗ / inspection\n"
        "Ngày / Date: 2026-11-20\n"
        "Người xác nhận / By: Nguyễn Văn An\n"
        "Nội dung / Text: -\n"
        f"Tài liệu / Document SHA-256: {document}\n"
    )


def test_a_paper_is_attested_and_archived_with_it(
    station: Station, typed: Callable[..., Typed], scan: str, tmp_path: Path
) -> None:
    status, out, err = typed("attest", "xa nhu quynh", *ATTEST, "--document", scan)
    assert (status, err) == (0, "")
    assert out == (
        statement(SHA256) + "\n"
        "xác nhận / attested    A-2026-0001\n"
        "ký / signed            trên giấy / on paper\n"
        f"lúc / entered          {AT}\n" + entry(station, 2)
    )
    assert archived(tmp_path) == [SHA256]
    on_paper = "A-2026-0001 was signed on paper: 'netwatch attest list --json' names the document\n"
    assert typed("attest", "signature", "A-2026-0001") == (1, "", on_paper)


def test_what_is_refused_is_not_archived_either(
    station: Station, typed: Callable[..., Typed], scan: str, tmp_path: Path
) -> None:
    status, out, err = typed("attest", "120044", *ATTEST, "--document", scan)
    told = "unit '120044' is not in register 'hung-yen'; did you mean 12004 (Xã Như Quỳnh)?\n"
    assert (status, out, err) == (1, "", told)
    assert (archived(tmp_path), station.entries) == ([], [])


def test_what_is_stated_is_what_is_signed(
    station: Station, typed: Callable[..., Typed], scan: str, tmp_path: Path
) -> None:
    """The statement archives nothing; its signature is taken with the same options."""
    asked = ("12004", *ATTEST, "--document", scan)
    assert typed("attest", "statement", *asked) == (0, statement(SHA256), "")
    assert (archived(tmp_path), station.entries) == ([], [])
    signature = tmp_path / "statement.txt.sig"
    signature.write_text(signing.armored(signing.blob(AN, statement(SHA256))))
    status, out, err = typed("attest", *asked, "--signature", str(signature))
    assert (status, err) == (0, "")
    assert "ký / signed            khóa của / key of an\n" in out
    assert typed("attest", "show", "A-2026-0001") == (0, statement(SHA256), "")
    assert typed("attest", "signature", "A-2026-0001") == (0, signature.read_text(), "")
    other = (*asked[:1], *ATTEST, "--contradicts", "--document", SHA256, "--signature", str(signature))
    status, out, err = typed("attest", *other)
    assert (status, out) == (1, "")
    assert err.startswith("the signature of an does not fit this statement: sign what 'netwatch attest")


BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "no paper": (
        ATTEST,
        "an attestation needs a signature, or the document that was signed on paper: add --document\n",
    ),
    "no such file": ((*ATTEST, "--document", "/none.pdf"), "/none.pdf: there is no such file\n"),
    "no such signature": ((*ATTEST, "--signature", "/none.sig"), "/none.sig: No such file or directory\n"),
    "no signature": (
        (*ATTEST, "--signature", "/proc/self/cmdline"),
        "/proc/self/cmdline: no signature of ssh-keygen: it begins with -----BEGIN SSH SIGNATURE-----\n",
    ),
    "a document that is not archived": (
        (*ATTEST, "--document", "bb" * 32),
        f"document {'bb' * 32} is not archived: 'netwatch archive FILE' does that\n",
    ),
}


@pytest.mark.parametrize(("words", "message"), BAD.values(), ids=BAD)
def test_a_refusal_is_one_line(
    words: tuple[str, ...], message: str, station: Station, typed: Callable[..., Typed]
) -> None:
    assert typed("attest", "12004", *words) == (1, "", message)
    assert station.entries == []


WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "no unit": (
        ("statement", *ATTEST),
        "write UNIT, 'statement UNIT', 'show NAME', 'signature NAME', 'withdraw NAME' or 'list'; quote",
    ),
    "a name without quotes": (("Như", "Quỳnh", *ATTEST), "quote what has spaces"),
    "a list of something": (("list", "12004"), "write UNIT"),
    "nothing of it": (("12004",), "required: --criterion, --kind, --date, --by"),
    "withdrawn for no reason": (("withdraw", "A-1", "--by", "x"), "required: --text"),
}


@pytest.mark.parametrize(("words", "message"), WORDS.values(), ids=WORDS)
def test_what_is_missing_is_told(
    words: tuple[str, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["attest", *words])
    assert ended.value.code == 2
    assert message in capsys.readouterr().err.splitlines()[-1]


def columns(out: str) -> list[list[str]]:
    return [re.split("  +", line) for line in out.splitlines()]


def test_attestations_are_listed_and_withdrawn(
    station: Station, typed: Callable[..., Typed], scan: str
) -> None:
    assert typed("attest", "list") == (0, "nothing is attested\n", "")
    typed("attest", "12004", *ATTEST, "--document", scan, "--predecessor", "12013", "--text", "tầng 1")
    withdrawn = typed("attest", "withdraw", "A-2026-0001", "--by", "An", "--text", "sai")
    told = f"rút lại / withdrawn    A-2026-0001\nlúc / entered          {AT}\n"
    assert withdrawn == (0, told + entry(station, 3), "")
    status, out, err = typed("attest", "list")
    assert (status, err) == (0, "")
    assert columns(out)[1] == [
        "withdrawn",
        "A-2026-0001",
        "12004 Xã Như Quỳnh (12013)",
        *("fibre", "shown", "inspection", "2026-11-20", "paper", "An", "sai"),
    ]
    (row,) = json.loads(typed("attest", "list", "--json")[1])
    assert (row["name"], row["documents"]) == (
        "A-2026-0001",
        [{"sha256": SHA256, "title": "biên bản.pdf"}],
    )


OPEN = ("dispute", "open", "fibre", "12004", "--by", "UBND xã", "--text", "đã có từ 2016")


def test_a_dispute_gives_a_receipt_that_the_ledger_bears_out(
    station: Station, typed: Callable[..., Typed], tmp_path: Path
) -> None:
    receipt = tmp_path / "biên nhận.txt"
    status, out, err = typed(*OPEN, "--receipt", str(receipt))
    assert (status, err) == (0, "")
    assert out == (
        "khiếu nại / dispute    D-2026-0001\n"
        "công bố / claim        fibre\n"
        "đơn vị / unit          12004 Xã Đình Dù (hung-yen)\n"
        "kết luận / verdict     unmonitored\n"
        "người nộp / by         UBND xã\n"
        "nội dung / text        đã có từ 2016\n"
        f"lúc / entered          {AT}\n"
        f"trả lời trước / until  {UNTIL}\n" + entry(station, 1)
    )
    assert receipt.read_text("utf-8") == out
    check = ("dispute", "check", str(receipt), str(station.ledger))
    good = "entry 1 of poller noc is as the receipt says: dispute D-2026-0001\n"
    assert typed(*check, state=False) == (0, good + "'netwatch verify' recomputes the whole chain\n", "")
    receipt.write_text(re.sub("[0-9a-f]{64}", "0" * 64, out), "utf-8")
    other = "entry 1 of poller noc bears another hash: it is not what was entered\n"
    assert typed(*check, state=False) == (1, "", other)


def test_a_receipt_writes_over_nothing(station: Station, typed: Callable[..., Typed], tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.txt"
    receipt.write_text("an older one")
    there = f"{receipt}: File exists: name a new file\n"
    assert typed(*OPEN, "--receipt", str(receipt)) == (1, "", there)
    assert (receipt.read_text(), station.entries) == ("an older one", [])
    receipt.unlink()
    status, _, err = typed(*OPEN[:3], "99", *OPEN[4:], "--receipt", str(receipt))
    assert (status, len(err.splitlines()), receipt.exists()) == (1, 1, False)


UNCHECKED = {
    "no receipt": ("{tmp}/gone", "{ledger}", "{tmp}/gone: No such file or directory"),
    "another file": (
        "{ledger}",
        "{ledger}",
        "no receipt of netwatch: it has one line 'mục / entry' and one line 'mã băm / hash'",
    ),
    "no ledger": ("{tmp}/receipt", "{tmp}/gone.db", "there is no ledger {tmp}/gone.db"),
    "another poller": ("{tmp}/receipt", "{ledger}", "the ledger has no chain of poller other"),
}


@pytest.mark.parametrize("case", UNCHECKED)
def test_what_cannot_be_checked_is_told(
    case: str, station: Station, typed: Callable[..., Typed], tmp_path: Path
) -> None:
    typed(*OPEN)
    text = f"mục / entry            1 of poller other\nmã băm / hash          {'0' * 64}\n"
    (tmp_path / "receipt").write_text(text, "utf-8")
    receipt, ledger, message = (each.format(tmp=tmp_path, ledger=station.ledger) for each in UNCHECKED[case])
    status, out, err = typed("dispute", "check", receipt, ledger, state=False)
    assert (status, out) == (1, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_disputes_are_listed_and_answered(station: Station, typed: Callable[..., Typed], scan: str) -> None:
    assert typed("dispute", "list") == (0, "nothing is disputed\n", "")
    typed(*OPEN, "--document", scan)
    status, out, err = typed("dispute", "list")
    assert (status, err) == (0, "")
    assert columns(out)[1] == [
        *("open", "D-2026-0001", "fibre", "12004 Xã Đình Dù", UNTIL, "UBND xã", "đã có từ 2016"),
    ]
    answered = typed("dispute", "answer", "D-2026-0001", "--by", "Sở", "--text", "đúng", "--upheld")
    told = (
        "khiếu nại / dispute    D-2026-0001\n"
        "trả lời / answer       chấp nhận / upheld\n"
        f"lúc / entered          {AT}\n"
    )
    what_now = "a verdict changes by what is measured or attested: attest it, or mend the configuration\n"
    assert answered == (0, told + entry(station, 3), what_now)
    again = typed("dispute", "answer", "D-2026-0001", "--by", "Sở", "--text", "không", "--rejected")
    assert again[0] == 1
    assert again[2].startswith("dispute 'D-2026-0001' was answered already, at 2026-11-27T10:30:15")
    (row,) = json.loads(typed("dispute", "list", "--json")[1])
    assert (row["state"], row["answer"]["by"], row["documents"][0]["sha256"]) == ("upheld", "Sở", SHA256)

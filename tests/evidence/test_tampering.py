"""Whatever is changed in a ledger is found, by netwatch and by the program that shares no code with it."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from private import lived_shortly

from netwatch.cli.main import main
from netwatch.evidence import hour
from netwatch.model.decision import Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INDEPENDENT = Path(__file__).parents[2] / "docs" / "verify_ledger.py"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    lived_shortly(folder)
    return folder / "ledger.db"


@pytest.fixture
def ledger(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "ledger.db"))


@contextlib.contextmanager
def changing(file: Path) -> Iterator[sqlite3.Connection]:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        yield database


def theirs(file: Path, *options: str) -> tuple[int, str]:
    """What the independent program says."""
    command = [sys.executable, "-I", "-S", str(INDEPENDENT), str(file), *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout + done.stderr


def ours(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    status = main(["verify", str(file)])
    told = capsys.readouterr()
    return status, told.out + told.err


def places(file: Path) -> dict[str, int]:
    """The number of the last entry of each kind."""
    with changing(file) as database:
        return dict(database.execute("SELECT kind, max(seq) FROM entries GROUP BY kind"))


def test_both_find_what_was_not_changed_intact(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = ours(ledger, capsys)
    assert (status, "test: intact: " in told, "details of 7 entries, those of 0 withheld" in told) == (
        0,
        True,
        True,
    )
    status, told = theirs(ledger)
    assert (status, "test: intact: " in told, "7 with details, 0 without theirs" in told) == (0, True, True)


VALUES = {
    "poller": "'zzz'",
    "seq": "seq + 100000",
    "at": "at + 1",
    "kind": "CASE kind WHEN 'stopped' THEN 'heartbeat' ELSE 'stopped' END",
    "body": "body || x'20'",
    "hash": "x'00'",
}
KINDS = ("started", "document", "configured", "hour", "facts", "sign", "trace", "run-ended", "stopped")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("column", VALUES)
def test_any_column_of_any_entry(
    ledger: Path, kind: str, column: str, capsys: pytest.CaptureFixture[str]
) -> None:
    seq = places(ledger)[kind]
    with changing(ledger) as database:
        statement = f"UPDATE entries SET {column} = {VALUES[column]} WHERE seq = ?"  # noqa: S608 - of the table above
        assert database.execute(statement, (seq,)).rowcount == 1
    mine, told = ours(ledger, capsys)
    other, told_too = theirs(ledger)
    assert (mine, other) == (1, 1)
    if column == "poller" and kind == "stopped":  # the last one: a chain of its own, that does not begin
        assert "entry 1 of poller zzz is missing" in told
        assert "entry 1 of poller zzz is missing" in told_too
    else:
        assert f"entry {seq} of poller test" in told
        assert f"entry {seq} of poller test" in told_too


BESIDE = {
    "another salt": ("salt = zeroblob(32)", "entry {} of poller test"),
    "no salt": ("salt = x''", "entry {} of poller test"),
    "another body": ("body = '[]'", "entry {} of poller test"),
    "a byte more": ("body = body || x'20'", "entry {} of poller test"),
    "beside an hour": ("seq = {hour}", "entry {hour} of poller test"),
    "beside an entry that has no details": ("seq = {heartbeat}", "entry {heartbeat} of poller test"),
    "beside none": ("seq = 100000", "entry 100000 of poller test"),
    "of another poller": ("poller = 'zzz'", "entry {} of poller zzz"),
}


@pytest.mark.parametrize("change", BESIDE)
@pytest.mark.parametrize("kind", ["document", "configured", "facts", "sign", "trace"])
def test_any_column_of_what_stands_beside_the_chain(
    ledger: Path, kind: str, change: str, capsys: pytest.CaptureFixture[str]
) -> None:
    setting, expected = BESIDE[change]
    with changing(ledger) as database:
        (seq,) = database.execute(
            "SELECT max(seq) FROM withheld JOIN entries USING (seq) WHERE kind = ?", (kind,)
        ).fetchone()
        numbers = places(ledger)
        statement = f"UPDATE withheld SET {setting.format(**numbers)} WHERE seq = ?"  # noqa: S608 - of the table above
        assert database.execute(statement, (seq,)).rowcount == 1
    for status, told in (ours(ledger, capsys), theirs(ledger)):
        assert status == 1
        assert expected.format(seq, **numbers) in told


def test_details_that_were_dropped_break_nothing(ledger: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As data protection may ask for, of one entry or of all."""
    for left, statement in (
        (6, "DELETE FROM withheld WHERE seq = (SELECT max(seq) FROM withheld)"),
        (0, "DELETE FROM withheld"),
    ):
        with changing(ledger) as database:
            database.execute(statement)
        status, told = ours(ledger, capsys)
        assert (status, f"details of {left} entries, those of {7 - left} withheld" in told) == (0, True)
        status, told = theirs(ledger)
        assert (status, f"{left} with details, {7 - left} without theirs" in told) == (0, True)


def take_out(database: sqlite3.Connection) -> None:
    database.execute("DELETE FROM entries WHERE seq = 40")


def swap(database: sqlite3.Connection) -> None:
    for before, after in ((40, -1), (41, 40), (-1, 41)):
        database.execute("UPDATE entries SET seq = ? WHERE seq = ?", (after, before))


def put_in(database: sqlite3.Connection) -> None:
    """Another entry with a hash that fits the one before, and all behind it moved on."""
    database.execute("UPDATE entries SET seq = -seq - 1 WHERE seq >= 40")
    database.execute("UPDATE entries SET seq = -seq WHERE seq < 0")
    database.execute(
        "INSERT INTO entries SELECT poller, 40, at, kind, body, hash FROM entries WHERE seq = 41"
    )


@pytest.mark.parametrize(
    ("change", "entry"),
    [(take_out, 40), (swap, 40), (put_in, 41)],
    ids=lambda each: getattr(each, "__name__", None),
)
def test_the_order_of_entries(
    ledger: Path,
    change: Callable[[sqlite3.Connection], None],
    entry: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with changing(ledger) as database:
        change(database)
    for status, told in (ours(ledger, capsys), theirs(ledger)):
        assert (status, f"entry {entry} of poller test" in told) == (1, True)


def rewrite(file: Path, change: Callable[[int, str, bytes], bytes | None]) -> None:
    """Write the whole chain anew, with hashes that fit; None leaves an entry out."""
    with changing(file) as database:
        entries = database.execute("SELECT poller, seq, at, kind, body FROM entries ORDER BY seq").fetchall()
        database.execute("DELETE FROM entries")
        before, last = bytes(32), 0
        for poller, seq, at, kind, old in entries:
            body = change(seq, kind, old)
            if body is None:
                continue
            last += 1
            database.execute("UPDATE withheld SET seq = ? WHERE seq = ?", (last, seq))
            digest = hashlib.sha256(before)
            for part in (poller.encode(), last.to_bytes(8), at.to_bytes(8), kind.encode(), body):
                digest.update(len(part).to_bytes(8) + part)
            before = digest.digest()
            database.execute(
                "INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?)", (poller, last, at, kind, body, before)
            )


def more_good(told: hour.Hour) -> None:
    minutes = told.verdicts[Subject.LINE, "2"]
    minutes[30] = minutes[30]._replace(good=minutes[30].good - 1, late=minutes[30].late + 1)


def another_verdict(told: hour.Hour) -> None:
    minutes = told.verdicts[Subject.UNIT, "1"]
    minutes[30] = minutes[30]._replace(verdict=next(s for s in hour.STATES if s is not minutes[30].verdict))


def other_slots(told: hour.Hour) -> None:
    slots = told.slots[2][30]
    object.__setattr__(slots, "marks", b"\x08" + slots.marks[1:])


def no_verdict(told: hour.Hour) -> None:
    del told.verdicts[Subject.LINE, "2"][30]


@pytest.mark.parametrize("change", [more_good, another_verdict, other_slots, no_verdict])
def test_an_hour_that_does_not_follow_from_its_slots_though_every_hash_fits(
    ledger: Path, change: Callable[[hour.Hour], None], capsys: pytest.CaptureFixture[str]
) -> None:
    seq = places(ledger)["hour"]

    def changed(_seq: int, kind: str, body: bytes) -> bytes:
        if kind != "hour":
            return body
        told = hour.decode(body)
        change(told)
        return hour.encode(told)

    rewrite(ledger, changed)
    for status, told in (ours(ledger, capsys), theirs(ledger)):
        assert (status, f"entry {seq} " in told, "minute 30 of" in told) == (1, True, True)


def test_an_outage_that_is_left_out_is_found_by_netwatch_alone(
    ledger: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The other one does not judge: it says so."""
    with changing(ledger) as database:
        (gone,) = database.execute("SELECT min(seq) FROM entries WHERE kind = 'run-ended'").fetchone()
    rewrite(ledger, lambda seq, _kind, body: None if seq == gone else body)
    status, told = ours(ledger, capsys)
    assert (status, "which follows from the slots" in told) == (1, True)
    assert theirs(ledger)[0] == 0


class Anchors:
    """Daily heads in a folder, as `docs/anchors.md` has them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self._key = Ed25519PrivateKey.from_private_bytes(b"a key of the tests and of no use".ljust(32))
        self.key = base64.b64encode(self._key.public_key().public_bytes_raw()).decode()
        self._previous = ""

    def add(self, date: str, ledger: Path, seq: int) -> None:
        with changing(ledger) as database:
            (found,) = database.execute("SELECT hash FROM entries WHERE seq = ?", (seq,)).fetchone()
        head = {
            "chains": [{"hash": found.hex(), "poller": "test", "seq": seq}],
            "date": date,
            "format": 1,
            "made": 1_700_000_000_000_000,
            "previous": self._previous,
        }
        data = json.dumps(head, sort_keys=True, separators=(",", ":")).encode()
        self._previous = hashlib.sha256(data).hexdigest()
        (self.folder / f"{date}.json").write_bytes(data)
        signed = {"key": self.key, "signature": base64.b64encode(self._key.sign(data)).decode()}
        (self.folder / f"{date}.sig").write_text(json.dumps(signed), "utf-8")


@pytest.fixture
def anchors(ledger: Path, tmp_path: Path) -> Anchors:
    anchors = Anchors(tmp_path / "anchors")
    anchors.add("2023-11-14", ledger, 50)
    anchors.add("2023-11-15", ledger, places(ledger)["stopped"])
    return anchors


def test_what_was_anchored_is_there(ledger: Path, anchors: Anchors) -> None:
    status, told = theirs(ledger, "--anchors", str(anchors.folder), "--key", anchors.key)
    assert status == 0
    assert f"2023-11-14: signed by {anchors.key}" in told
    assert "openssl ts -verify" in told


def test_an_end_that_was_cut_off_is_found_by_its_anchor(
    ledger: Path, anchors: Anchors, capsys: pytest.CaptureFixture[str]
) -> None:
    last = places(ledger)["stopped"]
    with changing(ledger) as database:
        database.execute("DELETE FROM entries WHERE seq > ?", (last - 3,))
    assert (ours(ledger, capsys)[0], theirs(ledger)[0]) == (0, 0), "nothing shows it but an anchor"
    status, told = theirs(ledger, "--anchors", str(anchors.folder))
    assert (status, f"entry {last} of poller test is cut off: it was anchored on 2023-11-15" in told) == (
        1,
        True,
    )


def test_a_chain_that_was_written_anew_is_found_by_its_anchor(
    ledger: Path, anchors: Anchors, capsys: pytest.CaptureFixture[str]
) -> None:
    def changed(seq: int, kind: str, body: bytes) -> bytes:
        return body.replace(b'"lines":5', b'"lines":6') if kind == "heartbeat" and seq < 50 else body

    rewrite(ledger, changed)
    assert (ours(ledger, capsys)[0], theirs(ledger)[0]) == (0, 0), "nothing shows it but an anchor"
    status, told = theirs(ledger, "--anchors", str(anchors.folder))
    assert (status, "entry 50 of poller test" in told, "anchor" in told) == (1, True, True)


def another_key(anchors: Anchors) -> list[str]:
    return ["--key", base64.b64encode(Ed25519PrivateKey.generate().public_key().public_bytes_raw()).decode()]


def another_head(anchors: Anchors) -> list[str]:
    file = anchors.folder / "2023-11-14.json"
    file.write_bytes(file.read_bytes().replace(b'"seq":50', b'"seq":49'))
    return []


def another_signature(anchors: Anchors) -> list[str]:
    file = anchors.folder / "2023-11-14.sig"
    file.write_bytes((anchors.folder / "2023-11-15.sig").read_bytes())
    return []


def a_head_left_out(anchors: Anchors) -> list[str]:
    for file in anchors.folder.glob("2023-11-15.*"):
        file.rename(anchors.folder / f"2023-11-16{file.suffix}")
    return []


def no_signature(anchors: Anchors) -> list[str]:
    (anchors.folder / "2023-11-14.sig").unlink()
    return []


@pytest.mark.parametrize(
    "change", [another_key, another_head, another_signature, a_head_left_out, no_signature]
)
def test_an_anchor_that_was_changed_is_refused(
    ledger: Path, anchors: Anchors, change: Callable[[Anchors], list[str]]
) -> None:
    options = change(anchors)
    status, told = theirs(ledger, "--anchors", str(anchors.folder), *options)
    assert (status, str(anchors.folder) in told) == (1, True)


def garbage(file: Path) -> None:
    file.write_bytes(b"no database, and longer than the header of one: " * 3)


def later(file: Path) -> None:
    with changing(file) as database:
        database.execute("UPDATE meta SET value = '3'")


def a_bomb(file: Path) -> None:
    """An hour of a gigabyte of zeros, in a chain whose hashes fit."""
    rewrite(file, lambda _seq, kind, body: zlib.compress(bytes(2**30), 1) if kind == "hour" else body)


@pytest.mark.parametrize("change", [garbage, later, a_bomb, Path.unlink])
def test_a_file_that_is_no_ledger_is_told_in_one_line(
    ledger: Path, change: Callable[[Path], None], capsys: pytest.CaptureFixture[str]
) -> None:
    change(ledger)
    for status, told in (ours(ledger, capsys), theirs(ledger)):
        assert (status, told.count("\n")) == (1, 1)

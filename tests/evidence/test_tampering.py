"""Whatever is changed in a ledger is found, by netwatch and by the program that shares no code with it."""

from __future__ import annotations

import shutil
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from private import lived_shortly
from verifiers import changing, ours, places, rewrite, theirs

from netwatch.evidence import hour
from netwatch.model.decision import Subject

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("original")
    lived_shortly(folder)
    return folder / "ledger.db"


@pytest.fixture
def ledger(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(original, tmp_path / "ledger.db"))


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


@pytest.mark.parametrize("poller", ["''", "'a b'", "x'74657374'", "5"])
def test_a_poller_that_none_can_be_called(
    ledger: Path, poller: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with changing(ledger) as database:
        database.execute(f"UPDATE entries SET poller = {poller} WHERE seq = 40")  # noqa: S608 - of the table above
    for status, told in (ours(ledger, capsys), theirs(ledger)):
        assert (status, "NOT intact" in told) == (1, True)
        assert "entry 40 of poller test is missing" in told or "is missing: 40 stands there" in told


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


def more_late(told: hour.Hour) -> int:
    minutes = told.verdicts[Subject.LINE, "2"]
    minutes[30] = minutes[30]._replace(good=minutes[30].good - 1, late=minutes[30].late + 1)
    return 30


def fewer_lost(told: hour.Hour) -> int:
    """Where no path was blind, so that nothing but the line itself can have lost it."""
    minutes = told.verdicts[Subject.LINE, "2"]
    place = next(
        place
        for place, each in minutes.items()
        if each.lost == 1 and place not in told.blind.get("default", {})
    )
    minutes[place] = minutes[place]._replace(lost=0)
    return place


def another_verdict(told: hour.Hour) -> int:
    minutes = told.verdicts[Subject.UNIT, "1"]
    minutes[30] = minutes[30]._replace(verdict=next(s for s in hour.STATES if s is not minutes[30].verdict))
    return 30


def other_slots(told: hour.Hour) -> int:
    slots = told.slots[2][30]
    object.__setattr__(slots, "marks", b"\x08" + slots.marks[1:])
    return 30


def no_verdict(told: hour.Hour) -> int:
    del told.verdicts[Subject.LINE, "2"][30]
    return 30


@pytest.mark.parametrize("change", [more_late, fewer_lost, another_verdict, other_slots, no_verdict])
def test_an_hour_that_does_not_follow_from_its_slots_though_every_hash_fits(
    ledger: Path, change: Callable[[hour.Hour], int], capsys: pytest.CaptureFixture[str]
) -> None:
    seq = places(ledger)["hour"]
    changed: list[int] = []

    def change_hours(_seq: int, kind: str, body: bytes) -> bytes:
        if kind != "hour":
            return body
        told = hour.decode(body)
        changed.append(change(told))
        return hour.encode(told)

    rewrite(ledger, change_hours)
    for status, told in (ours(ledger, capsys), theirs(ledger)):
        assert (status, f"entry {seq} " in told, f"minute {changed[0]} of" in told) == (1, True, True)


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

"""The store: one writer a chain, all or nothing, each fault in a line; a chain shows what was changed."""

from __future__ import annotations

import contextlib
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings, strategies as st

from netwatch.audit.verification import verify
from netwatch.cli.main import main
from netwatch.evidence.chain import BrokenChain, Entry, New, digest, intact
from netwatch.evidence.place import LedgerError, make_room
from netwatch.evidence.store import Store, pollers
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

ENTRIES = [New("stopped", 1_700_000_000_000_000 + n, b'{"until":%d.0}' % n) for n in range(8)]


def url(folder: Path) -> str:
    return f"sqlite:///{folder / 'ledger.db'}"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(url(tmp_path), "noc")
    store.open()
    yield store
    store.close()


def chain(poller: str = "noc", new: Sequence[New] = ENTRIES) -> list[Entry]:
    found, before = [], bytes(32)
    for seq, each in enumerate(new, start=1):
        before = digest(before, poller, seq, each)
        found.append(Entry(poller, seq, each.at, each.kind, each.body, before))
    return found


def test_what_was_written_is_read_and_goes_on_after_another_start(tmp_path: Path, store: Store) -> None:
    store.write(ENTRIES[:3], [(1, 5, b"x"), (2, 6, b"y")], None)
    store.write(ENTRIES[3:5], [(3, 7, b"z")], 2)
    store.close()
    again = Store(url(tmp_path), "noc")
    again.open()
    again.write(ENTRIES[5:], [], None)
    assert list(again.entries()) == chain()
    assert again.tail() == [(3, 7, b"z")]
    again.close()


def test_many_may_read_while_one_writes(tmp_path: Path, store: Store) -> None:
    store.write(ENTRIES[:4], [], None)
    reading = Store(url(tmp_path), "noc").entries()
    assert next(reading).seq == 1
    store.write(ENTRIES[4:], [], None)
    assert [entry.seq for entry in Store(url(tmp_path), "noc").entries()] == list(range(1, 9))
    reading.close()


def test_one_process_at_a_time_writes_a_chain_and_others_write_their_own(
    tmp_path: Path, store: Store
) -> None:
    with pytest.raises(LedgerError, match="another netwatch writes to it as poller noc"):
        Store(url(tmp_path), "noc").open()
    other = Store(url(tmp_path), "noc-2")
    other.open()
    other.write(ENTRIES[:1], [], None)
    other.close()
    store.write(ENTRIES[:2], [], None)
    assert pollers(url(tmp_path)) == ["noc", "noc-2"]
    store.close()
    again = Store(url(tmp_path), "noc")
    again.open()
    again.close()


@pytest.mark.parametrize("new", [ENTRIES, []], ids=["entries and a piece", "a piece alone"])
def test_a_transaction_that_failed_is_written_once_whether_it_was_committed_or_not(
    store: Store, new: list[New]
) -> None:
    """The answer to a commit may be lost: the same again is no second time."""
    engine = store._engine
    done = engine.dialect.do_commit
    answers = iter([False, True])  # whether the commit is carried out before it fails

    def commit(connection: Any) -> None:
        if (carried := next(answers, None)) is None:
            return done(connection)
        if carried:
            done(connection)
        raise sqlite3.OperationalError("disk I/O error")

    engine.dialect.do_commit = commit  # type: ignore[method-assign]  # where a database fails
    for _ in range(2):
        with pytest.raises(LedgerError, match="disk I/O error"):
            store.write(new, [(1, 5, b"x")], None)
    store.write(new, [(1, 5, b"x")], None)
    store.write(ENTRIES[:1], [], None)
    assert [entry.seq for entry in store.entries()] == list(range(1, len(new) + 2))
    assert list(intact(store.entries()))
    assert store.tail() == [(1, 5, b"x")]


def test_a_chain_that_another_process_went_on_with_is_left_alone(tmp_path: Path, store: Store) -> None:
    store.write(ENTRIES[:2], [], None)
    with contextlib.closing(sqlite3.connect(tmp_path / "ledger.db")) as other, other:
        other.execute("INSERT INTO entries VALUES ('noc', 3, 0, 'x', x'', x'')")
    for problem in ("UNIQUE constraint failed", "another process has written", "another process has written"):
        with pytest.raises(LedgerError, match=problem):
            store.write(ENTRIES[2:], [], None)


def a_folder(file: Path) -> None:
    file.mkdir()


def a_text(file: Path) -> None:
    file.write_text("no database, and longer than the header of one: " * 3, "utf-8")


def a_later_schema(file: Path) -> None:
    store = Store(f"sqlite:///{file}", "noc")
    store.open()
    store.close()
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE meta SET value = '2'")


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (a_folder, "unable to open database file"),
        (a_text, "file is not a database"),
        (a_later_schema, "its schema is 2, and this netwatch knows 1: use a newer one"),
    ],
)
def test_what_is_no_ledger_is_refused_in_a_line_that_names_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], make: Callable[[Path], None], problem: str
) -> None:
    file = tmp_path / "ledger.db"
    make(file)
    with pytest.raises(LedgerError) as told:
        Store(url(tmp_path), "noc").open()
    assert str(told.value) == f"ledger {file}: {problem}"
    assert main(["verify", str(file)]) == 1
    assert capsys.readouterr().err == f"ledger {file}: {problem}\n"


def test_a_place_where_no_folder_can_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(LedgerError, match="Not a directory"):
        make_room(f"sqlite:///{tmp_path}/file/deeper/ledger.db")


@pytest.mark.parametrize("name", ["", "Hưng Yên", "a/b", "..", "-x", "a" * 65, "a\n"])
def test_a_poller_is_called_by_what_can_be_a_file_s_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(LedgerError, match="choose one with --poller"):
        Store(url(tmp_path), name)


@pytest.mark.parametrize(
    "address",
    [
        "postgresql+psycopg://noc:hush-hush@127.0.0.1:1/evidence",
        "postgresql://noc:hush-hush@127.0.0.1:1/evidence",
        "mysql://noc:hush-hush@127.0.0.1/evidence",
        "://hush-hush",
        "sqlite://",
    ],
)
def test_no_fault_repeats_an_address(address: str) -> None:
    with pytest.raises(LedgerError) as told:
        Store(address, "noc").open()
    assert "hush-hush" not in str(told.value)
    assert "\n" not in str(told.value)


COLUMNS = {
    "poller": st.text("ab", max_size=3) | st.just("noc-2"),
    "seq": st.integers(-1, 20),
    "at": st.integers(0, 2**40) | st.text("ab"),
    "kind": st.sampled_from(["started", "hour", "sign", ""]),
    "body": st.binary(max_size=40) | st.text("ab"),
    "hash": st.binary(max_size=40) | st.text("ab"),
}


@given(data=st.data())
@settings(deadline=None)
def test_a_chain_shows_whatever_was_changed(data: st.DataObject) -> None:
    """Any column of any entry; one taken out; two that changed places."""
    entries = chain()
    place = data.draw(st.integers(0, len(entries) - 2))
    change = data.draw(st.sampled_from([*COLUMNS, "take out", "swap"]))
    if change == "take out":
        del entries[place]
    elif change == "swap":
        other = data.draw(st.integers(0, len(entries) - 1).filter(lambda other: other != place))
        entries[place], entries[other] = entries[other], entries[place]
        place = min(place, other)
    else:
        value = data.draw(COLUMNS[change].filter(lambda value: value != getattr(entries[place], change)))
        entries[place] = entries[place]._replace(**{change: value})
    with pytest.raises(BrokenChain, match=f"entry {place + 1} of poller"):
        list(intact(entries))


@given(data=st.data())
@settings(deadline=None, max_examples=30)
def test_verify_names_the_entry_whose_columns_were_changed_in_the_database(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("changed")
    store = Store(url(folder), "noc")
    store.open()
    store.write(ENTRIES, [], None)
    store.close()
    seq = data.draw(st.integers(1, len(ENTRIES) - 1))
    column = data.draw(st.sampled_from([*COLUMNS]))
    entry = chain()[seq - 1]
    taken = {getattr(entry, column), *range(1, 9)}
    value = data.draw(COLUMNS[column].filter(lambda value: value not in taken))
    with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as database, database:
        database.execute(f"UPDATE entries SET {column} = ? WHERE seq = ?", (value, seq))  # noqa: S608
    problem = verify(Store(url(folder), "noc").entries()).problem
    assert f"entry {seq} of poller noc" in problem


def test_where_every_chain_ends_is_told_by_any_of_them(tmp_path: Path, store: Store) -> None:
    store.write(ENTRIES[:3], [], None)
    other = Store(url(tmp_path), "far")
    other.open()
    other.write(ENTRIES, [], None)
    other.close()
    far, noc = chain("far"), chain()
    for asked in (store, other):
        assert asked.ends() == (
            Receipt("far", 8, far[7].at / 1e6, far[7].hash.hex()),
            Receipt("noc", 3, noc[2].at / 1e6, noc[2].hash.hex()),
        )
        assert asked.hash_of("far", 2) == far[1].hash.hex()
        assert asked.hash_of("noc", 4) is None
        assert asked.hash_of("nobody", 1) is None

"""Editions: a public one tells nothing private and verifies as the whole; older ledgers are read."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from lived import GOOD, Clock, Life, live, read
from private import FILES, OPEN, PRIVATE, SECRETS, inventory, lived_privately

from netwatch.audit.verification import Found, verify
from netwatch.evidence import codec, edition
from netwatch.evidence.chain import New
from netwatch.evidence.kinds import KIND_OF, Configured, Document, Trace
from netwatch.evidence.reading import content
from netwatch.evidence.store import Store, pollers, strays

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a ledger and both of its editions."""
    folder = tmp_path_factory.mktemp("lived")
    lived_privately(folder)
    for edit in (edition.public, edition.audit):
        export(folder / "ledger.db", folder / f"{edit.__name__}.db", edit)
    return folder


def export(ledger: Path, file: Path, edit: Any = edition.public, told: Any = lambda _count: None) -> Any:
    store = Store(f"sqlite:///{ledger}", "test")
    (chain,) = edition.write(file, [(store, store.length())], edit, told)
    return chain


def verified(file: Path) -> Found:
    return verify(Store(f"sqlite:///{file}", "test").entries())


def bodies(file: Path) -> Iterator[bytes]:
    """All that a file holds: as it lies on disk, and what is compressed in it."""
    yield file.read_bytes()
    for entry in Store(f"sqlite:///{file}", "test").entries():
        yield zlib.decompress(entry.body) if entry.kind == "hour" else entry.body


@pytest.mark.parametrize("name", ["public", "audit"])
def test_an_edition_verifies_as_the_ledger_does(lived: Path, name: str) -> None:
    """With a changed address, a kill and a restart; not a figure differs."""
    whole, found = verified(lived / "ledger.db"), verified(lived / f"{name}.db")
    assert (whole.problem, found.problem) == ("", "")
    assert (whole.hours, whole.outages > 10, whole.causes > 10) == (3, True, True)
    assert replace(found, details=whole.details, withheld=whole.withheld) == whole
    counted = (found.details, found.withheld)
    assert counted == ((0, whole.details) if name == "public" else (whole.details, 0))
    assert whole.details == 13


def test_the_chain_of_an_edition_is_that_of_the_ledger(lived: Path) -> None:
    chains = [
        [entry._replace(details=None) for entry in Store(f"sqlite:///{lived / name}.db", "test").entries()]
        for name in ("ledger", "public", "audit")
    ]
    assert chains[0] == chains[1] == chains[2]


@pytest.mark.parametrize("secret", SECRETS)
def test_a_public_edition_has_nothing_private_in_any_byte(lived: Path, secret: str) -> None:
    assert not any(secret.encode() in each for each in bodies(lived / "public.db"))
    assert any(secret.encode() in each for each in bodies(lived / "audit.db")), "it was there to be withheld"


@pytest.mark.parametrize("said", OPEN)
def test_a_public_edition_has_what_anybody_may_know(lived: Path, said: str) -> None:
    assert any(said.encode() in each for each in bodies(lived / "public.db"))


def test_a_public_edition_has_no_salt_and_no_hash_of_a_withheld_file(lived: Path) -> None:
    with contextlib.closing(sqlite3.connect(lived / "ledger.db")) as database:
        salts = [salt for (salt,) in database.execute("SELECT salt FROM withheld")]
    hashes = [inventory(lived).files[name].encode() for name in ("netwatch.yaml", "sites/van-lam.yaml")]
    assert len(set(salts)) == 13
    for each in bodies(lived / "public.db"):
        assert not any(salt in each for salt in salts)
        assert not any(known in each for known in hashes)


def test_an_audit_edition_tells_all_that_was_said(lived: Path) -> None:
    said = [content(entry) for entry in Store(f"sqlite:///{lived / 'audit.db'}", "test").entries()]
    assert said == [content(entry) for entry in read(lived).entries()]
    assert {each.name: each.text for each in said if isinstance(each, Document)} == FILES
    assert next(each.address for each in said if isinstance(each, Trace)) == "198.18.1.2"
    configured = [each for each in said if isinstance(each, Configured)]
    assert configured[0].devices == PRIVATE


def test_neither_edition_has_the_tail(lived: Path) -> None:
    assert read(lived).tail()
    for name in ("public", "audit"):
        assert Store(f"sqlite:///{lived / name}.db", "test").tail() == []


def test_an_audit_edition_is_for_its_owner_alone(lived: Path) -> None:
    assert (lived / "audit.db").stat().st_mode & 0o777 == 0o600


def test_a_ledger_that_is_being_written_is_exported_as_it_was_at_the_beginning(tmp_path: Path) -> None:
    life = Life(tmp_path, Clock(), devices=PRIVATE)
    live(life, 3700, iter([(dict.fromkeys(range(4), GOOD), None)] * 3700))
    life.writer.close(10)
    before = life.store.length()
    counts: list[int] = []

    def written(count: int) -> None:
        counts.append(count)
        life.store.write([New("stopped", 1, b'{"until":1.0}')], [(9000, 1, b"x")], None)

    chain = export(tmp_path / "ledger.db", tmp_path / "public.db", told=written)
    assert (chain.entries, sum(counts), life.store.length()) == (before, before, before + len(counts))
    assert chain.head == list(Store(f"sqlite:///{tmp_path / 'public.db'}", "test").entries())[-1].hash.hex()
    assert verified(tmp_path / "public.db").problem == ""
    life.store.close()


def spoil(file: Path, statement: str) -> None:
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        assert database.execute(statement).rowcount == 1


BROKEN = {
    "UPDATE entries SET at = at + 1 WHERE seq = 40": "entry 40 of poller test",
    "DELETE FROM entries WHERE seq = 40": "entry 40 of poller test is missing",
    "DELETE FROM entries WHERE seq = 2": "entry 2 of poller test is missing",
    "UPDATE withheld SET salt = x'' WHERE seq = (SELECT max(seq) FROM withheld)": "not what was written",
}


@pytest.mark.parametrize("statement", BROKEN)
@pytest.mark.parametrize("edit", [edition.public, edition.audit])
def test_of_a_broken_ledger_there_is_no_edition(
    lived: Path, tmp_path: Path, statement: str, edit: Any
) -> None:
    ledger = shutil.copy(lived / "ledger.db", tmp_path / "ledger.db")
    spoil(ledger, statement)
    with pytest.raises(edition.EditionError, match=f"the ledger is broken: .*{BROKEN[statement]}"):
        export(ledger, tmp_path / "edition.db", edit)
    assert not list(tmp_path.glob("edition*"))


def test_a_file_that_is_there_is_left_as_it_is(lived: Path, tmp_path: Path) -> None:
    file = tmp_path / "there.db"
    file.write_text("something of somebody's", "utf-8")
    with pytest.raises(edition.EditionError, match="is there already"):
        export(lived / "ledger.db", file)
    assert file.read_text("utf-8") == "something of somebody's"


def test_a_place_that_cannot_be_written_is_told(lived: Path, tmp_path: Path) -> None:
    with pytest.raises(edition.EditionError, match="cannot be written: No such file or directory"):
        export(lived / "ledger.db", tmp_path / "nowhere" / "edition.db")


def test_an_export_that_is_broken_off_leaves_no_file(lived: Path, tmp_path: Path) -> None:
    def interrupt(_count: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export(lived / "ledger.db", tmp_path / "edition.db", told=interrupt)
    assert not list(tmp_path.iterdir())


def of_an_older_netwatch(folder: Path) -> None:
    """A ledger as it was before details were withheld: its tables and its bodies."""
    whole = folder / "whole"
    whole.mkdir()
    lived_privately(whole)
    entries = list(read(whole).entries())
    new = [
        New(entry.kind, entry.at, codec.dump(content(entry)) if entry.kind != "hour" else entry.body)
        for entry in entries
    ]
    store = Store(f"sqlite:///{folder / 'ledger.db'}", "test")
    store.open()
    store.write(new, read(whole).tail(), None)
    store.close()
    with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as database, database:
        database.execute("DROP TABLE withheld")
        database.execute("UPDATE meta SET value = '1'")


def schema(folder: Path) -> str:
    with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as database:
        return str(database.execute("SELECT value FROM meta").fetchone()[0])


def test_a_ledger_of_an_older_netwatch_is_read_as_it_is_and_gone_on_from(tmp_path: Path) -> None:
    of_an_older_netwatch(tmp_path)
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    before = verified(tmp_path / "ledger.db")
    assert (before.problem, before.details, before.withheld) == ("", 0, 0)
    assert (pollers(url), strays(url), schema(tmp_path)) == (["test"], [], "1"), "reading changes nothing"
    audit = export(tmp_path / "ledger.db", tmp_path / "audit.db", edition.audit)
    assert (audit.details, verified(tmp_path / "audit.db").problem) == (0, "")

    clock = Clock()
    clock.now += 12_017
    life = Life(tmp_path, clock, devices=PRIVATE, inventory=inventory(tmp_path))
    assert schema(tmp_path) == "2"
    live(life, 4000, iter([(dict.fromkeys(range(4), GOOD), None)] * 4000))
    life.end()
    after = verified(tmp_path / "ledger.db")
    assert (after.problem, after.details, after.hours - before.hours) == ("", 1, 1)


def test_of_a_chain_that_an_older_netwatch_began_there_is_no_public_edition(tmp_path: Path) -> None:
    """Its addresses are in the chain: nothing can take them out."""
    of_an_older_netwatch(tmp_path)
    with pytest.raises(
        edition.EditionError, match=r"entry \d+ of poller test \(document\) tells (text|sha256)"
    ):
        export(tmp_path / "ledger.db", tmp_path / "public.db")
    assert not (tmp_path / "public.db").exists()


def test_tables_of_an_older_netwatch_are_changed_once(tmp_path: Path) -> None:
    """Two pollers that start at once on one ledger."""
    of_an_older_netwatch(tmp_path)
    stores = [Store(f"sqlite:///{tmp_path / 'ledger.db'}", name) for name in ("test", "other")]
    for store in stores:
        store.open()
    assert schema(tmp_path) == "2"
    for store in stores:
        store.close()


@pytest.mark.parametrize("pause", [20, 37])
@pytest.mark.parametrize("dropped", ["all", "the first configuration's", "the last configuration's"])
def test_a_restart_after_details_were_dropped_goes_on_and_verifies(
    tmp_path: Path, dropped: str, pause: int
) -> None:
    """At the very end of a minute, or within one."""
    sky = iter([(dict.fromkeys(range(4), GOOD), None)] * 20_000)
    clock = Clock()
    first = Life(tmp_path, clock, devices=PRIVATE, inventory=inventory(tmp_path))
    live(first, 1000, sky)
    first.configure(PRIVATE, inventory(tmp_path))
    live(first, 3000, sky)
    first.kill()
    seqs = [entry.seq for entry in read(tmp_path).entries(kinds=("configured",))]
    chosen = {"all": "seq > 0", "the first configuration's": f"seq = {seqs[0]}"}.get(
        dropped, f"seq = {seqs[-1]}"
    )
    with contextlib.closing(sqlite3.connect(tmp_path / "ledger.db")) as database, database:
        assert database.execute(f"DELETE FROM withheld WHERE {chosen}").rowcount  # noqa: S608 - of the table above
    clock.now += pause
    second = Life(tmp_path, clock, devices=PRIVATE, inventory=inventory(tmp_path))
    live(second, 4000, sky)
    second.end()
    found = verified(tmp_path / "ledger.db")
    assert (found.problem, found.hours) == ("", 2)
    assert [entry.kind for entry in read(tmp_path).entries()].count(KIND_OF[Configured]) == 3


def test_a_restart_keeps_the_numbers_of_lines(tmp_path: Path) -> None:
    """They are given by addresses, which stand beside the chain."""
    clock = Clock()
    for _ in range(2):
        life = Life(tmp_path, clock, devices=PRIVATE, inventory=inventory(tmp_path))
        live(life, 100, iter([(dict.fromkeys(range(4), GOOD), None)] * 100))
        life.kill()
        clock.now += 5
    first, second = (content(entry) for entry in read(tmp_path).entries(kinds=("configured",)))
    assert first.lines == second.lines
    documents = [content(entry).name for entry in read(tmp_path).entries(kinds=("document",))]
    assert sorted(documents) == sorted(FILES), "each is kept once"

"""What a chain alone does not show: an end cut off, a ledger that was written anew, an anchor gone."""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import re
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest
from authority import Authority
from lived import Clock, Life, live, weather
from real import until
from rebuilt import rebuild

from netwatch.audit.anchoring import Told, Trust, examine, heads, notes
from netwatch.cli.main import main
from netwatch.evidence import making
from netwatch.evidence.anchors import AnchorFolder
from netwatch.evidence.chain import New
from netwatch.evidence.heads import decode
from netwatch.evidence.keys import SigningKey, fingerprint, written
from netwatch.evidence.kinds import Anchored
from netwatch.evidence.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netwatch.evidence.chain import Entry
    from netwatch.model.attestation import Receipt

pytestmark = pytest.mark.system

FIRST = dt.date(2023, 11, 14)
DAYS = 4
POLLER = "test"


@dataclass
class Kept:
    """A ledger, its anchors, and what those who verify were given on paper."""

    folder: Path
    key: SigningKey
    authority: Authority

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger.db"

    @property
    def anchors(self) -> Path:
        return self.folder / "anchors"

    def copy(self, folder: Path) -> Kept:
        shutil.copytree(self.folder, folder)
        return Kept(folder, self.key, self.authority)

    def file(self, day: int, suffix: str) -> Path:
        return self.anchors / f"{FIRST + dt.timedelta(days=day)}.{suffix}"

    def verifies(self, *arguments: str) -> bool:
        return main(["verify", str(self.ledger), *arguments]) == 0

    def as_anchored(self) -> bool:
        known = ("--key", written(self.key.public), "--authority", str(self.authority.certificates))
        return self.verifies("--anchors", str(self.anchors), *known)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """Two hours of a life with an anchor every half an hour, as if that were a day."""
    place = tmp_path_factory.mktemp("original")
    kept = Kept(place / "kept", SigningKey.generate(), Authority(place / "tsa"))
    kept.folder.mkdir()
    life, sky = Life(kept.folder, Clock()), weather(1)
    folder = AnchorFolder(kept.anchors)
    for day in range(DAYS):
        live(life, 1800, sky)
        _anchor(life, folder, kept, day)
    live(life, 300, sky)
    life.end()
    with closing(sqlite3.connect(kept.ledger)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return kept


def _anchor(life: Life, folder: AnchorFolder, kept: Kept, day: int) -> None:
    """As the daemon does; the last has no stamp yet."""
    until(lambda: not life.writer.status.queued, "all is written that was lived", 30)
    date = FIRST + dt.timedelta(days=day)
    made = making.make(folder, life.store.ends(), date, round(life.clock.now * 1e6), making.newest(folder))
    making.sign(folder, folder.read(date), kept.key)
    if day < DAYS - 1:
        asked = making.request(folder, folder.read(date))
        answer = kept.authority.answer(asked)
        making.file_response(folder, folder.read(date), asked, answer, [kept.authority.root])
    asyncio.run(_keep(life, Anchored(made.date, made.sha256)))


async def _keep(life: Life, entry: Anchored) -> None:
    await life.chronicle.keep(entry)


@pytest.fixture
def kept(original: Kept, tmp_path: Path) -> Kept:
    return original.copy(tmp_path / "kept")


def cut(kept: Kept) -> None:
    """Take the end of the chain away, from what was anchored last on."""
    (chain,) = decode(kept.file(DAYS - 1, "json").read_bytes()).chains
    with closing(sqlite3.connect(kept.ledger)) as connection, connection:
        connection.execute("DELETE FROM entries WHERE seq >= ?", (chain.seq,))


def forge(kept: Kept, change: Callable[[Entry], New | None]) -> None:
    rebuild(kept.ledger, kept.folder / "forged.db", POLLER, change)
    (kept.folder / "forged.db").replace(kept.ledger)
    for left in ("-wal", "-shm"):
        (kept.folder / f"ledger.db{left}").unlink(missing_ok=True)


def rosier(entry: Entry) -> New:
    """Say in every heartbeat that all units were up, from the beginning on."""
    body = entry.body.replace(b'"down":1', b'"down":0') if entry.kind == "heartbeat" else entry.body
    return New(entry.kind, entry.at, body)


def written_anew(kept: Kept) -> None:
    forge(kept, rosier)


def without_its_anchors(kept: Kept) -> None:
    """As a forger who wants none of them to be missed."""
    forge(kept, lambda entry: None if entry.kind == "anchor" else New(entry.kind, entry.at, entry.body))


def gone(day: int) -> Callable[[Kept], None]:
    def remove(kept: Kept) -> None:
        for suffix in ("json", "sig", "tsq", "tsr"):
            kept.file(day, suffix).unlink(missing_ok=True)

    return remove


def only_gone(suffix: str, day: int) -> Callable[[Kept], None]:
    return lambda kept: kept.file(day, suffix).unlink()


def swapped(*suffixes: str) -> Callable[[Kept], None]:
    """The files of two dates change places."""

    def swap(kept: Kept) -> None:
        for suffix in suffixes:
            one, other = kept.file(1, suffix), kept.file(2, suffix)
            first, second = one.read_bytes(), other.read_bytes()
            one.write_bytes(second)
            other.write_bytes(first)

    return swap


def signed_by_another(kept: Kept) -> None:
    """All of it made anew by who has no key of ours: consistent in itself."""
    key = SigningKey.generate()
    for day in range(DAYS):
        kept.file(day, "sig").write_bytes(key.sign(kept.file(day, "json").read_bytes()))


def stamped_by_another(kept: Kept) -> None:
    other = Authority(kept.folder / "other")
    for day in range(DAYS - 1):
        kept.file(day, "tsr").write_bytes(other.answer(kept.file(day, "tsq").read_bytes()))


def with_a_newline(kept: Kept) -> None:
    kept.file(1, "json").write_bytes(kept.file(1, "json").read_bytes() + b"\n")


def none_at_all(kept: Kept) -> None:
    shutil.rmtree(kept.anchors)


@pytest.mark.parametrize(
    ("forgery", "problem"),
    [
        (cut, r"test: entry \d+, anchored on 2023-11-17, is missing: the chain ends at \d+"),
        (written_anew, r"test: entry \d+ is not the one that was anchored on 2023-11-14"),
        (without_its_anchors, r"test: entry \d+ is not the one that was anchored on 2023-11-15"),
        (gone(0), "the head before 2023-11-15.json, which that follows on, is missing"),
        (
            gone(1),
            "2023-11-16.json does not follow on 2023-11-14.json: one is missing between them, or changed",
        ),
        (gone(DAYS - 1), r"test: entry \d+ tells of the head of 2023-11-17: 2023-11-17.json is missing"),
        (only_gone("json", 1), "2023-11-15.json is missing: other files of that date are there"),
        (only_gone("sig", DAYS - 1), "2023-11-17.json is not signed, nor is any head after it"),
        (swapped("json", "sig", "tsq", "tsr"), "2023-11-15.json: it is the head of 2023-11-16"),
        (swapped("sig"), "2023-11-15.sig: the signature does not fit"),
        (swapped("tsq", "tsr"), "2023-11-15.tsq: it is about other bytes"),
        (swapped("tsr"), "2023-11-15.tsr: it is about other bytes"),
        (with_a_newline, "2023-11-15.json: not canonical JSON"),
        (signed_by_another, "2023-11-14.sig: signed by another key, [0-9a-f]{64}"),
        (stamped_by_another, "2023-11-14.tsr: its signature does not fit, or its certificate is not trusted"),
        (none_at_all, "anchors: there are none in .*/anchors"),
    ],
)
def test_what_a_chain_alone_does_not_show(
    kept: Kept, capsys: pytest.CaptureFixture[str], forgery: Callable[[Kept], None], problem: str
) -> None:
    forgery(kept)
    assert kept.verifies(), "the chain is intact in itself"
    capsys.readouterr()
    assert not kept.as_anchored()
    told = capsys.readouterr()
    line = [line for line in (told.out + told.err).splitlines() if line.startswith("anchors: ")]
    assert len(line) == 1
    assert re.search(problem, line[0])


def test_a_ledger_that_is_as_it_was_anchored(kept: Kept, capsys: pytest.CaptureFixture[str]) -> None:
    assert kept.as_anchored()
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith("anchors: as anchored: 4 heads, 2023-11-14 to 2023-11-17; ")
    assert f"4 signed by {fingerprint(kept.key.public)} (known); 3 stamped by Test TSA (checked)" in told
    assert ": that of 2023-11-14 existed at 20" in told
    assert ", that of 2023-11-16 existed at 20" in told


def test_without_key_and_certificates_it_says_that_nobody_is_known(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    signed_by_another(kept)
    stamped_by_another(kept)
    assert kept.verifies("--anchors", str(kept.anchors))
    told = capsys.readouterr().out.splitlines()[-1]
    assert "(unknown: --key KEY compares it with one that you know)" in told
    assert "3 stamped by Test TSA (not checked: --authority CA.pem" in told
    assert "existed at" not in told


def test_heads_that_nobody_vouches_for_still_show_a_cut(
    kept: Kept, capsys: pytest.CaptureFixture[str]
) -> None:
    """Copies in other hands are enough, as long as these are honest."""
    for day in range(DAYS):
        for suffix in ("sig", "tsq", "tsr"):
            kept.file(day, suffix).unlink(missing_ok=True)
    assert kept.verifies("--anchors", str(kept.anchors))
    assert "none is signed; none is stamped, so nothing proves" in capsys.readouterr().out
    authority = ("--authority", str(kept.authority.certificates))
    assert not kept.verifies("--anchors", str(kept.anchors), *authority)
    assert "no head is stamped" in capsys.readouterr().out
    cut(kept)
    assert not kept.verifies("--anchors", str(kept.anchors))
    assert "is missing: the chain ends at" in capsys.readouterr().out


def test_an_earlier_head_may_lack_signature_and_stamp(kept: Kept) -> None:
    """A later one has its hash, and is signed and stamped."""
    for suffix in ("sig", "tsq", "tsr"):
        kept.file(1, suffix).unlink()
    assert kept.as_anchored()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--key", "AAAA"], "anchors: no public key"),
        (["--authority", "/does/not/exist"], "anchors: .*No such file"),
        (["--authority", "{anchors}/2023-11-14.json"], "anchors: no certificates in PEM"),
    ],
)
def test_a_mistake_on_the_command_line_is_one_line(
    kept: Kept, capsys: pytest.CaptureFixture[str], arguments: list[str], problem: str
) -> None:
    given = [each.format(anchors=kept.anchors) for each in arguments]
    assert not kept.verifies("--anchors", str(kept.anchors), *given)
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert re.match(problem, told[0])


@pytest.mark.parametrize("argument", ["--key", "--authority"])
def test_whom_one_knows_is_about_anchors(
    kept: Kept, capsys: pytest.CaptureFixture[str], argument: str
) -> None:
    """Who forgets the folder must not think that anything was compared."""
    assert not kept.verifies(argument, str(kept.authority.certificates))
    assert "name their folder with --anchors" in capsys.readouterr().err


class Remembered:
    """The ledger's hashes, looked up once."""

    def __init__(self, store: Store) -> None:
        self._ends = store.ends()
        self._hashes = {(entry.poller, entry.seq): entry.hash.hex() for entry in store.entries()}

    def ends(self) -> tuple[Receipt, ...]:
        return self._ends

    def hash_of(self, poller: str, seq: int) -> str | None:
        return self._hashes.get((poller, seq))


@pytest.mark.parametrize(
    ("field", "all_of_it"), [("head", True), ("signature", True), ("request", False), ("response", False)]
)
def test_every_byte_counts(original: Kept, field: str, all_of_it: bool) -> None:
    """Of a request the nonce counts; of a response some bytes mean nothing, and no two stamps come of it."""
    ledger = Remembered(Store(f"sqlite:///{original.ledger}", POLLER))
    anchors = AnchorFolder(original.anchors).all()
    trust = Trust({original.key.public}, [original.authority.root])
    good = examine(anchors, ledger, (), trust)
    assert good.problem == ""
    data: bytes = getattr(anchors[1], field)
    found = 0
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 + place % 255
        forged = [anchors[0], replace(anchors[1], **{field: bytes(changed)}), *anchors[2:]]
        seen = examine(forged, ledger, (), trust)
        assert seen.problem or seen == good
        found += bool(seen.problem)
    assert found == len(data) if all_of_it else found > 0.9 * len(data)


def test_another_pollers_anchors_are_not_missed(original: Kept) -> None:
    """Two that share a ledger have a folder each."""
    store = Store(f"sqlite:///{original.ledger}", POLLER)
    anchors = AnchorFolder(original.anchors).all()
    ours = Told(POLLER, 5, anchors[0].date, hashlib.sha256(anchors[0].head or b"").hexdigest())
    theirs = Told("other", 9, anchors[0].date, "0" * 64)
    assert examine(anchors, store, [ours, theirs], Trust()).problem == ""
    missed = replace(ours, seq=6, date=FIRST - dt.timedelta(days=1))
    assert (
        "test: entry 6 tells of the head of 2023-11-13"
        in examine(anchors, store, [ours, missed], Trust()).problem
    )
    other = replace(ours, seq=6, date=anchors[1].date)
    assert (
        "test: entry 6 tells of another head of 2023-11-15"
        in examine(anchors, store, [ours, other], Trust()).problem
    )


def test_a_report_has_notes_of_what_was_anchored(original: Kept) -> None:
    store = Store(f"sqlite:///{original.ledger}", POLLER)
    anchors = AnchorFolder(original.anchors).all()
    found = notes(anchors, store.hash_of, {original.key.public}, [original.authority.root])
    by = fingerprint(original.key.public)
    assert [(note.date, note.poller, note.fits, note.signed_by) for note in found] == [
        (f"2023-11-{14 + day}", POLLER, True, by) for day in range(DAYS)
    ]
    assert [note.authority for note in found] == ["Test TSA"] * 3 + [""]
    assert [note.stamp_checked for note in found] == [True] * 3 + [False]
    assert [note.stamped_at is None for note in found] == [False] * 3 + [True]
    last = next(iter(heads(store)))
    assert (last.poller, last.hash) == (POLLER, store.hash_of(POLLER, last.seq))
    assert store.hash_of(POLLER, last.seq + 1) is None


def test_notes_tell_of_what_does_not_hold(original: Kept) -> None:
    store = Store(f"sqlite:///{original.ledger}", POLLER)
    first, second, third, last = AnchorFolder(original.anchors).all()
    stranger = SigningKey.generate()
    forged = (
        replace(first, head=(first.head or b"") + b" "),
        replace(second, signature=stranger.sign(second.head or b"")),
        replace(third, response=first.response),
    )
    found = notes((*forged, last), lambda _poller, _seq: None, {original.key.public}, [])
    assert [(note.poller, note.fits) for note in found] == [("", False)] + [(POLLER, False)] * 3
    by = fingerprint(original.key.public)
    assert [note.signed_by for note in found] == ["", "", by, by]
    assert [note.authority for note in found] == ["", "Test TSA", "", ""]
    assert not any(note.stamp_checked for note in found), "no certificate was given"
    unknown = notes(forged[1:2], store.hash_of)
    assert [(note.fits, note.signed_by) for note in unknown] == [(True, fingerprint(stranger.public))]

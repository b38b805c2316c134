"""`netwatch anchor`, as typed: the key, a head by hand, and stamps that go out and come in by stick."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest
from authority import Authority

from netwatch.cli.main import main
from netwatch.evidence import heads, making
from netwatch.evidence.anchors import HEAD, REQUEST, RESPONSE, AnchorFolder
from netwatch.evidence.chain import New
from netwatch.evidence.key_file import read_key
from netwatch.evidence.keys import check, fingerprint, written
from netwatch.evidence.store import Store
from netwatch.evidence.timestamps import request
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from pathlib import Path

DATES = [dt.date(2026, 11, 24) + dt.timedelta(days=day) for day in range(3)]
ENDS = (Receipt("noc", 7, 0.0, bytes(32).hex()), Receipt("far", 9, 0.0, bytes(32).hex()))


@pytest.fixture
def folder(tmp_path: Path) -> AnchorFolder:
    """Three heads, neither signed nor stamped."""
    folder = AnchorFolder(tmp_path / "anchors")
    for number, date in enumerate(DATES):
        made = round(dt.datetime(2026, 11, 25 + number, tzinfo=dt.UTC).timestamp()) * 1_000_000
        making.make(folder, ENDS, date, made, making.newest(folder))
    return folder


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.db"
    store = Store(f"sqlite:///{path}", "noc")
    store.open()
    store.write([New("stopped", number, b'{"until":0.0}') for number in range(5)], [], None)
    store.close()
    return path


class Typed:
    """Runs commands on a folder; keeps what they print."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *arguments: object) -> tuple[int, str, str]:
        status = main(["anchor", *map(str, arguments)])
        told = self._capsys.readouterr()
        return status, told.out, told.err


@pytest.fixture
def anchor(capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typed(capsys)


def test_a_key_is_made_once_and_its_public_half_is_told(anchor: Typed, tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    status, out, _ = anchor("key", path)
    key = read_key(path)
    assert status == 0
    assert out.splitlines() == [
        f"private key  {path}",
        f"public key   {written(key.public)}",
        f"fingerprint  {fingerprint(key.public)}",
    ]
    assert not any(line in out for line in path.read_text().splitlines()[1:-1])
    assert anchor("key", path) == (
        1,
        "",
        f"{path}: it is there already, and a key is never written over\n",
    )
    assert read_key(path).public == key.public
    status, _, err = anchor("key", tmp_path / "nowhere" / "key.pem")
    assert (status, err) == (1, f"{tmp_path}/nowhere/key.pem: No such file or directory\n")


def test_a_head_is_made_by_hand_of_today_and_only_one(anchor: Typed, ledger: Path, tmp_path: Path) -> None:
    anchor("key", tmp_path / "key.pem")
    folder = AnchorFolder(tmp_path / "anchors")
    before = dt.datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    make = ("make", ledger, "--anchors", folder.path, "--key", tmp_path / "key.pem")
    status, out, _ = anchor(*make, "--timezone", "Pacific/Kiritimati")
    (date,) = folder.dates()
    made = folder.read(date)
    head = heads.decode(made.head or b"")
    assert (status, out) == (0, f"{date}  SHA-256 {heads.digest(made.head or b'')}  signed\n")
    assert before <= date <= dt.datetime.now(ZoneInfo("Pacific/Kiritimati")).date()
    last = Store(f"sqlite:///{ledger}", "noc").ends()[0]
    assert head.chains == (heads.ChainEnd("noc", 5, last.hash),)
    assert check(made.head or b"", made.signature or b"") == read_key(tmp_path / "key.pem").public
    status, out, err = anchor(*make, "--timezone", "Pacific/Pago_Pago")
    assert (status, out) == (1, "")
    assert f"there is a head of {date} already" in err
    assert folder.dates() == [date]


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("make", "{place}/none.db"), "there is no ledger {place}/none.db"),
        (("make", "{place}/ledger.db", "--key", "{place}/none.pem"), "{place}/none.pem: No such file"),
        (("make", "{place}/ledger.db", "--timezone", "Hanoi"), "'Hanoi' is not a time zone"),
        (("make", "{place}/ledger.db", "--timezone", "../etc/passwd"), "'../etc/passwd' is not a time zone"),
        (("request", "yesterday"), "'yesterday' is not a date"),
        (("request", "2026-11-30"), "there is no head of 2026-11-30 in {place}/anchors"),
        (("response", "{place}/none.tsr"), "{place}/none.tsr: No such file or directory"),
        (("list", "--authority", "{place}/none.pem"), "{place}/none.pem: No such file or directory"),
        (("list", "--authority", "{place}/ledger.db"), "no certificates in PEM"),
        (("list", "--anchors", "{place}/elsewhere"), "there are no anchors in {place}/elsewhere"),
    ],
)
def test_a_mistake_is_one_line(  # noqa: PLR0917 - a table's columns and the fixtures
    anchor: Typed,
    folder: AnchorFolder,
    ledger: Path,
    tmp_path: Path,
    arguments: tuple[str, ...],
    problem: str,
) -> None:
    assert ledger.exists()
    given = [each.format(place=tmp_path) for each in arguments]
    if "--anchors" not in given:
        given += ["--anchors", str(folder.path)]
    status, out, err = anchor(*given)
    assert (status, out) == (1, "")
    assert err.startswith(problem.format(place=tmp_path))
    assert err.count("\n") == 1
    assert folder.dates() == DATES


def test_requests_are_written_once_for_every_head_without_a_stamp(
    anchor: Typed, folder: AnchorFolder
) -> None:
    status, out, _ = anchor("request", "--anchors", folder.path, "2026-11-25")
    assert (status, out) == (0, f"{folder.path}/2026-11-25.tsq\n")
    asked = folder.file(DATES[1], REQUEST)
    status, out, _ = anchor("request", "--anchors", folder.path)
    assert (status, len(out.splitlines())) == (0, 3)
    assert folder.file(DATES[1], REQUEST) == asked


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "tsa")


@pytest.mark.system
def test_stamps_go_out_and_come_in_by_stick(
    anchor: Typed, folder: AnchorFolder, authority: Authority, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    for name in anchor("request", "--anchors", folder.path)[1].splitlines():
        shutil.copy(name, stick)
    for number, path in enumerate(sorted(stick.glob("*.tsq"))):
        (stick / f"FILE{number}.TSR").write_bytes(authority.answer(path.read_bytes()))
    answers = sorted(stick.glob("*.TSR"), reverse=True)
    status, out, err = anchor(
        "response", *answers, "--anchors", folder.path, "--authority", authority.certificates
    )
    assert (status, err) == (0, "")
    lines = out.splitlines()
    assert [line[:10] for line in lines] == [str(date) for date in reversed(DATES)]
    assert all(re.search(r"stamped 20.* \+00:00 by Test TSA$", line) for line in lines)
    assert folder.dates(RESPONSE) == DATES
    for date in DATES:
        head, response = (folder.path / f"{date}.{suffix}" for suffix in (HEAD, RESPONSE))
        assert authority.verifies(head, response) == "Verification: OK"
    status, _, err = anchor("response", answers[0], "--anchors", folder.path)
    assert (status, "it is there already, and is never changed" in err) == (1, True)
    assert "every head has its stamp" in anchor("request", "--anchors", folder.path)[2]


@pytest.mark.system
def test_an_answer_to_something_else_is_not_filed_and_the_others_are(
    anchor: Typed, folder: AnchorFolder, authority: Authority, tmp_path: Path
) -> None:
    status, _, err = anchor("response", "/dev/null", "--anchors", folder.path)
    assert (status, err) == (1, "/dev/null: not a regular file\n")
    page = tmp_path / "page.tsr"
    page.write_text("<html>")
    status, _, err = anchor("response", page, "--anchors", folder.path)
    assert (status, "there is no request that it could answer" in err) == (1, True)
    anchor("request", "--anchors", folder.path)
    head = folder.file(DATES[1], HEAD) or b""
    stranger, again, good, forged = (tmp_path / f"{name}.tsr" for name in ("a", "b", "c", "d"))
    stranger.write_bytes(authority.answer(request(b"something else")))
    again.write_bytes(authority.answer(request(head)))
    good.write_bytes(authority.answer(folder.file(DATES[1], REQUEST) or b""))
    forged.write_bytes(Authority(tmp_path / "other").answer(folder.file(DATES[2], REQUEST) or b""))
    status, out, err = anchor(
        *("response", page, stranger, again, forged, good),
        *("--anchors", folder.path, "--authority", authority.certificates),
    )
    assert status == 1
    assert out.startswith("2026-11-25  stamped 20")
    assert err.splitlines() == [
        f"{page}: not a response of a time-stamping authority",
        f"{stranger}: it answers none of the requests: it is about other bytes",
        f"{again}: it answers another request: its nonce is another",
        f"{forged}: its signature does not fit, or its certificate is not trusted to stamp at that time",
    ]
    assert folder.dates(RESPONSE) == [DATES[1]]


@pytest.mark.system
def test_the_list_says_what_was_signed_and_stamped_by_whom(
    anchor: Typed, folder: AnchorFolder, authority: Authority, tmp_path: Path
) -> None:
    anchor("key", tmp_path / "key.pem")
    key = read_key(tmp_path / "key.pem")
    making.sign(folder, folder.read(DATES[0]), key)
    asked = making.request(folder, folder.read(DATES[0]))
    making.file_response(folder, folder.read(DATES[0]), asked, authority.answer(asked), ())
    (folder.path / "2026-11-25.sig").write_text("{}")
    (folder.path / "2026-11-26.json").write_text("{}")
    status, out, _ = anchor("list", "--anchors", folder.path)
    assert status == 0
    shown, first, second, third = out.splitlines()
    assert shown.split() == ["DATE", "CHAINS", "MADE", "SIGNED", "BY", "STAMPED", "BY"]
    assert first.split()[:2] == ["2026-11-24", "2"]
    assert f"2026-11-25 00:00:00 +00:00    {fingerprint(key.public)}  20" in first
    assert first.endswith("Test TSA (not checked)")
    assert "not the JSON of a signature" in second
    assert "not the JSON of a daily head" in third
    status, out, _ = anchor("list", "--anchors", folder.path, "--authority", authority.certificates)
    assert out.splitlines()[1].endswith("  Test TSA")

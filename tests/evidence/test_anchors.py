"""The folder of anchors: files are whole or not there, never changed, readable by all, and small."""

from __future__ import annotations

import datetime as dt
import os
import stat
from typing import TYPE_CHECKING

import pytest

from netwatch.evidence import heads, making, timestamps
from netwatch.evidence.anchors import (
    HEAD,
    LARGEST,
    REQUEST,
    RESPONSE,
    SENT,
    SIGNATURE,
    AnchorError,
    AnchorFolder,
)
from netwatch.evidence.keys import SigningKey, check
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DATE = dt.date(2026, 11, 27)
DAY = dt.timedelta(days=1)
ENDS = (Receipt("noc", 7, 0.0, bytes(range(32)).hex()),)


@pytest.fixture
def folder(tmp_path: Path) -> AnchorFolder:
    return AnchorFolder(tmp_path / "anchors")


def test_a_file_is_written_whole_and_for_all_to_read(folder: AnchorFolder) -> None:
    before = os.umask(0o077)
    try:
        folder.add(DATE, HEAD, b"head")
    finally:
        os.umask(before)
    assert [path.name for path in folder.path.iterdir()] == ["2026-11-27.json"]
    assert stat.S_IMODE((folder.path / "2026-11-27.json").stat().st_mode) == 0o644
    assert folder.read(DATE).head == b"head"


@pytest.mark.parametrize("suffix", [HEAD, SIGNATURE, REQUEST, RESPONSE])
def test_a_file_is_never_changed(folder: AnchorFolder, suffix: str) -> None:
    folder.add(DATE, suffix, b"first")
    with pytest.raises(AnchorError, match=f"2026-11-27.{suffix}: it is there already, and is never changed"):
        folder.add(DATE, suffix, b"second")
    assert folder.file(DATE, suffix) == b"first"
    assert len(list(folder.path.iterdir())) == 1, "nothing is left behind"


def test_what_it_was_sent_to_may_be_told_anew(folder: AnchorFolder) -> None:
    folder.replace(DATE, SENT, b"[]")
    folder.replace(DATE, SENT, b"[1]")
    assert folder.file(DATE, SENT) == b"[1]"
    assert folder.dates() == [], "that is no anchor"


def test_dates_are_in_order_and_of_any_file_or_one_kind(folder: AnchorFolder) -> None:
    for days, suffix in ((3, HEAD), (1, HEAD), (2, SIGNATURE)):
        folder.add(DATE + days * DAY, suffix, b"x")
    for stray in ("2026-11-31.json", "notes.json", ".2026-11-28.json.x", "2026-11-28.json~", "2026-1-1.json"):
        (folder.path / stray).write_bytes(b"x")
    assert folder.dates() == [DATE + days * DAY for days in (1, 2, 3)]
    assert folder.dates(HEAD) == [DATE + DAY, DATE + 3 * DAY]
    assert [anchor.date for anchor in folder.all()] == folder.dates()


def test_a_folder_that_is_not_there_has_none(folder: AnchorFolder) -> None:
    assert folder.all() == []
    assert making.newest(folder) is None


def too_large(path: Path) -> None:
    path.write_bytes(bytes(LARGEST[HEAD] + 1))


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_loop(path: Path) -> None:
    path.symlink_to(path)


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (too_large, "more than 1048576 bytes"),
        (a_pipe, "not a regular file"),
        (a_folder, "cannot be read: Is a directory"),
        (a_loop, "cannot be read"),
    ],
)
def test_a_file_that_is_none(folder: AnchorFolder, make: Callable[[Path], None], problem: str) -> None:
    folder.path.mkdir()
    make(folder.path / "2026-11-27.json")
    with pytest.raises(AnchorError, match=problem) as raised:
        folder.all()
    assert "2026-11-27.json" in str(raised.value)


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AnchorError, match=r"2026-11-27.json: cannot be written"):
        AnchorFolder(tmp_path / "file" / "anchors").add(DATE, HEAD, b"")
    with pytest.raises(AnchorError, match="file: Not a directory"):
        AnchorFolder(tmp_path / "file").dates()


def test_each_head_names_the_one_before(folder: AnchorFolder) -> None:
    first = making.make(folder, ENDS, DATE, 5, making.newest(folder))
    second = making.make(folder, ENDS, DATE + 3 * DAY, 6, making.newest(folder))
    assert making.newest(folder) == second
    data = folder.file(DATE + 3 * DAY, HEAD) or b""
    head = heads.decode(data)
    assert (head.previous, heads.digest(data)) == (first.sha256, second.sha256)
    assert head.chains == (heads.ChainEnd("noc", 7, bytes(range(32)).hex()),)
    assert head.made == 6


@pytest.mark.parametrize("days", [0, -1])
def test_there_is_one_head_a_date_and_none_before_the_last(folder: AnchorFolder, days: int) -> None:
    making.make(folder, ENDS, DATE, 5, None)
    with pytest.raises(AnchorError, match="there is a head of 2026-11-27 already"):
        making.make(folder, ENDS, DATE + days * DAY, 6, making.newest(folder))
    assert folder.dates() == [DATE]


def test_an_empty_ledger_has_no_head(folder: AnchorFolder) -> None:
    with pytest.raises(AnchorError, match="the ledger is empty"):
        making.make(folder, (), DATE, 5, None)
    assert folder.dates() == []


def test_a_head_is_signed_once(folder: AnchorFolder) -> None:
    making.make(folder, ENDS, DATE, 5, None)
    key = SigningKey.generate()
    for signer in (key, SigningKey.generate()):
        making.sign(folder, folder.read(DATE), signer)
    anchor = folder.read(DATE)
    assert check(anchor.head or b"", anchor.signature or b"") == key.public


def test_a_head_has_one_request(folder: AnchorFolder) -> None:
    """An answer that was sent for by stick still fits when it comes."""
    making.make(folder, ENDS, DATE, 5, None)
    asked = making.request(folder, folder.read(DATE))
    assert making.request(folder, folder.read(DATE)) == asked == folder.file(DATE, REQUEST)


def test_a_request_about_something_else_is_not_sent(folder: AnchorFolder) -> None:
    making.make(folder, ENDS, DATE, 5, None)
    folder.add(DATE, REQUEST, timestamps.request(b"something else"))
    with pytest.raises(timestamps.StampError, match="about other bytes"):
        making.request(folder, folder.read(DATE))


def test_without_a_head_there_is_nothing_to_stamp(folder: AnchorFolder) -> None:
    with pytest.raises(AnchorError, match="there is no head of 2026-11-27"):
        making.request(folder, folder.read(DATE))

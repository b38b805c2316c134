"""`netwatch export`: what is printed, what is left behind, and what is refused in a line."""

from __future__ import annotations

import contextlib
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from netwatch.cli.main import main
from netwatch.evidence import withholding
from netwatch.evidence.chain import New
from netwatch.evidence.store import Store
from netwatch.model.trace import Trace

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "198.18.1.77"


def write(folder: Path, poller: str, count: int) -> None:
    store = Store(f"sqlite:///{folder / 'ledger.db'}", poller)
    store.open()
    new = []
    for number in range(count):
        body = withholding.body("trace", Trace(float(number), "gw", ADDRESS), bytes)
        new.append(New("trace", number, *body))
    store.write([*new, New("stopped", count, b'{"until":1.0}')], [(1, 1, b"x")], None)
    store.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, "noc", 3)
    write(tmp_path, "second", 2500)
    return tmp_path


def export(folder: Path, *options: str, output: str = "edition.db") -> int:
    return main(["export", str(folder / "ledger.db"), "--output", str(folder / output), *options])


def rows(file: Path, table: str) -> int:
    with contextlib.closing(sqlite3.connect(file)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - a test's own


def test_every_chain_is_written_and_told_with_its_head(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert export(folder, "--public") == 0
    told = capsys.readouterr()
    heads = [
        list(Store(f"sqlite:///{folder / 'ledger.db'}", name).entries())[-1] for name in ("noc", "second")
    ]
    kept = "details of 0 of them, those of {} withheld; the last has the hash {}"
    assert told.out.splitlines() == [
        "noc: 4 entries, " + kept.format(3, heads[0].hash.hex()),
        "second: 2501 entries, " + kept.format(2500, heads[1].hash.hex()),
    ]
    assert told.err.splitlines()[-1] == f"writing {folder / 'edition.db'}: 2505 of 2505 entries"
    assert ADDRESS.encode() not in (folder / "edition.db").read_bytes()
    assert (rows(folder / "edition.db", "withheld"), rows(folder / "edition.db", "tail")) == (0, 0)
    assert not list(folder.glob("edition.db-*")), "one file is the whole"


def test_an_audit_edition_has_the_details(folder: Path) -> None:
    assert export(folder, "--audit") == 0
    assert (rows(folder / "edition.db", "withheld"), rows(folder / "edition.db", "tail")) == (2503, 0)
    assert ADDRESS.encode() in (folder / "edition.db").read_bytes()


def test_one_chain_alone(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(folder, "--public", "--poller", "noc") == 0
    assert rows(folder / "edition.db", "entries") == 4
    assert capsys.readouterr().out.count("\n") == 1
    assert export(folder, "--audit", "--poller", "nobody", output="other.db") == 1
    assert capsys.readouterr().err == "no such chain in the ledger: nothing is written\n"
    assert not (folder / "other.db").exists()


def test_what_is_there_is_not_written_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(folder, "--audit", output="ledger.db") == 1
    assert (
        capsys.readouterr().err.splitlines()[-1]
        == f"{folder / 'ledger.db'} is there already: give another name"
    )
    assert rows(folder / "ledger.db", "entries") == 2505


def test_a_broken_chain_is_told_and_nothing_is_left(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with contextlib.closing(sqlite3.connect(folder / "ledger.db")) as database, database:
        database.execute("UPDATE entries SET at = 9 WHERE poller = 'second' AND seq = 2000")
    assert export(folder, "--public") == 1
    assert "the ledger is broken: entry 2000 of poller second (trace) is not what" in capsys.readouterr().err
    assert not list(folder.glob("edition*"))


@pytest.mark.parametrize("options", [[], ["--public", "--audit"]])
def test_which_edition_has_to_be_said(
    folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        export(folder, *options)
    assert ended.value.code == 2
    assert "--public" in capsys.readouterr().err


def test_a_ledger_that_is_not_there_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert export(tmp_path, "--public") == 1
    assert capsys.readouterr().err == f"there is no ledger {tmp_path / 'ledger.db'}\n"
    assert not list(tmp_path.iterdir())


LIMITED = """
import resource, signal, sys
from netwatch.cli.main import main
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
sys.exit(main(sys.argv[1:]))
"""


def test_a_disk_that_takes_no_more_is_told_and_leaves_no_file(folder: Path) -> None:
    """A limit on the size of files stands for a full disk."""
    names = [str(folder / name) for name in ("ledger.db", "edition.db")]
    command = [sys.executable, "-c", LIMITED, "export", names[0], "--audit", "--output", names[1]]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1, done.stderr
    assert f"ledger {names[1]}: " in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert not list(folder.glob("edition*"))

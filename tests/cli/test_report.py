"""`netwatch report`: from a ledger that was lived to files, and one line for every mistake."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from lived import GOOD, LOST, T0, Clock, Life

from netwatch.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

REGISTER = """\
# province: P
# example: false
code,name,kind,district,valid_from,valid_to,predecessors,latitude,longitude,source
1,Xã Một,xã,,2020-01-01,,,,,made up
2,Phường Hai,phường,,2020-01-01,,,,,made up
3,Xã Ba,xã,,2020-01-01,,,,,made up
"""

SITES = """\
sites:
  - {area: a, devices: [{name: noc, address: 198.18.0.2, role: reference}]}
  - {unit: "1", area: a, devices: [{name: gw-a, address: 198.18.1.1, role: uplink}]}
"""

DAY = "2023-11-15"
"""The day of `T0` in the province: 06:00 there."""


@dataclass(frozen=True)
class Field:
    """A configuration, and a state folder with a ledger of two hours."""

    folder: Path

    def run(self, *more: str) -> int:
        config, state = str(self.folder / "config"), str(self.folder)
        return main(["report", "--config", config, "--state", state, "--jobs", "1", *more])


@pytest.fixture(name="field", scope="module")
def make_field(tmp_path_factory: pytest.TempPathFactory) -> Field:
    folder = tmp_path_factory.mktemp("report")
    for below in ("registers", "sites"):
        (folder / "config" / below).mkdir(parents=True)
    (folder / "config" / "registers" / "r.csv").write_text(REGISTER, "utf-8")
    (folder / "config" / "netwatch.yaml").write_text("registers: {r: registers/r.csv}\n", "utf-8")
    (folder / "config" / "sites" / "s.yaml").write_text(SITES, "utf-8")
    life = Life(folder, Clock())
    while life.clock.now < T0 + 7500:
        down = T0 + 600 <= life.clock.now < T0 + 900
        life.second(dict.fromkeys(range(4), GOOD) | ({2: LOST} if down else {}))
    life.end()
    return Field(folder)


def test_a_day_as_csv_has_a_row_for_each_unit(
    field: Field, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert field.run("--period", DAY, "--format", "csv") == 0
    out, _ = capsysbinary.readouterr()
    told = {row["code"]: row for row in csv.DictReader(io.StringIO(out.decode("utf-8-sig"), newline=""))}
    assert {code: (row["up"], row["down"], row["unknown"]) for code, row in told.items()} == {
        "1": ("115", "5", "1320"),
        "2": ("120", "0", "1320"),
        "3": ("0", "0", "1440"),
    }
    assert (told["1"]["outages"], told["1"]["name"], told["3"]["monitored"]) == ("1", "Xã Một", "no")


def test_a_file_is_written_whole_and_says_what_the_ledger_says(field: Field, tmp_path: Path) -> None:
    output = tmp_path / "report.json"
    output.write_text("the one before", "utf-8")
    assert field.run("--period", "2023-11", "--format", "json", "--output", str(output)) == 0
    told = json.loads(output.read_text("utf-8"))
    (outage,) = told["units"][0]["outages"]
    assert outage["start"] == pytest.approx(T0 + 600.8)
    assert outage["end"] == pytest.approx(T0 + 900.8)
    assert told["heads"][0]["poller"] == "test"
    assert [path.name for path in tmp_path.iterdir()] == ["report.json"], "nothing is left aside"
    assert output.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(("language", "told"), [("vi", "Xã Một"), ("en", '<html lang="en"')])
def test_a_page_is_written_in_either_language(
    field: Field, capsysbinary: pytest.CaptureFixture[bytes], language: str, told: str
) -> None:
    assert field.run("--period", DAY, "--lang", language) == 0
    assert told in capsysbinary.readouterr().out.decode()


@pytest.mark.parametrize(
    ("more", "told"),
    [
        (("--period", "2023-13"), "2023-13-01 is no day of the calendar"),
        (("--period", "2099-01"), "'2099-01' has not begun yet"),
        (("--period", "2023-11-14"), "period '2023-11-14' lies before it"),
        (("--period", DAY, "--poller", "other"), "no chain of a poller 'other': it has test"),
        (("--period", DAY, "--ledger", "/nowhere/ledger.db"), "there is no ledger /nowhere/ledger.db"),
        (("--period", DAY, "--anchors", "/nowhere"), "there is no folder /nowhere"),
        (("--period", DAY, "--output", "/nowhere/report.html"), "cannot be written: No such file"),
    ],
)
def test_a_mistake_is_one_line(
    field: Field, capsys: pytest.CaptureFixture[str], more: tuple[str, ...], told: str
) -> None:
    assert field.run(*more) == 1
    out, err = capsys.readouterr()
    lines = [line for line in err.splitlines() if not line.startswith("reading the ledger")]
    assert out == ""
    assert len(lines) == 1
    assert told in lines[0]


def test_of_several_chains_one_has_to_be_chosen(
    field: Field, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import shutil
    import sqlite3

    ledger = tmp_path / "ledger.db"
    shutil.copy(field.folder / "ledger.db", ledger)
    with sqlite3.connect(ledger) as database:
        database.execute(
            "INSERT INTO entries SELECT 'second', seq, at, kind, body, hash FROM entries WHERE seq < 4"
        )
    database.close()
    assert field.run("--period", DAY, "--ledger", str(ledger)) == 1
    assert "has several chains (second, test): choose one with --poller" in capsys.readouterr().err


def test_a_broken_hour_is_named(field: Field, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import shutil
    import sqlite3

    ledger = tmp_path / "ledger.db"
    shutil.copy(field.folder / "ledger.db", ledger)
    with sqlite3.connect(ledger) as database:
        database.execute("UPDATE entries SET body = substr(body, 1, length(body) - 3) WHERE kind = 'hour'")
    database.close()
    assert field.run("--period", DAY, "--ledger", str(ledger)) == 1
    assert "of poller test (hour) cannot be read" in capsys.readouterr().err

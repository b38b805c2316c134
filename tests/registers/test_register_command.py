"""`netwatch register` needs nothing but the register's file."""

from __future__ import annotations

import argparse
import csv
import io
from pathlib import Path

import pytest

from netwatch.cli import register
from netwatch.inventory.registers import read_register

CONFIG = Path(__file__).parents[2] / "config"


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    register.configure(parser)
    return register.run(parser.parse_args([*words, "--config", str(CONFIG)]))


def test_show_lists_the_units_of_a_day_and_counts_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "hung-yen", "--as-of", "2017-12-22") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["code", "name", "kind", "district", "valid_from", "predecessors"]
    assert lines[-1] == "hung-yen as of 2017-12-22: 161 units: 145 xã, 9 thị trấn, 7 phường"
    assert len(lines) == 1 + 161 + 2


def test_show_without_a_day_is_today(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "hung-yen") == 0
    assert ": 104 units: 93 xã, 11 phường" in capsys.readouterr().out


def test_show_says_what_is_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("show", "organisations", "--as-of", "2017-12-22") == 0
    assert (
        "organisations (an example, no official list) as of 2017-12-22: 28 units" in capsys.readouterr().out
    )


def test_show_as_csv_can_be_read_again(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert run("show", "organisations", "--as-of", "2017-12-22", "--format", "csv") == 0
    out = capsys.readouterr().out
    assert len(list(csv.DictReader(io.StringIO(out)))) == 28
    path = tmp_path / "organisations.csv"
    path.write_text(out, "utf-8")
    assert len(read_register(path, "organisations").units) == 28


def test_diff_tells_mergers_by_predecessor_not_by_code(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", "hung-yen", "2025-06-30", "2025-07-01") == 0
    out = capsys.readouterr().out
    assert "created (65)" in out
    assert "abolished (129)" in out
    assert "merged (39)" in out
    assert (
        "  Phường Hồng Châu (11980) <- Phường Hồng Châu (11968), Xã Quảng Châu (11980), Xã Hoàng Hanh (12388)"
        in out
    )
    assert "  Xã Lạc Đạo (11989) -> Xã Lạc Đạo (11992), Xã Đại Đồng (11995)" in out
    assert out.endswith("hung-yen 2025-06-30 .. 2025-07-01: 139 -> 104 units\n")


def test_diff_tells_a_change_of_district(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", "hung-yen", "2019-04-30", "2019-05-01") == 0
    out = capsys.readouterr().out
    assert "  Xã Dị Sử (12121) -> Phường Dị Sử (12121)" in out
    assert "  Xã Cẩm Xá (12109): Huyện Mỹ Hào -> Thị xã Mỹ Hào" in out


THERE = f"in {CONFIG}/registers; there are: hung-yen, organisations"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("show hung-yem", f"no register 'hung-yem' {THERE}"),
        ("show ../registers/hung-yen", f"no register '../registers/hung-yen' {THERE}"),
        ("show hung-yen --as-of 22.12.2017", "'22.12.2017' is not a date such as 2017-12-22"),
        ("diff hung-yen 2019-05-01 2017", "'2017' is not a date such as 2017-12-22"),
        (
            "diff hung-yen 2019-05-01 2017-05-01",
            "2017-05-01 is before 2019-05-01: give the earlier day first",
        ),
    ],
)
def test_a_mistake_is_one_line(words: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(*words.split()) == 1
    assert capsys.readouterr().err == message + "\n"

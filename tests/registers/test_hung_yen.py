"""What is known of Hưng Yên's units holds in the register that is shipped."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import unicodedata
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.registers import read_register
from netwatch.inventory.succession import Lineage, compare

if TYPE_CHECKING:
    from netwatch.model.register import Register, Unit

ROOT = Path(__file__).parents[2]
CLAIMED = dt.date(2017, 12, 22)
EVE = dt.date(2025, 6, 30)
TODAY = dt.date(2025, 7, 1)


@pytest.fixture(scope="module")
def register() -> Register:
    return read_register(ROOT / "config" / "registers" / "hung-yen.csv", "hung-yen")


@pytest.mark.parametrize(
    ("day", "counts"),  # units: xã, phường, thị trấn; districts
    [
        ("2017-10-31", (161, 145, 7, 9, 10)),
        ("2017-12-22", (161, 145, 7, 9, 10)),
        ("2019-04-30", (161, 145, 7, 9, 10)),
        ("2019-05-01", (161, 139, 14, 8, 10)),
        ("2024-11-30", (161, 139, 14, 8, 10)),
        ("2024-12-01", (139, 118, 13, 8, 10)),
        ("2025-06-30", (139, 118, 13, 8, 10)),
        ("2025-07-01", (104, 93, 11, 0, 0)),
    ],
)
def test_units_by_kind(register: Register, day: str, counts: tuple[int, ...]) -> None:
    there = register.as_of(dt.date.fromisoformat(day))
    kinds = Counter(unit.kind for unit in there)
    districts = {unit.district for unit in there} - {""}
    assert (len(there), kinds["xã"], kinds["phường"], kinds["thị trấn"], len(districts)) == counts


def test_every_row_is_whole(register: Register) -> None:
    """Each has a kind that its name begins with, a position in the province and a source, in NFC."""
    for unit in register.units:
        assert unit.name.lower().startswith(unit.kind + " ")
        assert unicodedata.is_normalized("NFC", unit.name + unit.district)
        assert unit.latitude is not None
        assert unit.longitude is not None
        assert 20.2 < unit.latitude < 21.05
        assert 105.85 < unit.longitude < 106.7
        assert unit.source
        assert unit.province == "Hưng Yên"
        assert len(unit.code) == 5


def test_381_units_of_two_provinces_became_the_104(register: Register) -> None:
    """139 of Hưng Yên and 242 of Thái Bình; three were split in two."""
    parts = Counter(code for unit in register.as_of(TODAY) for code in unit.predecessors)
    ours = {unit.code for unit in register.as_of(EVE)}
    assert len(parts) == 381
    assert len(parts.keys() - ours) == 242
    assert {code for code, times in parts.items() if times > 1} == {"12322", "11989", "12004"}
    assert max(parts.values()) == 2


def test_the_161_of_2017_live_on_in_39_of_the_104(register: Register) -> None:
    made_of = {unit.code: Lineage(register).ancestors(unit, CLAIMED) for unit in register.as_of(TODAY)}
    heirs = {code for code, parts in made_of.items() if parts}
    assert len(heirs) == 39
    assert len(set().union(*made_of.values())) == 161
    direct = [len(unit.predecessors) for unit in register.as_of(TODAY) if unit.code in heirs]
    assert (min(direct), max(direct)) == (3, 6)


def test_every_current_code_was_in_use_before(register: Register) -> None:
    """Each of the 39 heirs bears the code of a predecessor, and 29 of them under another name."""
    before = {unit.code: unit.name for unit in register.as_of(EVE)}
    heirs = [unit for unit in register.as_of(TODAY) if set(unit.predecessors) & before.keys()]
    assert all(unit.code in unit.predecessors for unit in register.as_of(TODAY))
    assert sum(before[unit.code] != unit.name for unit in heirs) == 29


def named(register: Register, code: str, day: dt.date) -> Unit:
    (unit,) = [unit for unit in register.as_of(day) if unit.code == code]
    return unit


def test_one_code_two_units(register: Register) -> None:
    assert named(register, "11953", EVE).name == "Phường Hiến Nam"
    assert named(register, "11953", TODAY).name == "Phường Phố Hiến"


def test_my_hao_became_a_town_in_2019(register: Register) -> None:
    """Seven of its thirteen units became wards; nothing else happened (NQ 656/NQ-UBTVQH14)."""
    changes = compare(register, dt.date(2019, 4, 30), dt.date(2019, 5, 1))
    assert len(changes.renamed) == 13
    assert sum(after.kind == "phường" for _, after in changes.renamed) == 7
    assert {after.district for _, after in changes.renamed} == {"Thị xã Mỹ Hào"}
    assert (changes.created, changes.abolished, changes.merged, changes.split) == ((), (), (), ())


def test_161_became_139_by_merging(register: Register) -> None:
    changes = compare(register, dt.date(2019, 5, 1), EVE)
    assert sum(len(parts) - 1 for _, parts in changes.merged) == 161 - 139
    assert (changes.created, changes.renamed, changes.split) == ((), (), ())
    merged = {unit.name: {part.name for part in parts} for unit, parts in changes.merged}
    assert merged["Phường Lê Lợi"] == {"Phường Lê Lợi", "Phường Quang Trung"}
    assert merged["Xã Phương Nam"] == {"Xã Hồng Nam", "Xã Phương Chiểu"}


def test_organisations_are_an_example(register: Register) -> None:
    """The departments of 2017 and the People's Committees of its ten districts; the latter ended in 2025."""
    organisations = read_register(ROOT / "config" / "registers" / "organisations.csv", "organisations")
    assert organisations.example
    assert not register.example

    def committees(day: dt.date) -> set[str]:
        return {unit.district for unit in organisations.as_of(day) if unit.kind.startswith("UBND")}

    for day in (CLAIMED, EVE):
        assert committees(day) == {unit.district for unit in register.as_of(day)}
    assert not committees(TODAY)


def test_the_committed_register_is_what_the_script_builds(tmp_path: Path) -> None:
    """And --check tells where it is not."""

    def check(path: Path) -> subprocess.CompletedProcess[str]:
        command = [
            sys.executable,
            str(ROOT / "tools" / "build_registers.py"),
            "--check",
            "--output",
            str(path),
        ]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    committed = ROOT / "config" / "registers" / "hung-yen.csv"
    result = check(committed)
    assert (result.returncode, result.stderr) == (0, "")
    edited = tmp_path / "edited.csv"
    edited.write_text(committed.read_text("utf-8").replace("Xã Dị Sử", "Xã Dị Sứ"), "utf-8")
    result = check(edited)
    assert result.returncode == 1
    assert result.stderr == f"{edited} differs from a fresh build: run tools/build_registers.py\n"

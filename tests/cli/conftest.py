"""A small good configuration."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

REGISTER = Path(__file__).parents[2] / "config" / "registers" / "hung-yen.csv"

SITE = """\
sites:
  - unit: "12004"
    area: Văn Lâm
    devices:
      - {name: gw, address: 127.0.0.1, role: uplink}
      - {name: sw, address: 127.0.0.2, role: switch, snmp: lab, snmp_port: 1161}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One unit, a gateway asked by echo alone and a switch asked by SNMP as well."""
    folder = tmp_path / "config"
    for below in ("registers", "sites"):
        (folder / below).mkdir(parents=True)
    shutil.copy(REGISTER, folder / "registers")
    (folder / "netwatch.yaml").write_text(
        "intervals: {timeout: 200ms}\nregisters: {hung-yen: registers/hung-yen.csv}\n"
    )
    (folder / "credentials.yaml").write_text("credentials:\n  lab: {version: 2c, community: geheim}\n")
    (folder / "credentials.yaml").chmod(0o600)
    (folder / "sites" / "site.yaml").write_text(SITE)
    return folder

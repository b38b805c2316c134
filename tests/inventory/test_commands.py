"""`netwatch check` and `netwatch schema`, as typed."""

from __future__ import annotations

import argparse
import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.inventory.schema import KINDS, schema, text
from netwatch.inventory.summary import PER_CLAIM, PER_SENSOR_TABLE, PER_SERVICE, series

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netwatch.inventory.load import Inventory

TODAY = dt.date(2026, 10, 15)
SITE = """
sites:
  - unit: "12004"
    predecessor: "11986"
    devices:
      - {name: gw, address: 198.18.4.1, role: uplink, snmp: lab-v2c, uplinks: [{interface: ether1}]}
"""


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Runs a command's module as `netwatch` does; gives status, stdout and stderr."""

    def typed(command: Any, *words: str) -> tuple[int, str, str]:
        parser = argparse.ArgumentParser()
        command.configure(parser)
        status = command.run(parser.parse_args(words))
        return status, *capsys.readouterr()

    return typed


@pytest.fixture
def check() -> Any:
    from netwatch.cli import check

    return check


@pytest.fixture
def schemas() -> Any:
    from netwatch.cli import schema

    return schema


def test_a_good_configuration_is_summed_up(
    check: Any, folder: Path, write: Callable[[str, str], None], typed: Callable[..., tuple[int, str, str]]
) -> None:
    write("sites/a.yaml", SITE)
    status, out, err = typed(check, "--config", str(folder), "--unmonitored")
    assert (status, err) == (0, "")
    for line in (
        f"{folder}: good, 0 warnings",
        "units       1 monitored, 2 unmonitored",
        "devices     3: 1 uplink, 1 reference, 1 core",
        "echo        3 lines, 3 echoes a second",
        "SNMP        2 devices, 2 polls a minute",
        "paths       1, each with references",
        "credentials 1",
        "unmonitored 12103 Phường Mỹ Hào",
    ):
        assert line in out


CLAIM = """
claims:
  - name: fibre
    kind: uplink
    statement: {en: Fibre for all}
    source: {document: a letter, date: 2026-01-01}
    declared: {ratio: 1.0}
    population: {register: hung-yen, as_of: 2026-01-01}
    criteria: [fibre, internet]
"""


def test_series_are_counted_for_planning(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """A claim costs its words and, for each unit it is about, a verdict and criteria; a port its columns."""
    before, values_before = series(loaded(), TODAY)
    write("claims.yaml", CLAIM)
    with_all, _ = series(loaded(), TODAY)
    write("claims.yaml", CLAIM.replace("2026-01-01}\n    crit", "2026-01-01, kinds: [phường]}\n    crit"))
    with_some, _ = series(loaded(), TODAY)
    assert (with_all - before, with_some - before) == (PER_CLAIM + 1 + 3 * 3, PER_CLAIM + 1 + 1 * 3)
    write("claims.yaml", CLAIM.replace("{en: ", "{vi: Cáp quang, en: "))
    assert series(loaded(), TODAY)[0] - with_all == 1
    write("sites/a.yaml", SITE)
    assert series(loaded(), TODAY)[1] - values_before == 12 + 3 + 3 * PER_SENSOR_TABLE


SERVICES = """\
registers: {hung-yen: registers/hung-yen.csv}
paths: {default: {references: [noc-gateway]}}
services:
  cong-thong-tin: {url: "https://hungyen.example/"}
  mot-cua: {url: "https://motcua.example/"}
  thu-dien-tu: {url: "tls://mail.example:993"}
"""


def test_services_are_summed_up(
    check: Any,
    folder: Path,
    write: Callable[[str, str], None],
    typed: Callable[..., tuple[int, str, str]],
    loaded: Callable[..., Inventory],
) -> None:
    before, _ = series(loaded(), TODAY)
    assert "services    none" in typed(check, "--config", str(folder))[1]
    write("netwatch.yaml", SERVICES)
    assert "services    3: 2 https, 1 tls" in typed(check, "--config", str(folder))[1]
    assert series(loaded(), TODAY)[0] - before == 3 * PER_SERVICE


MAINTENANCE = """
windows:
  - {name: over, what: x, by: NOC, start: 2020-01-01 22:00, duration: 4h, devices: [core]}
  - {name: coming, what: x, by: NOC, start: 2090-01-01 22:00, duration: 4h, devices: [core]}
  - {name: daily, what: x, by: NOC, every: day, at: "02:00", duration: 1h, devices: [core]}
"""


def test_windows_and_holidays_are_summed_up(
    check: Any, folder: Path, write: Callable[[str, str], None], typed: Callable[..., tuple[int, str, str]]
) -> None:
    write("maintenance.yaml", MAINTENANCE)
    write("holidays.yaml", "holidays: [{first: 2090-01-30, last: 2090-02-02, vi: Tết}]\n")
    _, out, _ = typed(check, "--config", str(folder))
    assert "maintenance 3 windows: 1 today, 1 to come, 1 over" in out
    assert "holidays    4, from 2090-01-30 to 2090-02-02" in out


def test_warnings_go_to_stderr_and_are_no_failure(
    check: Any, folder: Path, write: Callable[[str, str], None], typed: Callable[..., tuple[int, str, str]]
) -> None:
    write("netwatch.yaml", "paths: {default: {}}\n")
    write("credentials.yaml", "credentials: {lab-v2c: {version: 2c, community_file: gone}}\n")
    status, out, err = typed(check, "--config", str(folder))
    assert status == 0
    assert err.splitlines()[0].startswith(f"{folder}/credentials.yaml:1:15: warning: credential 'lab-v2c'")
    assert f"{folder}/netwatch.yaml:1:9: warning: path 'default' has no references" in err
    assert "without references: default" in out
    assert "not usable: lab-v2c" in out
    assert "good, 2 warnings" in out


def test_every_error_goes_to_stderr(
    check: Any, folder: Path, write: Callable[[str, str], None], typed: Callable[..., tuple[int, str, str]]
) -> None:
    write("netwatch.yaml", "language: xx\nport: 1\n")
    status, out, err = typed(check, "--config", str(folder))
    assert (status, out) == (1, "")
    assert err.splitlines()[0] == f"{folder}/netwatch.yaml:1:11: 'xx' is not a language: write vi or en"
    assert err.splitlines()[-1] == f"{folder}: 2 errors"


def test_schemas_are_printed_or_written(
    schemas: Any, tmp_path: Path, typed: Callable[..., tuple[int, str, str]]
) -> None:
    assert typed(schemas, "sites") == (0, text("sites"), "")
    assert json.loads(typed(schemas)[1]) == {kind: schema(kind) for kind in KINDS}
    assert typed(schemas, "--output", str(tmp_path / "new")) == (0, "", "")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {f"{kind}.json" for kind in KINDS}


def test_a_folder_that_cannot_be_written_is_one_line(
    schemas: Any, tmp_path: Path, typed: Callable[..., tuple[int, str, str]]
) -> None:
    (tmp_path / "file").touch()
    status, out, err = typed(schemas, "--output", str(tmp_path / "file"))
    assert (status, out) == (1, "")
    assert err == f"{tmp_path / 'file'}: cannot be written: File exists\n"

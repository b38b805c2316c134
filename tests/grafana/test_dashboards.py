"""The committed dashboards are what the generator makes, and keep the rules for boards that last."""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from netwatch.cli import dashboards
from netwatch.publishing.dashboards.queries import PanelQuery, panels, queries
from netwatch.publishing.families import FAMILIES

# The SDK warns, when it is imported, of a schema that no stable Grafana asks for yet.
pytestmark = pytest.mark.filterwarnings("ignore:Prefer using dashboardv2:DeprecationWarning")

GRAFANA = Path(__file__).parents[2] / "grafana"
BOARD: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "claims.json").read_text("utf-8"))
PANELS = list(panels(BOARD))
CHOICE = {"register": "r", "area": ".*", "claim": "c"}

METRICS = {series for family in FAMILIES for series in family.series}
"""Everything that the daemon exports under a name of its own."""


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    dashboards.configure(parser)
    return dashboards.run(parser.parse_args(words))


def generated() -> dict[str, str]:
    from netwatch.publishing.dashboards.generate import files

    return files()


def test_the_committed_files_are_what_is_generated() -> None:
    assert run("--check", "--output", str(GRAFANA)) == 0
    committed = {str(path.relative_to(GRAFANA)) for path in GRAFANA.glob("dashboards/*.json")}
    assert committed == generated().keys()


def test_an_edited_or_missing_file_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--output", str(tmp_path)) == 0
    path = tmp_path / "dashboards" / "claims.json"
    assert path.read_text("utf-8") == generated()["dashboards/claims.json"]
    for spoil in (lambda: path.write_text(path.read_text("utf-8") + " ", "utf-8"), path.unlink):
        spoil()
        capsys.readouterr()
        assert run("--check", "--output", str(tmp_path)) == 1
        assert capsys.readouterr().err == f"{path} differs from what is generated: run netwatch dashboards\n"


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "dashboards").write_text("in the way", "utf-8")
    assert run("--output", str(tmp_path)) == 1
    assert capsys.readouterr().err == f"{tmp_path}/dashboards/claims.json cannot be written: File exists\n"


def test_without_the_sdk_one_line_says_what_to_install() -> None:
    program = (
        "import sys, argparse; sys.modules['grafana_foundation_sdk'] = None\n"
        "from netwatch.cli import dashboards\n"
        "sys.exit(dashboards.run(argparse.Namespace(check=True, output='grafana')))"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (
        1,
        "grafana-foundation-sdk is missing: pip install 'netwatch[dev]'\n",
    )


def test_the_sdk_reads_the_board_and_writes_it_again_unchanged() -> None:
    """A misspelt or unknown field would be lost on the way."""
    from grafana_foundation_sdk.cog.plugins import register_default_plugins
    from grafana_foundation_sdk.models.dashboard import Dashboard

    from netwatch.publishing.dashboards.generate import encoded

    register_default_plugins()
    assert json.loads(encoded(Dashboard.from_json(json.loads(json.dumps(BOARD))))) == BOARD


def test_the_board_can_be_provisioned() -> None:
    assert BOARD["uid"] == "netwatch-claims"
    assert BOARD["schemaVersion"] == 42
    assert BOARD["editable"] is False
    assert BOARD["description"]
    assert not any("libraryPanel" in panel for panel in BOARD["panels"])
    ids = [panel["id"] for panel in BOARD["panels"]]
    assert len(set(ids)) == len(ids)


def test_the_datasource_is_a_variable_and_every_panel_uses_it() -> None:
    variables = {variable["name"]: variable["type"] for variable in BOARD["templating"]["list"]}
    assert variables == {"datasource": "datasource", "register": "query", "area": "query", "claim": "query"}
    for panel in PANELS:
        for place in (panel, *panel["targets"]):
            assert place["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel["title"])
def test_every_panel_says_what_it_shows(panel: dict[str, Any]) -> None:
    """In both languages, with a unit and a place of its own."""
    assert " / " in panel["title"]
    assert " / " in panel["description"]
    assert panel["fieldConfig"]["defaults"]["unit"]
    assert panel["targets"]
    position = panel["gridPos"]
    assert position["x"] + position["w"] <= 24
    cells = {(x, y) for x in range(position["x"], position["x"] + position["w"])
             for y in range(position["y"], position["y"] + position["h"])}  # fmt: skip
    for other in BOARD["panels"]:
        if other["id"] != panel["id"]:
            place = other["gridPos"]
            assert not any(
                place["x"] <= x < place["x"] + place["w"] and place["y"] <= y < place["y"] + place["h"]
                for x, y in cells
            )


@pytest.mark.parametrize("query", queries(BOARD, CHOICE), ids=lambda query: f"{query.panel} {query.ref}")
def test_queries_use_what_netwatch_exports_and_counters_as_counters(query: PanelQuery) -> None:
    names = set(re.findall(r"\bnetwatch_\w+", query.expr))
    assert names
    assert names <= METRICS
    for name in names:
        counter = name.endswith(("_total", "_bucket"))
        assert counter == bool(re.search(rf"(rate|increase)\({name}", query.expr))
    assert "$" not in query.expr


def test_rates_follow_the_scrape_interval() -> None:
    rates = re.findall(r"\b(rate|increase)\([^\[]*\[([^\]]*)\]", json.dumps(BOARD))
    assert rates
    assert all(window == ("$__rate_interval" if name == "rate" else "$__range") for name, window in rates)


def test_variables_are_filled_in_and_one_without_a_value_is_an_error() -> None:
    board = {
        "panels": [
            {"type": "row", "title": "r", "panels": [panel("inner", 'a{b="$claim"}')]},
            panel("outer", "rate(c[$__rate_interval]) * ${area}"),
        ]
    }
    found = [(query.panel, query.expr) for query in queries(board, {"claim": "x y", "area": "2"})]
    assert found == [("inner", 'a{b="x y"}'), ("outer", "rate(c[1m]) * 2")]
    with pytest.raises(KeyError):
        queries(board, {"claim": "x"})


def panel(title: str, expr: str) -> dict[str, Any]:
    return {"type": "stat", "title": title, "targets": [{"refId": "A", "expr": expr}]}


def test_provisioning_finds_the_datasource_and_the_boards() -> None:
    source = yaml.safe_load((GRAFANA / "provisioning/datasources/netwatch.yml").read_text("utf-8"))
    assert source["datasources"][0]["jsonData"]["timeInterval"] == "15s"
    assert source["datasources"][0]["type"] == "prometheus"
    provider = yaml.safe_load((GRAFANA / "provisioning/dashboards/netwatch.yml").read_text("utf-8"))
    assert provider["providers"][0]["allowUiUpdates"] is False


SERIES = """
netwatch_unit_info{unit="1", register="r", name="Xã Một", kind="xã", area="A"} = 1
netwatch_unit_info{unit="2", register="r", name="Xã Hai", kind="xã", area="A"} = 1
netwatch_unit_info{unit="3", register="r", name="Xã Ba", kind="xã", area="B"} = 1
netwatch_unit_info{unit="4", register="r", name="Xã Bốn", kind="xã", area="B"} = 1
netwatch_unit_info{unit="9", register="other", name="Sở", kind="sở", area="A"} = 1
netwatch_device_info{device="gw1", unit="1"} = 1
netwatch_device_info{device="sw1", unit="1"} = 1
netwatch_device_info{device="gw2", unit="2"} = 1
netwatch_device_info{device="gw3", unit="3"} = 1
netwatch_device_info{device="gw9", unit="9"} = 1
netwatch_unit_state{unit="1", area="A", state="up"} = 1
netwatch_unit_state{unit="1", area="A", state="down"} = 0
netwatch_unit_state{unit="1", area="A", state="unknown"} = 0
netwatch_unit_state{unit="2", area="A", state="up"} = 0
netwatch_unit_state{unit="2", area="A", state="down"} = 1
netwatch_unit_state{unit="2", area="A", state="unknown"} = 0
netwatch_unit_state{unit="3", area="B", state="up"} = 0
netwatch_unit_state{unit="3", area="B", state="down"} = 0
netwatch_unit_state{unit="3", area="B", state="unknown"} = 1
netwatch_unit_state{unit="4", area="B", state="unknown"} = 1
netwatch_unit_state{unit="9", area="A", state="up"} = 1
netwatch_unit_down_since_timestamp_seconds{unit="2", area="A"} = 120
netwatch_unit_minutes_total{unit="1", area="A", verdict="up"} + 1
netwatch_unit_minutes_total{unit="1", area="A", verdict="down"} = 0
netwatch_unit_minutes_total{unit="2", area="A", verdict="down"} + 1
netwatch_unit_minutes_total{unit="3", area="B", verdict="unknown"} + 2
netwatch_unit_outages_total{unit="2", cause="undetermined"} + 1
netwatch_echo_loss_ratio{device="gw1", unit="1"} = 0.25
netwatch_claim_declared_ratio{claim="c"} = 1
netwatch_claim_ratio{claim="c", bound="lower"} = 0.25
netwatch_claim_ratio{claim="c", bound="upper"} = 0.75
netwatch_claim_verdict{claim="c", verdict="holds"} = 0
netwatch_claim_verdict{claim="c", verdict="does_not_hold"} = 1
netwatch_claim_verdict{claim="c", verdict="undetermined"} = 0
netwatch_claim_units{claim="c", verdict="verified"} = 1
netwatch_claim_units{claim="c", verdict="refuted"} = 2
"""
"""A small province, sampled once a minute for an hour; `+ n` grows by n a minute."""

SHOWN = {
    "Đang chạy / Up": {"{}": 1},
    "Mất kết nối / Down": {"{}": 1},
    "Không rõ / Unknown": {"{}": 1},
    "Chưa được giám sát / Unmonitored": {"{}": 1},
    "Theo danh mục / Of the register": {"{}": 4},
    "Trạng thái theo thời gian / States over time": {
        '{state="up"}': 1,
        '{state="down"}': 1,
        '{state="unknown"}': 1,
    },
    "Từng đơn vị / Each unit": {
        '{unit="1",name="Xã Một",kind="xã",area="A",state="up"}': 1,
        '{unit="2",name="Xã Hai",kind="xã",area="A",state="down"}': 1,
        '{unit="3",name="Xã Ba",kind="xã",area="B",state="unknown"}': 1,
        '{unit="4",name="Xã Bốn",kind="xã",area="B",state="unmonitored"}': 1,
    },
    "Kết luận / Verdict": {"{}": -1},
    "Công bố / Declared": {"{}": 1},
    "Cận dưới / Lower bound": {"{}": 0.25},
    "Cận trên / Upper bound": {"{}": 0.75},
    "Đơn vị theo kết luận / Units by verdict": {'{verdict="verified"}': 1, '{verdict="refuted"}': 2},
    "Độ khả dụng, cận dưới / Availability, lower bound": {"{}": 0.25},
    "Độ khả dụng, cận trên / Availability, upper bound": {"{}": 0.75},
    "Số lần mất kết nối / Outages": {"{}": 60},
    "Chập chờn / Blips": {"{}": 0},
    "Mất gói: 10 thiết bị kém nhất / Loss: the worst ten": {'{device="gw1",unit="1",name="Xã Một"}': 0.25},
}
"""What the first query of a panel has to return of that province."""


@pytest.mark.system
def test_queries_return_what_the_panels_say(tmp_path: Path) -> None:
    """Promtool evaluates them, over a small province, in Prometheus' own engine."""
    exprs = {query.panel: query.expr for query in queries(BOARD, CHOICE) if query.ref == "A"}
    check = {
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [series(line) for line in SERIES.strip().splitlines()],
                "promql_expr_test": [
                    {
                        "expr": exprs[title],
                        "eval_time": "60m",
                        "exp_samples": [
                            {"labels": labels, "value": value} for labels, value in values.items()
                        ],
                    }
                    for title, values in SHOWN.items()
                ],
            }
        ],
    }
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump(check, allow_unicode=True), "utf-8")
    program = shutil.which("promtool")
    assert program, "promtool is missing: apt-get install prometheus"
    command = [program, "test", "rules", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr


def series(line: str) -> dict[str, str]:
    name, sign, value = re.fullmatch(r"(.*) ([=+]) (\S+)", line).groups()  # type: ignore[union-attr]  # a table of ours
    return {"series": name, "values": f"0+{value}x60" if sign == "+" else f"{value}x60"}

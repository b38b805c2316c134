"""What the panels show of a small province: promtool evaluates their queries in Prometheus' own engine.

Two registers have units of the same code, and two pollers watch the same unit: neither may break a join.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from netwatch.publishing.dashboards.queries import queries

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAFANA = Path(__file__).parents[2] / "grafana"
CHOICE = {
    "register": "r",
    "area": ".*",
    "unit": "2",
    "device": "sw1",
    "port": "ether1",
    "claim": "c",
}

SERIES = """
netwatch_build_info{poller="p", version="1"} = 1
netwatch_unit_info{poller="p", unit="1", register="r", name="Xã Một", kind="xã", area="A"} = 1
netwatch_unit_info{poller="p", unit="2", register="r", name="Xã Hai", kind="xã", area="A"} = 1
netwatch_unit_info{poller="p", unit="3", register="r", name="Xã Ba", kind="xã", area="B"} = 1
netwatch_unit_info{poller="p", unit="4", register="r", name="Xã Bốn", kind="xã", area="B"} = 1
netwatch_unit_info{poller="p", unit="2", register="other", name="Sở Hai", kind="sở", area="A"} = 1
netwatch_unit_info{poller="p", unit="9", register="other", name="Sở Chín", kind="sở", area="A"} = 1
netwatch_unit_info{poller="q", unit="1", register="r", name="Xã Một", kind="xã", area="A"} = 1
netwatch_unit_info{poller="q", unit="2", register="r", name="Xã Hai", kind="xã", area="A"} = 1
netwatch_device_info{poller="p", device="gw1", unit="1", role="uplink"} = 1
netwatch_device_info{poller="p", device="sw1", unit="1", role="switch"} = 1
netwatch_device_info{poller="p", device="gw2", unit="2", role="uplink"} = 1
netwatch_device_info{poller="p", device="gw3", unit="3", role="uplink"} = 1
netwatch_device_info{poller="p", device="gw9", unit="9", role="uplink"} = 1
netwatch_device_info{poller="q", device="gw1", unit="1", role="uplink"} = 1
netwatch_unit_state{poller="p", unit="1", area="A", state="up"} = 1
netwatch_unit_state{poller="p", unit="1", area="A", state="down"} = 0
netwatch_unit_state{poller="p", unit="1", area="A", state="unknown"} = 0
netwatch_unit_state{poller="p", unit="2", area="A", state="up"} = 0
netwatch_unit_state{poller="p", unit="2", area="A", state="down"} = 1
netwatch_unit_state{poller="p", unit="2", area="A", state="unknown"} = 0
netwatch_unit_state{poller="p", unit="3", area="B", state="up"} = 0
netwatch_unit_state{poller="p", unit="3", area="B", state="down"} = 0
netwatch_unit_state{poller="p", unit="3", area="B", state="unknown"} = 1
netwatch_unit_state{poller="p", unit="4", area="B", state="up"} = 0
netwatch_unit_state{poller="p", unit="4", area="B", state="down"} = 0
netwatch_unit_state{poller="p", unit="4", area="B", state="unknown"} = 1
netwatch_unit_state{poller="p", unit="2", area="A", state="up", register="other"} = 0
netwatch_unit_state{poller="p", unit="2", area="A", state="down", register="other"} = 0
netwatch_unit_state{poller="p", unit="2", area="A", state="unknown", register="other"} = 1
netwatch_unit_state{poller="p", unit="9", area="A", state="up", register="other"} = 1
netwatch_unit_state{poller="p", unit="9", area="A", state="down", register="other"} = 0
netwatch_unit_state{poller="p", unit="9", area="A", state="unknown", register="other"} = 0
netwatch_unit_state{poller="q", unit="1", area="A", state="up"} = 0
netwatch_unit_state{poller="q", unit="1", area="A", state="down"} = 0
netwatch_unit_state{poller="q", unit="1", area="A", state="unknown"} = 1
netwatch_unit_state{poller="q", unit="2", area="A", state="up"} = 0
netwatch_unit_state{poller="q", unit="2", area="A", state="down"} = 0
netwatch_unit_state{poller="q", unit="2", area="A", state="unknown"} = 1
netwatch_unit_down_since_timestamp_seconds{poller="p", unit="2", area="A"} = 120
netwatch_unit_outage_root{poller="p", unit="2", area="A", root="core"} = 1
netwatch_unit_minutes_total{poller="p", unit="1", area="A", verdict="up"} + 1
netwatch_unit_minutes_total{poller="p", unit="1", area="A", verdict="down"} = 0
netwatch_unit_minutes_total{poller="p", unit="1", area="A", verdict="unknown"} = 0
netwatch_unit_minutes_total{poller="p", unit="2", area="A", verdict="up"} = 0
netwatch_unit_minutes_total{poller="p", unit="2", area="A", verdict="down"} + 1
netwatch_unit_minutes_total{poller="p", unit="2", area="A", verdict="unknown"} + 1
netwatch_unit_minutes_total{poller="p", unit="3", area="B", verdict="up"} = 0
netwatch_unit_minutes_total{poller="p", unit="3", area="B", verdict="down"} = 0
netwatch_unit_minutes_total{poller="p", unit="3", area="B", verdict="unknown"} + 2
netwatch_unit_minutes_total{poller="p", unit="9", area="A", verdict="up", register="other"} + 1
netwatch_unit_minutes_total{poller="q", unit="1", area="A", verdict="unknown"} = 0
netwatch_unit_outages_total{poller="p", unit="2", cause="undetermined"} + 1
netwatch_unit_outages_total{poller="p", unit="2", cause="power"} = 0
netwatch_unit_blips_total{poller="p", unit="2"} = 0
netwatch_unit_last_outage_info{poller="p", unit="2", cause="power", start="S", end="E"} = 1
netwatch_unit_criterion{poller="p", unit="2", criterion="fibre"} = -1
netwatch_unit_criterion{poller="p", unit="2", criterion="internet"} = 1
netwatch_unit_criterion{poller="p", unit="1", criterion="fibre"} = 1
netwatch_device_state{poller="p", device="gw1", unit="1", role="uplink", state="up"} = 1
netwatch_device_state{poller="p", device="gw2", unit="2", role="uplink", state="up"} = 0
netwatch_device_state{poller="p", device="gw2", unit="2", role="uplink", state="down"} = 1
netwatch_device_state{poller="p", device="gw2", unit="2", role="uplink", state="unknown"} = 0
netwatch_echo_loss_ratio{poller="p", device="gw1", unit="1"} = 0.25
netwatch_echo_loss_ratio{poller="p", device="gw9", unit="9"} = 0.5
netwatch_path_blind{poller="p", path="vnpt"} = 0
netwatch_claim_info{poller="p", claim="c", document="D", date="2017-12-22", register="r"} = 1
netwatch_claim_declared_ratio{poller="p", claim="c"} = 1
netwatch_claim_ratio{poller="p", claim="c", bound="lower"} = 0.25
netwatch_claim_ratio{poller="p", claim="c", bound="upper"} = 0.75
netwatch_claim_verdict{poller="p", claim="c", verdict="holds"} = 0
netwatch_claim_verdict{poller="p", claim="c", verdict="does_not_hold"} = 1
netwatch_claim_verdict{poller="p", claim="c", verdict="undetermined"} = 0
netwatch_claim_units{poller="p", claim="c", verdict="verified"} = 1
netwatch_claim_units{poller="p", claim="c", verdict="refuted"} = 2
netwatch_claim_units{poller="p", claim="c", verdict="unmonitored"} = 3
netwatch_claim_unit_verdict{poller="p", claim="c", unit="1", register="r", verdict="verified"} = 1
"""
"""A small province, sampled once a minute for an hour; `+ n` grows by n a minute."""

PROVINCE = {
    "What the poller can see B": {"{}": 0},
    "Down A": {"{}": 1},
    "Unknown A": {"{}": 1},
    "Up A": {"{}": 1},
    "Unmonitored A": {"{}": 1},
    "Of the register A": {"{}": 4},
    "Areas over time A": {'{area="A"}': 2, '{area="B"}': 1},
    "Down now B": {'{unit="2"}': 120000},
    "Down now C": {'{unit="2",root="core"}': 1},
    "Loss: the worst five A": {'{device="gw1",unit="1",name="Xã Một"}': 0.25},
    "Claims and evidence A": {'{claim="c"}': 1},
    "Claims and evidence B": {'{claim="c"}': 0.25},
    "Claims and evidence C": {'{claim="c"}': 0.75},
    "Claims and evidence D": {'{claim="c"}': -1},
}

SHOWN: dict[str, Mapping[str, Mapping[str, float]]] = {
    "province": PROVINCE,
}
"""What queries of a board have to return of that province, by panel and query."""

OF_ANOTHER_REGISTER = {"Up A": {"{}": 1}, "Unmonitored A": {"{}": 1}, "Of the register A": {"{}": 2}}
"""Unit 2 of it has no device, though a unit of the main register by that code has, and is down."""


def board(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "en" / f"{name}.json").read_text("utf-8"))
    return found


def asked(name: str, **choice: str) -> dict[str, str]:
    """PromQL by panel and query."""
    return {f"{query.panel} {query.ref}": query.expr for query in queries(board(name), CHOICE | choice)}


def expected(exprs: Mapping[str, str], shown: Mapping[str, Mapping[str, float]]) -> list[dict[str, Any]]:
    """Checks as promtool reads them."""
    return [
        {
            "expr": exprs[name],
            "eval_time": "60m",
            "exp_samples": [{"labels": labels, "value": value} for labels, value in values.items()],
        }
        for name, values in shown.items()
    ]


@pytest.mark.system
def test_queries_return_what_the_panels_say(tmp_path: Path) -> None:
    checks = [check for name, shown in SHOWN.items() for check in expected(asked(name), shown)]
    checks += expected(asked("province", register="other"), OF_ANOTHER_REGISTER)
    told = {
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": [series(line) for line in SERIES.strip().splitlines()],
                "promql_expr_test": checks,
            }
        ],
    }
    path = tmp_path / "panels.yml"
    path.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    program = shutil.which("promtool")
    assert program, "promtool is missing: apt-get install prometheus"
    command = [program, "test", "rules", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr


def series(line: str) -> dict[str, str]:
    name, sign, value = re.fullmatch(r"(.*) ([=+]) (\S+)", line).groups()  # type: ignore[union-attr]  # a table of ours
    return {"series": name, "values": f"0+{value}x60" if sign == "+" else f"{value}x60"}

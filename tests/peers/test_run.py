"""What is played, what the rules are, and what a run's folder comes to."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from compare import ALLOWANCE, Row
from inside import SETTLING, SPARE, targets
from judging import TOOLS, WARMING_UP, judge
from table import tables

from netwatch.lab.script.shipped import find
from netwatch.lab.script.story import Strike

ROOT = Path(__file__).parents[2]
PEERS = ROOT / "bench" / "peers"
SCRIPTS = sorted((PEERS / "scripts").glob("*.yaml"))
LONGEST_WAIT = 60 + 30 + 15 + 300  # a scrape, its timeout, an evaluation, and the rule's patience


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_a_script_leaves_time_to_start_and_to_be_told_of_its_end(file: Path) -> None:
    script = find(str(file))
    strikes = [step for step in script.steps if isinstance(step, Strike)]
    assert script.name == file.stem
    assert script.duration <= 11 * 60
    assert min(step.at for step in strikes) >= max(WARMING_UP, SETTLING)
    assert max(step.until or script.duration for step in strikes) + ALLOWANCE + SPARE <= script.duration


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.stem)
def test_what_lasts_lasts_long_enough_for_every_rule(file: Path) -> None:
    script = find(str(file))
    lasting = [step.until - step.at for step in script.steps if isinstance(step, Strike) and step.until]
    assert script.name == "short-outages" or min(lasting) > LONGEST_WAIT


def test_every_tool_has_its_alert() -> None:
    files = (PEERS / "rules.yml", ROOT / "config" / "prometheus" / "rules" / "units.yml")
    groups = [group for file in files for group in yaml.safe_load(file.read_text("utf-8"))["groups"]]
    alerts = {rule.get("alert") for group in groups for rule in group["rules"]}
    assert {name for labels in TOOLS.values() for name in labels["alertname"]} <= alerts


def test_targets_are_the_units_devices_of_the_roles_asked_for() -> None:
    devices = [
        {"address": "198.18.0.1", "role": "uplink"},
        {"address": "198.18.0.2", "role": "switch"},
        {"address": "198.18.0.3", "role": "ups"},
    ]
    found = list(targets([{"unit": "12001", "devices": devices}], {"uplink", "switch"}))
    assert found == [
        {"targets": ["198.18.0.1"], "labels": {"unit": "12001"}},
        {"targets": ["198.18.0.2"], "labels": {"unit": "12001"}},
    ]


def series(first: int, last: int, step: int, **labels: str) -> dict[str, Any]:
    return {"metric": {"unit": "a", **labels}, "values": [[at, "1"] for at in range(first, last, step)]}


def history(**changes: Any) -> dict[str, Any]:
    """A unit that is down from 200 to 620, and what everybody says."""
    alerts = [
        series(215, 335, 15, alertname="ProbeFailed", alertstate="pending"),
        series(335, 635, 15, alertname="ProbeFailed", alertstate="firing"),
        series(600, 700, 15, alertname="InstanceDown", alertstate="firing", job="blackbox"),
        series(266, 336, 15, alertname="NetwatchUnitDown", alertstate="firing"),
    ]
    return {
        "stalls": [],
        "alerts": alerts,
        "probes": [series(100, 200, 15, instance="gateway")],
        "scrapes": [series(100, 200, 60, instance="gateway")],
        "live": [series(100, 110, 1, state="unknown"), series(206, 622, 1, state="down")],
        **changes,
    }


def run_folder(folder: Path, told: dict[str, Any]) -> Path:
    spans = [(100, 200, "up"), (200, 620, "down"), (620, 800, "up")]
    lines: list[dict[str, Any]] = [{"kind": "script", "name": "x", "start": 100.0, "end": 800.0}]
    lines += [
        {"kind": "unit", "unit": "a", "start": start, "end": end, "state": state, "observable": True}
        for start, end, state in spans
    ]
    (folder / "truth.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    (folder / "history.json").write_text(json.dumps(told), "utf-8")
    return folder


def test_a_runs_folder_is_judged(tmp_path: Path) -> None:
    run = judge(run_folder(tmp_path, history()))
    assert run.alerts == {
        "blackbox exporter": Row(1, 0, 0, 0.0, (135.0,)),
        "snmp exporter": Row(1, 1, 0, 0.0, ()),
        "netwatch": Row(1, 0, 0, 0.0, (66.0,)),
    }
    assert run.first == {
        "blackbox exporter": Row(1, 0, 0, 0.0, (15.0,)),
        "snmp exporter": Row(1, 1, 0, 0.0, ()),
        "netwatch": Row(1, 0, 0, 0.0, (6.0,)),
    }
    assert (run.unknown, run.hidden, run.doubts) == (0, 0, ())


def test_unknown_counts_as_needless_once_everybody_has_had_time(tmp_path: Path) -> None:
    run = judge(run_folder(tmp_path, history(live=[series(150, 170, 1, state="unknown")])))
    assert run.unknown == 10


@pytest.mark.parametrize(
    ("changes", "doubt"),
    [
        ({"stalls": [[300.0, 0.31]]}, "a stall of 0.31 s at 300 s"),
        ({"probes": []}, "probes that never succeeded: all"),
        (
            {"scrapes": [{"metric": {"instance": "sw"}, "values": [[100, "0"]]}]},
            "scrapes that never succeeded: sw",
        ),
    ],
)
def test_a_run_that_proves_nothing_says_why(tmp_path: Path, changes: dict[str, Any], doubt: str) -> None:
    run = judge(run_folder(tmp_path, history(**changes)))
    assert run.doubts == (doubt,)
    assert f"INCONCLUSIVE {run.script}: {doubt}" in tables([run], {})


def test_tables_have_a_line_for_every_tool_and_the_totals(tmp_path: Path) -> None:
    printed = tables([judge(run_folder(tmp_path, history()))], {"prometheus": "2.42"})
    assert printed.startswith("prometheus 2.42\n")
    assert f"| `{tmp_path.name}` | blackbox exporter | 1 | 0 | 0 | 0 | 135 / 135 s |" in printed
    assert "| **all** | blackbox exporter | 1 | 0 | 0 | 0 | 135 / 135 s |" in printed
    assert "|  | snmp exporter | 1 | 1 | 0 | 0 | - |" in printed

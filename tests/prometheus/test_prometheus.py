"""The shipped configuration of Prometheus is valid, and its alerts fire and stay silent as they should."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from netwatch.publishing.families import FAMILIES

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config" / "prometheus"
RULES = CONFIG / "rules" / "netwatch.yml"


def promtool(*words: str) -> str:
    """Run promtool, which must be there, and return what it printed."""
    program = shutil.which("promtool")
    assert program, "promtool is missing: apt-get install prometheus"
    result = subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=60)
    told = result.stdout + result.stderr
    assert result.returncode == 0, told
    return told


@pytest.mark.system
def test_the_configuration_is_valid_and_finds_the_rules() -> None:
    assert "1 rule files found" in promtool("check", "config", str(CONFIG / "prometheus.yml"))


@pytest.mark.system
def test_promtool_finds_every_rule_and_no_fault() -> None:
    assert f"{len(alerts())} rules found" in promtool(
        "check", "rules", "--lint=all", "--lint-fatal", str(RULES)
    )


@pytest.mark.system
def test_each_alert_fires_when_it_should_and_is_silent_when_it_should_be() -> None:
    assert "SUCCESS" in promtool("test", "rules", str(CONFIG / "tests" / "netwatch.yml"))


@pytest.mark.system
def test_the_alerts_tests_can_fail(tmp_path: Path) -> None:
    """An alert that forgets the dead ancestor does not pass them."""
    folder = tmp_path / "prometheus"
    shutil.copytree(CONFIG, folder)
    rules = folder / "rules" / "netwatch.yml"
    text = rules.read_text("utf-8")
    broken = text.replace(" unless on (unit) netwatch_unit_outage_root", "")
    assert broken != text
    rules.write_text(broken, "utf-8")
    with pytest.raises(AssertionError, match="11992"):
        promtool("test", "rules", str(folder / "tests" / "netwatch.yml"))


def alerts() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(RULES.read_text("utf-8"))["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_every_alert_carries_what_people_and_alertmanager_need(alert: dict[str, Any]) -> None:
    """A severity and an area; words in both languages; a runbook that exists and is about this alert."""
    assert alert["labels"]["severity"] in {"critical", "warning", "ticket"}
    assert "area" in alert["labels"] or "netwatch_unit_state" in alert["expr"]  # which has one
    assert "cause" not in alert["labels"]
    for text in ("summary", "description"):
        assert " / " in alert["annotations"][text]
    runbook = ROOT / alert["annotations"]["runbook_url"]
    assert runbook.read_text("utf-8").startswith(f"# {alert['alert']}\n")


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_every_alert_has_a_test_of_firing_and_of_silence(alert: dict[str, Any]) -> None:
    tests = yaml.safe_load((CONFIG / "tests" / "netwatch.yml").read_text("utf-8"))["tests"]
    cases = [
        case for test in tests for case in test["alert_rule_test"] if case["alertname"] == alert["alert"]
    ]
    assert {bool(case["exp_alerts"]) for case in cases} == {True, False}


def jobs() -> dict[str, dict[str, Any]]:
    config = yaml.safe_load((CONFIG / "prometheus.yml").read_text("utf-8"))
    return {job["job_name"]: job for job in config["scrape_configs"]}


def test_states_are_scraped_every_15_s_and_devices_as_often_as_they_are_polled() -> None:
    told = {
        name: (job.get("metrics_path", "/metrics"), job["scrape_interval"]) for name, job in jobs().items()
    }
    assert told == {
        "netwatch": ("/metrics", "15s"),
        "netwatch-devices": ("/metrics/devices", "60s"),
    }


@pytest.mark.parametrize("name", ["netwatch", "netwatch-devices"])
def test_a_device_becomes_the_instance_and_the_poller_is_named(name: str) -> None:
    job = jobs()[name]
    (relabel,) = job["metric_relabel_configs"]
    assert (relabel["source_labels"], relabel["target_label"]) == (["device"], "instance")
    assert re.fullmatch(relabel["regex"], "gw-nhu-quynh")
    assert not re.fullmatch(relabel["regex"], "")  # what has no device keeps its instance
    assert all(target["labels"]["poller"] for target in job["static_configs"])


def test_rules_ask_for_nothing_that_the_daemon_does_not_export() -> None:
    """A renamed metric fails the build."""
    exported = {series for family in FAMILIES for series in family.series}
    asked = {name for rule in alerts() for name in re.findall(r"netwatch_\w+", rule["expr"])}
    assert asked
    assert asked <= exported

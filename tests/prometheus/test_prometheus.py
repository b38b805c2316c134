"""The shipped configuration of Prometheus is valid; its rules are the table's, and every alert is tested."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from promtool import asked, document, promtool
from vietnamese import LETTER

from netwatch.publishing.alerts.alert import Alert, Kind, Recording, Severity
from netwatch.publishing.alerts.generate import RUNBOOKS, files
from netwatch.publishing.alerts.table import ALERTS, GROUPS
from netwatch.publishing.families import FAMILIES

ROOT = Path(__file__).parents[2]
CONFIG = ROOT / "config" / "prometheus"
RULES = sorted((CONFIG / "rules").iterdir())
TESTS = sorted((CONFIG / "tests").iterdir())
CASES: list[dict[str, Any]] = [
    case for path in TESTS for test in document(path)["tests"] for case in test.get("alert_rule_test", [])
]

about_alerts = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)
about_rules = pytest.mark.parametrize(
    "rule", [rule for group in GROUPS for rule in group.rules], ids=lambda rule: rule.name
)


@pytest.mark.system
def test_the_configuration_is_valid_and_finds_the_rules() -> None:
    assert f"{len(GROUPS)} rule files found" in promtool("check", "config", str(CONFIG / "prometheus.yml"))


@pytest.mark.system
@pytest.mark.parametrize("path", RULES, ids=lambda path: path.stem)
def test_promtool_finds_every_rule_and_no_fault(path: Path) -> None:
    (rules,) = (group["rules"] for group in document(path)["groups"])
    told = promtool("check", "rules", "--lint=all", "--lint-fatal", str(path))
    assert f"{len(rules)} rules found" in told


@pytest.mark.system
@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_each_alert_fires_when_it_should_and_is_silent_when_it_should_be(path: Path) -> None:
    assert "SUCCESS" in promtool("test", "rules", str(path))


def test_the_rules_are_what_is_generated_and_there_are_no_others() -> None:
    assert {path.name: path.read_text("utf-8") for path in RULES} == files()


def test_names_are_given_once() -> None:
    names = [
        (rule.name, rule.labels) for group in GROUPS for rule in group.rules if isinstance(rule, Recording)
    ]
    names += [(alert.name, ()) for alert in ALERTS]
    assert len(set(names)) == len(names)


@about_alerts
def test_every_alert_says_what_routes_and_inhibition_go_by(alert: Alert) -> None:
    """A cause is learnt late, and a label that changes is another alert. `area`: see the cases below."""
    labels = dict(alert.labels)
    assert "cause" not in labels
    assert not labels.keys() & {"severity", "kind"}  # said by fields of their own
    assert alert.severity in Severity
    assert alert.kind in Kind


@about_alerts
def test_every_alert_has_a_test_of_firing_and_of_silence(alert: Alert) -> None:
    """Only the watchdog is never silent: that is what it tells by."""
    tested = {bool(case["exp_alerts"]) for case in CASES if case["alertname"] == alert.name}
    assert tested == ({True} if alert.severity is Severity.NONE else {True, False})


@about_alerts
def test_whatever_fires_carries_what_people_and_alertmanager_need(alert: Alert) -> None:
    """As Prometheus filled it in, in every case that is tested."""
    fired = [each for case in CASES if case["alertname"] == alert.name for each in case["exp_alerts"]]
    for each in fired:
        labels, annotations = each["exp_labels"], each["exp_annotations"]
        assert all(labels.get(name) for name in ("severity", "kind", "area"))
        assert "cause" not in labels
        told = ("summary", "summary_en", "description", "description_en", "runbook_url")
        assert all(annotations.get(name) for name in told)
        assert annotations["summary"] != annotations["summary_en"]
        assert annotations["description"] != annotations["description_en"]
        assert not re.search(r"\{\{|<no value>|<error|%!", str(each))


@about_alerts
def test_what_is_said_in_english_has_no_word_of_vietnamese(alert: Alert) -> None:
    """Beside what Prometheus fills in."""
    assert not LETTER.search(alert.summary.en + alert.description.en)


@about_alerts
def test_every_alert_has_a_runbook_in_both_languages(alert: Alert) -> None:
    text = (ROOT / RUNBOOKS / f"{alert.name}.md").read_text("utf-8")
    assert text.startswith(f"# {alert.name}\n")
    vietnamese, _, english = text.partition("\n## English\n")
    assert "\n## Tiếng Việt\n" in vietnamese
    assert len(vietnamese.split()) > 40
    assert len(english.split()) > 40


def test_there_is_no_runbook_that_no_alert_links_to() -> None:
    pages = {path.stem for path in (ROOT / RUNBOOKS).glob("*.md")} - {"README"}
    assert pages == {alert.name for alert in ALERTS}


def known_labels() -> dict[str, frozenset[str]]:
    """Return the labels that every metric may have that a rule can ask for."""
    target = {"instance", "job", "poller"}
    known = {
        series: {*family.labels, *target, "le", *(["register"] if "unit" in family.labels else [])}
        for family in FAMILIES
        for series in family.series
    }
    columns = document(ROOT / "netwatch" / "inventory" / "profiles" / "generic.yaml")["columns"]
    interface = {"device", "unit", "ifIndex", "ifName", "ifAlias", "ifDescr", *target}
    known |= {column["name"]: interface for column in columns}  # under their MIB names
    # Of each target: what Prometheus itself notes, and what prometheus-client tells of the process.
    known |= dict.fromkeys(("up", "scrape_duration_seconds", "scrape_samples_scraped"), target)
    process = ("resident_memory_bytes", "start_time_seconds", "cpu_seconds_total", "open_fds", "max_fds")
    known |= dict.fromkeys((f"process_{name}" for name in process), target)
    every = frozenset[str]().union(*known.values(), {"alertname", "alertstate", "severity", "kind", "root"})
    ours = {rule.name for group in GROUPS for rule in group.rules if not isinstance(rule, Alert)}
    return {name: frozenset(labels) for name, labels in known.items()} | dict.fromkeys(
        (*ours, "ALERTS", "ALERTS_FOR_STATE"), every
    )


KNOWN = known_labels()


@about_rules
def test_rules_ask_for_nothing_that_is_not_exported(rule: Any) -> None:
    """A renamed metric or label fails the build."""
    for each in asked(rule.expr):
        assert each.metric in KNOWN
        assert each.labels <= KNOWN[each.metric]


@about_alerts
def test_texts_look_up_nothing_that_is_not_exported(alert: Alert) -> None:
    texts = (alert.summary.vi, alert.summary.en, alert.description.vi, alert.description.en, alert.units)
    looked_up = {
        name
        for text in (*texts, *dict(alert.labels).values())
        for name in re.findall(r"\bnetwatch[_:][\w:]+", text)
    }
    assert looked_up <= KNOWN.keys()


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

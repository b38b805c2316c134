"""docs/alerting.md says what the table of alerts, the routes, the inhibition and the templates say."""

from __future__ import annotations

import re
from pathlib import Path

from real_alertmanager import CONFIG, routes, shipped

from netwatch.publishing.alerts.alert import Kind, Severity
from netwatch.publishing.alerts.table import ALERTS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "alerting.md").read_text("utf-8")


def alerts() -> dict[str, tuple[str, str]]:
    """Return the severity and the kind of each alert of the documentation; its name leads to its runbook."""
    found = {}
    for link, severity, kind, tells in rows("alert | severity | kind"):
        name = re.fullmatch(r"\[(Netwatch\w+)\]\(runbooks/\1\.md\)", link)
        assert name, link
        assert tells
        found[name[1]] = (severity, kind)
    return found


def rows(columns: str) -> list[list[str]]:
    """Return the cells of the table whose head begins with these columns, without backquotes."""
    found = re.search(rf"(?m)^\| {re.escape(columns)} .*\n\|[-|]+\n((?:\|.*\n)+)", TEXT)
    assert found, columns
    lines = found[1].splitlines()
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_of_alerts_is_that_of_the_code() -> None:
    assert alerts() == {alert.name: (alert.severity.value, alert.kind.value) for alert in ALERTS}


def test_every_alert_has_a_known_severity_and_kind() -> None:
    assert len(alerts()) > 30
    for severity, kind in alerts().values():
        assert severity in set(Severity)
        assert kind in set(Kind)


def test_receivers_and_times_are_those_of_the_routes() -> None:
    top = shipped()["route"]
    spelt = {"30 s": "30s", "1 minute": "1m", "at once": "0s"}
    again = {"4 hours": "4h", "12 hours": "12h", "7 days": "7d", "24 hours": "24h", "each minute": "1m"}
    said = {
        severity: (receiver, spelt[after], again[repeated.removeprefix("after ").split(":")[0]])
        for severity, receiver, _, after, repeated in rows("severity | who | when")
    }
    found = {"anything else": (top["receiver"], top["group_wait"], top["repeat_interval"])}
    for route in top["routes"]:
        for matcher in route.get("matchers", ()):
            if severity := re.fullmatch(r'severity = "(\w+)"', matcher):
                found[severity[1]] = (route["receiver"], route["group_wait"], route["repeat_interval"])
    assert said == found


def test_inhibition_is_that_of_the_rules() -> None:
    def short(matcher: str) -> list[str]:
        return re.sub(r'alertname =~? "Netwatch\(?|\)?"$', "", matcher).split("|")

    said = {
        (by, same.replace("`", ""), name)
        for names, sources, same in rows("inhibited | by")
        for by in sources.split(", ")
        for name in names.split(", ")
    }
    assert said == {
        (by, ", ".join(rule.get("equal", ["everywhere"])), name)
        for rule in shipped()["inhibit_rules"]
        for by in short(rule["source_matchers"][0])
        for name in short(rule["target_matchers"][0])
    }


def test_templates_named_anywhere_exist_in_both_languages() -> None:
    defined = set()
    for file in (CONFIG / "templates").glob("*.tmpl"):
        defined |= set(re.findall(r'define "(netwatch\.[\w.]+)"', file.read_text("utf-8")))
    named = set(re.findall(r"`(netwatch\.(?:subject|text|html|telegram))`", TEXT))
    used = set(
        re.findall(r'template \\*"(netwatch\.\w+)\.vi', (CONFIG / "alertmanager.yml").read_text("utf-8"))
    )
    assert len(named) == 4
    assert named == used
    assert {f"{name}.{language}" for name in named for language in ("vi", "en")} <= defined
    assert {name for name in defined if name.endswith(".vi")} == {
        re.sub(r"\.en$", ".vi", name) for name in defined if name.endswith(".en")
    }


def test_the_team_and_the_files_that_are_named_are_there() -> None:
    receivers = {route["receiver"] for route in routes(shipped()["route"]) if "receiver" in route}
    assert set(re.findall(r"`(team-[\w-]+)`", TEXT)) <= receivers
    for path in ("config/prometheus/rules", "systemd/prometheus-alertmanager.service.d/netwatch.conf"):
        assert path in TEXT
        assert (ROOT / path).exists()

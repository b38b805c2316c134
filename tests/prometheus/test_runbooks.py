"""Runbooks and docs/alerting.md send people only to what exists: commands, metrics, alerts and pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from netwatch.cli.main import COMMANDS
from netwatch.publishing.alerts.names import NAMES
from netwatch.publishing.alerts.table import ALERTS
from netwatch.publishing.families import FAMILIES

ROOT = Path(__file__).parents[2]
PAGES = [*sorted((ROOT / "docs" / "runbooks").glob("*.md")), ROOT / "docs" / "alerting.md"]
SERIES = {series for family in FAMILIES for series in family.series}
ACTIONS = {"maintenance": {"add", "list", "end"}, "anchor": {"key", "make", "request", "response", "list"}}

about_pages = pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)


@about_pages
def test_metrics_that_are_named_are_exported(path: Path) -> None:
    assert set(re.findall(r"\bnetwatch_[a-z_]+\b", path.read_text("utf-8"))) <= SERIES


@about_pages
def test_commands_that_are_named_exist(path: Path) -> None:
    """What is written as a command: alone in backquotes, or at the beginning of a line of an example."""
    told = re.findall(r"(?:`|^ {4})netwatch ([a-z]+)(?:\s+([a-z]+))?", path.read_text("utf-8"), re.MULTILINE)
    assert {command for command, _ in told} <= set(COMMANDS)
    for command, action in told:
        assert command not in ACTIONS or action in ACTIONS[command]


@about_pages
def test_alerts_that_are_named_exist(path: Path) -> None:
    assert set(re.findall(r"\bNetwatch[A-Z]\w+", path.read_text("utf-8"))) <= {alert.name for alert in ALERTS}


@about_pages
def test_pages_that_are_named_are_there(path: Path) -> None:
    text = path.read_text("utf-8")
    named = set(re.findall(r"\b(docs/[\w/-]+\.md)\b", text))
    assert [each for each in named if not (ROOT / each).is_file()] == []


@pytest.mark.parametrize("path", PAGES[:-1], ids=lambda path: path.stem)
def test_links_into_a_runbook_find_its_language(path: Path) -> None:
    """By #tiếng-việt and #english, the anchors that their headings make."""
    assert re.findall(r"(?m)^## (.+)$", path.read_text("utf-8")) == ["Tiếng Việt", "English"]


@pytest.mark.parametrize("alert", [alert.name for alert in ALERTS])
def test_an_alert_is_called_in_a_list_as_its_runbook_is_titled(alert: str) -> None:
    """Under the alert's name: the title in English, in Vietnamese, and who is told when."""
    _, _, title, *_ = (ROOT / "docs" / "runbooks" / f"{alert}.md").read_text("utf-8").splitlines()
    name = NAMES[alert]
    assert title.startswith(f"{name.en} · {name.vi} · ")


def test_no_two_alerts_are_called_alike_and_none_that_is_gone_is_called() -> None:
    assert list(NAMES) == [alert.name for alert in ALERTS]
    for language in ("vi", "en"):
        assert len({getattr(name, language) for name in NAMES.values()}) == len(NAMES)

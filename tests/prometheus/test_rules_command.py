"""`netwatch rules` writes the table as YAML, the same each time, and tells what differs from it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

import yaml

from netwatch.cli import rules
from netwatch.publishing.alerts.alert import Alert, Group, Kind, Recording, Severity, Text
from netwatch.publishing.alerts.generate import files, text
from netwatch.publishing.alerts.table import ALERTS, GROUPS

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ALERT = Alert(
    "NetwatchX",
    "a == 1\nunless on (unit) b",
    "1m",
    Severity.TICKET,
    Kind.LINE,
    Text("Suy hao: {{ $labels.unit }}", "Loss: {{ $labels.unit }}"),
    Text("Đường truyền.", "The line."),
)


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    rules.configure(parser)
    return rules.run(parser.parse_args(words))


def test_a_group_is_a_file_that_says_where_it_comes_from() -> None:
    recording = Recording("level:metric:operation", "sum(a)", (("bound", "lower"),))
    group = Group("lines", "Lines of units.", (recording, Recording("b:c:d", "e"), ALERT), interval="5m")
    written = text(group, "https://noc.example/runbooks")
    assert written.splitlines()[:2] == [
        "# Lines of units.",
        "# Written by `netwatch rules` from netwatch/publishing/alerts/lines.py: edit that.",
    ]
    assert "Đường truyền." in written  # to be read
    assert yaml.safe_load(written) == {
        "groups": [
            {
                "name": "netwatch-lines",
                "interval": "5m",
                "rules": [
                    {"record": "level:metric:operation", "expr": "sum(a)", "labels": {"bound": "lower"}},
                    {"record": "b:c:d", "expr": "e"},
                    {
                        "alert": "NetwatchX",
                        "expr": "a == 1\nunless on (unit) b",
                        "for": "1m",
                        "labels": {"severity": "ticket", "kind": "line"},
                        "annotations": {
                            "summary": "Suy hao: {{ $labels.unit }}",
                            "summary_en": "Loss: {{ $labels.unit }}",
                            "description": "Đường truyền.",
                            "description_en": "The line.",
                            "runbook_url": "https://noc.example/runbooks/NetwatchX.md",
                        },
                    },
                ],
            }
        ]
    }


def test_what_an_alert_has_besides_is_written_where_it_has_it() -> None:
    alert = Alert(
        ALERT.name,
        ALERT.expr,
        ALERT.patience,
        ALERT.severity,
        ALERT.kind,
        ALERT.summary,
        ALERT.description,
        labels=(("area", "{{ $labels.area }}"),),
        keep="2m",
        units="one a line",
    )
    (group,) = yaml.safe_load(text(Group("lines", "…", (alert,)), "r"))["groups"]
    (rule,) = group["rules"]
    assert "interval" not in group
    assert rule["keep_firing_for"] == "2m"
    assert rule["labels"] == {"severity": "ticket", "kind": "line", "area": "{{ $labels.area }}"}
    assert rule["annotations"]["units"] == "one a line"


def test_every_group_is_a_file_and_the_same_each_time() -> None:
    assert list(files()) == [f"{group.name}.yml" for group in GROUPS]
    assert files() == files()


def test_runbooks_are_linked_where_people_open_them() -> None:
    linked = {
        rule["annotations"]["runbook_url"]
        for written in files("https://noc.example/r/").values()
        for group in yaml.safe_load(written)["groups"]
        for rule in group["rules"]
        if "alert" in rule
    }
    assert linked == {f"https://noc.example/r/{alert.name}.md" for alert in ALERTS}


def test_what_was_written_does_not_differ(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--output", str(tmp_path / "new" / "rules")) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(GROUPS)
    assert run("--check", "--output", str(tmp_path / "new" / "rules")) == 0
    assert capsys.readouterr() == ("", "")


def test_other_runbooks_are_another_text(tmp_path: Path) -> None:
    assert run("--output", str(tmp_path), "--runbooks", "https://noc.example/r") == 0
    assert run("--check", "--output", str(tmp_path), "--runbooks", "https://noc.example/r") == 0
    assert run("--check", "--output", str(tmp_path)) == 1


def test_every_difference_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Prometheus reads every *.yml that is there, so one too many is a difference."""
    run("--output", str(tmp_path))
    (tmp_path / "units.yml").write_text("groups: []\n", "utf-8")
    (tmp_path / "paths.yml").unlink()
    (tmp_path / "mine.yml").write_text("groups: []\n", "utf-8")
    (tmp_path / "notes.txt").write_text("x", "utf-8")
    capsys.readouterr()
    assert run("--check", "--output", str(tmp_path)) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{tmp_path}/units.yml differs from what is generated: run netwatch rules",
        f"{tmp_path}/paths.yml differs from what is generated: run netwatch rules",
        f"{tmp_path}/mine.yml is not generated: remove it",
    ]
    assert (tmp_path / "units.yml").read_text("utf-8") == "groups: []\n"
    assert not (tmp_path / "paths.yml").exists()


def test_a_folder_that_cannot_be_written_is_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rules").write_text("in the way", "utf-8")
    assert run("--output", str(tmp_path / "rules")) == 1
    assert capsys.readouterr().err == f"{tmp_path}/rules/units.yml cannot be written: File exists\n"

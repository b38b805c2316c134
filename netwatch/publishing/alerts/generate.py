"""The YAML of each file of rules, as it is committed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from netwatch.publishing.alerts.alert import Alert
from netwatch.publishing.alerts.table import GROUPS

if TYPE_CHECKING:
    from netwatch.publishing.alerts.alert import Group, Recording

RUNBOOKS = "docs/runbooks"
"""Where the runbooks are linked, unless said otherwise: beside the configuration they came with."""

_HEAD = "# {about}\n# Written by `netwatch rules` from netwatch/publishing/alerts/{name}.py: edit that.\n"


class _Dumper(yaml.SafeDumper):
    """Writes a text of several lines as such: expressions are laid out to be read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def files(runbooks: str = RUNBOOKS) -> dict[str, str]:
    """Return the files' text by name, the same at every run; `runbooks` is where those are linked."""
    return {f"{group.name}.yml": text(group, runbooks.rstrip("/")) for group in GROUPS}


def text(group: Group, runbooks: str) -> str:
    """Return one file."""
    written: dict[str, Any] = {"name": f"netwatch-{group.name}"}
    if group.interval:
        written["interval"] = group.interval
    written["rules"] = [
        _alert(rule, runbooks) if isinstance(rule, Alert) else _recording(rule) for rule in group.rules
    ]
    body = yaml.dump({"groups": [written]}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=110)
    return _HEAD.format(about=group.about, name=group.name) + body


def _alert(alert: Alert, runbooks: str) -> dict[str, Any]:
    written: dict[str, Any] = {"alert": alert.name, "expr": alert.expr, "for": alert.patience}
    if alert.keep:
        written["keep_firing_for"] = alert.keep
    written["labels"] = {"severity": alert.severity.value, "kind": alert.kind.value, **dict(alert.labels)}
    written["annotations"] = {
        "summary": alert.summary.vi,
        "summary_en": alert.summary.en,
        "description": alert.description.vi,
        "description_en": alert.description.en,
        **({"units": alert.units} if alert.units else {}),
        "runbook_url": f"{runbooks}/{alert.name}.md",
    }
    return written


def _recording(rule: Recording) -> dict[str, Any]:
    labels = {"labels": dict(rule.labels)} if rule.labels else {}
    return {"record": rule.name, "expr": rule.expr, **labels}

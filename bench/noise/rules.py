"""The rules that are compared: netwatch's as they ship, the common ones on the exporters (bench/peers)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
NETWATCH = ROOT / "config" / "prometheus" / "rules"
PEERS = ROOT / "bench" / "peers" / "rules.yml"
ALERTMANAGER = ROOT / "config" / "alertmanager" / "alertmanager.yml"

_NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
PLAYED = frozenset({"units", "paths", "budgets", "light", "lines", "power", "devices"})
"""Files of netwatch's rules that the week is about. No claim, service or ledger is played, and no fault of
netwatch itself: those have nothing to say here."""

_LONG = re.compile(r"\[(?:[2-9]|[1-9][0-9]+)d[:\]]|\[[0-9]+w[:\]]|offset [0-9]+[dw]|predict_linear")


def netwatch() -> list[dict[str, Any]]:
    """Return the groups of netwatch's rules that the week is about."""
    return groups(path for path in sorted(NETWATCH.glob("*.yml")) if path.stem in PLAYED)


def groups(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """Return the groups of rule files."""
    return [group for path in paths for group in yaml.safe_load(path.read_text("utf-8"))["groups"]]


def names(rules: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return every word in the expressions of rules that may be a metric's name."""
    texts = (text for rule in rules for text in _texts(rule))
    return frozenset(name for text in texts for name in _NAME.findall(text))


def _texts(rule: Mapping[str, Any]) -> Iterator[str]:
    yield rule["expr"]
    yield rule.get("annotations", {}).get("units", "")
    yield from rule.get("labels", {}).values()


def parted(found: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rules that look back for an hour or so, and those that look back for days.

    The second kind is evaluated over the whole week at once, and more seldom. A rule that reads what one of
    that kind records is of that kind too; what they read of the others stands in both.
    """
    every = [rule for group in found for rule in group["rules"]]
    far = [rule for group in found for rule in group["rules"] if _looks_far(rule, group)]
    while more := [rule for rule in every if rule not in far and names([rule]) & recorded(far)]:
        far += more
    near = [rule for rule in every if rule not in far]
    while more := [rule for rule in near if rule not in far and recorded([rule]) & names(far)]:
        far += more
    return _only(found, near), _only(found, far)


def recorded(rules: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Return what rules record."""
    return frozenset(rule["record"] for rule in rules if "record" in rule)


def _only(found: Iterable[Mapping[str, Any]], kept: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    parts = ({**group, "rules": [rule for rule in group["rules"] if rule in kept]} for group in found)
    return [part for part in parts if part["rules"]]


def _looks_far(rule: Mapping[str, Any], group: Mapping[str, Any]) -> bool:
    return group.get("interval") == "5m" or bool(_LONG.search(rule["expr"]))

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
_LONG = re.compile(r"\[(?:[2-9]|[1-9][0-9]+)d[:\]]|\[[0-9]+w[:\]]|offset [0-9]+[dw]|predict_linear")


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
    that kind records is of that kind too.
    """
    slow: set[str] = set()
    quick: list[dict[str, Any]] = []
    late: list[dict[str, Any]] = []
    for group in found:
        kept = [rule for rule in group["rules"] if not _looks_far(rule, slow, group)]
        slow |= {rule["record"] for rule in group["rules"] if rule not in kept and "record" in rule}
        kept = [rule for rule in kept if not names([rule]) & slow]
        rest = [rule for rule in group["rules"] if rule not in kept]
        if kept:
            quick.append({**group, "rules": kept})
        if rest:
            late.append({**group, "rules": rest})
    return quick, late


def _looks_far(rule: Mapping[str, Any], slow: set[str], group: Mapping[str, Any]) -> bool:
    return "interval" in group or bool(_LONG.search(rule["expr"])) or bool(names([rule]) & slow)

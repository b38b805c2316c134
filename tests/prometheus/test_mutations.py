"""The tests of the rules can fail: each rule broken on purpose is noticed, by the case that is about it."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from promtool import document, promtool

CONFIG = Path(__file__).parents[2] / "config" / "prometheus"


class Break(NamedTuple):
    """What is changed in a rule, and the case that has to notice: how its name begins, and the file's."""

    name: str
    file: str  # of rules
    rule: str
    old: str
    new: str
    case: str
    tests: str = ""  # where not the file of the same name


BREAKS = (
    Break(
        "a dead ancestor explains nothing",
        "units",
        "netwatch:unit_down:explained",
        "or on (unit, register) group by (unit, register) (max_over_time(netwatch_unit_outage_root[5m]))",
        "",
        "what explains a unit",
    ),
    Break(
        "no time to come back in after the ancestor",
        "units",
        "netwatch:unit_down:explained",
        "[5m]",
        "[15s]",
        "after its ancestor is back",
        "units-slowly",
    ),
    Break(
        "maintenance is forgotten",
        "units",
        "netwatch:unit_down:explained",
        "netwatch_maintenance == 1",
        "netwatch_maintenance == 2",
        "what explains a unit",
    ),
    Break(
        "maintenance of the ancestor is forgotten",
        "units",
        "netwatch:unit_down:upstream",
        "netwatch_device_maintenance == 1",
        "netwatch_device_maintenance == 2",
        "a dead ancestor alerts once",
    ),
    Break(
        "each router below one that is back is told",
        "units",
        "netwatch:unit_down:below",
        "[5m]))",
        "[15s]))",
        "after a higher ancestor is back",
        "units-slowly",
    ),
    Break("for is shortened", "units", "NetwatchUnitDown", "1m", "30s", "an outage shorter"),
    Break(
        "an unsettled cause is enough",
        "units",
        "NetwatchUnitDown",
        "netwatch:unit_down:own",
        "max by (unit, area, register) (netwatch_unit_outage_unsettled)",
        "an outage shorter",
    ),
    Break(
        "registers are mixed up",
        "units",
        "netwatch:unit_down:live",
        "unless on (unit, register)",
        "unless on (unit)",
        "a code that stands in two registers",
    ),
    Break(
        "any poller that says down is believed",
        "units",
        "netwatch:unit_down:live",
        'netwatch_unit_state{state="up"}',
        'netwatch_unit_state{state="x"}',
        "of two pollers",
    ),
    Break("four are many", "units", "netwatch:mass_outage:threshold", "5)", "4)", "four are not many"),
    Break(
        "the long dark count",
        "units",
        "netwatch:unit_down:recent",
        "3600",
        "360000",
        "six that have been dark",
    ),
    Break(
        "a router's units count after it is back",
        "units",
        "netwatch:mass_outage:largest_root",
        "[5m]",
        "[15s]",
        "while those behind a router",
    ),
    Break(
        "who came back was not lost",
        "units",
        "netwatch:mass_outage:lost",
        'alertstate="firing"',
        'alertstate="x"',
        "many units lost",
        "units-slowly",
    ),
    Break(
        "only twice as many are told of",
        "units",
        "netwatch:mass_outage:grown",
        "1.5",
        "2",
        "told again when",
        "units-growing",
    ),
    Break(
        "who is lost one by one is not told",
        "units",
        "netwatch:mass_outage:grown",
        "offset 15m",
        "offset 1d",
        "told again when",
        "units-growing",
    ),
    Break(
        "silence is an end",
        "units",
        "netwatch:unit_down:unended",
        "[1h]",
        "[1m]",
        "that netwatch does not answer",
        "units-slowly",
    ),
    Break(
        "names end with a missed scrape",
        "units",
        "netwatch:unit_name:info",
        "[5m]",
        "[10s]",
        "the last message keeps",
    ),
    Break(
        "class is forgotten",
        "units",
        "NetwatchUnitDown",
        "unless on (unit, register) max_over_time",
        "unless on () max_over_time",
        "a unit that a claim of a higher class",
    ),
    Break(
        "blind paths are not left out",
        "units",
        "NetwatchUnitUnknown",
        "max_over_time(netwatch_path_blind[5m]) == 1",
        "max_over_time(netwatch_path_blind[5m]) == 2",
        "unknown alerts after",
        "units-slowly",
    ),
    Break(
        "all behind a path may be in maintenance",
        "paths",
        "NetwatchPathBlind",
        "unless on (device) netwatch_device_maintenance == 1",
        "",
        "a path of which all",
    ),
    Break(
        "references count as devices",
        "paths",
        "NetwatchPathBlind",
        '{role!="reference"}',
        "",
        "one path of two",
    ),
    Break(
        "all of them one by one", "paths", "NetwatchPathBlind", "unless on ()", "or on (x)", "all paths that"
    ),
    Break(
        "increase instead of exact differences",
        "budgets",
        "netwatch:unit_minutes:delta5m",
        "",
        "increase(netwatch_unit_minutes_total[5m])",
        "sums are what the counters moved by",
    ),
    Break(
        "UPSes that are broken count", "power", "netwatch:on_battery:recent", "3600", "360000", "four places"
    ),
    Break("four places are many", "power", "NetwatchPowerLost", "5)", "4)", "four places"),
    Break("unknown is down", "budgets", "NetwatchBudgetSpent", '="down"', '=~".+"', "a budget that is"),
)


def broken(each: Break) -> dict[str, object]:
    """Return the file of rules with one of them changed: its expression, or else its `for`."""
    loaded = document(CONFIG / "rules" / f"{each.file}.yml")
    rule = next(
        rule
        for group in loaded["groups"]
        for rule in group["rules"]
        if each.rule in (rule.get("alert"), rule.get("record"))
    )
    field = "for" if rule.get("for") == each.old else "expr"
    before = rule[field]
    rule[field] = before.replace(each.old, each.new) if each.old else each.new
    assert rule[field] != before
    return loaded


def noticing(each: Break) -> dict[str, object]:
    """Return the one case of the tests that has to notice."""
    loaded = document(CONFIG / "tests" / f"{each.tests or each.file}.yml")
    loaded["tests"] = [test for test in loaded["tests"] if test["name"].startswith(each.case)]
    assert len(loaded["tests"]) == 1
    return loaded


@pytest.mark.system
@pytest.mark.parametrize("each", BREAKS, ids=lambda each: each.name)
def test_a_broken_rule_is_noticed(each: Break, tmp_path: Path) -> None:
    shutil.copytree(CONFIG / "rules", tmp_path / "rules")
    (tmp_path / "tests").mkdir()
    for name, content in (("rules", broken(each)), ("tests", noticing(each))):
        text = yaml.safe_dump(content, allow_unicode=True)
        (tmp_path / name / f"{each.file}.yml").write_text(text, "utf-8")
    promtool("check", "rules", str(tmp_path / "rules" / f"{each.file}.yml"))
    with pytest.raises(AssertionError, match="FAILED"):
        promtool("test", "rules", str(tmp_path / "tests" / f"{each.file}.yml"))

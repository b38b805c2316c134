"""What silences what: only on labels that both sides always carry, and in a real Alertmanager."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from alert_sinks import Sinks, sinks, until
from promtool import document
from real_alertmanager import Alertmanager, quick, running, shipped

from netwatch.publishing.alerts.table import ALERTS

if TYPE_CHECKING:
    from collections.abc import Iterator

RULE_TESTS = Path(__file__).parents[2] / "config" / "prometheus" / "tests"
RULES = shipped()["inhibit_rules"]

MASS, CORE = "NetwatchMassOutage", "NetwatchUpstreamDown"
TAKEN_ALONG = (
    "NetwatchUnitDown",
    "NetwatchPriorityUnitDown",
    "NetwatchUnitDownUpstream",
    "NetwatchUpstreamDown",
    "NetwatchCoreDown",
    "NetwatchUnitFlapping",
    "NetwatchPowerLost",
    "NetwatchOnBattery",
    "NetwatchBatteryLow",
    "NetwatchBackupInUse",
    "NetwatchLightLow",
)


def fired() -> dict[str, list[dict[str, str]]]:
    """Return the labels that each alert fired with in the tests of the rules."""
    found: dict[str, list[dict[str, str]]] = {}
    for file in sorted(RULE_TESTS.glob("*.yml")):
        for test in document(file)["tests"]:
            for case in test.get("alert_rule_test", ()):
                for alert in case.get("exp_alerts", ()):
                    found.setdefault(case["alertname"], []).append(alert.get("exp_labels", {}))
    return found


FIRED = fired()


def matches(matchers: list[str], name: str) -> bool:
    """Tell whether matchers, which all ask for the alert's name, take an alert."""
    for matcher in matchers:
        asked = re.fullmatch(r'alertname (=~?) "(.*)"', matcher)
        assert asked, matcher
        operator, value = asked.groups()
        if not re.fullmatch(value if operator == "=~" else re.escape(value), name):
            return False
    return True


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["source_matchers"][0])
def test_both_sides_always_carry_what_a_rule_compares(rule: dict[str, Any]) -> None:
    """Of two alerts without a label, Alertmanager says that they are equal in it."""
    for side in ("source_matchers", "target_matchers"):
        names = [alert.name for alert in ALERTS if matches(rule[side], alert.name)]
        assert names, f"{rule[side]} takes no alert of the table"
        for name in names:
            assert FIRED.get(name), f"{name} fires in no test of the rules"
            for carried in FIRED[name]:
                missing = [label for label in rule.get("equal", ()) if not carried.get(label)]
                assert not missing, f"{name} fires without {missing}"


def test_every_name_in_a_rule_is_an_alert_of_the_table() -> None:
    told = " ".join(matcher for rule in RULES for side in rule.values() for matcher in side)
    inside = re.findall(r"Netwatch\((.*?)\)", told)
    named = set(re.findall(r'"(Netwatch\w+)"', told))
    named |= {f"Netwatch{end}" for ends in inside for end in ends.split("|")}
    assert named <= {alert.name for alert in ALERTS}


def alert(name: str, **labels: str) -> dict[str, Any]:
    """Return an alert that begins now: for older ones Alertmanager does not wait for a group to gather."""
    severity = "critical" if name in {MASS, CORE, "NetwatchPollerBlind", "NetwatchPathBlind"} else "warning"
    return {
        "labels": {"alertname": name, "severity": severity, "area": "Khoái Châu", "kind": "unit", **labels},
        "annotations": {"summary": name},
    }


CASES: dict[str, tuple[list[dict[str, Any]], list[str]]] = {
    "a typhoon: one message": (
        [alert(MASS, area="toàn tỉnh"), *(alert(name, unit="12004", root="r") for name in TAKEN_ALONG)],
        [MASS],
    ),
    "a dead router and 15 communes: one, and the commune behind another router is told": (
        [
            alert(CORE, root="core-a"),
            *(alert("NetwatchUnitDownUpstream", unit=str(unit), root="core-a") for unit in range(15)),
            alert("NetwatchUnitDownUpstream", unit="99", root="core-b"),
        ],
        [CORE, "NetwatchUnitDownUpstream"],
    ),
    "a unit that flaps is not told as down, another is": (
        [
            alert("NetwatchUnitFlapping", unit="1"),
            alert("NetwatchUnitDown", unit="1"),
            alert("NetwatchUnitDown", unit="2"),
        ],
        ["NetwatchUnitDown", "NetwatchUnitFlapping"],
    ),
    "a blind poller: one, and none of its paths or units": (
        [
            alert("NetwatchPollerBlind", kind="path", area="toàn tỉnh"),
            alert("NetwatchPathBlind", kind="path", path="default"),
            *(alert("NetwatchUnitUnknown", unit=str(unit), path="default") for unit in range(20)),
        ],
        ["NetwatchPollerBlind"],
    ),
    "one carrier's path: the units behind it are silent, those of another are told": (
        [
            alert("NetwatchPathBlind", kind="path", path="vnpt"),
            alert("NetwatchUnitUnknown", unit="1", path="vnpt"),
            alert("NetwatchUnitUnknown", unit="2", path="viettel"),
        ],
        ["NetwatchPathBlind", "NetwatchUnitUnknown"],
    ),
    "mains lost over a region: one message": (
        [
            alert("NetwatchPowerLost", area="toàn tỉnh"),
            *(alert("NetwatchOnBattery", area=f"Khu {n}", unit=str(n), device=f"u{n}") for n in range(20)),
            *(alert("NetwatchBatteryLow", area=f"Khu {n}", unit=str(n), device=f"u{n}") for n in range(5)),
        ],
        ["NetwatchPowerLost"],
    ),
    "a unit that is lost tells what its devices did before; another's battery is told, once": (
        [
            alert("NetwatchUnitDown", unit="1"),
            *(
                alert(f"Netwatch{name}", unit="1", device="d")
                for name in ("OnBattery", "BatteryLow", "BackupInUse", "LightLow")
            ),
            alert("NetwatchOnBattery", unit="2", device="e"),
            alert("NetwatchBatteryLow", unit="2", device="e"),
        ],
        ["NetwatchBatteryLow", "NetwatchUnitDown"],
    ),
    "light under the alarm fades no more; that of another port does": (
        [
            alert("NetwatchLightLow", unit="1", device="d", ifName="sfp1"),
            alert("NetwatchLightFading", unit="1", device="d", ifName="sfp1"),
            alert("NetwatchLightFading", unit="1", device="d", ifName="sfp2"),
        ],
        ["NetwatchLightFading", "NetwatchLightLow"],
    ),
    "a certificate that ends within days": (
        [
            alert("NetwatchCertificateExpiresSoon", service="mail"),
            alert("NetwatchCertificateExpires", service="mail"),
            alert("NetwatchCertificateExpires", service="portal"),
        ],
        ["NetwatchCertificateExpires", "NetwatchCertificateExpiresSoon"],
    ),
}


def hooks_only(got: Sinks) -> dict[str, Any]:
    """Return the shipped routes, with a web hook for each receiver: what is counted is notifications."""
    config = quick(shipped(), got)
    for receiver in config["receivers"]:
        name = receiver["name"]
        hook = {"url": f"{got.http}/{name}", "send_resolved": True}
        receiver.clear()
        receiver.update(name=name, webhook_configs=[hook])
    return config


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Alertmanager, Sinks]]:
    with sinks() as got:
        folder = tmp_path_factory.mktemp("alertmanager")
        with running(hooks_only(got), folder) as alertmanager:
            yield alertmanager, got


@pytest.mark.system
@pytest.mark.parametrize("case", CASES)
def test_one_message_tells_it(told: tuple[Alertmanager, Sinks], case: str) -> None:
    """Firing: exactly these. Resolved, all at once: those again, and nothing of what was inhibited."""
    alertmanager, got = told
    posted, wanted = CASES[case]
    got.hooks.clear()
    begin = dt.datetime.now(dt.UTC)
    posted = [{**begun, "startsAt": begin.isoformat()} for begun in posted]
    alertmanager.post(posted)
    until(lambda: len(got.hooks) >= len(wanted))
    inhibited = [found for found in alertmanager.alerts() if found["status"]["inhibitedBy"]]
    alertmanager.post([{**gone, "endsAt": dt.datetime.now(dt.UTC).isoformat()} for gone in posted])
    until(lambda: len(got.hooks) >= 2 * len(wanted))
    assert len(inhibited) == len(posted) - len(wanted)
    firing, resolved = (
        sorted(hook["groupLabels"]["alertname"] for _, hook in got.hooks if hook["status"] == status)
        for status in ("firing", "resolved")
    )
    assert (firing, resolved) == (sorted(wanted), sorted(wanted))


@pytest.mark.system
def test_a_mass_outage_that_grows_is_told_again_and_ends_once(told: tuple[Alertmanager, Sinks]) -> None:
    """It is one more alert each time, after which texts show the first of them; and no unit is told."""
    alertmanager, got = told
    got.hooks.clear()
    begin = dt.datetime.now(dt.UTC).isoformat()
    steps = [{**alert(MASS, **lost), "startsAt": begin} for lost in ({}, {"lost": "12"}, {"lost": "8"})]
    unit = {**alert("NetwatchUnitDown", unit="12004"), "startsAt": begin}
    for number, step in enumerate(steps, 1):
        alertmanager.post([step, unit])
        until(lambda number=number: len(got.hooks) >= number)
    alertmanager.post([{**gone, "endsAt": dt.datetime.now(dt.UTC).isoformat()} for gone in (*steps, unit)])
    until(lambda: len(got.hooks) >= 4)
    until(lambda: len(got.hooks) > 4, 1.5)
    assert [(hook["status"], len(hook["alerts"])) for _, hook in got.hooks] == [
        ("firing", 1),
        ("firing", 2),
        ("firing", 3),
        ("resolved", 3),
    ]
    assert {hook["groupLabels"]["alertname"] for _, hook in got.hooks} == {MASS}
    assert all("lost" not in hook["alerts"][0]["labels"] for _, hook in got.hooks)

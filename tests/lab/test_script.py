"""Scripts are read strictly: every mistake is told with its line, and all of them at once."""

from __future__ import annotations

import pytest

from netwatch.lab.faults import Fault, FaultKind
from netwatch.lab.plan.layout import Feature
from netwatch.lab.script.reading import read_script
from netwatch.lab.script.story import Announce, Restore, ScriptError, Selector, Strike

HEAD = 'name: test\nabout: {vi: "thử", en: trial}\nduration: 10m\n'

WHOLE = """name: router-dies
about: {vi: "Router chết", en: A router dies}
units: 8
duration: 20m
wire: true
steps:
  - {at: 9m, restore: all, on: {unit: 3, part: switch}}
  - {at: 2m, fault: power-cut, on: {branch: 0, routers: 1, router: all}, until: 8m30s, within: 10s}
  - {at: 3m, fault: silent, to: echo, on: [core, noc-gateway]}
  - {at: 1m, announce: work, from: 3m, to: 8m, by: an, text: splicing, on: {unit: all, every: 2, with: [sfp]}}
  - {at: 4m, fault: way-out-cut, carrier: fpt}
"""


def test_a_script_is_what_stands_there_in_the_order_of_time() -> None:
    script = read_script(WHOLE, "router.yaml")
    assert (script.name, script.units, script.duration, script.wire) == ("router-dies", 8, 1200.0, True)
    assert script.about == {"vi": "Router chết", "en": "A router dies"}
    assert script.steps == (
        Announce(
            at=60.0,
            line=10,
            name="work",
            start=180.0,
            end=480.0,
            by="an",
            text="splicing",
            on=Selector(line=10, every=2, features=frozenset({Feature.SFP})),
        ),
        Strike(
            at=120.0,
            line=8,
            fault=Fault(FaultKind.POWER_CUT, {"battery": 7200.0}),
            on=Selector(line=8, branch=0, routers=1, all_routers=True),
            until=510.0,
            within=10.0,
        ),
        Strike(
            at=180.0,
            line=9,
            fault=Fault(FaultKind.SILENT, {"to": "echo"}),
            on=Selector(line=9, names=("core", "noc-gateway")),
        ),
        Strike(at=240.0, line=11, fault=Fault(FaultKind.WAY_OUT_CUT, {"carrier": "fpt"}), on=None),
        Restore(at=540.0, line=7, kind=None, on=Selector(line=7, unit=3, part="switch")),
    )


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        pytest.param("", ["1: the script is empty"], id="empty"),
        pytest.param("- a\n", ["1: a script has to be a mapping"], id="a list"),
        pytest.param("name: [", ["1: expected the node content, but found '<stream end>'"], id="no YAML"),
        pytest.param(
            "a: \x00", ["1: unacceptable character #x0000: special characters are not allowed"], id="NUL"
        ),
        pytest.param("x" * 70000, ["1: longer than 65536 octets"], id="too long"),
        pytest.param(
            "steps: []\n",
            ["1: a script needs 'name'", "1: a script needs 'about'", "1: a script needs 'duration'"],
            id="nothing that it needs",
        ),
        pytest.param(
            HEAD + "duratoin: 5m\n",
            ["4: a script has no 'duratoin': did you mean 'duration'?"],
            id="unknown key",
        ),
        pytest.param(HEAD + "units: 2\nunits: 3\n", ["5: 'units' stands here a second time"], id="twice"),
        pytest.param(HEAD + "units: 0\n", ["4: units: '0' is not a whole number from 1 on"], id="no units"),
        pytest.param(HEAD + "wire: yes\n", ["4: wire: 'yes' is none of true, false"], id="wire"),
        pytest.param(HEAD.replace("10m", "10"), ["3: duration: '10' is not a duration: "], id="duration"),
        pytest.param(HEAD.replace("name: test", "name: A B"), ["1: name: 'A B' is no name: "], id="name"),
    ],
)
def test_mistakes_of_the_head(text: str, mistakes: list[str]) -> None:
    assert_told(text, mistakes)


@pytest.mark.parametrize(
    ("step", "mistake"),
    [
        ("at: 1m", "a step says one of fault, restore, announce"),
        ("at: 1m, fault: hang, restore: hang, on: core", "a step says one of fault, restore, announce"),
        ("fault: hang, on: core", "a step needs 'at'"),
        ("at: 11m, fault: hang, on: core", "'at' is behind the script's end, 600 s"),
        ("at: [1m], fault: hang, on: core", "'at' has to be one word or number"),
        (
            "at: 1m, fault: fibrecut, on: core",
            "fault: there is no fault 'fibrecut': did you mean 'fibre-cut'?",
        ),
        ("at: 1m, fault: hang", "hang strikes a device: say 'on' what"),
        ("at: 1m, fault: cannot-send, on: core", "cannot-send strikes the poller: it takes no 'on'"),
        ("at: 1m, restore: hang", "hang strikes a device: say 'on' what"),
        ("at: 1m, fault: loss, on: core", "loss needs 'share'"),
        ("at: 1m, fault: loss, share: lots, on: core", "'lots' is not a share: write 0.4 or 40%"),
        (
            "at: 1m, fault: hang, on: core, until: 1m",
            "'until' comes after 'at' and 'within', of a fault that lasts",
        ),
        (
            "at: 1m, fault: reboot, on: core, until: 2m",
            "'until' comes after 'at' and 'within', of a fault that lasts",
        ),
        (
            "at: 1m, restore: hang, on: core, untill: 1m",
            "a step has no 'untill'; it takes at, restore, on, within",
        ),
        ("at: 1m, fault: hang, on: {unit: 0, router: 0, branch: 0}", "'on' says either 'unit' or 'router'"),
        ("at: 1m, fault: hang, on: {with: sfp}", "'on' says either 'unit' or 'router'"),
        ("at: 1m, fault: hang, on: {router: 0}", "'router' needs to know of which 'branch'"),
        ("at: 1m, fault: hang, on: {unit: first}", "unit: 'first' is no place: write 0 for the first"),
        (
            "at: 1m, fault: hang, on: {unit: 0, with: gpon}",
            "with: 'gpon' is none of sfp, ont, ups, ont-on-ups, 4g",
        ),
        ("at: 1m, fault: hang, on: {unit: 0, part: door}", "part: 'door' is none of gateway, switch, ups"),
        (
            "at: 1m, fault: hang, on: {unit: 0, carrier: mobi}",
            "carrier: 'mobi' is none of vnpt, viettel, fpt",
        ),
        ("at: 1m, announce: work, from: 5m, to: 5m, on: core", "'to' comes after 'from'"),
        ("at: 1m, announce: work, from: 5m, to: 6m", "an announcement says 'on' what the work is"),
        ("at: 1m, announce: Work!, from: 5m, to: 6m, on: core", "announce: 'Work!' is no name: "),
    ],
)
def test_mistakes_of_a_step(step: str, mistake: str) -> None:
    assert_told(f"{HEAD}steps:\n  - {{{step}}}\n", [f"5: {mistake}"])


def test_all_mistakes_are_told_at_once() -> None:
    steps = ("{at: 1m, fault: hang}", "{at: 1m, fault: hang, on: core}", "{at: 99m, fault: bang, on: core}")
    assert_told(
        f"{HEAD}steps:\n" + "".join(f"  - {step}\n" for step in steps),
        ["5: hang strikes", "7: 'at' is behind", "7: fault: there is no fault 'bang': did you mean 'hang'?"],
    )


def assert_told(text: str, mistakes: list[str]) -> None:
    """Every mistake has one line, which begins as it should."""
    with pytest.raises(ScriptError) as told:
        read_script(text, "s.yaml")
    lines = str(told.value).splitlines()
    assert len(lines) == len(mistakes), lines
    assert [line[: len(mistake) + 7] for line, mistake in zip(lines, mistakes, strict=True)] == [
        f"s.yaml:{mistake}" for mistake in mistakes
    ]

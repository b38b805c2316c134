"""Why an outage happened: the first row of the table whose sign is there, never a guess."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.judgement.cause import Outage, Place, find, told
from netwatch.model.maintenance import Window
from netwatch.model.sign import Sign, SignKind

START, END = 10_000.0, 10_300.0
OUTAGE = Outage(START, END)
PLACE = Place(("gw",), ups=("ups-1", "ups-2"), asked=("gw", "ups-1"), unit="A", area="Văn Lâm")


def sign(kind: str, start: float, *, device: str = "gw", at: float | None = None, detail: str = "") -> Sign:
    """A sign of something that happened so many seconds after the beginning, learnt as the outage is over."""
    return Sign(END + 10 if at is None else START + at, device, SignKind(kind), START + start, detail)


def ups(kind: str, start: float, device: str = "ups-1") -> Sign:
    return sign(kind, start, device=device)


def window(start: float = -10, end: float = 600, announced: float = -100, **of: Any) -> Window:
    return Window(
        "đấu nối", START + start, START + end, START + announced, "NOC", **(of or {"devices": ("gw",)})
    )


RAN_ON = [sign("booted", -9000.0), sign("answered", -9000.0, device="ups-1", at=-9000.0)]
ANSWERED = [sign("answered", 310.0, detail="ether1")]


def cause_of(signs: list[Sign], windows: list[Window] | None = None, outage: Outage = OUTAGE) -> str:
    return find(outage, PLACE, signs, windows or [])[0].value


@pytest.mark.parametrize(
    ("signs", "cause"),
    [
        ([], "undetermined"),
        # Power: a UPS of the place that lost the mains by the beginning, and was not well again before it.
        ([ups("mains_lost", -30)], "power"),
        ([ups("mains_lost", -30, "ups-2")], "power"),
        ([ups("mains_lost", -30, "gw")], "undetermined"),
        ([ups("mains_lost", -30, "elsewhere")], "undetermined"),
        ([ups("mains_lost", -5000)], "power"),
        ([ups("mains_lost", 60)], "power"),
        ([ups("mains_lost", 61)], "undetermined"),
        ([ups("mains_lost", -300), ups("mains_back", -61)], "undetermined"),
        ([ups("mains_lost", -300), ups("mains_back", -60)], "power"),
        ([ups("mains_lost", -30), ups("mains_back", 200)], "power"),
        ([ups("mains_lost", -900), ups("mains_back", -600), ups("mains_lost", -10)], "power"),
        ([ups("mains_lost", -10), ups("mains_back", -600)], "power"),  # in whatever order they are learnt
        # Two UPS: one that is well does not speak for the other.
        ([ups("mains_back", -600), ups("mains_lost", -20, "ups-2")], "power"),
        ([ups("mains_lost", -300, "ups-2"), ups("mains_back", -100, "ups-2")], "undetermined"),
        # Power: it said itself that it loses it, and nothing shows that it did not.
        ([sign("dying_gasp", 0)], "power"),
        ([sign("dying_gasp", -60)], "power"),
        ([sign("dying_gasp", 60)], "power"),
        ([sign("dying_gasp", -60.1)], "undetermined"),
        ([sign("dying_gasp", 60.1)], "undetermined"),
        ([sign("dying_gasp", 0, device="sw")], "undetermined"),
        ([sign("dying_gasp", 0), sign("booted", 250)], "power"),
        ([sign("dying_gasp", 0), sign("booted", 3)], "power"),
        # A gasp can be forged: a device that has run on since before has not lost power.
        ([*RAN_ON, *ANSWERED, sign("dying_gasp", 0)], "access"),
        ([*RAN_ON, sign("dying_gasp", 0), sign("port_down", 0, detail="ether1")], "link"),
        # Restart: it started anew at about the beginning; one that starts later was off.
        ([sign("booted", 0)], "restart"),
        ([sign("booted", -5)], "restart"),
        ([sign("booted", -5.1)], "undetermined"),  # it ran on, and its port is not known
        ([sign("booted", 20)], "restart"),
        ([sign("booted", 20.1)], "undetermined"),
        ([sign("booted", 20, device="sw")], "undetermined"),
        # Link: the port, or its light, while the device ran on.
        ([*RAN_ON, sign("port_down", 0, detail="ether1")], "link"),
        ([*RAN_ON, sign("port_up", 298, detail="ether1")], "link"),
        ([*RAN_ON, sign("port_up", 305, detail="ether1")], "link"),
        ([*RAN_ON, *ANSWERED, sign("port_up", 305.1, detail="ether1")], "access"),
        ([*RAN_ON, sign("port_down", -60, detail="ether1")], "link"),  # of a device that tells no time
        ([*RAN_ON, *ANSWERED, sign("port_down", -61, detail="ether1")], "access"),
        (
            [*RAN_ON, *ANSWERED, sign("port_down", -30, detail="e"), sign("port_up", -10, detail="e")],
            "access",
        ),
        ([*RAN_ON, sign("port_down", -3, detail="e"), sign("port_up", 200, detail="e")], "link"),
        ([*RAN_ON, sign("port_down", -30, detail="e"), sign("port_up", -10, detail="f")], "link"),
        ([*RAN_ON, sign("light_lost", -10, detail="sfp1")], "link"),
        ([*RAN_ON, sign("light_lost", 60, detail="sfp1")], "link"),
        ([*RAN_ON, *ANSWERED, sign("light_lost", 60.1, detail="sfp1")], "access"),
        ([*RAN_ON, sign("light_fading", -3600, detail="sfp1")], "link"),
        ([*RAN_ON, *ANSWERED, sign("light_fading", -3601, detail="sfp1")], "access"),
        (
            [*RAN_ON, *ANSWERED, sign("light_lost", -900, detail="s"), sign("light_back", -1, detail="s")],
            "access",
        ),
        ([*RAN_ON, sign("light_lost", -900, detail="s"), sign("light_back", 290, detail="s")], "link"),
        ([*RAN_ON, sign("light_lost", -900, detail="s"), sign("light_back", -1, detail="t")], "link"),
        # Neither is known of a device of which nobody knows whether it ran on.
        ([sign("port_down", 0, detail="ether1")], "undetermined"),
        ([sign("booted", -9000, at=-8000)], "undetermined"),
        # Access: it ran on, and its port was looked at and showed nothing.
        ([*RAN_ON, *ANSWERED], "access"),
        ([*RAN_ON, sign("answered", 310)], "undetermined"),
        ([*RAN_ON, sign("answered", 100, at=100, detail="ether1")], "undetermined"),
        ([sign("booted", -9000, at=-8000), *RAN_ON[1:], *ANSWERED], "access"),
        # The last start counts.
        ([sign("booted", -9000), sign("booted", 250), *ANSWERED], "undetermined"),
        # The order of the table.
        ([ups("mains_lost", 0), sign("booted", 20), *ANSWERED], "power"),
        ([ups("mains_lost", 0), *RAN_ON, sign("port_down", 0, detail="ether1")], "power"),
        ([sign("booted", 20), sign("port_down", 0, detail="ether1")], "restart"),
        # Another device at the address: what it tells is no sign of what happened to the one before it.
        ([sign("identity", 305), *RAN_ON, *ANSWERED], "undetermined"),
        ([*RAN_ON, *ANSWERED, sign("identity", 320, at=320)], "access"),
        ([sign("light_lost", -50, detail="s"), sign("identity", -40, at=-40), *RAN_ON, *ANSWERED], "access"),
    ],
)
def test_signs_give_this_cause(signs: list[Sign], cause: str) -> None:
    assert cause_of(signs) == cause


@pytest.mark.parametrize(
    ("windows", "cause"),
    [
        ([window()], "maintenance"),
        ([window(units=("A",))], "maintenance"),
        ([window(areas=("Văn Lâm",))], "maintenance"),
        ([window(devices=("sw",), units=("B",), areas=("Khoái Châu",))], "power"),
        ([window(devices=("sw",)), window(units=("A",))], "maintenance"),
        ([window(announced=-10)], "maintenance"),
        ([window(announced=-9.9)], "power"),  # announced when it had begun
        ([window(start=5)], "maintenance"),
        ([window(start=5.1)], "power"),
        ([window(start=-600, end=0.1, announced=-700)], "maintenance"),
        ([window(start=-600, end=0, announced=-700)], "power"),
        ([], "power"),
    ],
)
def test_a_window_explains_what_begins_within_it_if_it_was_announced_before(
    windows: list[Window], cause: str
) -> None:
    """It goes before power: work is done with the power off."""
    assert cause_of([ups("mains_lost", 0)], windows) == cause


def test_upstream_goes_before_everything_and_names_the_root() -> None:
    outage = Outage(START, END, root="core")
    found, facts = find(outage, PLACE, [ups("mains_lost", 0)], [window()])
    assert found == "upstream"
    assert [(fact.at, fact.device) for fact in facts] == [(START, "core")]


@pytest.mark.parametrize(
    ("signs", "facts"),
    [
        ([ups("mains_lost", -20)], [(-20, "ups-1", "on battery")]),
        ([sign("booted", 20)], [(20, "gw", "started")]),
        (
            [*RAN_ON, sign("port_down", 1, detail="ether1"), sign("port_up", 290, detail="ether1")],
            [(1, "gw", "port ether1 went down"), (-9000, "gw", "has been running since then")],
        ),
        (
            [*RAN_ON, sign("light_fading", -600, detail="sfp1")],
            [(-600, "gw", "received light of sfp1 fading"), (-9000, "gw", "has been running since then")],
        ),
        (
            [*RAN_ON, *ANSWERED],
            [(310, "gw", "port ether1 showed nothing"), (-9000, "gw", "has been running since then")],
        ),
    ],
)
def test_a_cause_carries_its_facts(signs: list[Sign], facts: list[tuple[float, str, str]]) -> None:
    _, found = find(OUTAGE, PLACE, signs, [])
    assert [(fact.at - START, fact.device, fact.text) for fact in found] == facts


def test_a_window_names_who_announced_it() -> None:
    _, (fact,) = find(OUTAGE, PLACE, [], [window()])
    assert fact.text == "window đấu nối, announced by NOC"


@pytest.mark.parametrize(
    ("heard", "enough"),
    [
        ([], False),
        ([("gw", 310)], False),
        ([("gw", 310), ("ups-1", 320)], True),
        ([("gw", 310), ("ups-1", 299)], False),  # while it lasted
        ([("gw", 310), ("ups-1", 300)], True),
        ([("gw", 310), ("ups-2", 320)], False),  # which cannot be asked
    ],
)
def test_everyone_who_can_be_asked_has_to_be_heard(heard: list[tuple[str, float]], *, enough: bool) -> None:
    signs = [sign("answered", at, device=device, at=at) for device, at in heard]
    assert told(OUTAGE, PLACE, signs) is enough


@pytest.mark.parametrize("how", ["signed", "not signed"])
def test_a_gasp_says_how_surely_it_is_the_devices(how: str) -> None:
    _, facts = find(OUTAGE, PLACE, [sign("dying_gasp", -1, at=-1, detail=how)], [])
    assert [(fact.at, fact.device, fact.text) for fact in facts] == [
        (START - 1, "gw", f"said by a trap that it loses power ({how})")
    ]


def test_a_gasp_is_no_answer_to_a_poll() -> None:
    """Whoever sends one after the outage has not been asked: nothing tells that the device ran on."""
    booted = sign("booted", -9000, at=-100)
    late = sign("dying_gasp", 400, at=400)
    port = sign("port_down", 0, at=0, detail="ether1")
    assert cause_of([booted, RAN_ON[1], late, port]) == "undetermined"
    assert cause_of([booted, RAN_ON[1], late, port, *ANSWERED]) == "link"
    assert not told(OUTAGE, PLACE, [late, sign("answered", 310, at=310, device="ups-1")])
    silent_ups = [sign("dying_gasp", -200, at=-200, device="ups-1"), sign("booted", -9000), *ANSWERED]
    assert cause_of(silent_ups) == "undetermined"

"""A cause is settled once for each outage, when its devices have told what they know, or at its time."""

from __future__ import annotations

from array import array
from typing import Any

import pytest

from netwatch.model.decision import CauseSettled, RunEnded
from netwatch.model.maintenance import Window
from netwatch.model.observation import InterfaceName, InterfaceTable

PORT = InterfaceTable(
    1, (InterfaceName("ether1", 1, "ether1", "", ""),), ("ifOperStatus",), (array("Q", [1]),)
)
DOWN = "g" * 20 + "L" * 40 + "g" * 60
START = 1_700_000_040.0  # of every world


@pytest.fixture
def asked(world: Any, device: Any) -> Any:
    """A device that can be asked by SNMP, once a minute; it was down from second 20 to 60."""
    played = world(devices=[device(snmp="noc")])
    played.poll("gw", 10, uptime=5000.0)
    played.play(DOWN)
    return played


def causes(played: Any, until: int) -> list[tuple[str, str, float]]:
    """Subject, cause, and the second at which it was settled."""
    for second in range(121, until):
        played.tick(second)
    return [(each.subject.value, each.cause.value, each.at - START) for each in played.of(CauseSettled)]


def test_it_waits_for_polls_after_the_outage(asked: Any) -> None:
    """With the first settled minute after which they have been heard."""
    asked.poll("gw", 130, uptime=108.0)  # since second 22: as the outage began
    assert causes(asked, 400) == [("device", "restart", 210.0), ("unit", "restart", 210.0)]
    assert [each.facts[0].text for each in asked.of(CauseSettled)] == ["started"] * 2


def test_it_gives_up_at_its_time(asked: Any) -> None:
    """2.5 intervals and half a minute after the end, at second 240: with the minute settled next."""
    assert causes(asked, 600) == [("device", "undetermined", 270.0), ("unit", "undetermined", 270.0)]
    unit = asked.judgement.units["12004"]
    assert unit.outages == {"undetermined": 1}
    assert unit.last_outage in asked.of(CauseSettled)


def test_signs_learnt_later_change_nothing(asked: Any) -> None:
    first = causes(asked, 400)
    asked.sign("gw", "booted", 25.0, 410.0)
    asked.sign("gw", "answered", 410.0, 410.0)
    assert causes(asked, 600) == first


def test_what_cannot_be_asked_is_not_waited_for(world: Any) -> None:
    played = world()
    played.play(DOWN)
    causes(played, 300)
    run = played.of(RunEnded)[0]
    assert [each.at for each in played.of(CauseSettled)] == [run.at] * 2


def test_a_window_explains_the_outage_of_what_it_covers(world: Any, start: float) -> None:
    played = world()
    played.announce(1.0, Window("w", start + 10, start + 90, start - 60, "NOC", units=("12004",)))
    played.play(DOWN)
    assert {cause for _, cause, _ in causes(played, 300)} == {"maintenance"}


def test_a_blip_has_no_cause(world: Any) -> None:
    played = world()
    played.play("g" * 20 + "L" * 29 + "g" * 60)
    assert causes(played, 400) == []
    assert len(played.of(RunEnded)) == 2


def test_a_device_that_is_removed_meanwhile_has_its_cause_all_the_same(asked: Any, line: Any) -> None:
    """By what is known of it; its totals are gone."""
    for second in range(121, 220):
        asked.tick(second)
    asked.configure(220.0, [], [])
    assert len(causes(asked, 600)) == 2
    assert asked.judgement.units == {}


def test_a_short_outage_between_two_polls_has_a_cause(world: Any, device: Any) -> None:
    """No poll was in vain; the next one tells all the same that the device ran on and its port was well."""
    played = world(devices=[device(snmp="noc")])
    slots = played.slots({0: "g" * 15 + "L" * 35 + "g" * 60})
    played.poll("gw", 0.5, uptime=5000.0, interfaces=PORT)
    played.feed([slot for slot in slots if slot[0] < 60])
    played.poll("gw", 60.5, uptime=5060.0, interfaces=PORT)
    played.feed([slot for slot in slots if slot[0] >= 60.5])
    assert {cause for _, cause, _ in causes(played, 400)} == {"access"}


def test_forged_gasps_push_out_nothing_that_polls_have_shown(asked: Any) -> None:
    """However many are sent: what the port showed at the beginning still tells the cause."""
    asked.sign("gw", "port_down", 20.0, 118.0, "ether1")
    for number in range(300):
        asked.sign("gw", "dying_gasp", 119.0, 119.0 + number / 1000, "not signed")
    asked.poll("gw", 130, uptime=5120.0, interfaces=PORT)
    assert causes(asked, 400) == [("device", "link", 210.0), ("unit", "link", 210.0)]


def test_a_gasp_is_remembered_over_a_restart(asked: Any) -> None:
    asked.sign("gw", "dying_gasp", 20.0, 110.0, "signed")
    kept = asked.judgement.snapshot()["inquest"]["signs"]
    assert [START + 110.0, "gw", "dying_gasp", START + 20.0, "signed"] in kept

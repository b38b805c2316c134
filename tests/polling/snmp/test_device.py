"""What a poll makes of a device, healthy or not."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.device import Credential
from netwatch.model.observation import MISSING, InterfaceTable, Light, Observation
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.protocols import ber, snmp
from netwatch.protocols.usm_keys import DIGESTS

if TYPE_CHECKING:
    from collections.abc import Callable

IF_X_TABLE = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1)
LAST_CHANGE = (1, 3, 6, 1, 2, 1, 31, 1, 5, 0)


def names(observation: Observation) -> list[str]:
    """The keys of the rows that a poll found."""
    assert observation.interfaces is not None, observation.detail
    return [row.key for row in observation.interfaces.rows]


def column(observation: Observation, name: str) -> list[int]:
    """One column of a poll's numbers."""
    table = observation.interfaces
    assert isinstance(table, InterfaceTable), observation.detail
    return list(table.values[table.columns.index(name)])


def test_a_poll_tells_who_the_device_is_and_what_its_interfaces_count(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.agent(3)
        found = await world.poll()
        assert found.outcome is Outcome.ANSWERED
        assert (found.device, found.profile, found.detail) == ("sw-198.51.100.1", "generic", "")
        assert found.system.sys_name == "sw-1"
        assert found.system.sys_object_id == (1, 3, 6, 1, 4, 1, 9, 1)
        assert found.uptime == pytest.approx(1000, abs=1)
        assert not found.restarted
        assert names(found) == ["ge1", "ge2", "ge3"]
        assert found.interfaces.rows[0].descr == "port ge1"
        assert column(found, "ifHCInOctets") == [10**9 + 1, 10**9 + 2, 10**9 + 3]
        assert found.at == world.clock.epoch + world.loop.now
        assert 0 < found.duration < 1
        assert found.refused == ()

    play(story)


def test_later_polls_ask_for_the_numbers_only_and_keep_the_rows(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(52)
        first = await world.poll()
        agent.requests.clear()
        second = await world.poll()
        assert len(agent.requests) == 4  # 15 rows a datagram, by 4 columns
        assert {pdu for pdu, *_ in agent.requests} == {snmp.GETBULK}
        assert second.interfaces.rows is first.interfaces.rows
        assert second.interfaces.generation == first.interfaces.generation
        assert len(column(second, "ifHCInOctets")) == 52

    play(story)


def test_a_counter_that_moves_by_more_than_53_bits_stays_whole(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        agent.add_interface(1, "ge1", octets=2**63 + 1)
        assert column(await world.poll(), "ifHCInOctets") == [2**63 + 1]

    play(story)


def test_without_ifxtable_64_bit_values_are_missing_and_rows_go_by_their_index(
    play: Callable[..., Any],
) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(3)
        agent.objects = {oid: value for oid, value in agent.objects.items() if oid[:10] != IF_X_TABLE}
        found = await world.poll()
        assert names(found) == ["ifIndex:1", "ifIndex:2", "ifIndex:3"]
        assert column(found, "ifHCInOctets") == [MISSING] * 3
        assert column(found, "ifOperStatus") == [1, 1, 1]

    play(story)


def test_a_name_that_two_rows_bear_is_no_key(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(2)
        agent.add_interface(3, "ge1")
        agent.add_interface(4, "")
        agent.objects.pop((1, 3, 6, 1, 2, 1, 2, 1, 0))
        assert names(await world.poll()) == ["ifIndex:1", "ge2", "ifIndex:3", "ifIndex:4"]

    play(story)


def test_hostile_names_are_made_fit_to_show(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        agent.add_interface(1, "ge1", alias=b"\xed\xa0\x80\x1b[31m\n" + b"x" * 900)
        alias = (await world.poll()).interfaces.rows[0].alias
        assert len(alias) <= 255
        assert "\x1b" not in alias
        assert alias.encode()  # no lone surrogate

    play(story)


def test_a_restart_is_told_and_names_are_read_again(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(2)
        first = await world.poll()
        world.loop.now += 60
        agent.booted = world.loop.now - 20
        agent.add_interface(1, "ge2")  # the same indices, exchanged
        agent.add_interface(2, "ge1")
        second = await world.poll()
        assert second.restarted
        assert second.uptime == pytest.approx(20, abs=1)
        assert names(second) == ["ge2", "ge1"]
        assert second.interfaces.generation > first.interfaces.generation
        world.loop.now += 60
        assert not (await world.poll()).restarted

    play(story)


@pytest.mark.parametrize("tells", [True, False], ids=["ifTableLastChange", "the set of rows"])
def test_names_are_read_again_when_rows_come(play: Callable[..., Any], tells: bool) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(2)
        if not tells:
            del agent.objects[LAST_CHANGE]
        await world.poll()
        agent.add_interface(3, "ge3")
        if tells:
            agent.objects[LAST_CHANGE] = ber.encode_integer(99999, snmp.TIMETICKS)
        assert names(await world.poll()) == ["ge1", "ge2", "ge3"]
        agent.remove_interface(1)
        assert names(await world.poll()) == ["ge2", "ge3"]

    play(story)


def test_an_alias_is_read_again_within_the_hour(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(1)
        await world.poll()
        agent.add_interface(1, "ge1", alias=b"to core")
        assert (await world.poll()).interfaces.rows[0].alias == ""
        world.loop.now += 3600
        assert (await world.poll()).interfaces.rows[0].alias == "to core"

    play(story)


def test_numbers_read_while_the_table_moved_are_thrown_away_and_read_once_more(
    play: Callable[..., Any],
) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(40)
        await world.poll()
        agent.requests.clear()

        def move(count: int) -> None:
            if count == 2:
                agent.add_interface(1, "moved")
                agent.objects[LAST_CHANGE] = ber.encode_integer(5000, snmp.TIMETICKS)

        agent.on_request = move
        found = await world.poll()
        assert names(found)[0] == "moved"
        assert found.refused == ()

    play(story)


def test_a_table_that_never_stands_still_is_not_told(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(40)

        def move(count: int) -> None:
            agent.objects[LAST_CHANGE] = ber.encode_integer(count, snmp.TIMETICKS)

        agent.on_request = move
        found = await world.poll()
        assert found.outcome is Outcome.ANSWERED
        assert found.interfaces is None
        assert found.refused == (("table moved", 1),)

    play(story)


def test_rows_that_are_left_out_of_long_answers_are_noticed_and_the_size_is_remembered(
    play: Callable[..., Any],
) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(30)
        agent.skips_above = 10
        assert len(names(await world.poll())) == 30
        agent.requests.clear()
        assert len(names(await world.poll())) == 30
        assert max(repetitions for _, _, repetitions, _ in agent.requests) <= 10

    play(story)


def test_an_ifnumber_that_is_wrong_costs_one_more_look_only(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(5)
        agent.objects[1, 3, 6, 1, 2, 1, 2, 1, 0] = ber.encode_integer(99)
        assert len(names(await world.poll())) == 5
        agent.requests.clear()
        assert len(names(await world.poll())) == 5
        assert [repetitions for _, _, repetitions, _ in agent.requests] == [6]

    play(story)


FAULTS: dict[str, dict[str, Any]] = {
    "says tooBig": {"largest": 500, "says_too_big": True},
    "sends fewer rows": {"largest": 300},
    "is silent above 3 repetitions": {"silent_above": 3},
    "cuts its answers off": {"cuts_above": 700},
    "knows no GETBULK": {"knows_getbulk": False},
}


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS.keys())
def test_an_agent_with_a_limit_is_polled_whole_and_its_limit_is_remembered(
    play: Callable[..., Any], fault: dict[str, Any]
) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(20)
        for name, value in fault.items():
            setattr(agent, name, value)
        for _ in range(4):
            found = await world.poll()
        assert found.outcome is Outcome.ANSWERED, found.detail
        assert column(found, "ifHCInOctets") == [10**9 + n for n in range(1, 21)]
        assert found.duration < 1, "nothing that was learnt is tried again"

    play(story)


def test_an_agent_that_loops_costs_little(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(20)
        agent.loops = True
        await world.poll()
        assert len(agent.requests) < 20

    play(story)


def test_a_silent_device_times_out_and_is_asked_as_before_when_it_returns(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(52)
        await world.poll()
        agents, world.transport.agents = world.transport.agents, {}
        for _ in range(5):
            gone = await world.poll()
            assert gone.outcome is Outcome.TIMEOUT
            assert gone.detail == "no answer to 3 requests"
            assert gone.duration == pytest.approx(3, abs=0.1)
            assert gone.interfaces is None
            assert gone.uptime is None
            assert gone.system is None
        world.transport.agents = agents
        agent.requests.clear()
        assert (await world.poll()).outcome is Outcome.ANSWERED
        assert len(agent.requests) == 4

    play(story)


def test_a_slow_device_is_left_after_its_time(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(400)
        agent.largest = 200
        world.attach(agent, "198.51.100.1", delay=0.9)
        found = await world.poll(snmp_interval=10.0)
        assert found.outcome is Outcome.TIMEOUT
        assert found.detail == "not done within the time for one poll"
        assert found.duration < 10

    play(story)


@pytest.mark.parametrize(
    ("credential", "address", "profile", "detail"),
    [
        (
            Credential("c", "3", user="noc", auth_protocol="SHA-3", auth_passphrase=Secret("long enough")),
            "198.51.100.1",
            "auto",
            f"credential c: auth protocol SHA-3 is not supported: {', '.join(DIGESTS)} are",
        ),
        (
            Credential("c", "1"),
            "198.51.100.1",
            "auto",
            "credential c: SNMP version 1 is not supported: only 2c and 3 are",
        ),
        (
            Credential("c", "2c", None, problem="no such file"),
            "198.51.100.1",
            "auto",
            "credential c: no such file",
        ),
        (Credential("c", "2c", Secret("x")), "sw.example", "auto", "not a numeric address: sw.example"),
        (Credential("c", "2c", Secret("x")), "198.51.100.1", "none", "no profile is named none"),
    ],
)
def test_what_cannot_be_asked_is_a_local_error(
    play: Callable[..., Any], credential: Credential, address: str, profile: str, detail: str
) -> None:
    async def story(world: Any) -> None:
        world.agent(1)
        device = (await world.poll()).device
        assert device
        found = await world.poller.poll(make(world, profile), credential, address)
        assert (found.outcome, found.detail) == (Outcome.LOCAL_ERROR, detail)

    def make(world: Any, profile: str) -> Any:
        return dataclasses.replace(world.device("sw", "198.51.100.1"), profile=profile)

    play(story)


def test_the_profile_is_found_by_the_longest_prefix_and_its_scalars_are_read(
    play: Callable[..., Any],
) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(2)
        agent.objects[1, 3, 6, 1, 2, 1, 1, 2, 0] = ber.encode(
            ber.OBJECT_IDENTIFIER, ber.encode_oid((1, 3, 6, 1, 4, 1, 9999, 5))
        )
        agent.objects[1, 3, 6, 1, 4, 1, 9999, 7, 0] = ber.encode_integer(41)
        found = await world.poll()
        assert (found.profile, found.vendor, found.scalars) == (
            "special",
            "Special Switches",
            (("temperature", 41),),
        )

    play(story)


def test_garbage_from_one_device_costs_only_that_device(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.agent(2)
        world.agent(2, "198.51.100.2")
        world.transport.agents["198.51.100.1", 161] = lambda asked: [
            (0.01, b"\x30\x82\xff\xff garbage" + asked, ("198.51.100.1", 161))
        ]
        bad, good = await world.poll(), await world.poll("198.51.100.2")
        assert bad.outcome is Outcome.MALFORMED
        assert good.outcome is Outcome.ANSWERED
        assert world.engine.rejected["malformed"] == 3

    play(story)


def test_a_device_that_is_configured_anew_is_another_device(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(2)
        await world.poll()
        agent.requests.clear()
        await world.poll(profile="special")
        assert agent.requests[0][0] == snmp.GET
        world.poller.keep(())
        agent.requests.clear()
        await world.poll(profile="special")
        assert agent.requests[0][0] == snmp.GET

    play(story)


LIGHT = (1, 3, 6, 1, 4, 1, 9999, 8)


def shine(agent: Any, index: int, *, received: int, low_alarm: int) -> None:
    agent.objects[*LIGHT, 1, index] = ber.encode_integer(received)
    agent.objects[*LIGHT, 2, index] = ber.encode_integer(low_alarm)


def test_light_is_told_of_the_ports_that_have_any(play: Callable[..., Any]) -> None:
    """Interfaces without light keep their regular rows; light of no interface is left out."""

    async def story(world: Any) -> None:
        agent = world.agent(300)
        await world.poll()
        agent.requests.clear()
        await world.poll()
        without = len(agent.requests)
        shine(agent, 2, received=-2153, low_alarm=-1801)
        shine(agent, 299, received=2**31 - 1, low_alarm=-1801)
        shine(agent, 4000, received=-100, low_alarm=-1801)
        found = await world.poll(profile="optical")
        assert found.outcome is Outcome.ANSWERED
        assert found.light == (Light("ge2", -21.53, -18.01), Light("ge299", None, -18.01))
        assert len(column(found, "ifHCInOctets")) == 300
        assert found.refused == ()
        agent.requests.clear()
        shine(agent, 2, received=150, low_alarm=-1801)
        assert (await world.poll(profile="optical")).light[0] == Light("ge2", 1.5, -18.01)
        assert len(agent.requests) == without + 1

    play(story)


def test_a_device_without_light_costs_nothing_but_the_question(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        world.agent(3)
        found = await world.poll(profile="optical")
        assert (found.outcome, found.light, found.refused) == (Outcome.ANSWERED, (), ())

    play(story)


def test_silence_about_light_leaves_the_rest_of_the_poll(play: Callable[..., Any]) -> None:
    """Some agents take seconds over their optics."""

    async def story(world: Any) -> None:
        agent = world.agent(3)
        asked_once = await world.poll()
        count = len(agent.requests)
        assert asked_once.light == ()

        def hang(number: int) -> None:
            if number == 2 * count:  # all but the light is answered
                world.transport.agents.clear()

        agent.on_request = hang
        shine(agent, 2, received=-2153, low_alarm=-1801)
        found = await world.poll(profile="optical")
        assert (found.outcome, found.light) == (Outcome.ANSWERED, ())
        assert dict(found.refused)["light"] == 1
        assert names(found) == ["ge1", "ge2", "ge3"]

    play(story)


def test_light_that_was_read_while_rows_moved_is_thrown_away(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(3)
        shine(agent, 2, received=-2153, low_alarm=-1801)
        await world.poll(profile="optical")
        agent.requests.clear()

        def move(number: int) -> None:
            if number == 2:  # the first is for the numbers
                agent.objects[LAST_CHANGE] = ber.encode_integer(200, snmp.TIMETICKS)

        agent.on_request = move
        found = await world.poll(profile="optical")
        assert (found.light, dict(found.refused)) == ((), {"table moved": 1})
        assert names(found) == ["ge1", "ge2", "ge3"]
        agent.on_request = lambda _: None
        assert len((await world.poll(profile="optical")).light) == 1

    play(story)


@pytest.mark.parametrize("interfaces", [0, 2], ids=["none", "that nobody asks for"])
def test_a_profile_without_columns_reads_its_scalars_alone(play: Callable[..., Any], interfaces: int) -> None:
    """As of a UPS. After the first poll one request is enough."""

    async def story(world: Any) -> None:
        agent = world.agent(interfaces)
        agent.objects[1, 3, 6, 1, 4, 1, 9999, 7, 0] = ber.encode_integer(41)
        first = await world.poll(profile="bare")
        assert (first.outcome, first.interfaces, first.refused) == (Outcome.ANSWERED, None, ())
        assert first.scalars == (("temperature", 41),)
        assert first.system.sys_name == "sw-1"
        agent.requests.clear()
        second = await world.poll(profile="bare")
        assert (second.scalars, len(agent.requests)) == ((("temperature", 41),), 1)
        assert second.uptime == pytest.approx(1000, abs=2)

    play(story)


def test_an_agent_without_iftable_is_polled_without_trouble(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(0)
        for gone in (LAST_CHANGE, (1, 3, 6, 1, 2, 1, 2, 1, 0)):
            del agent.objects[gone]
        agent.objects[1, 3, 6, 1, 4, 1, 9999, 7, 0] = ber.encode_integer(41)
        for _ in range(2):
            found = await world.poll(profile="special")
            assert (found.outcome, found.refused) == (Outcome.ANSWERED, ())
            assert found.scalars == (("temperature", 41),)
            assert names(found) == []

    play(story)

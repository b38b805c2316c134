"""A survey as a whole: whatever a device does, there is one, and each question costs only its own facts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from netwatch.model.fact import FactKind
from netwatch.model.outcome import Outcome
from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Callable

ROUTE = (1, 3, 6, 1, 2, 1, 4, 21, 1)
Q_BRIDGE = (1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1)
BASE_PORT = (1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2)
MEDIA = (1, 3, 6, 1, 2, 1, 4, 22, 1)
MAU = (1, 3, 6, 1, 2, 1, 26, 2, 1, 1, 3)
MAU_TYPE = (1, 3, 6, 1, 2, 1, 26, 4)
STATION = (2, 0xAA, 0, 0, 0, 1)

GATEWAY = {
    (FactKind.DEFAULT_ROUTE, "4", None, "wan"),
    (FactKind.MEDIUM, "wan", 24.0, "fibre"),
    (FactKind.STATIONS, "lan", 1.0, ""),
    (FactKind.HOSTS, "lan", 1.0, ""),
}
"""What there is to learn of the gateway below."""


def gateway(field: Any) -> None:
    """A commune's router: a fibre port out, a port with one computer in."""
    field.port(1, "wan")
    field.port(2, "lan")
    for column, value in ((2, 1), (3, 0), (8, 4)):
        field.number((*ROUTE, column, 0, 0, 0, 0), value)
    field.oid((*MAU, 1, 1), (*MAU_TYPE, 24))
    for column, value in ((2, 12), (3, 3)):
        field.number((*Q_BRIDGE, column, 1, *STATION), value)
    field.number((*BASE_PORT, 12), 2)
    field.text((*MEDIA, 2, 2, 10, 0, 0, 9), bytes(STATION))
    field.number((*MEDIA, 4, 2, 10, 0, 0, 9), 3)


def learnt(survey: Any) -> set[tuple[FactKind, str, float | None, str]]:
    return {(fact.kind, fact.subject, fact.value, fact.text) for fact in survey.facts}


def healthy(field: Any) -> None:
    """Nothing is wrong."""


def cuts_its_answers(field: Any) -> None:
    field.agent.cuts_above = 400


def says_too_big(field: Any) -> None:
    field.agent.largest = 200
    field.agent.says_too_big = True


def knows_no_getbulk(field: Any) -> None:
    field.agent.knows_getbulk = False


@pytest.mark.parametrize("fault", [healthy, cuts_its_answers, says_too_big, knows_no_getbulk])
def test_a_survey_tells_the_same_whatever_an_agent_withstands(
    in_the_field: Callable[..., None], fault: Callable[[Any], None]
) -> None:
    async def story(field: Any) -> None:
        gateway(field)
        fault(field)
        survey = await field.survey()
        assert (survey.outcome, survey.detail, survey.failed) == (Outcome.ANSWERED, "", ())
        assert learnt(survey) == GATEWAY
        assert {fact.device for fact in survey.facts} == {"gw"}
        assert (
            {fact.at for fact in survey.facts}
            == {survey.at}
            == {field.world.clock.epoch + field.world.loop.now}
        )
        assert survey.duration < 120

    in_the_field(story)


def test_what_was_learnt_of_an_agent_makes_the_next_survey_quicker(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        gateway(field)
        field.agent.knows_getbulk = False
        first = await field.survey()
        second = await field.survey()
        assert second.duration < first.duration / 5
        field.surveyor.keep({"another"})
        assert (await field.survey()).duration > second.duration * 5

    in_the_field(story)


def test_a_device_that_is_away_is_left_alone_at_once(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        field.world.transport.agents.clear()
        survey = await field.survey()
        assert (survey.outcome, survey.facts, survey.failed) == (Outcome.TIMEOUT, (), ("ports",))
        assert len(field.world.transport.sent) < 8

    in_the_field(story)


@pytest.mark.parametrize(
    ("silent", "failed", "kinds"),
    [
        (Q_BRIDGE, ("stations",), {FactKind.DEFAULT_ROUTE, FactKind.MEDIUM, FactKind.HOSTS}),
        (MAU, ("routes",), {FactKind.DEFAULT_ROUTE, FactKind.STATIONS, FactKind.HOSTS}),
        ((1, 3, 6, 1, 2, 1, 4, 35), ("hosts",), {FactKind.DEFAULT_ROUTE, FactKind.MEDIUM, FactKind.STATIONS}),
        ((1, 3, 6, 1, 2, 1, 31), ("ports",), set()),
    ],
)
def test_a_question_that_is_not_answered_costs_its_own_facts(
    in_the_field: Callable[..., None], silent: tuple[int, ...], failed: tuple[str, ...], kinds: set[FactKind]
) -> None:
    async def story(field: Any) -> None:
        gateway(field)
        handle = field.agent.handle
        asked = ber.encode_oid(silent)
        field.agent.handle = lambda data, now: None if asked in data else handle(data, now)
        survey = await field.survey()
        assert survey.failed == failed
        assert survey.detail.startswith(f"{failed[0]}: ")
        assert {fact.kind for fact in survey.facts} == kinds
        assert survey.outcome is (Outcome.ANSWERED if kinds else Outcome.TIMEOUT)

    in_the_field(story)


def test_after_two_questions_in_vain_no_more_are_put(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        gateway(field)
        handle = field.agent.handle
        field.agent.handle = lambda data, now: handle(data, now) if len(field.agent.requests) < 2 else None
        sent = field.world.transport.sent
        survey = await field.survey()
        assert survey.outcome is Outcome.ANSWERED
        assert survey.failed == ("routes", "stations", "hosts", "probes")
        assert len(sent) == 2 + 2 * 3  # each is sent three times
        assert learnt(survey) == set()
        assert survey.duration < 60

    in_the_field(story)


def test_questions_in_vain_between_others_do_not_add_up(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        gateway(field)
        handle = field.agent.handle
        silent = (ber.encode_oid(MAU), ber.encode_oid((1, 3, 6, 1, 2, 1, 4, 35)))
        field.agent.handle = lambda data, now: (
            None if any(each in data for each in silent) else handle(data, now)
        )
        assert (await field.survey()).failed == ("routes", "hosts")

    in_the_field(story)


def test_a_survey_ends_within_its_time(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        gateway(field)
        field.agent.knows_getbulk = False
        for number in range(3000):
            for column, value in ((2, 12), (3, 3)):
                field.number((*Q_BRIDGE, column, 1, 2, 0, 0, 0, *number.to_bytes(2)), value)
        field.large()
        field.world.attach(field.agent, "198.51.100.1", delay=0.2)
        survey = await field.survey()
        assert survey.duration < 125
        assert "stations" in survey.failed

    in_the_field(story)


def test_an_agent_that_goes_round_in_circles_comes_to_an_end(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        gateway(field)
        field.agent.loops = True
        survey = await field.survey()
        assert survey.outcome in {Outcome.MALFORMED, Outcome.ANSWERED}
        assert len(field.agent.requests) < 200

    in_the_field(story)


def test_what_cannot_be_asked_is_a_local_error(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        device = field.world.device("gw", "198.51.100.1")
        unusable = replace(field.credential, problem="no such file")
        surveys = [
            await field.surveyor.survey(device, unusable, "198.51.100.1"),
            await field.surveyor.survey(device, field.credential, "gw.example.org"),
        ]
        assert [survey.outcome for survey in surveys] == [Outcome.LOCAL_ERROR] * 2
        assert "no such file" in surveys[0].detail
        assert "gw.example.org" in surveys[1].detail
        assert not field.world.transport.sent

    in_the_field(story)


SUBTREES = [
    (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1), (1, 3, 6, 1, 2, 1, 2, 2, 1, 3), (1, 3, 6, 1, 2, 1, 31, 1, 2, 1, 3, 1),
    (1, 3, 6, 1, 2, 1, 4, 24, 7, 1, 7, 1, 4, 0, 0, 0, 0, 0), (1, 3, 6, 1, 2, 1, 4, 24, 4, 1, 5, *(0,) * 8),
    (*ROUTE, 2, 0, 0, 0), (*Q_BRIDGE, 2), (*Q_BRIDGE, 3), (1, 3, 6, 1, 2, 1, 17, 4, 3, 1, 2), BASE_PORT,
    (1, 3, 6, 1, 2, 1, 4, 35, 1, 4), (1, 3, 6, 1, 2, 1, 4, 35, 1, 6), (*MEDIA, 2), (*MEDIA, 4), (*MAU, 1),
    (1, 3, 6, 1, 2, 1, 80, 1, 3, 1, 8), (1, 3, 6, 1, 2, 1, 80, 1, 4, 1, 3),
    (1, 3, 6, 1, 2, 1, 80, 1, 2, 1, 3),
    (1, 3, 6, 1, 4, 1, 9, 9, 42, 1, 2, 10, 1, 2), (1, 3, 6, 1, 4, 1, 2011, 5, 25, 111, 4, 1, 1, 3),
    (1, 3, 6, 1, 4, 1, 2636, 3, 50, 1, 2, 1, 2), (1, 3, 6, 1, 4, 1, 2636, 3, 50, 1, 3, 1, 5),
    (1, 3, 6, 1, 4, 1, 14988, 1, 1, 6, 1),
]  # fmt: skip
INDICES = st.lists(
    st.sampled_from([0, 1, 2, 3, 4, 6, 12, 127, 128, 255, 256, 2**32 - 1]), min_size=1, max_size=18
)
VALUES = st.one_of(
    st.integers(-(2**31), 2**32).map(ber.encode_integer),
    st.sampled_from([1, 2, 3, 4]).map(ber.encode_integer),
    st.binary(max_size=12).map(lambda octets: ber.encode(ber.OCTET_STRING, octets)),
    st.binary(max_size=12).map(lambda octets: ber.encode(ber.OBJECT_IDENTIFIER, octets)),
    st.sampled_from([b"\x05\x00", b"\x80\x00", b"\x81\x00", b"\x02\x00", b"\x46\x09" + bytes(9)]),
)
GARBAGE = st.dictionaries(st.tuples(st.sampled_from(SUBTREES), INDICES.map(tuple)), VALUES, max_size=40)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(garbage=GARBAGE)
def test_nothing_that_an_agent_says_breaks_a_survey(
    in_the_field: Callable[..., None], garbage: dict[tuple[tuple[int, ...], tuple[int, ...]], bytes]
) -> None:
    async def story(field: Any) -> None:
        gateway(field)
        for (subtree, index), value in garbage.items():
            field.agent.objects[*subtree, *index] = value
        survey = await field.survey()
        assert survey.outcome in {Outcome.ANSWERED, Outcome.MALFORMED}
        assert all(fact.value is None or abs(fact.value) < 2**32 for fact in survey.facts)

    in_the_field(story)

"""What devices measured themselves: answered or not, how long it took, and whether that is news."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from collections.abc import Callable

CTL = (1, 3, 6, 1, 2, 1, 80, 1, 2, 1)
RESULTS = (1, 3, 6, 1, 2, 1, 80, 1, 3, 1)
HISTORY = (1, 3, 6, 1, 2, 1, 80, 1, 4, 1)
RTT_CTRL = (1, 3, 6, 1, 4, 1, 9, 9, 42, 1, 2, 1, 1)
RTT_LATEST = (1, 3, 6, 1, 4, 1, 9, 9, 42, 1, 2, 10, 1)
NQA = (1, 3, 6, 1, 4, 1, 2011, 5, 25, 111, 4, 1, 1)
RPM_SUMMARY = (1, 3, 6, 1, 4, 1, 2636, 3, 50, 1, 2, 1)
RPM_CALCULATED = (1, 3, 6, 1, 4, 1, 2636, 3, 50, 1, 3, 1)
SYSTEM_DATE = (1, 3, 6, 1, 2, 1, 25, 1, 2, 0)

GAUGE, TICKS, COUNTER = 0x42, 0x43, 0x41

NOON = bytes((0x07, 0xEA, 11, 26, 12, 0, 0, 0))
"""2026-11-26 12:00 by a clock without a zone."""


def before_noon(seconds: int) -> bytes:
    hour, rest = divmod(12 * 3600 - seconds, 3600)
    return bytes((0x07, 0xEA, 11, 26, hour, rest // 60, rest % 60, 0))


def named(owner: bytes, test: bytes) -> tuple[int, ...]:
    return (len(owner), *owner, len(test), *test)


def ping(field: Any, name: tuple[int, ...], *, sent: int = 3, answered: int = 3, good: bytes = NOON) -> None:
    field.number((*CTL, 3, *name), 1)
    for column, value in ((1, 1), (6, 12), (7, answered), (8, sent)):
        field.number((*RESULTS, column, *name), value, GAUGE)
    field.text((*RESULTS, 10, *name), good)


def history(field: Any, name: tuple[int, ...], number: int, status: int, at: bytes) -> None:
    field.number((*HISTORY, 2, *name, number), 20, GAUGE)
    field.number((*HISTORY, 3, *name, number), status)
    field.text((*HISTORY, 5, *name, number), at)


def ip_sla(field: Any, number: int, sense: int, *, age: float, tag: bytes = b"", owner: bytes = b"") -> None:
    """Device time is 1000 s of uptime when the story begins."""
    field.number((*RTT_LATEST, 1, number), 34, GAUGE)
    field.number((*RTT_LATEST, 2, number), sense)
    field.number((*RTT_LATEST, 5, number), round((1000 - age) * 100), TICKS)
    field.text((*RTT_CTRL, 2, number), owner)
    field.text((*RTT_CTRL, 3, number), tag)


def nqa(
    field: Any, name: tuple[int, ...], row: int, done: int, *, good: bytes = NOON, attempts: int = 5
) -> None:
    field.number((*NQA, 3, *name, row, 1), done)
    field.number((*NQA, 4, *name, row, 1), attempts, COUNTER)
    field.text((*NQA, 23, *name, row, 1), good)
    field.number((*NQA, 26, *name, row, 1), 7, GAUGE)


def rpm(
    field: Any, name: tuple[int, ...], *, sent: int, received: int, at: bytes, collection: int = 2
) -> None:
    field.number((*RPM_SUMMARY, 2, *name, collection), sent, GAUGE)
    field.number((*RPM_SUMMARY, 3, *name, collection), received, GAUGE)
    field.text((*RPM_SUMMARY, 5, *name, collection), at)
    for measured, value in ((1, 45_500), (2, 1)):
        field.number((*RPM_CALCULATED, 5, *name, collection, measured), value, GAUGE)


def probes(survey: Any) -> dict[str, tuple[float, str]]:
    return {
        fact.subject: (fact.value, fact.text) for fact in survey.facts if fact.kind is FactKind.INSIDE_PROBE
    }


def rtts(survey: Any) -> dict[str, float]:
    return {fact.subject: fact.value for fact in survey.facts if fact.kind is FactKind.INSIDE_RTT}


DNS = named(b"noc", b"dns")


def good(field: Any) -> None:
    ping(field, DNS, good=before_noon(90))


def good_last_month(field: Any) -> None:
    ping(field, DNS, good=bytes((0x07, 0xEA, 10, 26, 12, 0, 0, 0)))


def never_sent(field: Any) -> None:
    ping(field, DNS, sent=0, answered=0)


def failed_without_a_date(field: Any) -> None:
    ping(field, DNS, answered=0, good=before_noon(60))


def failed_by_its_history(field: Any) -> None:
    ping(field, DNS, answered=0)
    history(field, DNS, 6, 1, before_noon(900))
    for number in (7, 8, 9):
        history(field, DNS, number, 4, before_noon(60))


def one_packet_lost(field: Any) -> None:
    ping(field, DNS)
    history(field, DNS, 7, 1, before_noon(600))
    history(field, DNS, 8, 4, before_noon(60))


def good_by_its_history(field: Any) -> None:
    ping(field, DNS, answered=0)
    history(field, DNS, 8, 4, before_noon(600))
    history(field, DNS, 9, 1, before_noon(60))


def an_old_history(field: Any) -> None:
    ping(field, DNS)
    history(field, DNS, 9, 4, before_noon(9000))


def a_date_ahead_of_the_clock(field: Any) -> None:
    ping(field, DNS, good=before_noon(-3600))


def no_date(field: Any) -> None:
    ping(field, DNS, good=bytes(8))


def a_name_that_is_none(field: Any) -> None:
    ping(field, (200, 1, 2, 3))
    ping(field, (1, 300, 1, 2))


def sla_good(field: Any) -> None:
    ip_sla(field, 5, 1, age=30, tag=b"to-dns", owner=b"noc")


def sla_slow(field: Any) -> None:
    ip_sla(field, 5, 3, age=30, owner=b"noc\x1b")


def sla_timeout(field: Any) -> None:
    ip_sla(field, 5, 4, age=30)


def sla_busy(field: Any) -> None:
    ip_sla(field, 5, 5, age=30)


def sla_never(field: Any) -> None:
    ip_sla(field, 5, 1, age=1000)


def nqa_good(field: Any) -> None:
    nqa(field, DNS, 1, 2)
    nqa(field, DNS, 2, 1, good=before_noon(30))


def nqa_nothing(field: Any) -> None:
    nqa(field, DNS, 1, 0)


def nqa_failed(field: Any) -> None:
    nqa(field, DNS, 1, 2)


def rpm_good(field: Any) -> None:
    rpm(field, DNS, sent=10, received=9, at=before_noon(30))
    rpm(field, DNS, sent=0, received=0, at=before_noon(30), collection=1)
    ping(field, DNS, answered=0)


def rpm_failed(field: Any) -> None:
    rpm(field, DNS, sent=10, received=0, at=before_noon(30))


def rpm_of_yesterday(field: Any) -> None:
    rpm(field, DNS, sent=10, received=10, at=bytes((0x07, 0xEA, 11, 25, 12, 0, 0, 0)))


@pytest.mark.parametrize(
    ("given", "found", "took"),
    [
        (good, {"noc/dns": (1, "answered, 90 s ago, asks an IPv4 address")}, 0.012),
        (good_last_month, {}, None),
        (never_sent, {}, None),
        (failed_without_a_date, {}, None),
        (failed_by_its_history, {"noc/dns": (0, "not answered, 60 s ago, asks an IPv4 address")}, None),
        (one_packet_lost, {"noc/dns": (1, "answered, 600 s ago, asks an IPv4 address")}, 0.02),
        (good_by_its_history, {"noc/dns": (1, "answered, 60 s ago, asks an IPv4 address")}, 0.02),
        (an_old_history, {}, None),
        (a_date_ahead_of_the_clock, {}, None),
        (no_date, {}, None),
        (a_name_that_is_none, {}, None),
        (sla_good, {"IP SLA 5 to-dns": (1, "answered, 30 s ago")}, 0.034),
        (sla_slow, {"IP SLA 5 noc\ufffd": (1, "answered, 30 s ago")}, 0.034),
        (sla_timeout, {"IP SLA 5": (0, "not answered, 30 s ago")}, None),
        (sla_busy, {}, None),
        (sla_never, {}, None),
        (nqa_good, {"noc/dns": (1, "answered, 30 s ago")}, 0.007),
        (nqa_nothing, {}, None),
        (nqa_failed, {}, None),
        (rpm_good, {"noc/dns": (1, "answered, 30 s ago")}, 0.0455),
        (rpm_failed, {"noc/dns": (0, "not answered, 30 s ago")}, None),
        (rpm_of_yesterday, {}, None),
        (lambda _: None, {}, None),
    ],
)
def test_the_last_result_of_a_probe_is_told_where_it_is_news(
    in_the_field: Callable[..., None],
    given: Callable[[Any], None],
    found: dict[str, tuple[float, str]],
    took: float | None,
) -> None:
    async def story(field: Any) -> None:
        field.port(1, "ge1")
        field.text(SYSTEM_DATE, NOON)
        given(field)
        survey = await field.survey()
        assert probes(survey) == found
        assert list(rtts(survey).values()) == ([] if took is None else [pytest.approx(took)])

    in_the_field(story)


def test_a_result_without_a_date_is_news_once_it_has_moved(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        field.port(1, "ge1")
        found = []
        for attempts in (5, 5, 6, 6, 7):
            nqa(field, DNS, 1, 2, attempts=attempts)
            found.append(probes(await field.survey()))
        failed = {"noc/dns": (0.0, "not answered")}
        assert found == [{}, {}, failed, {}, failed]

    in_the_field(story)


def test_no_more_probes_are_told_than_anybody_configures(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        field.port(1, "ge1")
        for number in range(1, 200):
            ip_sla(field, number, 1, age=30)
        assert len(probes(await field.survey())) == 64

    in_the_field(story)

"""Facts in the ledger: what is news of a day is written once, and read back as it was told."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, strategies as st

from netwatch.audit.replay import event
from netwatch.audit.verification import verify
from netwatch.evidence import codec
from netwatch.evidence.chain import New
from netwatch.evidence.facts import DaysFacts, told
from netwatch.evidence.kinds import KIND_OF, RULE_VERSION, Facts, Started
from netwatch.evidence.reading import content
from netwatch.evidence.store import Store
from netwatch.model.device import StateRules
from netwatch.model.fact import Fact, FactKind, Survey
from netwatch.model.outcome import Outcome

if TYPE_CHECKING:
    from pathlib import Path

ZONE = "Asia/Ho_Chi_Minh"
MORNING = dt.datetime(2026, 11, 26, 1, tzinfo=dt.UTC).timestamp()  # 08:00 there
HOUR = 3600.0


def fact(
    kind: FactKind, subject: str, value: float | None = None, text: str = "", at: float = MORNING
) -> Fact:
    return Fact(at, "gw", kind, subject, value, text, "ifName")


def survey(*facts: Fact, at: float = MORNING, device: str = "gw") -> Survey:
    return Survey(device, at, Outcome.ANSWERED, 1.0, facts=facts)


ROUTE = fact(FactKind.DEFAULT_ROUTE, "4", text="wan")
OTHER_ROUTE = fact(FactKind.DEFAULT_ROUTE, "4", text="lte")


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        ([ROUTE], [ROUTE], False),
        ([ROUTE], [OTHER_ROUTE], True),
        ([ROUTE], [ROUTE, OTHER_ROUTE], True),
        ([], [ROUTE], True),
        ([fact(FactKind.STATIONS, "1", 10.0)], [fact(FactKind.STATIONS, "1", 19.0)], False),
        ([fact(FactKind.STATIONS, "1", 10.0)], [fact(FactKind.STATIONS, "1", 20.0)], True),
        ([fact(FactKind.STATIONS, "1", 10.0)], [fact(FactKind.STATIONS, "1", 2.0)], False),
        ([fact(FactKind.STATIONS, "1", 10.0)], [fact(FactKind.STATIONS, "2", 1.0)], True),
        ([fact(FactKind.HOSTS, "", 0.0)], [fact(FactKind.HOSTS, "", 1.0)], True),
        ([fact(FactKind.HOSTS, "", 0.0)], [fact(FactKind.HOSTS, "", 0.0)], False),
        ([fact(FactKind.LIGHT, "wan", -12.0)], [fact(FactKind.LIGHT, "wan", -19.0)], False),
        ([fact(FactKind.IDENTITY, "serial", 1.0, "A")], [fact(FactKind.IDENTITY, "serial", 0.0, "B")], True),
        (
            [fact(FactKind.INSIDE_PROBE, "p", 1.0, "9 s ago")],
            [fact(FactKind.INSIDE_PROBE, "p", 1.0, "8 s ago")],
            False,
        ),
        ([fact(FactKind.INSIDE_PROBE, "p", 1.0)], [fact(FactKind.INSIDE_PROBE, "p", 0.0)], True),
        ([fact(FactKind.INSIDE_RTT, "p", 0.1)], [fact(FactKind.INSIDE_RTT, "p", 0.2)], False),
        ([fact(FactKind.MEDIUM, "wan", 24.0, "fibre")], [fact(FactKind.MEDIUM, "wan", 30.0, "copper")], True),
    ],
)
def test_within_a_day_only_what_is_another_fact_is_written_again(
    first: list[Fact], second: list[Fact], again: bool
) -> None:
    facts = DaysFacts(ZONE)
    facts.entry(survey(*first))
    entry = facts.entry(survey(*second, at=MORNING + HOUR))
    assert (entry is not None) is again
    if entry is not None:
        assert entry.at == MORNING + HOUR
        assert len(entry.facts) == len(second)


def test_a_fact_is_written_on_each_local_day_and_by_each_process() -> None:
    facts = DaysFacts(ZONE)
    hours = [hour for hour in range(50) if facts.entry(survey(ROUTE, at=MORNING + hour * HOUR)) is not None]
    assert hours == [0, 16, 40]
    assert DaysFacts(ZONE).entry(survey(ROUTE, at=MORNING + 50 * HOUR)) is not None


def test_a_route_that_comes_back_is_written_again() -> None:
    facts = DaysFacts(ZONE)
    entries = [facts.entry(survey(each)) for each in (ROUTE, OTHER_ROUTE, ROUTE)]
    assert None not in entries


def test_devices_do_not_mix_and_are_forgotten() -> None:
    facts = DaysFacts(ZONE)
    assert facts.entry(survey(ROUTE)) is not None
    assert facts.entry(survey(ROUTE, device="other")) is not None
    facts.keep({"other"})
    assert facts.entry(survey(ROUTE, device="other")) is None
    assert facts.entry(survey(ROUTE)) is not None


def test_a_number_that_is_none_is_not_written() -> None:
    assert DaysFacts(ZONE).entry(survey(fact(FactKind.LIGHT, "wan", float("-inf")))) is None


VALUES = st.none() | st.floats(allow_nan=False, allow_infinity=False)
FACTS = st.builds(
    Fact, st.just(MORNING), st.just("gw"), st.sampled_from(FactKind), st.text(), VALUES, st.text(), st.text()
)


@given(facts=st.lists(FACTS, min_size=1))
def test_an_entry_is_read_back_as_it_was_told(facts: list[Fact]) -> None:
    entry = DaysFacts(ZONE).entry(survey(*facts))
    assert entry is not None
    written = codec.dump(entry)
    read = codec.load(Facts, codec.parse(written))
    assert codec.dump(read) == written
    assert [each.value for each in told(read)] == [each.value for each in told(entry)]
    assert {each.kind for each in told(read)} == {each.kind for each in facts}


def test_a_ledger_with_facts_is_verified_and_they_decide_nothing(tmp_path: Path) -> None:
    entry = DaysFacts(ZONE).entry(survey(ROUTE, fact(FactKind.STATIONS, "lan", 7.0)))
    started = Started("0", RULE_VERSION, StateRules(), "noc", MORNING, 0.0, None)
    store = Store(f"sqlite:///{tmp_path / 'ledger.db'}", "noc")
    store.open()
    store.write([New(KIND_OF[type(each)], 1, codec.dump(each)) for each in (started, entry)], [], None)
    store.close()
    found = verify(Store(f"sqlite:///{tmp_path / 'ledger.db'}", "noc").entries())
    assert (found.problem, found.entries) == ("", 2)
    (read,) = (content(each) for each in store.entries(kinds=("facts",)))
    assert read == entry
    assert told(read) == (ROUTE, fact(FactKind.STATIONS, "lan", 7.0))
    assert event(read) is None


@pytest.mark.parametrize(
    "body",
    [
        b'{"at":1.0,"device":"gw","facts":[["weather","","",null,""]]}',
        b'{"at":1.0,"device":"gw","facts":[["light","wan",1.0,""]]}',
        b'{"at":1.0,"device":"gw","facts":[["light","wan","bright","",""]]}',
    ],
)
def test_a_body_that_is_no_facts_is_broken(body: bytes) -> None:
    with pytest.raises(codec.BrokenBodyError):
        codec.load(Facts, codec.parse(body))

"""The book of facts keeps what decides, forgets devices that go, and judges a period by what lies in it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from surveyed import (
    BEGINS,
    ENDS,
    HOURS,
    Row,
    Surveyed,
    device,
    hosts,
    identity,
    light,
    medium,
    on,
    over,
    probe,
    route,
    stations,
)

from netwatch.audit.fact_book import FactBook
from netwatch.evidence.kinds import Facts
from netwatch.model.claim import NOT_FOUND, Criterion, Finding
from netwatch.model.device import Role
from netwatch.model.fact import FactKind

ALL = (
    identity("serial", "HC1", fits=True),
    route("wan"),
    light("wan", -18.3),
    probe("dns", answered=True),
    stations("1", 1.0),
    stations("2", 1.0),
)
FROM_FACTS = [Criterion.IDENTIFIED, Criterion.FIBRE, Criterion.INTERNET, Criterion.LAN]
GATEWAY = device(expect=(("serial", "HC1"),))


def findings(book: FactBook, known: float | None = None) -> list[Finding]:
    """What is found of one working day at the gateway's site."""
    found = book.found([GATEWAY], on(3, 0), on(4, 0), known)
    assert list(found) == FROM_FACTS
    return [each.finding for each in found.values()]


def test_one_entry_may_show_all_that_facts_can_show() -> None:
    book = FactBook(HOURS)
    book.take(Facts(on(3), "gw", ALL))
    assert findings(book) == [Finding.SHOWN] * 4
    assert findings(FactBook(HOURS)) == [Finding.NOT_SHOWN] * 4


def test_facts_of_other_devices_are_none_of_the_site() -> None:
    book = FactBook(HOURS)
    book.take(Facts(on(3), "other", ALL))
    assert findings(book) == [Finding.NOT_SHOWN] * 4


def test_what_a_reload_took_away_is_forgotten() -> None:
    book = FactBook(HOURS)
    book.take(Facts(on(3), "gw", ALL))
    book.retain({"gw", "other"})
    assert findings(book) == [Finding.SHOWN] * 4
    book.retain({"other"})
    assert findings(book) == [Finding.NOT_SHOWN] * 4


def test_a_cut_of_four_hours_touches_neither_fibre_nor_internet() -> None:
    """While it lasts the device is silent, and afterwards tells what it told before."""
    site = Surveyed()
    site.hourly(on(3), on(5, 9), *ALL)
    for hour in (10, 12, 14):
        assert site.found(Criterion.FIBRE, on(5, hour)).at == on(5, 0)
        assert site.found(Criterion.INTERNET, on(5, hour)).at == on(5, 0)
    site.hourly(on(5, 14), on(6), *ALL)
    assert {site.found(each, on(6)).finding for each in FROM_FACTS[1:3]} == {Finding.SHOWN}


@pytest.mark.parametrize("at", [float("nan"), float("inf"), 1e300, -1e300])
def test_an_entry_of_no_day_of_the_calendar_is_left_out(at: float) -> None:
    book = FactBook(HOURS)
    book.take(Facts(at, "gw", ALL))
    assert findings(book) == [Finding.NOT_SHOWN] * 4


def test_a_period_that_still_runs_is_judged_as_of_the_present() -> None:
    site = Surveyed()
    site.hourly(on(3), on(4), route("lte"), medium("lte", "radio", 243.0))
    assert site.found(Criterion.FIBRE, on(4)).finding is Finding.CONTRADICTED
    assert site.found(Criterion.FIBRE, ENDS).finding is Finding.NOT_SHOWN
    as_of_its_end = site.book.found(site.devices, BEGINS, on(5))[Criterion.FIBRE]
    assert as_of_its_end.finding is Finding.CONTRADICTED


ports = st.sampled_from(["wan", "lte", "lan", ""])
numbers = st.none() | st.floats(-60, 60)
rows: st.SearchStrategy[Row] = st.one_of(
    st.builds(route, ports, st.sampled_from("46")),
    st.builds(over, ports, ports),
    st.builds(medium, ports, st.sampled_from(["fibre", "copper", "radio", "other", "?"]), st.floats(0, 300)),
    st.builds(light, ports, st.floats(-60, 20)),
    st.builds(stations, ports, st.floats(-1, 1e12)),
    st.builds(hosts, ports, st.floats(-1, 1e12)),
    st.builds(identity, st.sampled_from(["serial", "sysName"]), st.text(), fits=st.booleans()),
    st.builds(probe, st.text(), answered=st.booleans()),
    st.tuples(st.sampled_from(FactKind), st.text(), numbers, st.text(), st.text()),
)
entries = st.lists(
    st.builds(
        Facts,
        st.floats(BEGINS - 86_400, ENDS + 86_400),
        st.sampled_from(["gw", "sw"]),
        st.lists(rows, max_size=8).map(tuple),
    ),
    max_size=20,
)


@given(entries=entries, known=st.floats(BEGINS, ENDS))
def test_whatever_devices_tell_a_finding_lies_in_its_period_and_silence_contradicts_nothing(
    entries: list[Facts], known: float
) -> None:
    """In whatever order they come. What is contradicted is so no more once all have been silent."""
    devices = (GATEWAY, device("sw", Role.SWITCH))
    book = FactBook(HOURS)
    for entry in entries:
        book.take(entry)
    for found in book.found(devices, BEGINS, ENDS, known).values():
        assert found.finding is Finding.NOT_SHOWN or found.at is not None
        assert found.at is None or BEGINS <= found.at < ENDS
        assert found.at is None or found.device in {"gw", "sw"}
    newest = max((entry.at for entry in entries), default=0.0)
    later = newest + 49 * 3600
    for found in book.found(devices, BEGINS, later + 1, later).values():
        assert found.finding is not Finding.CONTRADICTED
    assert set(book.found(devices, later, later + 1).values()) <= {NOT_FOUND}

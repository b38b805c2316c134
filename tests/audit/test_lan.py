"""A LAN is shown by end stations on two ports, or two hosts, on enough working days; facts refute none."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, strategies as st
from surveyed import HOURS, ZONE, Row, Surveyed, device, hosts, on, over, route, stations

from netwatch.model.claim import NOT_FOUND, Criterion, Finding, Found
from netwatch.model.device import Device, Role, Uplink

SHOWN, OPEN = Finding.SHOWN, Finding.NOT_SHOWN
LAN = (stations("1", 3.0), stations("2", 1.0))
SWITCH = device("sw", Role.SWITCH)

# Of November 2026: 1 is a Sunday, and Friday 20 a holiday. So 20 working days: 2-6, 9-13, 16-19, 23-27, 30.
WORKING = (2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 16, 17, 18, 19, 23, 24, 25, 26, 27, 30)


def lan(site: Surveyed, *, start: float = on(1, 0), end: float = on(31, 0)) -> Found:
    return site.found(Criterion.LAN, end, start=start, end=end)


def uplink(interface: str) -> Uplink:
    return Uplink(interface, "", "", "", None, None)


def one_day(rows: tuple[Row, ...], *devices: Device) -> Finding:
    """What one day shows of a period of one working day."""
    site = Surveyed(*devices)
    site.survey(on(3), *rows)
    return lan(site, start=on(3, 0), end=on(4, 0)).finding


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        ((), OPEN),
        ((stations("1", 9.0),), OPEN),  # one port may lead anywhere
        ((stations("1", 1.0), stations("2", 1.0)), SHOWN),
        ((stations("1", 1.0), stations("2", 0.0)), OPEN),
        ((route("1"), stations("1", 1.0), stations("2", 1.0)), OPEN),  # one is the way out
        ((route("vlan"), over("vlan", "1"), stations("1", 1.0), stations("2", 1.0)), OPEN),
        ((route("1"), stations("1", 1.0), stations("2", 1.0), stations("3", 1.0)), SHOWN),
        ((hosts("bridge", 1.0),), OPEN),
        ((hosts("bridge", 2.0),), SHOWN),
        ((hosts("vlan1", 1.0), hosts("vlan2", 1.0)), SHOWN),
        ((route("wan"), hosts("wan", 2.0)), OPEN),  # routers of the carrier
        ((hosts("", 2.0),), SHOWN),  # leases
        ((hosts("", 1.0), hosts("bridge", 1.0)), OPEN),  # the same host, counted twice
        ((hosts("bridge", 1.0), stations("1", 1.0)), OPEN),
        (tuple(stations(str(port), 1.0) for port in range(48)), SHOWN),
    ],
)
def test_what_makes_a_lan(rows: tuple[Row, ...], finding: Finding) -> None:
    assert one_day(rows) is finding


@pytest.mark.parametrize(
    ("uplinks", "finding"), [((), SHOWN), (("1",), OPEN), (("", "9"), SHOWN), (("1", "2"), OPEN)]
)
def test_a_port_that_is_configured_as_an_uplink_is_left_out(
    uplinks: tuple[str, ...], finding: Finding
) -> None:
    assert one_day(LAN, device(uplinks=tuple(map(uplink, uplinks)))) is finding
    behind = (hosts("1", 1.0), hosts("2", 1.0))
    assert one_day(behind, device(uplinks=tuple(map(uplink, uplinks)))) is finding


def test_uplinks_that_are_configured_later_are_left_out_of_days_before() -> None:
    site = Surveyed()
    site.survey(on(3), *LAN)
    found = {
        uplinks: site.book.found([device(uplinks=uplinks)], on(3, 0), on(4, 0))[Criterion.LAN].finding
        for uplinks in ((), (uplink("1"),), (uplink("9"),))
    }
    assert list(found.values()) == [SHOWN, OPEN, SHOWN]


def test_of_many_ports_all_but_the_uplinks_count() -> None:
    many = tuple(stations(str(port), 1.0) for port in range(24))
    assert one_day(many, device(uplinks=(uplink("1"), uplink("2"), uplink("3")))) is SHOWN


@pytest.mark.parametrize(
    ("of_gateway", "of_switch", "finding"),
    [
        ((stations("1", 1.0),), (stations("1", 1.0),), SHOWN),  # ports of two devices are two
        ((hosts("1", 1.0),), (hosts("1", 1.0),), OPEN),  # the same host in two tables
        ((), LAN, SHOWN),
    ],
)
def test_all_devices_of_a_site_count(
    of_gateway: tuple[Row, ...], of_switch: tuple[Row, ...], finding: Finding
) -> None:
    site = Surveyed(device(), SWITCH)
    site.survey(on(3), *of_gateway)
    site.survey(on(3), *of_switch, of="sw")
    assert lan(site, start=on(3, 0), end=on(4, 0)).finding is finding


def test_counts_of_a_day_add_up_and_do_not_sink() -> None:
    """A count is written again only where it is twice as high, or another process begins."""
    site = Surveyed()
    site.survey(on(3), stations("1", 1.0))
    site.survey(on(3, 9), stations("2", 1.0))
    assert lan(site, start=on(3, 0), end=on(4, 0)).finding is SHOWN


@pytest.mark.parametrize(("days", "finding"), [(9, OPEN), (10, SHOWN), (20, SHOWN)])
def test_of_a_month_ten_working_days_are_asked_for(days: int, finding: Finding) -> None:
    site = Surveyed()
    for day in WORKING[:days]:
        site.survey(on(day), *LAN)
    told = lan(site)
    assert (told.finding, told.text, told.source) == (finding, f"{days}/20", "dot1qTpFdbPort")
    assert told.at == (on(WORKING[days - 1], 0) if finding is SHOWN else None)


def test_each_day_counts_by_itself() -> None:
    site = Surveyed()
    for day, rows in ((2, LAN), (3, LAN[:1]), (4, LAN)):
        site.survey(on(day), *rows)
    assert lan(site, start=on(2, 0), end=on(5, 0)).text == "2/3"


def test_days_after_the_period_are_none_of_it() -> None:
    site = Surveyed()
    for day in WORKING:
        site.survey(on(day), *LAN)
    told = lan(site, start=on(4, 0), end=on(11, 0))
    assert (told.text, told.at) == ("5/5", on(10, 0))


def test_weekends_and_holidays_show_nothing() -> None:
    site = Surveyed()
    for day in sorted(set(range(1, 31)) - set(WORKING)):
        site.survey(on(day), *LAN)
    assert lan(site) is NOT_FOUND


@pytest.mark.parametrize(
    ("first", "last", "days", "finding"),
    [
        (2, 6, (2, 3), OPEN),  # of five working days three are asked for
        (2, 6, (2, 3, 6), SHOWN),
        (2, 3, (2,), SHOWN),
        (7, 8, (7, 8), OPEN),  # a weekend
        (2, 29, WORKING[:9], OPEN),  # of nineteen, ten
        (2, 29, WORKING[:10], SHOWN),
    ],
)
def test_of_a_shorter_period_half_of_the_working_days(
    first: int, last: int, days: tuple[int, ...], finding: Finding
) -> None:
    site = Surveyed()
    for day in days:
        site.survey(on(day), *LAN)
    assert lan(site, start=on(first, 0), end=on(last + 1, 0)).finding is finding


def test_while_a_month_runs_all_of_its_working_days_count() -> None:
    site = Surveyed()
    for day in WORKING[:5]:
        site.survey(on(day), *LAN)
    assert site.found(Criterion.LAN, on(6, 20)).finding is OPEN


def test_the_device_that_told_last_is_named() -> None:
    site = Surveyed(device(), SWITCH)
    site.survey(on(2), *LAN)
    site.survey(on(3), *LAN, of="sw")
    told = lan(site, start=on(2, 0), end=on(4, 0))
    assert (told.device, told.text, told.at) == ("sw", "2/2", on(3, 0))


@given(
    st.lists(
        st.tuples(st.integers(1, 90), st.sampled_from(["gw", "sw"]), st.sampled_from("123")), max_size=80
    )
)
def test_days_in_whatever_order_agree_with_plain_sets(told: list[tuple[int, str, str]]) -> None:
    site = Surveyed(device(), SWITCH)
    ports: dict[int, set[tuple[str, str]]] = {}
    for day, name, port in told:
        site.survey(on(day), stations(port, 1.0), of=name)
        ports.setdefault(day, set()).add((name, port))
    dates = {day: dt.datetime.fromtimestamp(on(day), ZONE).date() for day in range(1, 91)}
    working = [day for day in dates if HOURS.working_day(dates[day])]
    with_lan = [day for day in working if len(ports.get(day, ())) >= 2]
    found = lan(site, end=on(91, 0))
    assert found.text == (f"{len(with_lan)}/{len(working)}" if with_lan else "")
    assert found.at == (on(with_lan[-1], 0) if len(with_lan) >= 10 else None)


def test_what_is_older_than_a_hundred_days_is_forgotten() -> None:
    site = Surveyed()
    site.survey(on(2), *LAN)
    for day in (101, 102):
        assert lan(site, start=on(1, 0), end=on(200, 0)).text.startswith("1/")
        site.survey(on(day), stations("1", 1.0))
    assert lan(site, start=on(1, 0), end=on(200, 0)) is NOT_FOUND
    site.survey(on(2), *LAN)
    assert lan(site, start=on(1, 0), end=on(200, 0)) is NOT_FOUND

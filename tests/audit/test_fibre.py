"""Fibre is shown by light or a transceiver on a way out, and refuted only by proof of another line."""

from __future__ import annotations

import pytest
from surveyed import BEGINS, Row, Surveyed, alarm, device, light, medium, on, over, route

from netwatch.model.claim import NOT_FOUND, Criterion, Finding, Found
from netwatch.model.device import Role

SHOWN, OPEN, AGAINST = Finding.SHOWN, Finding.NOT_SHOWN, Finding.CONTRADICTED
GPON = medium("wan", "fibre", 250.0)
LTE = (route("lte1"), medium("lte1", "radio", 243.0))
LIT = (route("wan"), light("wan", -18.3))
BRIDGED = (route("wan"), medium("wan", "copper", 30.0, "ifMauType"))  # 1000BASE-T: an ONT may stand behind it


def fibre(site: Surveyed, known: float) -> Found:
    return site.found(Criterion.FIBRE, known)


@pytest.mark.parametrize(
    ("rows", "finding"),
    [
        ([], OPEN),
        ([route("wan")], OPEN),
        ([light("wan", -18.3)], OPEN),  # no route leaves by it
        ([route("lan"), light("wan", -18.3)], OPEN),
        ([route("wan"), light("wan", -18.3)], SHOWN),
        ([route("wan", "6"), light("wan", -18.3)], SHOWN),
        ([route("wan"), light("wan", -29.9)], SHOWN),
        ([route("wan"), light("wan", -30.0)], OPEN),  # no receiver is known to be so sensitive
        ([route("wan"), light("wan", 10.1)], OPEN),  # no optic receives so much
        ([route("wan"), light("wan", -33.0), alarm("wan", -35.0)], SHOWN),  # the device knows its own optic
        ([route("wan"), light("wan", -24.0), alarm("wan", -24.0)], OPEN),
        ([route("wan"), light("wan", -40.0), alarm("wan", -45.0)], OPEN),  # darkness, as modules count it
        ([route("wan"), GPON], SHOWN),
        ([route("pppoe"), over("pppoe", "wan"), light("wan", -18.3)], SHOWN),
        ([route("bond"), over("bond", "lan"), over("bond", "wan"), GPON], SHOWN),
        ([route("pppoe"), over("pppoe", "lan"), light("pppoe", -18.3)], OPEN),
        (BRIDGED, OPEN),
        ([*BRIDGED, light("wan", -18.3)], SHOWN),
        ([route("wan"), medium("wan", "other", 6.0)], OPEN),
        (LTE, AGAINST),
        ([route("wan"), medium("wan", "copper", 238.0)], AGAINST),  # adsl2plus
        ([route("wan"), medium("wan", "copper", 129.0)], AGAINST),  # cable television
        ([route("wan"), medium("wan", "copper", 42.0, "ifMauType")], AGAINST),  # 2BASE-TL: telephone wires
        ([*LTE, *BRIDGED], OPEN),  # of two ways out, one may be fibre
        ([*LTE, route("wan", "6")], OPEN),
        ([*LTE, *LIT], SHOWN),
        ([*LTE, route("dsl", "6"), medium("dsl", "copper", 97.0)], AGAINST),
    ],
)
def test_what_a_device_tells_of_its_ways_out(rows: list[Row], finding: Finding) -> None:
    site = Surveyed()
    site.survey(on(3), *rows)
    assert fibre(site, on(3, 9)).finding is finding


def test_what_was_told_is_named_with_time_port_and_source() -> None:
    site = Surveyed()
    site.survey(on(3), *LIT)
    assert fibre(site, on(4)) == Found(SHOWN, on(3), "gw", "light of profile x", "wan -18.3 dBm")
    site = Surveyed()
    site.survey(on(3), *LTE)
    assert fibre(site, on(4)) == Found(AGAINST, on(3), "gw", "ifType", "lte1 radio (ifType 243)")


def test_light_of_one_day_shows_fibre_for_the_period_and_for_no_other() -> None:
    site = Surveyed()
    site.survey(on(3), *LIT)
    assert fibre(site, on(30)).finding is SHOWN
    assert site.found(Criterion.FIBRE, on(30), start=on(4, 0)) is NOT_FOUND
    assert site.found(Criterion.FIBRE, end=on(3)) is NOT_FOUND


def test_a_commune_on_4g_alone_is_refuted_while_that_is_proven_and_silence_refutes_nothing() -> None:
    site = Surveyed()
    site.hourly(on(3), on(9), *LTE)
    last = on(9, 0)  # what is unchanged is written with the first survey of a day
    assert fibre(site, on(9)) == Found(AGAINST, last, "gw", "ifType", "lte1 radio (ifType 243)")
    assert fibre(site, last + 48 * 3600).finding is AGAINST
    silent = fibre(site, last + 48 * 3600 + 1)
    assert (silent.finding, silent.at) == (OPEN, last)


@pytest.mark.parametrize("hours", [4, 28])
@pytest.mark.parametrize("before", [LIT, BRIDGED])
def test_a_cut_with_a_mobile_line_in_place_refutes_nothing(before: tuple[Row, ...], hours: int) -> None:
    """Whether light can be read or not: only a day or two without the other line is a proof."""
    site = Surveyed()
    site.hourly(on(3), on(10, 21), *before)
    expected = fibre(site, on(10, 21)).finding
    site.hourly(on(10, 22), on(10, 22 + hours), *LTE)
    assert fibre(site, on(10, 22 + hours)).finding is expected
    site.hourly(on(10, 23 + hours), on(13), *before)
    assert fibre(site, on(13)).finding is expected


def test_a_line_that_is_gone_for_good_is_refuted_though_it_was_lit_before() -> None:
    site = Surveyed()
    site.hourly(on(3), on(10), *LIT)
    site.hourly(on(10, 9), on(14), *LTE)
    assert fibre(site, on(14)).finding is AGAINST


def test_a_line_that_is_back_is_shown_with_the_light_of_its_day() -> None:
    """The route is written again as it changes back; the light of that day was written in the morning."""
    site = Surveyed()
    for hour, rows in ((8, LIT), (9, LTE), (10, LIT)):
        site.survey(on(3, hour), *rows)
    assert fibre(site, on(3, 11)).at == on(3, 10)


def test_a_route_holds_for_its_day_and_no_longer() -> None:
    """What a survey no longer tells is not written either: only the next day shows that it is gone."""
    site = Surveyed()
    site.survey(on(3), *LIT, route("lte1", "6"), LTE[1])
    site.survey(on(3, 9), route("lte1", "6"), LTE[1])
    assert fibre(site, on(3, 9)).finding is SHOWN
    site.hourly(on(4), on(7), route("lte1", "6"), LTE[1])
    assert fibre(site, on(7)).finding is AGAINST


def test_a_switch_says_nothing_of_how_its_unit_reaches_the_internet() -> None:
    site = Surveyed(device(role=Role.SWITCH))
    site.survey(on(3), *LTE)
    assert fibre(site, on(3, 9)) is NOT_FOUND


def test_of_two_uplinks_one_shows_it_and_both_must_refute_it() -> None:
    site = Surveyed(device("a"), device("b"))
    site.survey(on(3), *LTE, of="a")
    assert fibre(site, on(3, 9)).finding is OPEN  # of the other nothing is known
    site.survey(on(3, 9), *LTE, of="b")
    assert fibre(site, on(3, 10)).finding is AGAINST
    site.hourly(on(4), on(7), *LTE, of="a")
    assert fibre(site, on(7)).finding is OPEN  # the other has been silent since
    site.survey(on(7), *LIT, of="b")
    assert (fibre(site, on(7, 9)).finding, fibre(site, on(7, 9)).device) == (SHOWN, "b")


def test_light_of_a_line_that_is_gone_shows_nothing_any_more() -> None:
    """Also where another device leaves it open that there is one."""
    site = Surveyed(device("a"), device("b"))
    site.survey(on(3), *LIT, of="a")
    site.hourly(on(4), on(8), *LTE, of="a")
    assert fibre(site, on(8)) is NOT_FOUND


def test_a_period_that_begins_late_knows_what_was_open_before() -> None:
    site = Surveyed()
    site.survey(BEGINS - 3600, *BRIDGED)
    site.survey(BEGINS + 3600, *LTE)
    assert fibre(site, BEGINS + 7200).finding is OPEN

"""Internet is shown by a probe from inside that was answered; hours without any, all together, refute it."""

from __future__ import annotations

import pytest
from surveyed import Surveyed, device, on, probe, route

from netwatch.model.claim import NOT_FOUND, Criterion, Finding, Found
from netwatch.model.device import Role

SHOWN, OPEN, AGAINST = Finding.SHOWN, Finding.NOT_SHOWN, Finding.CONTRADICTED
WORKS, FAILS = probe("dns", answered=True), probe("dns", answered=False)
WEB_WORKS, WEB_FAILS = probe("web", answered=True), probe("web", answered=False)


def internet(site: Surveyed, known: float) -> Found:
    return site.found(Criterion.INTERNET, known)


def test_a_probe_that_was_answered_shows_it() -> None:
    site = Surveyed()
    site.survey(on(3), WORKS)
    assert internet(site, on(30)) == Found(SHOWN, on(3), "gw", "pingResultsProbe", "dns")


def test_without_probes_nothing_is_found() -> None:
    site = Surveyed()
    site.survey(on(3), route("wan"))
    assert internet(site, on(4)) is NOT_FOUND


def test_a_probe_of_any_device_inside_will_do() -> None:
    site = Surveyed(device(), device("sw", Role.SWITCH))
    site.survey(on(3), FAILS)
    site.survey(on(3), WORKS, of="sw")
    assert (internet(site, on(4)).finding, internet(site, on(4)).device) == (SHOWN, "sw")


@pytest.mark.parametrize("begins", [10, 22])
def test_a_cut_of_four_hours_touches_nothing(begins: int) -> None:
    """Be it by day or over midnight, while probes fail and when they are answered again."""
    site = Surveyed()
    site.hourly(on(3), on(5, begins - 1), WORKS)
    for hour in range(begins, begins + 5):
        site.survey(on(5, hour), FAILS)
        assert internet(site, on(5, hour)).finding is SHOWN
    site.hourly(on(5, begins + 5), on(7), WORKS)
    assert internet(site, on(7)).finding is SHOWN


def test_probes_that_fail_on_and_on_while_the_device_answers_refute_it() -> None:
    site = Surveyed()
    site.hourly(on(3), on(5), WORKS)
    site.hourly(on(5, 9), on(6), FAILS)
    told = internet(site, on(6))
    assert told == Found(AGAINST, on(6, 0), "gw", "pingResultsProbe", "dns")
    site.survey(on(6, 9), WORKS)
    assert internet(site, on(6, 9)).finding is SHOWN


def test_six_hours_refute_and_less_do_not() -> None:
    for begins, expected in ((18, AGAINST), (18.5, SHOWN)):
        site = Surveyed()
        site.survey(on(5), WORKS)
        site.survey(on(5, begins), FAILS)
        site.survey(on(6, 0), FAILS)
        assert internet(site, on(6, 0)).finding is expected


def test_one_failure_is_none_for_hours() -> None:
    site = Surveyed()
    site.hourly(on(3, 0), on(3, 23), FAILS)  # written once, with the first survey of the day
    assert internet(site, on(3, 23)) is NOT_FOUND


def test_one_probe_that_works_acquits_the_others() -> None:
    """What is unchanged is not written again within its day, and holds."""
    site = Surveyed(device(), device("sw", Role.SWITCH))
    site.hourly(on(3, 1), on(4, 0), FAILS)
    site.hourly(on(3, 1.5), on(3, 23.5), WEB_WORKS, of="sw")
    assert internet(site, on(4, 0)).finding is SHOWN
    site.hourly(on(4, 0.5), on(6), WEB_FAILS, of="sw")
    site.hourly(on(4, 1), on(6), FAILS)
    assert internet(site, on(6)).finding is AGAINST


def test_a_probe_that_was_taken_away_acquits_nobody_for_ever() -> None:
    site = Surveyed()
    site.hourly(on(3, 1), on(3, 23), FAILS, WEB_WORKS)
    site.hourly(on(4, 1), on(6), FAILS)
    assert internet(site, on(6)).finding is AGAINST


def test_a_device_that_is_gone_acquits_nobody_for_ever() -> None:
    site = Surveyed(device(), device("sw", Role.SWITCH))
    site.survey(on(3), WEB_WORKS, of="sw")
    site.hourly(on(3, 1), on(6), FAILS)
    assert internet(site, on(6)).finding is AGAINST


def test_two_failures_with_days_of_silence_between_are_no_stretch() -> None:
    site = Surveyed()
    site.survey(on(3), FAILS)
    site.survey(on(9), FAILS)
    assert internet(site, on(9)) is NOT_FOUND


def test_a_device_that_is_silent_refutes_nothing() -> None:
    site = Surveyed()
    site.hourly(on(3), on(5), WORKS)
    site.hourly(on(5, 9), on(6), FAILS)
    silent = internet(site, on(8, 0.1))
    assert (silent.finding, silent.at) == (OPEN, on(6, 0))


def test_an_answer_shows_its_own_period_only() -> None:
    site = Surveyed()
    site.survey(on(3), WORKS)
    assert site.found(Criterion.INTERNET, start=on(4, 0)) is NOT_FOUND
    assert site.found(Criterion.INTERNET, end=on(3)) is NOT_FOUND

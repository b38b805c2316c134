"""A site is identified where all that is expected of its devices fits."""

from __future__ import annotations

import pytest
from surveyed import Row, Surveyed, device, identity, on, route

from netwatch.model.claim import NOT_FOUND, Criterion, Finding, Found

SHOWN, OPEN, AGAINST = Finding.SHOWN, Finding.NOT_SHOWN, Finding.CONTRADICTED
SERIAL, OTHER = identity("serial", "HC1", fits=True), identity("serial", "HC2", fits=False)
NAME = identity("sysName", "gw-a", fits=True)
BOTH = (("serial", "hc1"), ("sysName", "gw-a"))


def identified(site: Surveyed, known: float) -> Found:
    return site.found(Criterion.IDENTIFIED, known)


@pytest.mark.parametrize(
    ("expect", "rows", "finding"),
    [
        (BOTH, [SERIAL, NAME], SHOWN),
        (BOTH, [SERIAL], OPEN),  # of the name nothing is known
        (BOTH, [OTHER, NAME], AGAINST),
        (BOTH, [OTHER], AGAINST),
        (BOTH, [route("wan")], OPEN),
        ((), [SERIAL], OPEN),  # nothing is expected any more
        ((), [OTHER], OPEN),
        (BOTH[:1], [SERIAL], SHOWN),
    ],
)
def test_all_that_is_expected_has_to_fit(
    expect: tuple[tuple[str, str], ...], rows: list[Row], finding: Finding
) -> None:
    site = Surveyed(device(expect=expect))
    site.survey(on(3), *rows)
    assert identified(site, on(4)).finding is finding


def test_the_newest_counts_with_its_time_and_source() -> None:
    site = Surveyed(device(expect=BOTH[:1]))
    site.survey(on(3), OTHER)
    site.survey(on(3, 9), SERIAL)
    assert identified(site, on(4)) == Found(SHOWN, on(3, 9), "gw", "serial", "serial HC1")
    site.survey(on(3, 10), OTHER)
    assert identified(site, on(4)) == Found(AGAINST, on(3, 10), "gw", "serial", "serial HC2")


def test_another_device_refutes_while_it_answers_and_not_once_it_is_silent() -> None:
    site = Surveyed(device(expect=BOTH[:1]))
    site.survey(on(3), OTHER)
    assert identified(site, on(5)).finding is AGAINST
    assert identified(site, on(5, 8.1)).finding is OPEN


def test_every_device_of_which_anything_is_expected_has_to_fit() -> None:
    site = Surveyed(device(expect=BOTH[:1]), device("sw", expect=BOTH[1:]), device("plain"))
    site.survey(on(3), SERIAL)
    assert identified(site, on(4)) is NOT_FOUND
    site.survey(on(3), NAME, of="sw")
    assert identified(site, on(4)).finding is SHOWN
    assert site.found(Criterion.IDENTIFIED, start=on(4)) is NOT_FOUND

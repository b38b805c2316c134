"""The page of a unit: what it says of one that is in force, of one that is no more, and of none."""

from __future__ import annotations

from dataclasses import replace

import pytest
from page_reading import HOSTILE, Reading
from province_site import NOW, REGISTER, Province, province

from netwatch.model.cause import Cause, Fact
from netwatch.model.device import Role
from netwatch.model.report import OutageAccount
from netwatch.model.state import State
from netwatch.publishing import unit_page
from netwatch.publishing.page_words import WORDS
from netwatch.publishing.present import Gathering
from netwatch.publishing.queries import day
from netwatch.publishing.templating import Static, packaged
from netwatch.publishing.unit_page import UnitPage


def shown(
    of: Province | None = None,
    code: str = "12004",
    as_of: str = "",
    language: str = "en",
    *,
    readable: bool = True,
) -> Reading:
    of = of or province()
    detail = unit_page.gather(Gathering(of.sources()), REGISTER, code, day({"as_of": as_of} if as_of else {}))
    assert detail is not None
    outages = [outage for unit, outage in of.outages if unit == code] if readable else None
    return Reading(UnitPage(Static(packaged())).render(detail, outages, language))


def whole(reading: Reading) -> str:
    return reading.text("main", id="main")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("vi", "có kết nối · Từ lúc 24/11/2026 10:48 (3 ngày 0 giờ)"),
        ("vi", "hung-yen, có hiệu lực từ 01/07/2025"),
        ("vi", "20,97° vĩ bắc, 105,997° kinh đông"),
        (
            "vi",
            "cáp quang đã chứng tỏ 27/11/2026 05:48 gw-12004 · sfp1 -18.3 dBm · MIKROTIK-MIB",
        ),
        ("vi", "gw-12004 · các phút đã chốt"),
        ("vi", "gw-12004 đường lên có kết nối"),
        ("vi", "20/11/2026, kiểm tra tại chỗ: cáp quang đã chứng tỏ; Nguyễn Văn An, Sở KH&CN"),
        ("vi", "UBND xã Như Quỳnh: Vẫn có mạng. · chờ trả lời đến 06/12/2026"),
        ("vi", "Tổ vận hành: không chấp nhận. Đồng hồ khớp."),
        ("en", "up · Since 2026-11-24 10:48 (3 d 0 h)"),
        ("en", "Xã Như Quỳnh verified reachable: shown"),
        ("en", "2026-11-27 09:18 not known upstream (area-van-lam) (so far)"),
    ],
)
def test_a_unit_says_how_it_fares_and_what_was_found(language: str, told: str) -> None:
    assert told in whole(shown(language=language))


def test_a_unit_of_today_lists_those_that_it_was_made_of() -> None:
    reading = shown()
    old = "/units/hung-yen/12004?as_of=2025-06-30&lang=en"
    assert {text for _, text in reading.all("a", href=old)} == {"Xã Đình Dù"}
    assert "Fibre internet reaches 100 % of communes, wards and townships" in whole(reading)


def test_a_unit_of_2017_lists_those_that_it_lives_on_in() -> None:
    reading = shown(as_of="2017-12-22")
    said = whole(reading)
    assert "no more since 2025-07-01" in said
    assert "Xã Đình Dù → Xã Đại Đồng, Xã Như Quỳnh unmonitored" in said
    assert reading.all("a", href="/units/hung-yen/12004?lang=en")
    assert "The last 31 days" not in said, "what is measured today is not of it"
    assert reading.all("a", hreflang="vi", href="?as_of=2017-10-01&lang=vi"), "the switch keeps the day"


def test_an_outage_that_goes_on_says_so_only_while_the_unit_is_not_up() -> None:
    of = province()
    assert "goes on" not in whole(shown(of))
    of.turn("12004", State.DOWN, root="area-van-lam")
    said = whole(shown(of))
    assert "2026-11-27 09:18 goes on" in said
    assert "area-van-lam is down" in said


def test_outages_come_the_latest_first_with_their_facts_and_notes() -> None:
    of = province()
    code = of.units[2].unit.code
    facts = (Fact(NOW - 400, "gw", "started"), Fact(NOW - 400, "gw", "said by aliens"))
    of.outages.append((code, OutageAccount(NOW - 400, NOW - 100, Cause.RESTART, "", 0.0, True, facts, ())))
    said = whole(shown(of, code, language="vi"))
    outages = said[said.index("Các lần mất kết nối") :]
    latest, earlier = (
        outages.index("27/11/2026 10:41 27/11/2026 10:46 5 phút khởi động lại"),
        outages.index("18/11/2026"),
    )
    assert latest < earlier
    assert "gw: khởi động lại" in outages
    assert "gw: said by aliens" in outages
    assert "1 giờ 02 phút (trong đó 1 phút không rõ) đường truyền" in outages
    assert "mất công suất quang thu ở sfp1" in outages
    assert "NOC: đứt cáp ở cầu (phiếu VNPT-123)" in outages


def test_a_ledger_that_cannot_be_read_is_told_and_costs_no_page() -> None:
    assert "The ledger cannot be read just now" in whole(shown(readable=False))


def test_a_unit_without_a_device_has_a_page() -> None:
    of = province()
    said = whole(shown(of, of.units[20].unit.code))
    for told in (
        "unmonitored",
        "No device of it is watched.",
        "The ledger tells of no outage.",
        "There are none.",
    ):
        assert told in said


def test_the_timeline_has_a_text_and_a_table() -> None:
    reading = shown()
    ((about, _), _) = reading.all("svg", class_="columns")
    assert (about["aria-label"] or "").startswith("In 31 days: ")
    tables = [text for _, text in reading.all("details")]
    assert "2026-11-26" in tables[0]
    assert "2026-11-27 09:00" in tables[1]


def test_no_address_of_a_device_is_shown() -> None:
    """There is none to be shown: what pages are handed has no field for it."""
    assert not {"address", "secret", "snmp"} & set(province().devices[0].__dataclass_fields__)


def test_no_text_breaks_out_of_its_place() -> None:
    of = province()
    place = next(place for place, each in enumerate(of.units) if each.unit.code == "12004")
    of.units[place] = replace(of.units[place], area=HOSTILE, root=HOSTILE, state=State.DOWN)
    of.devices = [replace(each, name=HOSTILE) for each in of.devices if each.unit == "12004"]
    fact = Fact(NOW, HOSTILE, HOSTILE)
    of.outages = [("12004", OutageAccount(NOW, None, Cause.LINK, HOSTILE, 0.0, False, (fact,), ()))]
    reading = shown(of)
    assert reading.all("script") == []
    assert whole(reading).count("alert('1')") >= 5


@pytest.mark.parametrize("language", WORDS)
def test_there_is_a_word_for_every_value(language: str) -> None:
    words = WORDS[language]
    assert set(words["causes"]) == {each.value for each in Cause}
    assert set(words["roles"]) == {each.value for each in Role}

"""The report as a page: all of it is there, in both languages."""

from __future__ import annotations

import dataclasses
import re

import pytest
from markup import Element, Page
from report_pages import full, page
from reports import MINUTES

from netwatch.model.claim import UnitVerdict, Withheld
from netwatch.model.figures import Figures
from netwatch.publishing.report_html import WORDS, write

LANGUAGES = ("vi", "en")
SENTENCES = {
    "vi": "Công bố 100\N{NO-BREAK SPACE}% tại ngày 22/12/2017; đo được trong kỳ tháng 10/2026: "
    "từ 69,56\N{NO-BREAK SPACE}% đến 97,52\N{NO-BREAK SPACE}%.",
    "en": "Declared 100\N{NO-BREAK SPACE}% as of 2017-12-22; as measured in 2026-10: "
    "between 69.56\N{NO-BREAK SPACE}% and 97.52\N{NO-BREAK SPACE}%.",
}


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def squeezed(text: str) -> str:
    return " ".join(text.split())


def row_of(table: Element, name: str) -> Element:
    (found,) = (row for row in table.all("tr") if row.all("th") and row.all("th")[0].text == name)
    return found


def test_the_title_says_what_when_and_where(language: str) -> None:
    front = page(language).all("header", "front")[0]
    assert WORDS[language].front.title in front.text
    assert "Hưng Yên" in front.text
    assert {"vi": "từ 01/10/2026 đến hết 31/10/2026", "en": "2026-10-01 to 2026-10-31"}[
        language
    ] in front.text
    assert "Asia/Ho_Chi_Minh (UTC+07:00)" in front.text
    assert "netwatch 0.2.0" in front.text
    assert page(language).elements[0].attributes["lang"] == language


def test_every_claim_stands_as_its_document_states_it(language: str) -> None:
    for number, result in enumerate(full().claims, 1):
        box = page(language).by_id(f"claim-{number}")
        assert box.all("h3")[0].text == squeezed(dict(result.claim.statement)[language])
        assert result.claim.source.document in box.text
        assert not result.claim.source.sha256 or result.claim.source.sha256 in box.text


def test_what_was_declared_stands_beside_what_was_measured(language: str) -> None:
    box = page(language).by_id("claim-1")
    assert squeezed(SENTENCES[language]) in box.text
    assert {"vi": "161 đơn vị tại ngày 22/12/2017 nay thuộc 39 đơn vị", "en": "live on in 39 of today's"}[
        language
    ] in box.text
    assert {"vi": "không xác nhận và cũng không bác bỏ", "en": "neither confirms nor refutes"}[
        language
    ] in box.text


def test_a_claim_has_a_verdict_or_a_reason_for_none(language: str) -> None:
    words = WORDS[language].claims
    for number, result in enumerate(full().claims, 1):
        box = page(language).by_id(f"claim-{number}")
        head = box.all("header")[0].text
        if result.withheld is None:
            assert words.verdicts[result.verdict] in head
        else:
            assert words.no_verdict in head
            assert not any(word in head for word in words.verdicts.values())
            reason = re.escape(squeezed(words.withheld[result.withheld]))
            assert re.search(re.sub(r"\\{\w+\\}", r"[0-9.,]+ ?%", reason), box.text)


def test_less_than_the_minimum_is_told_with_its_figure() -> None:
    (number,) = (
        number for number, each in enumerate(full().claims, 1) if each.withheld is Withheld.NOT_OBSERVED
    )
    assert "41.2 % of the period" in page("en").by_id(f"claim-{number}").text


def test_units_are_counted_by_verdict(language: str) -> None:
    counts = [each.text for each in page(language).by_id("claim-1").all("dl", "counts")[0].all("dd")]
    first = full().claims[0]
    assert counts == [str(first.count(verdict)) for verdict in UnitVerdict] + ["161"]


def test_every_unit_has_a_row_in_every_figure(language: str) -> None:
    overview = page(language).by_id("overview").all("table", "matrix")[0]
    assert len(overview.all("tr")) == 1 + len(full().units)
    for account in full().units:
        assert account.unit.code in row_of(overview, account.unit.name).text
        part = page(language).by_id(f"{account.register}/{account.unit.code}")
        assert account.unit.name in part.all("h3")[0].text
        assert len(part.all("table", "figures")[0].all("tr")) == 4 + len(account.uplinks)
        assert len(part.all("table", "criteria")[0].all("tr")) == 1 + len(account.criteria)
        assert len(part.all("time")) >= sum(1 + (each.end is not None) for each in account.outages)


def test_every_unit_of_a_population_has_a_row(language: str) -> None:
    populations = page(language).by_id("populations").all("section", "population")
    assert len(populations) == len(full().claims)
    for result, part in zip(full().claims, populations, strict=True):
        told = [(row.all("th")[0].text, row.all("td")[0].text) for row in part.all("tr")[1:]]
        assert sorted(told) == sorted((each.unit.name, each.unit.code) for each in result.units)


def test_what_is_refuted_stands_first() -> None:
    words = WORDS["en"].claims.unit_verdicts
    table = page("en").by_id("populations").all("table")[0]
    told = [next(word for word in words.values() if word in row.text) for row in table.all("tr")[1:]]
    assert list(dict.fromkeys(told)) == ["refuted", "undetermined", "unmonitored", "verified"]
    assert told == sorted(told, key=["refuted", "undetermined", "unmonitored", "verified"].index)


def test_a_unit_without_a_device_may_be_anything() -> None:
    idle = next(each for each in full().units if not each.monitored)
    part = page("en").by_id(f"{idle.register}/{idle.unit.code}")
    assert WORDS["en"].units.unmonitored in part.text
    cells = [each.text for each in part.all("table", "figures")[0].all("tr")[1].all("td")]
    assert cells[:3] == ["0.00\N{EN DASH}100.00 %"] * 3
    assert cells[4:] == ["0", "0", f"{MINUTES:,}"]
    assert not part.all("svg", "strip")


def test_no_percentage_of_a_unit_stands_without_its_two_bounds(language: str) -> None:
    tables = [*page(language).all("table", "figures"), *page(language).all("table", "matrix")]
    shares = [cell.text for table in tables for cell in table.all("td") if "%" in cell.text]
    assert len(shares) > 3 * len(full().units)
    assert all(re.fullmatch(r"[0-9]+[.,][0-9]{2}\N{EN DASH}[0-9]+[.,][0-9]{2} %", each) for each in shares)


@pytest.mark.parametrize(
    ("figures", "cells"),
    [
        (Figures(up=2, unknown=1), ["66.66\N{EN DASH}100.00 %", "0.00\N{EN DASH}100.00 %"]),
        (Figures(up=1, down=2), ["33.33\N{EN DASH}33.34 %", "0.00\N{EN DASH}100.00 %"]),
        (
            Figures(up=3, expected=180, valid=120, lost=30, timed=2, slow=1, rtt_sum=0.8, rtt_count=40),
            ["100.00\N{EN DASH}100.00 %", "16.66\N{EN DASH}50.00 %", "33.33\N{EN DASH}66.67 %", "20.0 ms"],
        ),
    ],
)
def test_shares_of_minutes_and_slots(figures: Figures, cells: list[str]) -> None:
    """Lost: 30 of 180 at least, and those 60 that say nothing at most. Swift: 1 of 3, and the untimed one."""
    account = dataclasses.replace(full().units[0], gross=figures)
    told = Page(write(dataclasses.replace(full(), units=(account,)), "en"))
    row = told.all("table", "figures")[0].all("tr")[1]
    assert [each.text for each in row.all("td")][: len(cells)] == cells


def test_outages_have_their_cause_and_what_is_known(language: str) -> None:
    words = WORDS[language].units
    account = full().units[0]
    rows = page(language).by_id(f"hung-yen/{account.unit.code}").all("table", "outages")[0].all("tr")[1:]
    assert len(rows) == len(account.outages) >= 7
    for row, outage in zip(rows, account.outages, strict=True):
        assert words.causes[outage.cause] in row.text
        assert (words.settled if outage.settled else words.so_far) in row.text
        assert (words.goes_on in row.text) == (outage.end is None)
        assert outage.root in row.text
    assert "HYN-2026-0417" in " ".join(row.text for row in rows)


def test_facts_are_told_in_the_language_of_the_page() -> None:
    code = full().units[0].unit.code
    vietnamese, english = (
        page(each).by_id(f"hung-yen/{code}").all("table", "outages")[0].text for each in LANGUAGES
    )
    assert "đang chạy ắc quy" in vietnamese
    assert "on battery" not in vietnamese
    assert "on battery" in english


def test_a_code_that_was_reused_is_told_by_its_older_name() -> None:
    """11953 was phường Hiến Nam, and is phường Phố Hiến, which was made of it and of others."""
    verdicts = page("vi").by_id("hung-yen/11953").all("ul", "verdicts")[0]
    (merged,) = verdicts.all("li", "many")
    assert "Phường Hiến Nam (11953)" in merged.text
    assert "Phường Phố Hiến" not in verdicts.text


def test_papers_and_disputes_are_told_with_their_answers(language: str) -> None:
    words = WORDS[language].units
    text = page(language).by_id("units").text
    for said in (words.open, words.upheld, words.dismissed, words.too_late, words.on_paper):
        assert said in text
    assert words.signed.format(signer="vnpt-hung-yen") in text
    assert "a1" * 32 in text


def test_what_was_not_seen_is_listed(language: str) -> None:
    unseen = page(language).by_id("unseen")
    idle = [each.unit.name for each in full().units if not each.monitored]
    assert [each.all("a")[0].text for each in unseen.all("li")] == idle
    assert {"vi": "30 phút", "en": "30 min"}[language] in unseen.text
    assert "trace" in unseen.text


def test_the_record_can_be_checked(language: str) -> None:
    record = page(language).by_id("record")
    assert "netwatch verify LEDGER --anchors DIR" in record.text
    for name, sha256, _ in full().registers:
        assert name in record.text
        assert sha256 in record.text
    assert full().heads[0].hash in record.text
    assert WORDS[language].record.fits_no in record.text


def test_parameters_are_told_one_beside_the_other() -> None:
    definitions = page("en").by_id("definitions")
    row = row_of(definitions.all("table")[-1], WORDS["en"].definitions.settle_after)
    assert [each.text for each in row.all("td")] == ["1 min 30 s", "2 min"]
    assert "QCVN 34:2019" in definitions.text

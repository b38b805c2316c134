"""The form of the report's page: whole, alone, and not to be broken by anything that a name says."""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import itertools
import re
import unicodedata
from typing import Any
from urllib.parse import unquote

import pytest
from markup import Page
from report_pages import full, html, page
from reports import END, report

from netwatch.publishing.report_html import WORDS, write

LANGUAGES = ("vi", "en")
HOSTILE = "</td></style><script>alert('1')</script>\" onload=\"x&amp;\u202e\u2066\x00{{ 7*7 }}"
CHOICES = {"hours", "label", "timezone"}
"""Texts that the configuration chooses from a few."""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_links_lead_somewhere_and_ids_are_unique(language: str) -> None:
    ids = [each.attributes["id"] for each in page(language).elements if "id" in each.attributes]
    assert len(ids) == len(set(ids))
    targets = {unquote(each.attributes["href"]) for each in page(language).all("a")}
    assert len(targets) > len(full().units)
    assert targets <= {f"#{name}" for name in ids}


def test_nothing_comes_from_elsewhere(language: str) -> None:
    assert not {each.tag for each in page(language).elements} & {"script", "link", "img", "iframe", "object"}
    assert not re.search(r"https?:|@import|\bsrc=|url\((?!#)", html(language))


def test_a_unit_that_is_not_in_the_report_is_named_by_its_code() -> None:
    few = dataclasses.replace(full(), units=full().units[:1], claims=full().claims[:1])
    table = Page(write(few, "en")).by_id("populations").all("table")[0]
    lives_on = {row.all("td")[-1].text for row in table.all("tr")[1:]}
    assert {"Phường Phố Hiến", "12004"} <= lives_on
    assert len(table.all("a")) == sum(each.heirs == ("11953",) for each in few.claims[0].units)


def test_headings_go_down_step_by_step(language: str) -> None:
    levels = [int(each.tag[1]) for each in page(language).elements if re.fullmatch("h[1-6]", each.tag)]
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in itertools.pairwise(levels))


def test_tables_have_captions_and_their_heads_a_scope(language: str) -> None:
    for table in page(language).all("table"):
        assert table.all("caption")[0].text
        assert all(each.attributes.get("scope") in {"col", "row"} for each in table.all("th"))


def test_nothing_unsaid_is_printed(language: str) -> None:
    body = page(language).all("body")[0].text
    assert not re.search(r"\b(None|nan|inf|True|False)\b|[{}]|<\w+\.|Undefined", body)
    assert unicodedata.is_normalized("NFC", html(language))


def test_times_have_their_offset(language: str) -> None:
    body = page(language).all("body")[0].text
    clocks = re.findall(r"[0-9]{2}:[0-9]{2}:[0-9]{2}(.{0,7})", body)
    assert len(clocks) > 1000
    assert set(clocks) == {" +07:00"}


def spoilt(value: Any) -> Any:
    """Return a value with every text in it hostile; what is empty stays so, and enumerations and numbers."""
    if isinstance(value, str) and not isinstance(value, enum.Enum):
        return value and value + HOSTILE
    if isinstance(value, tuple):
        return tuple(spoilt(each) for each in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = {each.name for each in dataclasses.fields(value)} - CHOICES
        fields = {each: spoilt(getattr(value, each)) for each in names}
        return dataclasses.replace(value, **fields)
    return value


def test_no_text_can_break_the_page(language: str) -> None:
    """Whatever a name, a note or a document says, the page has the same elements as with harmless ones."""
    benign = dataclasses.replace(
        full(), claims=tuple(dataclasses.replace(each, claim=monoglot(each.claim)) for each in full().claims)
    )
    broken = spoilt(benign)
    written = write(broken, language)
    there = Page(written)
    assert [each.tag for each in there.elements] == [
        each.tag for each in Page(write(benign, language)).elements
    ]
    assert not any(name.startswith("on") for each in there.elements for name in each.attributes)
    assert not re.search("[\u202e\u2066\x00]", written)
    assert "<script" not in written.lower()
    assert "49" not in there.all("h3")[0].text


def monoglot(claim: Any) -> Any:
    """Return a claim that is stated in no language that the page is written in."""
    return dataclasses.replace(claim, statement=(("fr", "Une phrase"),))


def test_a_statement_in_another_language_is_marked_as_such() -> None:
    claims = (dataclasses.replace(full().claims[0], claim=monoglot(full().claims[0].claim)),)
    told = Page(write(dataclasses.replace(full(), claims=claims), "vi")).by_id("claim-1").all("h3")[0]
    assert told.text == "Une phrase"
    assert told.attributes["lang"] == "fr"


def test_an_empty_report_says_so(language: str) -> None:
    empty = dataclasses.replace(
        full(),
        claims=(),
        units=(),
        parameters=(),
        holidays=(),
        pauses=(),
        gaps=(),
        registers=(),
        exhibits=(),
        heads=(),
        anchors=(),
    )
    text = Page(write(empty, language)).all("body")[0].text
    words = WORDS[language]
    for said in (
        words.claims.none,
        words.overview.none,
        words.overview.all_monitored,
        words.overview.no_pauses,
        words.overview.no_gaps,
        words.overview.no_blind,
        words.definitions.no_parameters,
        words.definitions.no_holidays,
        words.record.no_heads,
        words.record.no_anchors,
        words.record.no_exhibits,
    ):
        assert said in text


def test_a_month_that_is_not_over_is_not_looked_at_after_today() -> None:
    """An outage that goes on lasts until the report was made, and no longer."""
    early = dataclasses.replace(full(), made_at=END - 2 * 86400)
    part = Page(write(early, "en")).by_id("hung-yen/11953")
    assert part.all("table", "outages")[0].all("tr")[-1].all("td")[2].text.startswith("≥ 3 d")
    assert len(part.all("g", "unseen")[0].all("rect")) == 3


def test_a_province_of_161_units_stays_a_moderate_file() -> None:
    large = report(outages=20, day=dt.date(2018, 1, 1))
    assert sum(len(each.outages) for each in large.units) > 900
    assert len(write(large, "vi").encode()) < 4_000_000


def test_another_language_is_refused() -> None:
    with pytest.raises(KeyError):
        write(full(), "fr")

"""The report in a real browser: at a desk and on a phone, in both languages, in the dark and on paper."""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from browser import chromium, looking
from reports import report

from netwatch.publishing.report_html import style_source, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser

    from netwatch.model.report import Report

pytestmark = pytest.mark.system

LANGUAGES = ("vi", "en")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    found = {language: folder / f"{language}.html" for language in LANGUAGES}
    for language, path in found.items():
        path.write_text(write(some(report()), language), "utf-8")
    return found


def some(whole: Report) -> Report:
    """Return a report with a few units of everything: axe-core asks of each element what it is drawn on."""
    return replace(
        whole,
        units=(*whole.units[:5], *whole.units[-1:]),
        claims=tuple(replace(each, units=each.units[:5]) for each in whole.claims),
    )


@pytest.mark.parametrize(
    ("language", "width", "scheme"),
    [("vi", 1440, "light"), ("vi", 390, "dark"), ("en", 1440, "dark"), ("en", 390, "light")],
)
def test_it_can_be_read_by_everybody(
    browser: Browser, pages: dict[str, Path], language: str, width: int, scheme: str
) -> None:
    """No complaint of the browser, none of axe-core that is serious, and nothing wider than the window."""
    with looking(browser, pages[language].as_uri(), width=width, color_scheme=scheme) as look:
        assert look.problems == []
        assert not look.overflows()
        assert look.findings() == []


def test_the_checks_can_fail(browser: Browser, pages: dict[str, Path], tmp_path: Path) -> None:
    """A pale, too wide page that asks for something from elsewhere is found."""
    spoilt = tmp_path / "spoilt.html"
    style = (
        "<style>p { color: #ccc !important; min-width: 3000px; }</style><img src='http://192.0.2.1/a.png'>"
    )
    spoilt.write_text(pages["en"].read_text("utf-8").replace("</head>", style + "</head>"), "utf-8")
    with looking(browser, spoilt.as_uri()) as look:
        assert any("192.0.2.1" in each for each in look.problems)
        assert look.overflows()
        assert any("color-contrast" in each for each in look.findings())


def test_it_looks_the_same_where_nothing_but_its_own_style_is_allowed(
    browser: Browser, pages: dict[str, Path], tmp_path: Path
) -> None:
    page = pages["en"].read_text("utf-8")
    guarded = tmp_path / "guarded.html"
    for source, works in ((style_source(page), True), ("'none'", False)):
        policy = f"default-src 'none'; style-src {source}"
        meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        guarded.write_text(page.replace("<head>", "<head>" + meta), "utf-8")
        with looking(browser, guarded.as_uri()) as look:
            assert (look.problems == []) is works


def test_a_link_leads_to_its_unit(browser: Browser, pages: dict[str, Path]) -> None:
    with looking(browser, pages["vi"].as_uri()) as look:
        look.page.click("#overview a:has-text('Xã Tân Hưng')")
        assert look.page.evaluate("document.querySelector(':target h3').textContent") == "Xã Tân Hưng"


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_prints_on_a4_without_a_blank_page(
    browser: Browser, pages: dict[str, Path], language: str
) -> None:
    """The foot of a page alone is a handful of texts, less than any row of a table above it."""
    with looking(browser, pages[language].as_uri()) as look:
        sheets = printed(look.page.pdf(prefer_css_page_size=True))
    assert 10 < len(sheets) < 30
    assert [number for number, texts in enumerate(sheets, 1) if texts < 40] == []


def test_no_row_and_no_card_is_torn_by_a_page(browser: Browser, pages: dict[str, Path]) -> None:
    with looking(browser, pages["en"].as_uri()) as look:
        assert look.page.evaluate(TORN) != []
        look.page.emulate_media(media="print")
        assert look.page.evaluate(TORN) == []
        assert look.page.evaluate("getComputedStyle(document.querySelector('thead')).display") == (
            "table-header-group"
        )


TORN = """() => [...document.querySelectorAll('article.whole, article.claim, tr')]
    .filter(each => getComputedStyle(each).breakInside !== 'avoid')
    .map(each => each.textContent.trim().slice(0, 60))"""
"""Texts of what may stand on two pages."""


def printed(pdf: bytes) -> list[int]:
    """Return how many texts each page of a PDF shows, in order; every page has to be of A4."""
    objects = dict(re.findall(rb"(?s)\n([0-9]+) 0 obj\n(.*?)\nendobj", pdf))
    sheets = [each for each in objects.values() if each.startswith(b"<</Type /Page\n")]
    assert all(re.search(rb"/MediaBox \[0 0 59[45][.0-9]* 84[12]", each) for each in sheets)
    drawn = [objects[found[1]] for each in sheets if (found := re.search(rb"/Contents ([0-9]+) 0 R", each))]
    assert len(drawn) == len(sheets)
    return [len(re.findall(rb"\bT[jJ]\b", shown(each))) for each in drawn]


def shown(content: bytes) -> bytes:
    """Return what a stream of a PDF draws."""
    head, _, body = content.partition(b"stream\n")
    assert b"/FlateDecode" in head
    return zlib.decompress(body)

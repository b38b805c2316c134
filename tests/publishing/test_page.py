"""The landing page: what it says, in which words, and that no name can break it."""

from __future__ import annotations

import base64
import hashlib
from html.parser import HTMLParser

import pytest

from netwatch.publishing.page import MOST_ROWS, STYLE_SOURCE, landing
from netwatch.publishing.page_words import WORDS

Row = dict[str, object]

NOW = "2025-11-03T08:00:05+00:00"
HOSTILE = "</td><script>alert('1')</script>\"&"


def unit(state: str = "up", *, monitored: bool = True, **other: object) -> Row:
    return {
        "code": "12004",
        "name": "Xã Như Quỳnh",
        "kind": "xã",
        "area": "Văn Lâm",
        "state": state,
        "since": "2025-11-03T08:00:00+00:00" if monitored else None,
        "monitored": monitored,
        "latitude": None,
        "longitude": None,
    } | other


def claim(**other: object) -> Row:
    return {
        "name": "communes-fibre",
        "statement": {"vi": "100 % số xã có Internet cáp quang", "en": "Fibre internet in all communes"},
        "document": "125/BC-UBND",
        "date": "2019-05-02",
        "declared": 1.0,
        "lower": 0.9512,
        "upper": 0.9951,
        "verdict": "does_not_hold",
        "units": {"verified": 99, "refuted": 1, "undetermined": 2, "unmonitored": 3},
        "why": "of 105 units: 99 verified",
    } | other


class Reading(HTMLParser):
    """What a reader gets: the elements, their attributes, and the words in the section of each language."""

    VOID = frozenset({"meta", "br", "link"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: dict[str, list[str]] = {"": []}
        self.style = ""
        self._open: list[tuple[str, str]] = []
        self.feed(page)
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        self.elements.append((tag, attributes))
        if tag not in self.VOID:
            section = str(attributes["id"]) if tag == "section" else self._open[-1][1] if self._open else ""
            self._open.append((tag, section))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "style":
            self.style += data
        elif data.strip():
            self.words.setdefault(self._open[-1][1] if self._open else "", []).append(data.strip())

    def said(self, language: str) -> str:
        return " ".join(self.words[language]).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(("language", "order"), [("vi", ["vi", "en"]), ("en", ["en", "vi"])])
def test_both_languages_stand_there_the_chosen_one_first(language: str, order: list[str]) -> None:
    elements = Reading(landing([unit()], [claim()], language, NOW)).elements
    sections = [attributes for tag, attributes in elements if tag == "section"]
    assert [section["lang"] for section in sections] == order
    assert ("html", {"lang": language}) in elements
    assert ("a", {"href": f"#{order[1]}"}) in elements


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("vi", "100 % số xã có Internet cáp quang"),
        ("vi", "Công bố 100,0 %"),
        ("vi", "cận dưới 95,1 %"),
        ("vi", "cận trên 99,6 %"),
        ("vi", "không đúng"),
        ("vi", "đã xác minh: 99, bị bác bỏ: 1, chưa xác định: 2, chưa giám sát: 3"),
        ("en", "Fibre internet in all communes"),
        ("en", "Declared 100.0 %"),
        ("en", "lower bound 95.1 %"),
        ("en", "upper bound 99.6 %"),
        ("en", "does not hold"),
        ("en", "verified: 99, refuted: 1, undetermined: 2, unmonitored: 3"),
        ("en", "125/BC-UBND (2019-05-02)"),
        ("en", "of 105 units: 99 verified"),
        ("en", f"As of: {NOW}"),
    ],
)
def test_a_claim_shows_what_was_declared_beside_both_bounds(language: str, told: str) -> None:
    assert told in Reading(landing([], [claim()], "vi", NOW)).said(language)


@pytest.mark.parametrize(
    ("lower", "upper", "told"),
    [
        (0.9999, 1.0, "lower bound 99.9 % Measured, upper bound 100.0 %"),
        (0.0, 0.0001, "lower bound 0.0 % Measured, upper bound 0.1 %"),
        (0.57, 0.57, "lower bound 57.0 % Measured, upper bound 57.0 %"),
        (float("nan"), None, "lower bound \N{EM DASH} Measured, upper bound \N{EM DASH}"),
    ],
)
def test_rounding_never_makes_a_bound_tighter(lower: object, upper: object, told: str) -> None:
    assert told in Reading(landing([], [claim(lower=lower, upper=upper)], "en", NOW)).said("en")


@pytest.mark.parametrize(
    ("statement", "told"),
    [({"vi": "Chỉ tiếng Việt"}, "Chỉ tiếng Việt"), ({}, "communes-fibre")],
)
def test_a_statement_in_one_language_is_shown_in_both_sections(statement: Row, told: str) -> None:
    reading = Reading(landing([], [claim(statement=statement)], "en", NOW))
    assert told in reading.said("en")
    assert told in reading.said("vi")


def test_units_are_counted_by_state() -> None:
    units = [unit(), unit(), unit("down"), unit("unknown"), unit("unknown", monitored=False)]
    reading = Reading(landing(units, [], "vi", NOW))
    assert "All: 5 · up: 2, down: 1, unknown: 2 (unmonitored: 1)" in reading.said("en")
    assert "Tổng số: 5 · có kết nối: 2, mất kết nối: 1, không rõ: 2 (chưa giám sát: 1)" in reading.said("vi")


def test_the_table_lists_who_is_not_up_the_most_urgent_first() -> None:
    units = [
        unit("unknown", monitored=False, name="Xã D"),
        unit("up", name="Xã A"),
        unit("unknown", name="Xã C"),
        unit("down", name="Xã B"),
    ]
    said = Reading(landing(units, [], "en", NOW)).said("en")
    table = said.partition("Since")[2].partition("More")[0]
    when = "2025-11-03T08:00:00+00:00"
    assert table.strip() == (
        f"Xã B Văn Lâm down {when} Xã C Văn Lâm unknown {when} Xã D Văn Lâm unmonitored \N{EM DASH}"
    )


@pytest.mark.parametrize(
    ("lacking", "rows", "told"), [(MOST_ROWS, MOST_ROWS, ""), (MOST_ROWS + 7, MOST_ROWS, "Further units: 7")]
)
def test_the_table_is_capped_and_says_how_many_it_leaves_out(lacking: int, rows: int, told: str) -> None:
    said = Reading(landing([unit("down", name="Xã B")] * lacking, [], "en", NOW)).said("en")
    assert said.count("Xã B") == rows
    assert told in said
    assert ("Further units" in said) is bool(told)


@pytest.mark.parametrize(
    ("units", "told"), [([], "The register lists no unit."), ([unit()], "Every unit is up.")]
)
def test_where_nothing_is_wrong_there_is_no_table(units: list[Row], told: str) -> None:
    reading = Reading(landing(units, [], "en", NOW))
    assert told in reading.said("en")
    assert "No claim has been judged yet." in reading.said("en")
    assert "table" not in {tag for tag, _ in reading.elements}


def test_no_text_breaks_out_of_its_place() -> None:
    names = dict.fromkeys(("code", "name", "kind", "area", "since"), HOSTILE)
    hostile_claim = claim(
        statement={HOSTILE: HOSTILE},
        document=HOSTILE,
        date=HOSTILE,
        verdict=HOSTILE,
        why=HOSTILE,
        units={HOSTILE: HOSTILE},
        declared=HOSTILE,
    )
    reading = Reading(landing([unit(HOSTILE, **names)], [hostile_claim], "vi", HOSTILE))
    assert "script" not in {tag for tag, _ in reading.elements}
    assert HOSTILE in reading.said("vi")


def test_the_page_needs_nothing_but_itself() -> None:
    """Its policy allows one style element, and neither scripts, images nor style attributes."""
    reading = Reading(landing([unit("down")], [claim()], "vi", NOW))
    digest = base64.b64encode(hashlib.sha256(reading.style.encode()).digest()).decode()
    assert f"'sha256-{digest}'" == STYLE_SOURCE
    for tag, attributes in reading.elements:
        assert tag not in {"script", "img", "link", "iframe", "form"}
        assert not attributes.keys() & {"style", "src", "onclick"}
        assert str(attributes.get("href", "/")).startswith(("/", "#"))


def test_both_languages_have_a_word_for_every_state_and_verdict() -> None:
    vietnamese, english = WORDS["vi"], WORDS["en"]
    for field in ("states", "verdicts", "unit_verdicts"):
        assert getattr(vietnamese, field).keys() == getattr(english, field).keys()

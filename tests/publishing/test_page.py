"""The overview: what it says and in which words, that every unit is there, and that no name can break it."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from page_reading import HOSTILE, Reading
from province_site import NOW, Province, province

from netwatch.model.claim import ClaimVerdict, Measurement, Withheld
from netwatch.model.state import State
from netwatch.publishing import page_words
from netwatch.publishing.choice import Choice
from netwatch.publishing.page import Overview
from netwatch.publishing.page_words import WORDS
from netwatch.publishing.present import Gathering, Notices
from netwatch.publishing.templating import Static, packaged


def shown(
    of: Province | None = None, language: str = "en", choice: Choice | None = None, *, wall: bool = False
) -> Reading:
    overview = Overview(Static(packaged()))
    situation = Gathering((of or province()).sources()).situation()
    return Reading(overview.render(situation, language, choice or Choice(), wall=wall))


def rows(reading: Reading) -> list[tuple[dict[str, str | None], str]]:
    return [(about, text) for about, text in reading.all("tr") if "data-unit" in about]


def card(reading: Reading, name: str) -> str:
    return reading.text("article", data_claim=name)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("wall", [False, True])
def test_a_page_is_in_one_language_and_leads_to_the_other(language: str, wall: bool) -> None:
    reading = shown(language=language, wall=wall)
    assert reading.all("html", lang=language)
    other = "en" if language == "vi" else "vi"
    query = f"?wall=1&lang={other}" if wall else f"?lang={other}"
    ((_, text),) = reading.all("a", hreflang=other, href=query)
    assert text == WORDS[language]["other_language"]
    assert reading.text("h1") == WORDS[language]["title"]


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("vi", "Công bố 100,0 %"),
        ("vi", "Đo được 14,9 % đến 99,4 %"),
        ("vi", "24 đã xác minh · 1 bị bác bỏ · 13 chưa xác định · 123 chưa giám sát"),
        ("vi", "161 đơn vị của danh mục ngày 22/12/2017, nay nằm trong 39 đơn vị."),
        ("vi", "Công bố ngày 22/12/2017; theo số liệu đo trong 30 ngày đến 27/11/2026."),
        ("vi", "Kết luận: không đạt mức công bố"),
        ("en", "Declared 100.0 %"),
        ("en", "Measured 14.9 % to 99.4 %"),
        ("en", "24 verified · 1 refuted · 13 undetermined · 123 unmonitored"),
        ("en", "161 units of the register of 2017-12-22, which live on in 39 units."),
        ("en", "Declared 2017-12-22; as measured in the 30 days to 2026-11-27."),
        ("en", "Document: Hội nghị ngày 22/12/2017"),
        ("en", "93.0 % of the period was observed."),
    ],
)
def test_a_claim_shows_what_was_declared_beside_what_was_measured(language: str, told: str) -> None:
    assert told in card(shown(language=language), "fibre-reaches-communes")


def changed(name: str, **changes: Any) -> Province:
    of = province()
    of.claims = tuple(replace(each, **changes) if each.claim.name == name else each for each in of.claims)
    return of


@pytest.mark.parametrize(
    ("lower", "upper", "told"),
    [
        (0.9999, 1.0, "99.9 % to 100.0 %"),
        (0.0, 0.0001, "0.0 % to 0.1 %"),
        (0.57, 0.57, "57.0 % to 57.0 %"),
        (0.29, 0.29, "29.0 % to 29.0 %"),
        (2 / 3, 2 / 3, "66.6 % to 66.7 %"),
    ],
)
def test_rounding_never_makes_a_bound_tighter(lower: float, upper: float, told: str) -> None:
    of = changed("communes-reachable-today", lower=lower, upper=upper)
    assert told in card(shown(of), "communes-reachable-today")


@pytest.mark.parametrize("withheld", list(Withheld))
def test_a_verdict_that_is_withheld_says_why(withheld: Withheld) -> None:
    of = changed("communes-reachable-today", withheld=withheld)
    for language, words in WORDS.items():
        told = card(shown(of, language), "communes-reachable-today")
        assert f"{words['withheld']}: {words['why_withheld'][withheld.value]}" in told
        assert words["claim_verdicts"]["undetermined"] + " " not in told.split(words["withheld"])[1]


@pytest.mark.parametrize("verdict", list(ClaimVerdict))
def test_a_verdict_is_a_word(verdict: ClaimVerdict) -> None:
    of = changed("communes-reachable-today", verdict=verdict)
    assert f"Verdict: {WORDS['en']['claim_verdicts'][verdict.value]}" in card(
        shown(of), "communes-reachable-today"
    )


@pytest.mark.parametrize(
    ("declared", "count", "value", "told"),
    [
        (0.75, None, 0.5, ("Declared 75.0 %", "Measured 50.0 % (of 2026-10-01; sổ Sở KH&CN)")),
        (None, 29.0, 31.0, ("Declared 29 units", "Measured 31 (of 2026-10-01; sổ Sở KH&CN)")),
    ],
)
def test_a_figure_shows_its_own_value_date_and_source(
    declared: float | None, count: float | None, value: float, told: tuple[str, str]
) -> None:
    of = province()
    before = of.claims[0]
    claim = replace(before.claim, kind="figure", declared=declared, count=count, population=None)
    measured = Measurement(NOW, claim.name, dt.date(2026, 10, 1), value, "sổ Sở KH&CN")
    of.claims = (replace(before, claim=claim, units=(), measured=measured),)
    said = card(shown(of), claim.name)
    assert all(each in said for each in told)


def test_every_unit_has_a_row_and_those_with_a_position_a_mark() -> None:
    of = province()
    lost = replace(of.units[7], unit=replace(of.units[7].unit, latitude=None))
    of.units[7] = lost
    reading = shown(of)
    keys = {"/".join(each.key) for each in of.units}
    assert [about["data-unit"] for about, _ in rows(reading)] == ["/".join(each.key) for each in of.units]
    marks = {
        about["data-unit"] for about, _ in reading.all("a") if "aria-label" in about and "data-unit" in about
    }
    assert marks == keys - {"/".join(lost.key)}
    assert lost.unit.name in reading.text("div", class_="legend")


def test_a_row_says_state_since_and_why() -> None:
    of = province()
    told = {about["data-unit"]: text for about, text in rows(shown(of, "vi"))}
    first, second, third, fourth = (told["/".join(each.key)] for each in of.units[:4])
    assert "Phường Phố Hiến 11953 Văn Lâm mất kết nối 27/11/2026 10:38 chưa rõ" in first
    assert "27/11/2026 10:37 do area-van-lam mất kết nối" in second
    assert "không rõ 27/11/2026 10:36 2 đã xác minh" in third
    assert "đang trong thời gian bảo trì đã báo trước" in fourth
    assert "chưa giám sát —" in told["/".join(of.units[20].key)]


def test_units_are_counted_by_what_is_shown_of_them() -> None:
    reading = shown()
    counts = {about["data-count"]: text for about, text in reading.all("span") if "data-count" in about}
    assert counts == {"up": "96", "down": "3", "unknown": "1", "unmonitored": "4"}
    assert reading.text("p", id="summary") == "96 up, 3 down, 1 unknown, 4 unmonitored."


def test_what_is_down_stands_by_itself_the_latest_first_and_bounded() -> None:
    of = province()
    for place, each in enumerate(of.units[:30]):
        of.units[place] = replace(each, monitored=True, state=State.DOWN, since=NOW - 60.0 * (place + 1))
    for wall, fitting in ((False, 10), (True, 5)):
        reading = shown(of, wall=wall)
        items = [text for about, text in reading.all("li") if "data-unit" in about]
        assert [item.startswith(each.unit.name) for item, each in zip(items, of.units, strict=False)] == [
            True
        ] * fitting
        assert "for 1 min" in items[0]
        assert reading.text("p", id="further") == f"and {30 - fitting} more"


def test_where_nothing_is_down_that_is_said() -> None:
    of = province()
    of.units = [replace(each, state=State.UP) for each in of.units]
    ((about, text),) = shown(of).all("p", id="nothing-down")
    assert (text, "hidden" in about) == ("No unit is down.", False)


@pytest.mark.parametrize(
    ("notices", "told"),
    [
        (Notices(), None),
        (Notices(blind=(("vnpt", NOW - 60),)), "Nothing is seen by the path vnpt since 2026-11-27 10:47"),
        (Notices(last_good=True), "netwatch runs on its last good configuration"),
        (Notices(reading=True), "The ledger is being read after a start"),
    ],
)
@pytest.mark.parametrize("wall", [False, True])
def test_a_banner_says_what_the_reader_must_know(notices: Notices, told: str | None, wall: bool) -> None:
    of = province()
    of.notices = notices
    ((about, text),) = shown(of, wall=wall).all("ul", id="notices")
    assert ("hidden" in about) == (told is None)
    assert (told or "") in text


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        (Choice("nhu quynh"), {"Xã Như Quỳnh"}),
        (Choice("NHƯ QUỲNH"), {"Xã Như Quỳnh"}),
        (Choice("12004"), {"Xã Như Quỳnh"}),
        (Choice("đại đồng"), {"Xã Đại Đồng"}),
        (Choice("dai dong"), {"Xã Đại Đồng"}),
        (Choice(state="down"), {"Phường Phố Hiến", "Xã Tân Hưng", "Phường Sơn Nam"}),
        (Choice("phuong", state="down"), {"Phường Phố Hiến", "Phường Sơn Nam"}),
        (Choice("no such unit"), set()),
    ],
)
def test_a_search_without_a_script_hides_the_other_rows(choice: Choice, names: set[str]) -> None:
    of = province()
    reading = shown(of, choice=choice)
    by_key = {"/".join(each.key): each.unit.name for each in of.units}
    found = {by_key[about["data-unit"] or ""] for about, _ in rows(reading) if "hidden" not in about}
    assert found == names
    assert len(rows(reading)) == 104
    assert reading.text("p", id="listed") == f"Showing {len(names)} of 104 units."


def test_a_filter_by_verdict_looks_at_every_claim() -> None:
    of = province()
    situation = Gathering(of.sources()).situation()
    reading = shown(of, choice=Choice(verdict="unmonitored"))
    found = {about["data-unit"] for about, _ in rows(reading) if "hidden" not in about}
    assert found == {
        "/".join(key)
        for key, there in situation.verdicts.items()
        if any(each.verdict == "unmonitored" for _, each in there)
    }
    assert 0 < len(found) < 104


def test_rows_that_did_not_change_are_the_same_and_one_that_did_is_not() -> None:
    of, overview = province(), Overview(Static(packaged()))
    gathering = Gathering(of.sources())
    first = overview.render(gathering.situation(), "en", Choice(), wall=False)
    assert overview.render(gathering.situation(), "en", Choice(), wall=False) == first
    of.turn("12004", State.DOWN, root="core")
    fresh = Overview(Static(packaged())).render(gathering.situation(), "en", Choice(), wall=False)
    assert overview.render(gathering.situation(), "en", Choice(), wall=False) == fresh != first
    of.claims = tuple(replace(each, units=each.units[:1]) for each in of.claims)
    fresh = Overview(Static(packaged())).render(gathering.situation(), "en", Choice(), wall=False)
    assert overview.render(gathering.situation(), "en", Choice(), wall=False) == fresh


@pytest.mark.parametrize("wall", [False, True])
def test_no_text_breaks_out_of_its_place(wall: bool) -> None:
    of = province()
    before = of.units[0]
    hostile = replace(before.unit, code=HOSTILE, name=HOSTILE, kind=HOSTILE, district=HOSTILE)
    of.units[0] = replace(before, unit=hostile, register=HOSTILE, area=HOSTILE, root=HOSTILE)
    claim = replace(
        of.claims[0].claim,
        name=HOSTILE,
        statement=(("en", HOSTILE),),
        source=replace(of.claims[0].claim.source, document=HOSTILE),
    )
    of.claims = (replace(of.claims[0], claim=claim),)
    of.notices = Notices(blind=((HOSTILE, NOW),))
    reading = shown(of, choice=Choice(HOSTILE), wall=wall)
    scripts = reading.all("script")
    assert [text for _, text in scripts] == [""]
    assert HOSTILE in " ".join(reading.texts)


@pytest.mark.parametrize("wall", [False, True])
def test_a_page_loads_nothing_but_what_is_ours_and_has_no_inline_style_or_script(wall: bool) -> None:
    reading = shown(wall=wall)
    for tag, about in reading.elements:
        assert tag not in {"style", "iframe", "img"}
        assert not {name for name in about if name == "style" or name.startswith("on")}
        for name in ("src", "href", "action"):
            assert re.match(r"[/#?](?!/)", about.get(name) or "/")


def test_the_script_is_given_every_word_that_it_says() -> None:
    ((about, _),) = [(have, text) for have, text in shown().all("body")]
    given = json.loads(about["data-words"] or "")
    script = packaged()["status.js"].decode()
    assert set(re.findall(r"words\.(\w+)", script)) == set(given) | {"unit_verdicts"}


def keys(words: Any) -> Any:
    return {name: keys(each) for name, each in words.items()} if isinstance(words, dict) else None


def test_both_languages_have_the_same_words() -> None:
    assert keys(WORDS["vi"]) == keys(WORDS["en"])
    for language in WORDS.values():
        for text in json.dumps(language, ensure_ascii=False).split('"'):
            assert text.isprintable()


def holes(words: Any) -> Any:
    if isinstance(words, dict):
        return {name: holes(each) for name, each in words.items()}
    return set(re.findall(r"\{(\w+)\}", words))


def test_both_languages_take_the_same_values() -> None:
    vietnamese, english = holes(WORDS["vi"]), holes(WORDS["en"])
    assert vietnamese == english


def test_every_word_is_used() -> None:
    """By a template, or by what prepares one."""
    package = Path(page_words.__file__).parent
    sources = [*package.glob("templates/status/*.html"), *package.glob("static/*.js"), *package.glob("*.py")]
    text = "".join(path.read_text("utf-8") for path in sources if path.name != "page_words.py")
    unused = {
        name for name in WORDS["vi"] if not re.search(rf"""(?:\bw(?:ords)?\.{name}\b|["']{name}["'])""", text)
    }
    assert unused == set()

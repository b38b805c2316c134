"""The map, the timeline, kin, searches and ways of speaking that pages are made of."""

from __future__ import annotations

import datetime as dt
import itertools
import math
import zoneinfo
from dataclasses import replace

import pytest
from hypothesis import given, strategies as st
from province_site import HOUR, NOW, REGISTER, TODAY, province

from netwatch.audit.criteria import quality, reachable
from netwatch.judgement import cause
from netwatch.model.claim import Finding, Found, Limits
from netwatch.model.figures import Figures
from netwatch.publishing import kinship, timeline
from netwatch.publishing.choice import fold
from netwatch.publishing.fact_words import FORMS, said
from netwatch.publishing.finding_words import grounds
from netwatch.publishing.map import MARGIN, SIDE, draw
from netwatch.publishing.timeline import Column
from netwatch.publishing.voice import Voice

ZONE = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
VI, EN = Voice("vi", ZONE), Voice("en", ZONE)


# The map


def test_north_is_up_and_east_is_right_in_one_scale() -> None:
    """Four corners of a degree: at 60° north it is half as wide as it is high."""
    drawn = draw(
        [
            (("r", "nw"), 60.5, 10.0),
            (("r", "ne"), 60.5, 11.0),
            (("r", "sw"), 59.5, 10.0),
            (("r", "se"), 59.5, 11.0),
        ]
    )
    at = {marker.key[1]: (marker.x, marker.y) for marker in drawn.markers}
    assert at["nw"][1] == at["ne"][1] < at["sw"][1] == at["se"][1]
    assert at["nw"][0] == at["sw"][0] < at["ne"][0] == at["se"][0]
    assert drawn.height == SIDE
    assert (at["ne"][0] - at["nw"][0]) / (at["sw"][1] - at["nw"][1]) == pytest.approx(0.5, abs=1e-3)


def test_marks_of_the_province_do_not_cover_each_other() -> None:
    units = [each for each in province().units if each.unit.latitude is not None]
    drawn = draw((each.key, each.unit.latitude or 0.0, each.unit.longitude or 0.0) for each in units)
    assert len(drawn.markers) == 104
    nearest = min(
        math.hypot(one.x - other.x, one.y - other.y)
        for one, other in itertools.combinations(drawn.markers, 2)
    )
    assert nearest > 1.5 * drawn.radius


PLACES = st.lists(st.tuples(st.floats(8, 23.5), st.floats(102, 110)), max_size=40)


@given(PLACES)
def test_every_place_is_drawn_within_the_picture(places: list[tuple[float, float]]) -> None:
    """Also where all of them are one place."""
    drawn = draw((("r", str(number)), *place) for number, place in enumerate(places))
    assert {marker.key[1] for marker in drawn.markers} == {str(number) for number in range(len(places))}
    for marker in drawn.markers:
        assert 0 < marker.x < drawn.width
        assert 0 < marker.y < drawn.height


def test_two_units_at_one_place_are_both_seen() -> None:
    one, other = draw([(("r", "a"), 20.0, 106.0), (("r", "b"), 20.0, 106.0)]).markers
    assert abs(one.x - other.x) > MARGIN / 2


# The timeline


def test_days_are_local_and_what_nobody_judged_is_unknown() -> None:
    midnight = dt.datetime(2026, 11, 27, tzinfo=ZONE).timestamp()
    hours = [(midnight - HOUR, 50, 10, 0), (midnight, 60, 0, 0), (midnight + HOUR, 0, 0, 30)]
    days = timeline.days(hours, midnight + 1.5 * HOUR, ZONE)
    assert len(days) == timeline.DAYS
    assert days[-1] == Column(midnight, 60, 0, 30)
    assert days[-2] == Column(midnight - 24 * HOUR, 50, 10, 24 * 60 - 60)
    assert days[0] == Column(midnight - 30 * 24 * HOUR, 0, 0, 24 * 60)


def test_the_last_hours_end_with_the_present_one() -> None:
    hours = timeline.recent([(NOW // HOUR * HOUR - HOUR, 58, 2, 0)], NOW)
    assert len(hours) == timeline.HOURS
    assert (hours[-2].up, hours[-2].down, hours[-2].unknown) == (58, 2, 0)
    assert hours[-1].minutes == int(NOW % HOUR) // 60


@given(st.integers(0, 1440), st.integers(0, 1440), st.integers(0, 1440))
def test_a_column_is_as_high_as_the_picture_and_hides_no_part(up: int, down: int, unknown: int) -> None:
    parts = Column(0.0, up, down, unknown).stacked(60.0)
    counts = {"up": up, "down": down, "unknown": unknown}
    assert [state for state, _, _ in parts] == [state for state in ("down", "unknown", "up") if counts[state]]
    if parts:
        assert sum(height for _, _, height in parts) == pytest.approx(60, abs=0.05)
        assert all(height >= 0.99 for _, _, height in parts)
        for (_, y, height), (_, following, _) in itertools.pairwise(parts):
            assert y + height == pytest.approx(following, abs=0.05)


# Kin


def test_a_code_means_the_unit_that_bore_it_on_the_day() -> None:
    register = province().inventory.registers[REGISTER]
    today, then = (
        kinship.find(register, "12004", TODAY),
        kinship.find(register, "12004", dt.date(2017, 12, 22)),
    )
    assert today is not None
    assert then is not None
    assert (today.name, then.name) == ("Xã Như Quỳnh", "Xã Đình Dù")
    assert [code for code, _ in kinship.made_of(register, today)] == list(today.predecessors)
    assert then in [each for _, each in kinship.made_of(register, today)]
    assert {each.name for each in kinship.became(register, then)} == {"Xã Đại Đồng", "Xã Như Quỳnh"}
    assert kinship.became(register, today) == ()


def test_a_code_that_is_no_more_means_the_last_that_bore_it() -> None:
    register = province().inventory.registers[REGISTER]
    found = kinship.find(register, "11965", TODAY)
    assert found is not None
    assert (found.name, found.valid_to) == ("Phường Quang Trung", dt.date(2024, 12, 1))
    assert kinship.find(register, "99999", TODAY) is None


def test_a_predecessor_of_another_province_has_a_code_and_no_unit() -> None:
    register = province().inventory.registers[REGISTER]
    unit = next(each for each in register.as_of(TODAY) if "12433" in each.predecessors)
    assert ("12433", None) in kinship.made_of(register, unit)


# Searches


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Xã Như Quỳnh", "xa nhu quynh"),
        ("XÃ NHƯ QUỲNH", "xa nhu quynh"),
        ("Đường  Đê", "duong de"),
        ("Như Quỳnh", "nhu quynh"),
        ("  ", ""),
    ],
)
def test_folding_leaves_no_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


# Ways of speaking


@pytest.mark.parametrize(
    ("seconds", "vietnamese", "english"),
    [
        (-3, "0 giây", "0 s"),
        (59.9, "59 giây", "59 s"),
        (60, "1 phút", "1 min"),
        (3600 + 5 * 60 + 59, "1 giờ 05 phút", "1 h 05 min"),
        (3 * 86400 + 7200, "3 ngày 2 giờ", "3 d 2 h"),
    ],
)
def test_a_span_never_looks_longer_than_it_is(seconds: float, vietnamese: str, english: str) -> None:
    assert (VI.lasted(seconds), EN.lasted(seconds)) == (vietnamese, english)


def test_times_are_local_and_say_their_offset() -> None:
    assert (VI.moment(NOW), EN.moment(NOW)) == ("27/11/2026 10:48", "2026-11-27 10:48")
    assert EN.iso(NOW) == "2026-11-27T10:48:15+07:00"
    assert VI.offset(NOW) == "UTC+07:00"
    assert Voice("en", zoneinfo.ZoneInfo("UTC")).offset(NOW) == "UTC+00:00"
    assert VI.moment(None) == "—"


@pytest.mark.parametrize(
    ("ratio", "rounding", "told"),
    [
        (0.995, "even", "99,5 %"),
        (0.99999, "lower", "99,9 %"),
        (0.00001, "upper", "0,1 %"),
        (None, "even", "—"),
        (math.nan, "even", "—"),
        (math.inf, "upper", "—"),
    ],
)
def test_percentages_have_a_decimal_comma_in_vietnamese(
    ratio: float | None, rounding: str, told: str
) -> None:
    assert VI.percent(ratio, rounding).replace("\N{NO-BREAK SPACE}", " ") == told
    assert EN.percent(ratio, rounding).replace("\N{NO-BREAK SPACE}", " ") == told.replace(",", ".")


@pytest.mark.parametrize(
    ("value", "told"), [(29.0, "29"), (0.5, "0,5"), (1234.5678, "1234,568"), (100.0, "100")]
)
def test_numbers_have_as_many_decimals_as_they_need(value: float, told: str) -> None:
    assert VI.number(value) == told


@pytest.mark.parametrize(
    ("text", "vietnamese"),
    [
        ("was down from the same moment on", "mất kết nối từ cùng thời điểm"),
        ("window hn-1, announced by VNPT: thay cáp", "lịch bảo trì hn-1, do VNPT báo trước: thay cáp"),
        ("window hn-1, announced by VNPT", "lịch bảo trì hn-1, do VNPT báo trước"),
        ("port ether1 came up, and had been down", "cổng ether1 có tín hiệu trở lại sau khi mất"),
        ("received light of sfp1 {0} lost", "mất công suất quang thu ở sfp1 {0}"),
        ("something new", "something new"),
    ],
)
def test_a_fact_is_said_in_vietnamese_where_its_form_is_known(text: str, vietnamese: str) -> None:
    assert said(text, "vi") == vietnamese
    assert said(text, "en") == text


def test_every_form_of_a_link_is_known() -> None:
    """Whoever adds a form there adds it here."""
    for form in cause._LINK.values():
        assert any(pattern.fullmatch(form.format("ether1")) for pattern, _ in FORMS)


@pytest.mark.parametrize(
    ("text", "vietnamese", "english"),
    [
        ("1/43174", "1 trong 43174 phút có kết nối", "up in 1 of 43174 minutes"),
        (
            "2.31621e-05..1 >= 0.995",
            "khả dụng từ 0 % đến 100 %, cần ít nhất 99,5 %",
            "available 0 % to 100 %, wanted at least 99.5 %",
        ),
        (
            "0.99996..0.999994 >= 0.99999, 0.003806 <= 0.05 s",
            "khả dụng từ 99,99 % đến 100 %, cần ít nhất 99,999 %; độ trễ 3,8 ms, cho phép đến 50 ms",
            "available 99.99 % to 100 %, wanted at least 99.999 %; round trip 3.8 ms, allowed up to 50 ms",
        ),
        (
            "0..0.00301 <= 0.02, ? <= 0.05 s",
            "mất gói từ 0 % đến 0,31 %, cho phép đến 2 %; độ trễ chưa đo được, cho phép đến 50 ms",
            "loss 0 % to 0.31 %, allowed up to 2 %; round trip not known, allowed up to 50 ms",
        ),
        ("1/2, of a port", "1/2, of a port", "1/2, of a port"),
        ("1e+99..1 >= 1", "1e+99..1 >= 1", "1e+99..1 >= 1"),
        ("", "", ""),
    ],
)
def test_what_a_finding_rests_on_is_said_for_people(text: str, vietnamese: str, english: str) -> None:
    found = Found(Finding.SHOWN, 0.0, "", reachable.SOURCE, text)
    assert grounds(found, "vi").replace("\N{NO-BREAK SPACE}", " ") == vietnamese
    assert grounds(found, "en").replace("\N{NO-BREAK SPACE}", " ") == english


def test_what_a_device_told_is_never_taken_for_figures() -> None:
    assert grounds(Found(Finding.SHOWN, 0.0, "sw", "sysName", "1/2"), "en") == "1/2"


def test_every_form_of_a_finding_is_known() -> None:
    """Whoever adds a form there adds it to the words."""
    limits = Limits(availability=0.995, loss=0.02, rtt=0.05)
    silent = Figures(up=1, unknown=2)
    for figures in (silent, replace(silent, expected=60, lost=1, valid=60, rtt_sum=0.5, rtt_count=59)):
        for found in (quality.found(figures, limits, 0.0), reachable.found(figures, 0.0)):
            assert grounds(found, "en") != found.text

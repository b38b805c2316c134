"""Two spellings of one name are equal; a name may lack marks, and never has others."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, strategies as st

from netwatch.inventory.placenames import Reading, bare, fits, kind_of, plain, readings, spell, tidy
from netwatch.model.slug import slug

VIETNAMESE = st.text("aăâeêioôơuưyđbcghklmnpqrstvxàáảãạằấẩẫậềễệìỏốồờớợùủưừứựỳýỹĐẠƯ -.'", max_size=30)
ANY = st.text(max_size=40) | VIETNAMESE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hoà Phong", "Hòa Phong"),
        ("Thuỵ Lôi", "Thụy Lôi"),
        ("NHƯ QUỲNH", "Như Quỳnh"),
        (unicodedata.normalize("NFD", "Dị Sử"), "Dị Sử"),
        ("Như\u00a0Quỳnh", "Như Quỳnh"),  # NBSP
        ("Như\u2011Quỳnh", "Như-Quỳnh"),  # a hyphen that does not break
        ("Như – Quỳnh", "Như Quỳnh"),  # noqa: RUF001 - an en dash, as people type it
        ("  Như   Quỳnh ", "Như Quỳnh"),
        ("Nh\u200bư Quỳnh", "Như Quỳnh"),
        ("\u00d0ại \u00d0ồng", "Đại Đồng"),  # Eth
        ("Phường 01", "Phường 1"),
        ("Ea H\u2019leo", "Ea H'leo"),
    ],
)
def test_spellings_of_one_name(one: str, other: str) -> None:
    assert spell(one) == spell(other)


@pytest.mark.parametrize(
    ("written", "official", "fitting"),
    [
        ("Như Quỳnh", "Như Quỳnh", True),
        ("nhu quynh", "Như Quỳnh", True),
        ("Nhu Quỳnh", "Như Quỳnh", True),
        ("Tân Việt", "Tấn Việt", True),  # the tone is left out
        ("Dong", "Đông", True),
        ("Tán Việt", "Tân Việt", False),
        ("Tấn Việt", "Tân Việt", False),
        ("Đông", "Dong", False),
        ("Như Quinh", "Như Quỳnh", False),
        ("Tiên Tiến", "Tiền Tiến", True),
        ("Tiền Tiến", "Tiên Tiến", False),
        ("hoà", "hoạ", False),
    ],
)
def test_marks_may_be_missing_but_never_others(written: str, official: str, fitting: bool) -> None:
    assert fits(spell(written), spell(official)) is fitting


@pytest.mark.parametrize(
    ("text", "kind", "name"),
    [
        ("Xã Như Quỳnh", "xã", "Như Quỳnh"),
        ("xa nhu quynh", "xã", "nhu quynh"),
        ("X.Như Quỳnh", "xã", "Như Quỳnh"),
        ("TT. Như Quỳnh", "thị trấn", "Như Quỳnh"),
        ("TT Như Quỳnh", "thị trấn", "Như Quỳnh"),
        ("P. Lam Sơn", "phường", "Lam Sơn"),
        ("UBND xã Hoà Phong", "xã", "Hòa Phong"),
        ("Uỷ ban nhân dân thị trấn Trần Cao", "thị trấn", "Trần Cao"),
        ("HĐND - UBND phường Lê Lợi", "phường", "Lê Lợi"),
        ("Đặc khu Cô Tô", "đặc khu", "Cô Tô"),
        ("PHUONG CHIEU", "phường", "chieu"),
        ("PHUONG CHIEU", "", "phuong chieu"),
        ("Phương Chiểu", "", "Phương Chiểu"),
    ],
)
def test_what_a_text_can_be_read_as(text: str, kind: str, name: str) -> None:
    assert Reading(kind, spell(name)) in list(readings(text))


def test_a_word_that_only_resembles_a_kind_is_a_name() -> None:
    """`phương` is no `phường`, and what is nothing but a kind names no unit."""
    assert [reading.kind for reading in readings("Phương Chiểu")] == [""]
    assert [reading.kind for reading in readings("Xã")] == [""]


@pytest.mark.parametrize(
    ("text", "kind"), [("Xã", "xã"), ("P.", "phường"), ("THI TRAN", "thị trấn"), ("x y", ""), ("", "")]
)
def test_a_kind_alone(text: str, kind: str) -> None:
    assert kind_of(text) == kind


def test_a_registers_name_without_its_kind() -> None:
    assert bare("Xã Phương Chiểu", "xã") == spell("Phương Chiểu")
    assert bare("Sở Nội vụ", "phòng") == spell("Sở Nội vụ")


def test_a_cell_is_one_line_of_plain_text() -> None:
    assert tidy(" a\u00a0b\n c\u2011d\u00ad ") == "a b c-d"


@pytest.mark.parametrize(
    ("name", "short"), [("Như Quỳnh", "nhu-quynh"), ("Ð.Đồng 2", "d-dong-2"), ("東", "")]
)
def test_names_of_devices_are_ascii(name: str, short: str) -> None:
    assert slug(name) == short


@given(ANY)
def test_spelling_what_is_spelled_changes_nothing(text: str) -> None:
    assert spell(spell(text)) == spell(text)


@given(ANY)
def test_nfc_nfd_and_case_are_one_spelling(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert spell(unicodedata.normalize(form, text)) == spell(text)


@given(VIETNAMESE)
def test_case_is_no_difference(text: str) -> None:
    assert spell(text.upper()) == spell(text.lower()) == spell(text)


@given(ANY)
def test_a_name_without_marks_fits_and_so_does_itself(text: str) -> None:
    assert fits(spell(text), spell(text))
    assert fits(plain(spell(text)), spell(text))


@given(ANY)
def test_tidy_is_idempotent(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)

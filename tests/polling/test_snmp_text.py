from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.polling.text import LONGEST, clean


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        ("Tổng đài Văn Lâm".encode(), "Tổng đài Văn Lâm"),
        (b"caf\xe9", "café"),  # Latin-1
        (b"\xed\xa0\x80", "í\xa0\ufffd"),  # a surrogate, which is no UTF-8
        (b"Cisco IOS\r\nVersion 15", "Cisco IOS Version 15"),
        (b"a\x00b\x1b[31m", "a\ufffdb\ufffd[31m"),
        (b"padded\x00\x00", "padded"),
        ("left\u202eright".encode(), "left\ufffdright"),
        (b"", ""),
    ],
)
def test_text_is_decoded_once_and_made_fit_to_show(octets: bytes, text: str) -> None:
    assert clean(octets) == text


@given(st.binary(max_size=3000))
def test_whatever_comes_can_be_shown(octets: bytes) -> None:
    text = clean(octets)
    assert len(text) <= LONGEST
    assert text.encode().decode() == text
    assert text.isprintable() or "\xa0" in text or "\xad" in text or not text.isascii()
    assert not set(text) & set(map(chr, range(32)))

"""The facts of a cause in the language of the reader: the record has them in English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

VIETNAMESE = (
    (r"was down from the same moment on", "mất kết nối từ cùng thời điểm"),
    (r"window (\S+), announced by (.+)", "đợt bảo trì {0}, do {1} thông báo"),
    (r"on battery", "đang chạy ắc quy"),
    (r"said by a trap that it loses power \((.*)\)", "tự báo mất nguồn bằng trap ({0})"),
    (r"started", "khởi động"),
    (r"has been running since then", "chạy liên tục từ lúc đó"),
    (r"port (.+) went down", "cổng {0} bị ngắt"),
    (r"port (.+) came up, and had been down", "cổng {0} có tín hiệu lại sau khi bị ngắt"),
    (r"port (.+) showed nothing", "cổng {0} không có dấu hiệu bất thường"),
    (r"received light of (.+) lost", "mất công suất quang thu tại {0}"),
    (r"received light of (.+) fading", "công suất quang thu tại {0} suy giảm"),
)
"""What `netwatch.judgement.cause` writes, as patterns, and how it is told."""

TOLD: Mapping[str, tuple[tuple[str, str], ...]] = {"vi": VIETNAMESE, "en": ()}


def told(text: str, language: str) -> str:
    """Return a fact's text in a language; one that is not known, as it is."""
    for pattern, form in TOLD[language]:
        if match := re.fullmatch(pattern, text):
            return form.format(*match.groups())
    return text

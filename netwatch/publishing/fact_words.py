"""What a cause follows from, in Vietnamese: the ledger keeps facts as lines of English, of few forms."""

from __future__ import annotations

import re

FORMS = tuple(
    (re.compile(pattern), told)
    for pattern, told in (
        (r"was down from the same moment on", "mất kết nối từ cùng thời điểm"),
        (
            r"window (?P<a>.+?), announced by (?P<b>[^:]+)(?P<c>(?:: .*)?)",
            r"lịch bảo trì {a}, do {b} báo trước{c}",
        ),
        (r"on battery", "đang chạy ắc quy"),
        (r"said by a trap that it loses power \((?P<a>.*)\)", "báo bằng trap rằng sắp mất điện ({a})"),
        (r"started", "khởi động lại"),
        (r"has been running since then", "chạy liên tục từ lúc đó"),
        (r"port (?P<a>.+) went down", "cổng {a} mất tín hiệu"),
        (r"port (?P<a>.+) came up, and had been down", "cổng {a} có tín hiệu trở lại sau khi mất"),
        (r"received light of (?P<a>.+) lost", "mất công suất quang thu ở {a}"),
        (r"received light of (?P<a>.+) fading", "công suất quang thu ở {a} suy giảm"),
        (r"port (?P<a>.+) showed nothing", "cổng {a} không có gì bất thường"),
    )
)
"""The forms that `netwatch.judgement.cause` writes."""


def said(text: str, language: str) -> str:
    """Return a fact in a language; one of a form that is not known stays as it is."""
    if language != "vi":
        return text
    for pattern, told in FORMS:
        if found := pattern.fullmatch(text):
            return told.format(**found.groupdict())
    return text

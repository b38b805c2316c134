"""The words of the landing page in Vietnamese and English: one form, filled in twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Words:
    """Everything that the page says in one language, ready to stand in HTML."""

    self_name: str  # of the language, in the language
    title: str
    as_of: str
    claims: str
    no_claims: str
    units: str
    no_units: str
    declared: str
    lower: str
    upper: str
    verdict: str
    document: str
    why: str
    total: str
    unmonitored: str
    all_up: str
    not_up: str
    further: str
    more: str
    columns: tuple[str, str, str, str]  # unit, area, state, since
    states: Mapping[str, str]
    verdicts: Mapping[str, str]
    unit_verdicts: Mapping[str, str]
    decimal_mark: str
    percent: str  # with {} for the number


VIETNAMESE = Words(
    self_name="Tiếng Việt",
    title="kiểm chứng mạng của tỉnh",
    as_of="Thời điểm",
    claims="Các công bố",
    no_claims="Chưa có công bố nào được đánh giá.",
    units="Các đơn vị",
    no_units="Danh mục không có đơn vị nào.",
    declared="Công bố",
    lower="Đo được, cận dưới",
    upper="Đo được, cận trên",
    verdict="Kết luận",
    document="Văn bản",
    why="Lý do",
    total="Tổng số",
    unmonitored="chưa giám sát",
    all_up="Mọi đơn vị đều có kết nối.",
    not_up="Các đơn vị không có kết nối hoặc không rõ",
    further="Còn nữa",
    more="Xem thêm",
    columns=("Đơn vị", "Địa bàn", "Trạng thái", "Từ lúc"),
    states={"up": "có kết nối", "down": "mất kết nối", "unknown": "không rõ"},
    verdicts={"holds": "đúng", "does_not_hold": "không đúng", "undetermined": "chưa xác định"},
    unit_verdicts={
        "verified": "đã xác minh",
        "refuted": "bị bác bỏ",
        "undetermined": "chưa xác định",
        "unmonitored": "chưa giám sát",
    },
    decimal_mark=",",
    percent="{}\N{NO-BREAK SPACE}%",
)

ENGLISH = Words(
    self_name="English",
    title="the province's network, checked",
    as_of="As of",
    claims="Claims",
    no_claims="No claim has been judged yet.",
    units="Units",
    no_units="The register lists no unit.",
    declared="Declared",
    lower="Measured, lower bound",
    upper="Measured, upper bound",
    verdict="Verdict",
    document="Document",
    why="Why",
    total="All",
    unmonitored="unmonitored",
    all_up="Every unit is up.",
    not_up="Units that are down or unknown",
    further="Further units",
    more="More",
    columns=("Unit", "Area", "State", "Since"),
    states={"up": "up", "down": "down", "unknown": "unknown"},
    verdicts={"holds": "holds", "does_not_hold": "does not hold", "undetermined": "undetermined"},
    unit_verdicts={
        "verified": "verified",
        "refuted": "refuted",
        "undetermined": "undetermined",
        "unmonitored": "unmonitored",
    },
    decimal_mark=".",
    percent="{}\N{NO-BREAK SPACE}%",
)

WORDS: Mapping[str, Words] = {"vi": VIETNAMESE, "en": ENGLISH}

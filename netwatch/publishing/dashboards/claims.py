"""The board `claims`: what a document declares, beside what evidence shows, and unit by unit why."""

from __future__ import annotations

from netwatch.publishing.dashboards import links, promql, words
from netwatch.publishing.dashboards.boards import Board
from netwatch.publishing.dashboards.claim_rows import ALL
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.numbers import Bars, Note, Number
from netwatch.publishing.dashboards.panels import BLUE, GREEN, GREY, RATIO, RED, Query
from netwatch.publishing.dashboards.tables import Column, Rows
from netwatch.publishing.dashboards.timelines import Lines
from netwatch.publishing.dashboards.variables import AREAS, CLAIM, REGISTER

_DECLARED = 'max(netwatch_claim_declared_ratio{claim="$claim"})'
_LOWER = 'max(netwatch_claim_ratio{claim="$claim",bound="lower"})'
_UPPER = 'max(netwatch_claim_ratio{claim="$claim",bound="upper"})'


def _comes_to(verdict: str) -> str:
    return f'max(netwatch_claim_verdict{{claim="$claim",verdict="{verdict}"}})'


CHOSEN = Note(
    Words(
        "Công bố",
        "Claim",
        "Nguyên văn công bố đang xem; chọn công bố khác ở đầu trang, hoặc trong bảng bên dưới.",
        "What is declared; choose another on top of the page, or in the table below.",
    ),
    (),
    width=24,
    height=4,
    text=Text("## ${claim:text}", "## ${claim:text}"),
)

VERDICT = Number(
    Words(
        "Kết luận",
        "Verdict",
        "Đạt khi cận dưới đạt mức công bố; không đạt khi cận trên không tới mức đó; "
        "còn lại là chưa xác định.",
        "Holds where the lower bound reaches what is declared, does not hold where the upper bound "
        "misses it, and is undetermined in between.",
    ),
    (Query(f"{_comes_to('holds')} - {_comes_to('does_not_hold')}"),),
    width=6,
    height=5,
    said=words.CLAIM_VERDICTS,
    filled=True,
)


def _ratio(words_: Words, expr: str, color: str) -> Number:
    return Number(words_, (Query(expr),), width=6, height=5, unit=RATIO, colors={0.0: color})


RATIOS = (
    _ratio(Words("Mức công bố", "Declared", "Theo văn bản.", "As the document states it."), _DECLARED, GREY),
    _ratio(
        Words("Cận dưới", "Lower bound", "Phần đã được chứng tỏ.", "The share that is shown."), _LOWER, GREEN
    ),
    _ratio(
        Words("Cận trên", "Upper bound", "Phần chưa bị bác bỏ.", "The share that is not refuted."),
        _UPPER,
        BLUE,
    ),
)

BOUNDS = Lines(
    Words(
        "Hai cận theo thời gian",
        "Both bounds over time",
        "Khoảng giữa hai cận là điều chưa biết.",
        "What lies between the bounds is not known.",
    ),
    (Query(_LOWER, "lower"), Query(_UPPER, "upper"), Query(_DECLARED, "declared")),
    width=12,
    height=8,
    unit=RATIO,
    most=1.0,
    dashed="declared",
    names={
        "declared": (Text("mức công bố", "declared"), GREY),
        "lower": (Text("cận dưới", "lower bound"), GREEN),
        "upper": (Text("cận trên", "upper bound"), BLUE),
    },
)

BY_VERDICT = Bars(
    Words(
        "Đơn vị theo kết luận",
        "Units by verdict",
        "Các đơn vị thuộc diện công bố, theo danh mục tại ngày công bố.",
        "The units that the claim is about, by the register of its date.",
    ),
    (Query('max by (verdict) (netwatch_claim_units{claim="$claim"})', "{{verdict}}"),),
    width=12,
    height=8,
    names=words.UNIT_VERDICTS,
)

_OF_CLAIM = 'max by (register, unit, verdict) (netwatch_claim_unit_verdict{claim="$claim"})'
_NAMED_NOW = (
    "* on (register, unit) group_left (name, area) max by (register, unit, name, area) (netwatch_unit_info)"
)

NEVER_OBSERVED = (
    Number(
        Words(
            "Có công bố, chưa giám sát",
            "Claimed, never observed",
            "Đơn vị thuộc diện công bố mà chưa có thiết bị nào được giám sát: không ai kiểm chứng được.",
            "Units that the claim is about and that have no device: nobody can check what it says of them.",
        ),
        (Query('max(netwatch_claim_units{claim="$claim",verdict="unmonitored"})'),),
        width=6,
        height=10,
        colors={0.0: GREEN, 1.0: RED},
    ),
    Rows(
        Words(
            "Đơn vị thuộc diện công bố",
            "Units of the claim",
            "Mã theo danh mục tại ngày công bố, và tên mà mã đó mang hiện nay: mã của đơn vị không còn nữa "
            "thì không có tên, hoặc đã được cấp lại cho đơn vị khác.",
            "Codes by the register of the claim's date, and whom a code names today: that of a unit that is "
            "no more names nobody, or another unit.",
        ),
        (Query(f"{_OF_CLAIM} {_NAMED_NOW} or on (register, unit) {_OF_CLAIM}"),),
        width=18,
        height=10,
        columns=(
            Column(
                "name", Text("Tên hiện nay", "Named today"), links=(links.ROW_UNIT,), wrapped=True, least=140
            ),
            Column("verdict", Text("Kết luận", "Verdict"), said=words.UNIT_VERDICTS, least=115),
            Column("unit", words.CODE, width=85),
            Column("area", words.AREA),
            Column("register", Text("Danh mục", "Register")),
        ),
        sorted_by=("verdict", "unit"),
    ),
)


def _found(criterion: str) -> str:
    of = promql.of_units(f'netwatch_unit_criterion{{<register>,criterion="{criterion}"}}')
    return f"max by (unit) ({of})"


CRITERIA = Rows(
    Words(
        "Tiêu chí theo đơn vị",
        "Criteria by unit",
        "Những gì đã chứng tỏ được về từng đơn vị của danh mục đang có hiệu lực.",
        "What is shown of each unit of the register in force.",
    ),
    (*(Query(_found(each)) for each in words.CRITERIA), Query(promql.INFO)),
    width=24,
    height=14,
    columns=(
        Column("name", words.NAME, links=(links.ROW_UNIT,), wrapped=True, least=140),
        *(
            Column(f"Value #{ref}", heading, said=words.FINDINGS, least=110)
            for ref, (heading, _) in zip("ABCDEFG", words.CRITERIA.values(), strict=True)
        ),
        Column("area", words.AREA),
        Column("unit", words.CODE),
    ),
    sorted_by=("name",),
)

CLAIMS = Board(
    "claims",
    Words(
        "Công bố và chứng cứ",
        "Claims and evidence",
        "Công bố của văn bản, cạnh những gì đã chứng tỏ được và những gì chưa biết.",
        "What documents declare, beside what is shown and what is not known.",
    ),
    (CLAIM, REGISTER, AREAS),
    (CHOSEN, VERDICT, *RATIOS, BY_VERDICT, BOUNDS, ALL, *NEVER_OBSERVED, CRITERIA),
    links=(links.PROVINCE,),
    since="now-7d",
    refresh="1m",
)

"""Every claim in a row, what it says before what it comes to: on the wall, and on the board of claims."""

from __future__ import annotations

from netwatch.publishing.dashboards import links, promql, words
from netwatch.publishing.dashboards.language import Text, Words
from netwatch.publishing.dashboards.panels import RATIO, Query
from netwatch.publishing.dashboards.tables import Column, Rows

_QUERIES = (
    Query("max by (claim) (netwatch_claim_declared_ratio)"),
    Query('max by (claim) (netwatch_claim_ratio{bound="lower"})'),
    Query('max by (claim) (netwatch_claim_ratio{bound="upper"})'),
    Query(
        'max by (claim) (netwatch_claim_verdict{verdict="holds"})'
        ' - max by (claim) (netwatch_claim_verdict{verdict="does_not_hold"})'
    ),
    Query(promql.STATEMENTS),
)

_COLUMNS = (
    Column("statement", Text("Công bố", "Claim"), links=(links.ROW_CLAIM,), wrapped=True, least=170),
    Column("Value #D", Text("Kết luận", "Verdict"), said=words.CLAIM_VERDICTS, width=165),
    Column("Value #A", Text("Mức công bố", "Declared"), unit=RATIO, width=130),
    Column("Value #B", Text("Cận dưới", "Lower bound"), unit=RATIO, width=120),
    Column("Value #C", Text("Cận trên", "Upper bound"), unit=RATIO, width=120),
)

_SORTED = ("Value #D", "statement")
"""First what does not hold."""

DECLARED = Rows(
    Words(
        "Công bố và chứng cứ",
        "Claims and evidence",
        "Mức công bố theo văn bản, cạnh mức đã chứng tỏ (cận dưới) và chưa bị bác bỏ (cận trên).",
        "What a document declares, beside what is shown (lower bound) and not refuted (upper bound).",
    ),
    _QUERIES,
    width=12,
    height=12,
    columns=(*_COLUMNS, Column("claim", words.CLAIM_NAME, hidden=True)),
    sorted_by=_SORTED,
)

ALL = Rows(
    Words(
        "Mọi công bố",
        "All claims",
        "Mức công bố theo văn bản, cạnh mức đã chứng tỏ (cận dưới) và chưa bị bác bỏ (cận trên).",
        "What a document declares, beside what is shown (lower bound) and not refuted (upper bound).",
    ),
    (*_QUERIES, Query("max by (claim, document, date) (netwatch_claim_info)")),
    width=24,
    height=12,
    columns=(
        *_COLUMNS,
        Column("document", Text("Văn bản", "Document"), wrapped=True, least=340),
        Column("date", Text("Ngày", "Date"), width=110),
        Column("claim", words.CLAIM_NAME, width=220),
    ),
    sorted_by=_SORTED,
)

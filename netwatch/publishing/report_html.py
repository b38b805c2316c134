"""Writes a report as one page of HTML: for reading, printing and keeping, without anything from elsewhere.

Every text is escaped, and cleared of characters that would steer what stands around it. What a template
shows has been put into words before: a bare float, or None, is a mistake that is raised and never printed.
"""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, Undefined
from markupsafe import Markup

from netwatch.model.claim import ClaimVerdict, Criterion, Finding, UnitVerdict
from netwatch.publishing import charts, report_view
from netwatch.publishing.fact_words import said
from netwatch.publishing.finding_words import grounds
from netwatch.publishing.report_words_en import ENGLISH
from netwatch.publishing.report_words_vi import VIETNAMESE
from netwatch.publishing.wording import STYLES, Wording, clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netwatch.model.report import Report
    from netwatch.publishing.report_words import ReportWords

WORDS: Mapping[str, ReportWords] = {"vi": VIETNAMESE, "en": ENGLISH}
"""By language."""

FINDINGS = {Finding.SHOWN: "\N{CHECK MARK}", Finding.CONTRADICTED: "\N{BALLOT X}", Finding.NOT_SHOWN: "?"}
CLAIMS = {
    ClaimVerdict.HOLDS: "\N{CHECK MARK}",
    ClaimVerdict.DOES_NOT_HOLD: "\N{BALLOT X}",
    ClaimVerdict.UNDETERMINED: "?",
}

ENUMS = {"Criterion": Criterion, "Finding": Finding, "UnitVerdict": UnitVerdict, "ClaimVerdict": ClaimVerdict}


def write(report: Report, language: str) -> str:
    """Return the page in `language`: "vi" or "en"."""
    zone = ZoneInfo(report.period.timezone)
    columns = {name for account in report.units for name, _, _ in account.verdicts}
    numbered = list(enumerate(report.claims, 1))
    page = _environment(language).get_template("report.html")
    return page.render(
        report=report,
        language=language,
        words=WORDS[language],
        say=Wording(STYLES[language], zone),
        claims=numbered,
        columns=[(number, result) for number, result in numbered if result.claim.name in columns],
        numbers={result.claim.name: number for number, result in numbered},
        names={(each.register, each.unit.code): each.unit.name for each in report.units},
        members={
            (told.claim.name, each.unit.code): each.unit for told in report.claims for each in told.units
        },
        days=report_view.days(report.period, zone),
        running=re.sub(r"[^0-9.-]", "", report.period.label),
    )


def style_source(page: str) -> str:
    """Return what a Content-Security-Policy has to name to allow a page's style (CSP 3, section 2.3.1)."""
    style = page.partition("<style>")[2].partition("</style>")[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}'"


def _environment(language: str) -> Environment:
    environment = Environment(
        loader=PackageLoader("netwatch.publishing", "templates/report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        view=report_view, charts=charts, finding_symbols=FINDINGS, claim_symbols=CLAIMS, **ENUMS
    )
    environment.filters["told"] = lambda text: said(text, language)
    environment.filters["grounds"] = lambda found: grounds(found, language)
    return environment


def _shown(value: object) -> object:
    """Return what a template may print; raises TypeError for what was not put into words."""
    if isinstance(value, Markup | Undefined):
        return value  # what is undefined says itself what it is, and raises
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise TypeError(f"{type(value).__name__} is not put into words")

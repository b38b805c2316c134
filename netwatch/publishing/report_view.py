"""What the pages of a report need beside its figures: bounds, order, places to link to, days to draw."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from netwatch.audit.bounds import Bounds, availability, share
from netwatch.model.claim import UnitVerdict, Withheld

EN_DASH = "\N{EN DASH}"

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from netwatch.model.claim import ClaimResult, UnitResult
    from netwatch.model.figures import Figures
    from netwatch.model.register import Unit
    from netwatch.model.report import Period, Report, UnitAccount

    Stretch = tuple[float, float]

SYMBOLS = {
    UnitVerdict.VERIFIED: "\N{CHECK MARK}",
    UnitVerdict.REFUTED: "\N{BALLOT X}",
    UnitVerdict.UNDETERMINED: "?",
    UnitVerdict.UNMONITORED: "\N{WHITE CIRCLE}",
}
"""Stand beside the word, or for it where a table has no room: a verdict is never told by colour alone."""

URGENCY = (UnitVerdict.REFUTED, UnitVerdict.UNDETERMINED, UnitVerdict.UNMONITORED, UnitVerdict.VERIFIED)

BOUNDLESS = frozenset((Withheld.EXAMPLE, Withheld.NO_UNITS, Withheld.NOT_MEASURED, Withheld.CEASED))
"""Reasons to withhold a verdict that leave no bounds to show either."""


@dataclass(frozen=True, slots=True)
class Shares:
    """The ratios of some figures, each between its bounds."""

    available: Bounds
    lost: Bounds
    swift: Bounds  # minutes whose mean round trip is within the limit


def shares(figures: Figures) -> Shares:
    """Return the ratios; what is not known may turn out either way."""
    return Shares(
        available=availability(figures),
        lost=share(figures.lost, figures.valid - figures.lost, figures.expected),
        swift=share(figures.timed - figures.slow, figures.slow, figures.total),
    )


def kind(label: str) -> str:
    """Return what a period is: month, day or range."""
    return "range" if ".." in label else "month" if label.count("-") == 1 else "day"


def has_bounds(result: ClaimResult) -> bool:
    """Tell whether a claim was measured as a ratio, be it not to the end."""
    return result.claim.declared is not None and result.withheld not in BOUNDLESS


def by_urgency(result: ClaimResult) -> list[UnitResult]:
    """Return a claim's units: what is refuted first, what is verified last, each in the register's order."""
    return sorted(result.units, key=lambda each: URGENCY.index(each.verdict))


def moved(result: ClaimResult) -> bool:
    """Tell whether the units of a claim live on as others than themselves."""
    return bool(result.heirs) and any(each.heirs != (each.unit.code,) for each in result.units)


def of_claim(account: UnitAccount, claim: str) -> list[tuple[str, UnitVerdict]]:
    """Return (code in the claim's population, verdict) of those units of a claim that one unit stands for."""
    return [(code, verdict) for name, code, verdict in account.verdicts if name == claim]


def counted(account: UnitAccount, claim: str) -> list[tuple[UnitVerdict, int]]:
    """Return how often each verdict occurs in :func:`of_claim`, the most urgent first."""
    counts = Counter(verdict for _, verdict in of_claim(account, claim))
    return [(verdict, counts[verdict]) for verdict in URGENCY if counts[verdict]]


def grouped(
    account: UnitAccount, members: Mapping[tuple[str, str], Unit]
) -> list[tuple[str, list[tuple[str, UnitVerdict]]]]:
    """Return a unit's verdicts by claim: each with the older unit that it is of, "" where that is itself.

    `members` are the units of the claims' populations by claim and code. Codes are reused, so that only the
    unit itself tells whether it is the same.
    """
    found: dict[str, list[tuple[str, UnitVerdict]]] = {}
    for claim, code, verdict in account.verdicts:
        unit = members.get((claim, code))
        former = "" if unit == account.unit else code if unit is None else f"{unit.name} ({code})"
        found.setdefault(claim, []).append((former, verdict))
    return list(found.items())


def anchor(register: str, code: str) -> str:
    """Return the id of a unit's part of the page."""
    return "-".join(f"{register}/{code}".split())


def link(register: str, code: str) -> str:
    """Return what leads there."""
    return "#" + quote(anchor(register, code))


def days(period: Period, zone: dt.tzinfo) -> list[tuple[Stretch, int]]:
    """Return the local days of a period, each with its number in the month."""
    return list(_days(period, zone))


def _days(period: Period, zone: dt.tzinfo) -> Iterator[tuple[Stretch, int]]:
    day = dt.datetime.fromtimestamp(period.start, zone).date()
    start = period.start
    while start < period.end:
        following = day + dt.timedelta(days=1)
        end = dt.datetime(following.year, following.month, following.day, tzinfo=zone).timestamp()
        yield (start, end), day.day
        day, start = following, end


def lost(report: Report, account: UnitAccount) -> list[Stretch]:
    """Return a unit's outages as stretches; one that goes on lasts until the report was made."""
    return [(each.start, until(report, each.end)) for each in account.outages]


def until(report: Report, end: float | None) -> float:
    """Return the end of an outage as far as the report can know it."""
    return min(report.made_at, report.period.end) if end is None else end


def unseen(report: Report) -> list[Stretch]:
    """Return when nobody looked: pauses, and what had not come yet as the report was made."""
    return [*report.pauses, (report.made_at, report.period.end)]


def planned(account: UnitAccount) -> list[Stretch]:
    """Return the windows that were announced in time."""
    return [(each.window.start, each.window.end) for each in account.excluded if each.in_time]


def hours(text: str, weekdays: Mapping[str, str]) -> str:
    """Return office hours with their weekdays in words: Mon-Fri 07:30-17:00."""
    return re.sub(r"[A-Z][a-z]{2}", lambda match: weekdays.get(match[0], match[0]), text).replace(
        "-", EN_DASH
    )


def provinces(report: Report) -> list[str]:
    """Return the provinces of the units, in their order, each once."""
    return list(dict.fromkeys(each.unit.province for each in report.units if each.unit.province))

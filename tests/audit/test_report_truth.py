"""The report of a month whose every minute is known: its figures are the truth."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import month
import pytest
from month import ALONE, END, LINES_OF, MINUTES, RULES, START, ZONE, A, B, C
from real import ROOT

from netwatch.audit.bounds import availability
from netwatch.audit.period import Window
from netwatch.audit.report.asked import period, reached
from netwatch.audit.report.making import Source, make
from netwatch.audit.rolling import Rolling, Wanted
from netwatch.evidence.skim import skim
from netwatch.evidence.store import Store
from netwatch.inventory.load import load
from netwatch.model.cause import Cause
from netwatch.model.claim import ClaimVerdict, Criterion, Finding, UnitVerdict
from netwatch.model.decision import Subject

if TYPE_CHECKING:
    from pathlib import Path

    from netwatch.model.figures import Figures
    from netwatch.model.report import Report, UnitAccount

SITES = """\
defaults: {snmp: none}
sites:
  - area: Trung tâm
    devices:
      - {name: noc, address: 127.0.0.1, role: reference}
      - {name: core, address: 127.0.0.2, role: core}
  - unit: "12004"
    area: Văn Lâm
    devices: [{name: gw-a, address: 127.0.0.3, role: uplink, parents: [core]}]
  - unit: "11992"
    area: Văn Lâm
    devices: [{name: gw-b, address: 127.0.0.4, role: uplink, parents: [core]}]
  - unit: "11995"
    area: Yên Mỹ
    devices: [{name: gw-c, address: 127.0.0.5, role: uplink, parents: [core]}]
"""

CLAIMS = """\
claims:
  - name: reachable
    kind: uplink
    statement: {en: All communes and wards can be reached}
    source: {document: a test, date: 2025-07-01}
    declared: {ratio: 1.0}
    population: {register: hung-yen, as_of: 2025-07-01}
    criteria: [reachable]
    period: last-30d
  - name: quality-in-office-hours
    kind: uplink
    statement: {en: Their lines are good}
    source: {document: a test, date: 2025-07-01}
    declared: {ratio: 0.005}
    population: {register: hung-yen, as_of: 2025-07-01}
    criteria: [quality]
    limits: {availability: 0.999}
    period: month
"""


@dataclass(frozen=True)
class Lived:
    """A month that was lived: its ledger, what was decided, and its report."""

    url: str
    folder: Path
    told: month.Told
    report: Report

    def account(self, code: str) -> UnitAccount:
        (found,) = [each for each in self.report.units if each.unit.code == code]
        return found


@pytest.fixture(name="lived", scope="module")
def live_it(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = tmp_path_factory.mktemp("month")
    config = folder / "config"
    (config / "sites").mkdir(parents=True)
    (config / "registers").mkdir()
    shutil.copy(ROOT / "config" / "registers" / "hung-yen.csv", config / "registers")
    (config / "netwatch.yaml").write_text("registers: {hung-yen: registers/hung-yen.csv}\n", "utf-8")
    (config / "sites" / "all.yaml").write_text(SITES, "utf-8")
    (config / "claims.yaml").write_text(CLAIMS, "utf-8")
    url = f"sqlite:///{folder / 'ledger.db'}"
    told = month.live(url)
    asked = period("2026-10", ZONE)
    now = END + 7200.0
    until = reached(asked, now)
    inventory = load(config, {})
    reachable, quality = inventory.claims
    inventory = replace(inventory, claims=(reachable, replace(quality, hours="office")))
    report = make(Source(url, "noc"), inventory, asked, until, now, jobs=2)
    return Lived(url, folder, told, report)


COUNTED = ("up", "down", "unknown", "lost", "valid", "timed", "slow", "rtt_count")


def same(found: Figures, true: month.Truth) -> bool:
    """Compare all that can be: counts to the last, times to the microsecond that means are kept to."""
    assert {name: getattr(found, name) for name in COUNTED} == {name: getattr(true, name) for name in COUNTED}
    assert found.rtt_mean == pytest.approx(true.rtt_sum / true.rtt_count, abs=1e-6)
    return True


@pytest.mark.parametrize("code", [A, B, C])
def test_every_minute_of_a_unit_is_what_was_true(lived: Lived, code: str) -> None:
    account = lived.account(code)
    true = month.truth(LINES_OF[code], month.month())
    assert same(account.gross, true)
    assert same(account.office, month.truth(LINES_OF[code], month.office_hours()))
    bounds = availability(account.gross)
    assert (bounds.lower, bounds.upper) == (true.up / MINUTES, (true.up + true.unknown) / MINUTES)
    assert account.blind == month.blind()


def test_the_script_has_something_of_everything() -> None:
    """Else the test above would compare nothing with nothing."""
    true = {code: month.truth(lines, month.month()) for code, lines in LINES_OF.items()}
    assert all(each.up > 40_000 and each.down > 60 and each.unknown > 300 for each in true.values())
    assert true[C].slow == 120
    assert month.blind() > 120


def test_each_line_of_a_unit_has_minutes_of_its_own(lived: Lived) -> None:
    fibre, lte = lived.account(B).uplinks
    assert [(each.device, each.provider, each.medium) for each in (fibre, lte)] == [
        ("gw-b", "Viettel", "fibre"),
        ("gw-b", "MobiFone", "4g"),
    ]
    assert same(fibre.figures, month.truth((3,), month.month()))
    assert same(lte.figures, month.truth((4,), month.month()))
    assert fibre.figures.down > lte.figures.down
    (only,) = lived.account(A).uplinks
    assert only.figures == lived.account(A).gross


@pytest.mark.parametrize(
    ("code", "left_out"),
    [
        (A, [("cable-moved", 120, True)]),
        # The windows overlap from 23:00 to 24:00: counted once, for the first.
        (B, [("cable-moved", 120, True), ("router-swapped", 60, True)]),
        (C, [("power-works", 0, False)]),
    ],
)
def test_net_figures_leave_out_what_was_announced_before_it_began(
    lived: Lived, code: str, left_out: list[tuple[str, int, bool]]
) -> None:
    account = lived.account(code)
    assert [(each.window.name, each.minutes, each.in_time) for each in account.excluded] == left_out
    windows = [month.PLANS[name].when for name, _, in_time in left_out if in_time]
    kept = [m for m in month.month() if not any(each.start <= m < each.end for each in windows)]
    assert same(account.net, month.truth(LINES_OF[code], iter(kept)))


def test_every_outage_is_told_with_its_dates_and_its_cause(lived: Lived) -> None:
    causes = {
        A: [Cause.UNDETERMINED, Cause.UNDETERMINED, Cause.UPSTREAM],
        B: [Cause.MAINTENANCE, Cause.UPSTREAM],
        C: [Cause.UNDETERMINED, Cause.UPSTREAM, Cause.UNDETERMINED],
    }
    for code, lines in LINES_OF.items():
        found = lived.account(code).outages
        true = [each for each in month.outages(lines[-1]) if each[1] is None or each[1] > START]
        if code == B:  # while the other line held, there was none
            true = [each for each in true if each[0] != month.CUTS[3].start + month.PHASES[3]]
        assert [each.start for each in found] == pytest.approx([start for start, _ in true], abs=1e-3)
        assert [each.end is None for each in found] == [end is None for _, end in true]
        ends = [end for _, end in true if end is not None]
        assert [each.end for each in found if each.end is not None] == pytest.approx(ends, abs=1e-3)
        assert [each.cause for each in found] == causes[code]
        assert [each.root for each in found if each.cause is Cause.UPSTREAM] == ["core"]
        assert [each.settled for each in found] == [end is not None for _, end in true]
    assert lived.account(A).blips == 1
    (note,) = lived.account(A).outages[1].notes
    assert (note.ticket, note.by) == ("HYN-0417", "trực NOC")


def test_pauses_are_told_to_the_second_of_the_last_slot(lived: Lived) -> None:
    for (start, end), (stopped, started) in zip(lived.report.pauses, month.PAUSES, strict=True):
        assert stopped - month.EVERY < start <= stopped
        assert end == started
    assert lived.report.parameters == (RULES,)
    assert lived.report.gaps == ()


def test_units_that_nobody_watches_are_unknown_all_month(lived: Lived) -> None:
    alone = lived.account(ALONE)
    assert (alone.monitored, alone.gross.unknown, alone.gross.total) == (False, MINUTES, MINUTES)
    assert len(lived.report.units) == 104


def test_claims_are_judged_over_the_month_of_the_report(lived: Lived) -> None:
    reachable, quality = lived.report.claims
    assert (reachable.start, reachable.end) == (START, END)
    seen = month.truth((2, 3, 4, 5), month.month())
    assert reachable.observed == (seen.up + seen.down) / MINUTES
    verified = [each.unit.code for each in reachable.units if each.verdict is UnitVerdict.VERIFIED]
    assert sorted(verified) == sorted((A, B, C))
    assert (reachable.lower, reachable.upper) == (3 / 104, 1.0)
    # In office hours B was never down: its gross figures miss the limit, and those of office hours keep it.
    good = [each.unit.code for each in quality.units if each.verdict is UnitVerdict.VERIFIED]
    assert (good, quality.verdict) == ([B], ClaimVerdict.HOLDS)
    assert dict(lived.account(A).criteria)[Criterion.REACHABLE].finding is Finding.SHOWN
    assert ("reachable", A, UnitVerdict.VERIFIED) in lived.account(A).verdicts


def test_the_tallies_of_the_running_daemon_say_the_same(lived: Lived) -> None:
    """What `/api` and the claims go by, counted as the month went by; a start counts what it settles."""
    rolling = Rolling(Wanted(frozenset(LINES_OF)))
    settled = [*(minute for _, minute in lived.told.minutes), *lived.told.resumed]
    for minute in sorted(settled, key=lambda each: each.start):
        if minute.start < END:
            rolling.count(minute)
    window = Window(float(START), float(END))
    for code in LINES_OF:
        found = rolling.of((Subject.UNIT, code), window, rolling.passed(window))
        gross = lived.account(code).gross
        assert (found.up, found.down, found.unknown) == (gross.up, gross.down, gross.unknown)


def test_the_tallies_of_a_daemon_that_starts_say_the_same(lived: Lived) -> None:
    """Read from the ledger's hours, round trips and all."""
    rolling = Rolling(Wanted(frozenset(LINES_OF)))
    rolling.configured(float(START - month.BEFORE), month.LINES, month.DEVICES)
    for entry in Store(lived.url, "noc").entries(kinds=("hour",)):
        hour = skim(entry.body)
        if hour.start < END:
            rolling.take_hour(hour)
    window = Window(float(START), float(END))
    for code in LINES_OF:
        found = rolling.of((Subject.UNIT, code), window, rolling.passed(window))
        gross = lived.account(code).gross
        assert {name: getattr(found, name) for name in COUNTED} == {
            name: getattr(gross, name) for name in COUNTED
        }

"""A figure's value enters the ledger once, with its date and source, whether counted or asked for."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.daemon.measuring import AGAIN, Measuring
from netwatch.inventory.load import Inventory, load
from netwatch.inventory.measurements import Row
from netwatch.model.claim import MeasuredBy, Measurement
from netwatch.polling.promql import NoValue

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIG = Path(__file__).parents[2] / "config"
NOW = 1_795_000_000.0  # 2026-11-18 in Việt Nam
TODAY = dt.date(2026, 11, 18)
SHIPPED = load(CONFIG, {}, today=TODAY)
JANUARY = Row(dt.date(2026, 1, 31), 0.75, "Sở Nội vụ")
FEBRUARY = Row(dt.date(2026, 2, 28), 0.8, "Sở Nội vụ")


def figures(*rows: Row) -> Inventory:
    return replace(SHIPPED, figures={"mailboxes-of-communes": rows})


def queried(name: str = "mailboxes-of-communes") -> Inventory:
    claims = tuple(
        replace(claim, measured_by=MeasuredBy(query="q")) if claim.name == name else claim
        for claim in SHIPPED.claims
    )
    return replace(SHIPPED, claims=claims, settings=replace(SHIPPED.settings, prometheus="http://p"))


class Ledger:
    """Keeps, or fails as often as it is told to; a Prometheus whose answers are given."""

    def __init__(
        self, inventory: Inventory, known: Iterable[Measurement] = (), answers: object = 0.9
    ) -> None:
        self.now = NOW
        self.full = False
        self.kept: list[Measurement] = []
        self.judged: list[Measurement] = []
        self.asked: list[tuple[str, str]] = []
        self.answer = answers
        self.measuring = Measuring(
            inventory, known, keep=self.keep, ask=self.ask, now=lambda: self.now, on_entry=self.judged.append
        )

    async def keep(self, entry: Measurement) -> None:
        if self.full:
            raise OSError("no space left")
        self.kept.append(entry)

    async def ask(self, address: str, query: str) -> float:
        self.asked.append((address, query))
        if isinstance(self.answer, float):
            return self.answer
        raise NoValue("it does not answer")

    def look(self, after: float = 0.0) -> list[tuple[dt.date, float, str]]:
        self.now += after
        asyncio.run(self.measuring.look())
        return [(each.date, each.value, each.source) for each in self.kept]


def test_what_a_file_has_is_kept_once() -> None:
    ledger = Ledger(figures(JANUARY, FEBRUARY))
    assert ledger.look() == [JANUARY, FEBRUARY]
    assert ledger.look() == [JANUARY, FEBRUARY]
    assert ledger.judged == ledger.kept
    assert {each.claim for each in ledger.kept} == {"mailboxes-of-communes"}


def test_what_the_ledger_has_is_not_kept_again_by_the_next_process() -> None:
    known = [Measurement(NOW, "mailboxes-of-communes", *JANUARY)]
    assert Ledger(figures(JANUARY, FEBRUARY), known).look() == [FEBRUARY]


def test_a_value_that_was_mended_is_one_more_entry() -> None:
    ledger = Ledger(figures(JANUARY))
    ledger.look()
    ledger.measuring.use(figures(JANUARY._replace(value=0.7)))
    assert ledger.look() == [JANUARY, JANUARY._replace(value=0.7)]


def test_where_the_ledger_cannot_keep_it_the_next_look_does() -> None:
    ledger = Ledger(figures(JANUARY))
    ledger.full = True
    assert ledger.look() == []
    assert not ledger.judged
    ledger.full = False
    assert ledger.look() == [JANUARY]


def test_a_query_is_asked_once_a_local_day() -> None:
    ledger = Ledger(queried())
    assert ledger.look() == [(TODAY, 0.9, "q")]
    assert ledger.asked == [("http://p", "q")]
    assert len(ledger.look(3600)) == 1
    assert ledger.look(86400)[1] == (TODAY + dt.timedelta(days=1), 0.9, "q")


def test_a_query_without_a_value_is_asked_again_after_an_hour() -> None:
    ledger = Ledger(queried(), answers=None)
    ledger.look()
    assert ledger.look(AGAIN - 1) == []
    assert len(ledger.asked) == 1
    ledger.answer = 0.5
    assert ledger.look(1) == [(TODAY, 0.5, "q")]


def test_a_share_over_the_whole_is_no_value_and_a_count_may_be_any() -> None:
    assert Ledger(queried(), answers=1.01).look() == []
    assert Ledger(queried(), answers=-0.1).look() == []
    assert Ledger(queried("digital-signatures"), answers=31.0).look() == [(TODAY, 31.0, "q")]

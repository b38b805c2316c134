"""A small register whose units merged, a claim of its old units, and ways to judge it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from netwatch.audit.claims import Evidence, evaluate
from netwatch.audit.period import Window
from netwatch.audit.sites import Site
from netwatch.audit.standing import Standing
from netwatch.model.claim import (
    Claim,
    ClaimResult,
    Criterion,
    Finding,
    Found,
    Limits,
    Population,
    Source,
    UnitVerdict,
)
from netwatch.model.figures import Figures
from netwatch.model.register import Register, Unit

THEN, NOW = dt.date(2017, 12, 22), dt.date(2026, 10, 31)
MERGED = dt.date(2025, 7, 1)
END = dt.datetime(2026, 11, 1, tzinfo=dt.UTC).timestamp()
OCTOBER = Window(END - 31 * 86_400, END)


def unit(code: str, kind: str, begins: dt.date, ends: dt.date | None, made_of: tuple[str, ...] = ()) -> Unit:
    return Unit(code, f"{kind} {code}", kind, "", "P", begins, ends, made_of, None, None, "test")


# Of 2017: a to d. Today: a is made of a and b; c of c, d of d; x is new, of another province.
REGISTER = Register(
    "r",
    (
        unit("a", "xã", THEN, MERGED),
        unit("b", "phường", THEN, MERGED),
        unit("c", "xã", THEN, MERGED),
        unit("d", "thị trấn", THEN, MERGED),
        unit("a", "xã", MERGED, None, ("a", "b")),
        unit("c", "xã", MERGED, None, ("c",)),
        unit("d", "phường", MERGED, None, ("d",)),
        unit("x", "xã", MERGED, None, ("y",)),
    ),
    example=False,
)

CLAIM = Claim(
    name="fibre",
    kind="uplink",
    statement=(("en", "…"),),
    source=Source("report", THEN, "ab" * 32),
    declared=1.0,
    population=Population("r", THEN, ()),
    criteria=(Criterion.REACHABLE,),
    period="last-30d",
    minimum=0.8,
    limits=Limits(),
)
OF_FIBRE = replace(CLAIM, criteria=(Criterion.FIBRE,))
TODAY = replace(CLAIM, population=Population("r", NOW, ()))

UP, SILENT = Figures(up=100), Figures(down=100)
LIT = Found(Finding.SHOWN, END - 3600, "gw", "light", "wan -18.3 dBm")
RADIO = Found(Finding.CONTRADICTED, END - 3600, "gw", "ifType", "lte1 radio")
EVERYWHERE = (
    Site("r", "a", "a", UP),
    Site("r", "a", "b", UP),
    Site("r", "c", "", UP),
    Site("r", "d", "", UP),
)
VERIFIED, REFUTED = UnitVerdict.VERIFIED, UnitVerdict.REFUTED
UNDETERMINED, UNMONITORED = UnitVerdict.UNDETERMINED, UnitVerdict.UNMONITORED


def judged(
    *sites: Site, claim: Claim = CLAIM, register: Register | None = REGISTER, **known: Any
) -> ClaimResult:
    values: dict[str, Any] = {"today": NOW, "sites": sites, "observed": 1.0, "period": OCTOBER}
    return evaluate(claim, register, Evidence(**(values | known)))


def lit(unit: str, predecessor: str = "", found: Found = LIT) -> Site:
    return Site("r", unit, predecessor, UP, ((Criterion.FIBRE, found),))


def verdicts(result: ClaimResult) -> dict[str, UnitVerdict]:
    return {each.unit.code: each.verdict for each in result.units}


def bounds(result: ClaimResult) -> tuple[float, float]:
    return result.lower, result.upper


def signed(*entries: object) -> dict[str, Any]:
    return {"standing": Standing(entries)}


ABOLISHED = replace(REGISTER, units=REGISTER.units[:4])
"""None of its units has an heir."""

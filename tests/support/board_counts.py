"""Whether a count of what meets a condition says 0 where nothing does; it is missing where none is told."""

from __future__ import annotations

from typing import Any

import promql_parser as promql
from board_labels import operation

COUNT, SUM = (operation(promql.parse(f"{each}(a)")) for each in ("count", "sum"))
COMPARED = {operation(promql.parse(f"a {each} 1")) for each in ("==", "!=", "<", "<=", ">", ">=")}
UNLESS = operation(promql.parse("a unless b"))


def missing_where_none(expr: Any) -> bool:
    """A count of what a condition leaves, or a sum of what it says of each, with no `or` for none of them."""
    total = _within(expr, promql.ParenExpr)
    if not isinstance(total, promql.AggregateExpr) or total.modifier is not None:
        return False
    of = _within(total.expr, promql.ParenExpr, promql.AggregateExpr)
    if not isinstance(of, promql.BinaryExpr):
        return False
    asks_each = operation(of) in COMPARED and of.modifier is not None and of.modifier.return_bool
    leaves_some = operation(of) in COMPARED | {UNLESS} and not asks_each
    return (operation(total) == COUNT and leaves_some) or (operation(total) == SUM and asks_each)


def _within(expr: Any, *around: type) -> Any:
    while isinstance(expr, around):
        expr = expr.expr
    return expr

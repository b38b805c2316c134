"""Which labels the result of a PromQL expression has, worked out from its syntax tree."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import promql_parser as promql

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from board_vocabulary import Series


def operation(expr: Any) -> str:
    """The number of an operator: the parser tells no other name of it."""
    return re.search(r"op: TokenType\(\s*(\d+)", repr(expr))[1]  # type: ignore[index]  # it always does


OR = operation(promql.parse("a or b"))
SELECTING = {operation(promql.parse(f"{each}(1, a)")) for each in ("topk", "bottomk")}


ANY = frozenset({"*"})
"""The labels of a metric that is not known: whatever is asked of it."""


class Labels:
    """Works through one expression. `tell` is told of each label that cannot be there."""

    def __init__(self, vocabulary: Mapping[str, Series], tell: Callable[[str], None]) -> None:
        self._vocabulary = vocabulary
        self._tell = tell

    def of(self, expr: Any) -> frozenset[str]:
        """The labels that its result may have."""
        match expr:
            case promql.VectorSelector() | promql.MatrixSelector():
                return self._selected(getattr(expr, "vector_selector", expr))
            case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr():
                return self.of(expr.expr)
            case promql.AggregateExpr():
                return self._aggregated(expr)
            case promql.BinaryExpr():
                return self._joined(expr)
            case promql.Call():
                return self._called(expr)
            case _:
                return frozenset()

    def _selected(self, selector: promql.VectorSelector) -> frozenset[str]:
        series = self._vocabulary.get(selector.name or "")
        if series is None:
            return ANY
        for matcher in selector.matchers.matchers:
            self._require({matcher.name}, series.labels, selector.name or "")
        return series.labels

    def _aggregated(self, expr: promql.AggregateExpr) -> frozenset[str]:
        inside = self.of(expr.expr)
        named = frozenset(expr.modifier.labels) if expr.modifier else frozenset()
        self._require(named, inside, "what is aggregated")
        if operation(expr) in SELECTING:
            return inside
        without = expr.modifier and expr.modifier.type == promql.AggModifierType.Without
        return inside - named if without else named

    def _joined(self, expr: promql.BinaryExpr) -> frozenset[str]:
        left, right = self.of(expr.lhs), self.of(expr.rhs)
        how = expr.modifier
        if how and how.matching:
            named = frozenset(how.matching.labels)
            self._require(named, left, "the left side")
            self._require(named, right, "the right side")
        if is_set(expr):
            return left | right if operation(expr) == OR else left
        if how and how.card in (
            promql.VectorMatchCardinality.ManyToOne,
            promql.VectorMatchCardinality.OneToMany,
        ):
            many, one = (
                (left, right) if how.card == promql.VectorMatchCardinality.ManyToOne else (right, left)
            )
            lent = frozenset(how.group_labels or ())
            self._require(lent, one, "the side that lends it")
            return many | lent
        if how and how.matching and how.matching.type == promql.LabelModifierType.Include:
            return frozenset(how.matching.labels)
        return left | right

    def _called(self, expr: promql.Call) -> frozenset[str]:
        inside = frozenset().union(*(self.of(arg) for arg in expr.args if isinstance(arg, promql.Expr)))
        if expr.func.name == "label_replace":
            made, source = expr.args[1].val, expr.args[3].val
            self._require({source} - {""}, inside, "what is relabelled")
            return inside | {made}
        if expr.func.name == "histogram_quantile":
            self._require({"le"}, inside, "the histogram")
            return inside - {"le"}
        return inside

    def _require(self, named: frozenset[str] | set[str], present: frozenset[str], where: str) -> None:
        for label in sorted(named - present if not present >= ANY else ()):
            self._tell(f"{label} is no label of {where}")


def is_set(expr: promql.BinaryExpr) -> bool:
    """Whether it is and, or, unless."""
    return bool(expr.modifier) and expr.modifier.card == promql.VectorMatchCardinality.ManyToMany


def selectors(expr: Any) -> Iterator[tuple[promql.VectorSelector, str, float | None, bool]]:
    """Every selector: itself, the function around it, its window in seconds, and whether its value matters.

    It does not on the right of `and` and `unless`, which look at labels alone.
    """
    yield from _selectors(expr, "", matters=True)


def _selectors(expr: Any, function: str, *, matters: bool) -> Iterator[Any]:
    match expr:
        case promql.VectorSelector():
            yield expr, function, None, matters
        case promql.MatrixSelector():
            yield expr.vector_selector, function, expr.range.total_seconds(), matters
        case promql.Call():
            for arg in expr.args:
                yield from _selectors(arg, expr.func.name, matters=matters)
        case promql.BinaryExpr():
            lent = is_set(expr) and operation(expr) != OR
            yield from _selectors(expr.lhs, function, matters=matters)
            yield from _selectors(expr.rhs, function, matters=matters and not lent)
        case promql.ParenExpr() | promql.UnaryExpr() | promql.SubqueryExpr() | promql.AggregateExpr():
            yield from _selectors(expr.expr, function, matters=matters)

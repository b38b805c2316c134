"""Prometheus' own judge of rules, and what a rule asks for."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING, Any, NamedTuple

import promql_parser
import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def promtool(*words: str) -> str:
    """Run promtool, which must be there, and return what it printed; a fault is an AssertionError."""
    program = shutil.which("promtool")
    assert program, "promtool is missing: apt-get install prometheus"
    result = subprocess.run([program, *words], capture_output=True, text=True, check=False, timeout=120)
    told = result.stdout + result.stderr
    assert result.returncode == 0, told
    return told


def document(path: Path) -> dict[str, Any]:
    """Read a file of rules or of tests: ten thousand lines in all, by libyaml."""
    loaded: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return loaded


class Asked(NamedTuple):
    """A metric that an expression asks for, and the labels that it must have."""

    metric: str
    labels: frozenset[str]


def asked(expr: str) -> Iterator[Asked]:
    """Yield every selector of a PromQL expression."""
    return _selectors(promql_parser.parse(expr))


def _selectors(node: Any) -> Iterator[Asked]:
    match node:
        case promql_parser.VectorSelector():
            yield Asked(node.name, frozenset(matcher.name for matcher in node.matchers.matchers))
        case promql_parser.MatrixSelector():
            yield from _selectors(node.vector_selector)
        case promql_parser.BinaryExpr():
            yield from _selectors(node.lhs)
            yield from _selectors(node.rhs)
        case promql_parser.Call():
            for argument in node.args:
                yield from _selectors(argument)
        case (
            promql_parser.AggregateExpr()
            | promql_parser.SubqueryExpr()
            | promql_parser.ParenExpr()
            | promql_parser.UnaryExpr()
        ):
            yield from _selectors(node.expr)
        case promql_parser.NumberLiteral() | promql_parser.StringLiteral():
            pass
        case _:
            raise TypeError(f"no such expression is known: {type(node).__name__}")

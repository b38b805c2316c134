"""Has promtool evaluate the queries of the committed boards, in Prometheus' own engine."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from netwatch.publishing.dashboards.queries import queries

if TYPE_CHECKING:
    from collections.abc import Mapping

GRAFANA = Path(__file__).parents[2] / "grafana"


def board(name: str) -> dict[str, Any]:
    """Return the English board of a name."""
    found: dict[str, Any] = json.loads((GRAFANA / "dashboards" / "en" / f"{name}.json").read_text("utf-8"))
    return found


def asked(chosen: Mapping[str, str], name: str, **choice: str) -> dict[str, str]:
    """PromQL of a board by panel and query: `chosen` for the variables, and `choice` instead."""
    filled = {**chosen, **choice}
    return {f"{query.panel} {query.ref}": query.expr for query in queries(board(name), filled)}


def expected(exprs: Mapping[str, str], shown: Mapping[str, Mapping[str, float]]) -> list[dict[str, Any]]:
    """Checks as promtool reads them."""
    return [
        {
            "expr": exprs[name],
            "eval_time": "60m",
            "exp_samples": [{"labels": labels, "value": value} for labels, value in values.items()],
        }
        for name, values in shown.items()
    ]


def group(scraped: str, checks: list[dict[str, Any]]) -> dict[str, Any]:
    """One province, and what is asked of it."""
    return {
        "interval": "1m",
        "input_series": [series(line) for line in scraped.splitlines() if line],
        "promql_expr_test": checks,
    }


def evaluate(folder: Path, groups: list[dict[str, Any]]) -> None:
    path = folder / "panels.yml"
    told = {"evaluation_interval": "1m", "tests": groups}
    path.write_text(yaml.safe_dump(told, allow_unicode=True), "utf-8")
    program = shutil.which("promtool")
    assert program, "promtool is missing: apt-get install prometheus"
    command = [program, "test", "rules", str(path)]
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 0, result.stdout + result.stderr


def series(line: str) -> dict[str, str]:
    """Read `SERIES = value`, or `SERIES + what it grows by a minute`, for an hour."""
    name, sign, value = re.fullmatch(r"(.*) ([=+]) (\S+)", line).groups()  # type: ignore[union-attr]  # a table of ours
    return {"series": name, "values": f"0+{value}x60" if sign == "+" else f"{value}x60"}

"""Asks a datasource what Grafana would ask it for a board: its variables, then panels and annotations."""

from __future__ import annotations

import json
import math
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from board_reading import SCRAPED, Json, filled, step_of, targets, variables

RANGE = 900
"""Seconds that the boards are looked at for; every step divides it, or is so long that four of them are."""

Labels = tuple[tuple[str, str], ...]
Answer = dict[Labels, float]
"""What a query shows: the labels of each series, and its value, of several the newest. NaN shows nothing."""

LABEL_VALUES = re.compile(r"label_values\((.*), (\w+)\)")
QUERY_RESULT = re.compile(r"query_result\((.*)\)")


class RefusedError(Exception):
    """The datasource did not answer a query, and says why."""


class Source(Protocol):
    """What can be asked at a time, Unix seconds."""

    def instant(self, expr: str, at: float) -> Answer:
        """What a table or a number asks for."""
        ...

    def range(self, expr: str, at: float, step: int) -> Answer:
        """What lines and stripes ask for, until `at`, each `step` seconds."""
        ...

    def values(self, selector: str, label: str, at: float) -> list[str]:
        """What `label_values` gives."""
        ...


@dataclass(frozen=True)
class Datasource:
    """Whatever speaks Prometheus' HTTP API, asked as Grafana does: by POST, at a given time."""

    url: str

    def instant(self, expr: str, at: float) -> Answer:
        found = self._ask("query", query=expr, time=f"{at:.3f}")["result"]
        return seen((labels(each["metric"]), each["value"][1]) for each in found)

    def range(self, expr: str, at: float, step: int) -> Answer:
        start = at - max(RANGE, 4 * step)
        asked = {"start": f"{start:.3f}", "end": f"{at:.3f}", "step": str(step)}
        found = self._ask("query_range", query=expr, **asked)["result"]
        return seen((labels(each["metric"]), each["values"][-1][1]) for each in found)

    def values(self, selector: str, label: str, at: float) -> list[str]:
        asked = {"match[]": selector, "start": f"{at - RANGE:.3f}", "end": f"{at:.3f}"}
        return list(self._ask(f"label/{label}/values", "GET", **asked))

    def _ask(self, path: str, method: str = "POST", **form: str) -> Any:
        body, url = urllib.parse.urlencode(form), f"{self.url}/api/v1/{path}"
        if method == "GET":
            request = urllib.request.Request(f"{url}?{body}")  # noqa: S310 loopback URLs of our own
        else:
            request = urllib.request.Request(url, body.encode())  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=60) as response:  # noqa: S310
                answer = json.load(response)
        except urllib.error.HTTPError as error:
            raise RefusedError(f"{form}: {error.read().decode(errors='replace')}") from error
        if answer["status"] != "success" or answer.get("warnings"):
            raise RefusedError(f"{form}: {answer}")
        return answer["data"]


def seen(found: Iterable[tuple[Labels, str]]) -> Answer:
    numbers = {series: float(value) for series, value in found}
    return {series: value for series, value in numbers.items() if not math.isnan(value)}


def labels(metric: Mapping[str, str]) -> Labels:
    return tuple(sorted(metric.items()))


def options(variable: Json, chosen: Mapping[str, str], source: Source, at: float) -> list[str]:
    """The values that a variable offers once those before it are chosen."""
    query = filled(variable["query"]["query"], SCRAPED, chosen)
    if found := LABEL_VALUES.fullmatch(query):
        return sorted(source.values(found[1], found[2], at))
    found = QUERY_RESULT.fullmatch(query)
    assert found, f"{variable['name']}: nobody knows how to ask {query}"
    shown = [told(each, value) for each, value in source.instant(found[1], at).items()]
    named = re.compile(variable["regex"].strip("/").replace("(?<", "(?P<"))
    return [match["value"] for match in map(named.search, shown) if match]


def told(series: Labels, value: float) -> str:
    """A series as Grafana writes it before the variable's regular expression is put to it."""
    return "{" + ",".join(f'{name}="{text}"' for name, text in series) + f"}} {value:g}"


Choice = Mapping[str, Sequence[str]]
"""What a reader would choose, by variable; of what is not there the first, or all, is taken."""


def chosen(board: Json, choice: Choice, source: Source, at: float) -> dict[str, str]:
    """A value for each variable of a board, out of those that it offers."""
    values: dict[str, str] = {}
    for variable in variables(board):
        name = variable["name"]
        if variable["type"] != "query":
            continue
        offered = options(variable, values, source, at)
        wanted = [each for each in choice.get(name, ()) if each in offered]
        if variable.get("multi"):
            values[name] = several(wanted) if wanted else variable["allValue"]
        else:
            values[name] = (wanted or offered or [""])[0]
    return values


def several(values: Sequence[str]) -> str:
    """A regular expression for some values, in a string of PromQL, as Grafana writes it."""
    escaped = [re.sub(r"[$^*{}\[\]'+?.()|]", r"\\\\\g<0>", each) for each in values]
    return escaped[0] if len(escaped) == 1 else f"({'|'.join(escaped)})"


@dataclass(frozen=True)
class Question:
    """One query of a board, filled in. `step`, seconds: of a range; 0: the present alone is asked for."""

    board: str
    panel: str
    ref: str
    expr: str
    step: int

    @property
    def place(self) -> tuple[str, str, str]:
        """Where it stands."""
        return self.board, self.panel, self.ref

    def ask(self, source: Source, at: float) -> Answer:
        """What the datasource says. Raises RefusedError."""
        if self.step:
            return source.range(self.expr, at, self.step)
        return source.instant(self.expr, at)


ANNOTATION = "annotation"
"""Stands for the query's letter where a query is an annotation's."""


def questions(name: str, board: Json, values: Mapping[str, str]) -> Iterator[Question]:
    """Every query of a board's panels and annotations; min steps as the board has them."""
    given = {"__range": f"{RANGE}s", **values}
    for _, panel, target in targets(board):
        step = step_of(target)
        expr = filled(target["expr"], step, given)
        yield Question(name, panel["title"], target["refId"], expr, 0 if target.get("instant") else step)
    for each in board["annotations"].get("list", ()):
        yield Question(name, each["name"], ANNOTATION, filled(each["expr"], SCRAPED, given), SCRAPED)

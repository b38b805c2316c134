"""Reads docs/community-dashboards.md, and finds what a datasource has of what each panel there needs."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from real import ROOT

ROW = re.compile(r"^\| ([^|]+) \| (`[^|]+`) \| (yes|in part|labels|no) \|$", re.MULTILINE)
SERIES = re.compile(r"`(\w+)\{([\w, ]+)\}`")

OURS = {"job", "instance", "ifName", "ifDescr", "ifIndex"}
"""Labels that the shipped scrape configuration gives what is read from a port, among those asked for."""

Has = Callable[[str, Sequence[str]], bool]
"""Whether there is a series of that name with these labels."""


class Panel(NamedTuple):
    """A row of the page."""

    title: str
    needs: str
    data: str  # what the page says of it


def documented() -> list[Panel]:
    """Every panel of the page."""
    page = (ROOT / "docs" / "community-dashboards.md").read_text("utf-8")
    found = [Panel(*row.groups()) for row in ROW.finditer(page)]
    assert len(found) == page.count("` | "), "each row is read"
    return found


def data(panel: Panel, has: Has) -> str:
    """What the page should say of a panel. Commas within braces separate no columns."""
    columns = re.split(r"(?<=`), ", panel.needs)
    told = [column_has_data(column, has) for column in columns]
    if any(told):
        return "yes" if all(told) else "in part"

    def has_otherwise(name: str, labels: Sequence[str]) -> bool:
        return has(name, [label for label in labels if label in OURS])

    return "labels" if any(column_has_data(column, has_otherwise) for column in columns) else "no"


def column_has_data(column: str, has: Has) -> bool:
    """Whether all series of one of the alternatives are there."""
    return any(
        all(has(name, labels.split(", ")) for name, labels in SERIES.findall(alternative))
        for alternative in column.split(" or ")
    )

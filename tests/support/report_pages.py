"""The full report as pages, written and read once for all tests that look at them."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from markup import Page
from reports import report

from netwatch.publishing.report_html import write

if TYPE_CHECKING:
    from netwatch.model.report import Report


@functools.cache
def full() -> Report:
    return report()


@functools.cache
def html(language: str) -> str:
    return write(full(), language)


@functools.cache
def page(language: str) -> Page:
    return Page(html(language))

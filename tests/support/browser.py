"""Chromium, headless, as people would use it: what it complains of, and what axe-core does.

The browser is Debian's. A page may ask for nothing outside of what the test serves: that is a problem.
"""

from __future__ import annotations

import contextlib
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

WIDTHS = {1440: 900, 390: 844}
"""Heights of the screens looked at, by their widths in CSS pixels: a desk's, and a phone's."""

BAD = frozenset(("serious", "critical"))
"""Impacts of axe-core's findings that are not let pass."""


@dataclass
class Look:
    """One page in one window, and everything that went wrong in it."""

    page: Page
    problems: list[str] = field(default_factory=list)

    def findings(self) -> list[str]:
        """Return what axe-core finds serious, a line each."""
        found: list[dict[str, Any]] = Axe().run(self.page).response["violations"]
        return [
            f"{each['id']} ({each['impact']}): {node['html'][:200]}"
            for each in found
            if each["impact"] in BAD
            for node in each["nodes"]
        ]

    def overflows(self) -> bool:
        """Tell whether the page is wider than its window."""
        return bool(self.page.evaluate("document.documentElement.scrollWidth > window.innerWidth"))

    def shoot(self, path: Path, *, whole: bool = True) -> None:
        """Write a picture of the page as PNG."""
        path.parent.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=str(path), full_page=whole)


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """Start a browser, and end it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def looking(browser: Browser, url: str, *, width: int = 1440, **context: Any) -> Iterator[Look]:
    """Open a URL in a window of its own; `context` goes to Playwright: locale, color_scheme and the like."""
    window = browser.new_context(viewport={"width": width, "height": WIDTHS.get(width, 900)}, **context)
    try:
        look = Look(window.new_page())
        origin = urlsplit(url)[:2]
        look.page.on("console", lambda said: _note(look, said.type, said.text))
        look.page.on("pageerror", lambda error: look.problems.append(f"error: {error}"))
        look.page.on("request", lambda request: _outside(look, origin, request.url))
        look.page.on("requestfailed", lambda request: _failed(look, request.url, request.failure))
        look.page.goto(url, wait_until="load")
        yield look
    finally:
        window.close()


def _note(look: Look, kind: str, text: str) -> None:
    if kind in {"error", "warning"}:
        look.problems.append(f"{kind}: {text}")


def _failed(look: Look, url: str, why: str | None) -> None:
    """Note what was not loaded, but for what a page that was left had still asked for."""
    if why != "net::ERR_ABORTED":
        look.problems.append(f"not loaded: {url}")


def _outside(look: Look, origin: tuple[str, ...], url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme not in {"data", "blob"} and parts[:2] != origin:
        look.problems.append(f"asked for {url}")

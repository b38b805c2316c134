"""Opens a board in headless Chromium, waits until all is drawn, takes the picture, tells what is wrong."""

from __future__ import annotations

import contextlib
import shutil
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from playwright.sync_api import Error, sync_playwright

from tools.contact_sheet.checks import Panel, problems

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from tools.contact_sheet.boards import Picture

HEIGHTS = {1920: 1080, 390: 844}
DRAWN = 60_000.0
"""Milliseconds within which a board has to be drawn."""

SETTLE = 1000.0
"""Milliseconds that plots and texts get to take their sizes once all data is there."""


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


def take(browser: Browser, url: str, picture: Picture, query: Mapping[str, str], path: Path) -> list[str]:
    """Write the picture, and return what is wrong with it. `query` goes to the page besides."""
    window = browser.new_page(viewport={"width": picture.width, "height": HEIGHTS[picture.width]})
    complaints: list[str] = []
    window.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    window.on("pageerror", lambda error: complaints.append(str(error)))
    window.on("requestfailed", lambda request: complaints.append(f"not loaded: {request.url}"))
    asks = {"board": picture.path, "theme": picture.theme, "width": str(picture.width), **query}
    try:
        window.goto(f"{url}/?{urlencode(asks)}", wait_until="load")
        complaints += _wait(window)
        complaints += window.evaluate("() => window.contactSheet?.complaints() ?? []")
        panels = [Panel.of(seen) for seen in window.evaluate("() => window.contactSheet?.seen() ?? []")]
        window.screenshot(path=str(path))
    finally:
        window.close()
    return list(problems(panels, complaints, picture.empty))


def _wait(window: Page) -> list[str]:
    """Wait until all is drawn; return what is not."""
    try:
        window.wait_for_function("() => window.contactSheet?.pending().length === 0", timeout=DRAWN)
    except Error:
        late = window.evaluate("() => window.contactSheet?.pending() ?? ['all of it']")
        return [f"not drawn within {DRAWN / 1000:.0f} s: {each}" for each in late]
    window.evaluate("() => document.fonts.ready")
    _grow(window)
    window.wait_for_timeout(SETTLE)
    return []


def _grow(window: Page) -> None:
    """Make the window as high as the board: what lies outside of a window may not be drawn."""
    size = window.viewport_size
    if size is not None:
        height = window.evaluate("() => document.querySelector('main').scrollHeight")
        window.set_viewport_size({"width": size["width"], "height": height})

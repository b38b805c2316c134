"""Pictures of a report for the documentation: `shoot(report, folder)` writes `report-*.png` into a folder.

`make screenshots` takes those of the sample that the tests are held to: it has every case, and no real unit's
figures.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from playwright.sync_api import sync_playwright

from netwatch.publishing.report_html import write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from netwatch.model.report import Report

HEIGHTS = {1440: 900, 390: 844}
"""Of the windows, by their widths in CSS pixels: a desk's and a phone's."""


class Shot(NamedTuple):
    """One picture: its name, the language, the width of the window, and what stands at its top."""

    name: str
    language: str
    width: int
    top: str  # a CSS selector


SHOTS = (
    Shot("report-vi", "vi", 1440, "body"),
    Shot("report-claim-vi", "vi", 1440, "#claim-1"),
    Shot("report-claim-en", "en", 1440, "#claim-1"),
    Shot("report-overview-vi", "vi", 1440, "#overview"),
    Shot("report-unit-vi", "vi", 1440, ".unit"),
    Shot("report-unit-en", "en", 1440, ".unit"),
    Shot("report-definitions-en", "en", 1440, "#definitions"),
    Shot("report-claim-phone-vi", "vi", 390, "#claim-1"),
    Shot("report-unit-phone-vi", "vi", 390, ".unit"),
)


def shoot(report: Report, folder: Path) -> list[Path]:
    """Write the pictures, and return their paths; what the report has no part for is left out."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        pages = {each: Path(scratch, f"{each}.html") for each in ("vi", "en")}
        for language, path in pages.items():
            path.write_text(write(report, language), "utf-8")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        try:
            return list(_taken(browser, pages, folder))
        finally:
            browser.close()


def _taken(browser: Browser, pages: dict[str, Path], folder: Path) -> Iterator[Path]:
    for shot in SHOTS:
        page = browser.new_page(viewport={"width": shot.width, "height": HEIGHTS[shot.width]})
        page.goto(pages[shot.language].as_uri())
        found = page.query_selector(shot.top)
        if found is not None:
            found.evaluate("each => each.scrollIntoView()")
            path = folder / f"{shot.name}.png"
            page.screenshot(path=str(path))
            yield path
        page.close()


def main() -> None:
    """Take the pictures of the sample report."""
    import reports  # the tests' own

    shoot(reports.report(), Path(__file__).resolve().parents[1] / "docs" / "screenshots")


if __name__ == "__main__":
    main()

"""`make screenshots`: pictures of the status page for the documentation, of the simulated province.

It starts the lab with the real daemon in the lab's own namespace, as `make demo` does, lets the script beside
this file go wrong, takes the pictures while it does, and ends with what it started. About five minutes.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import shutil
import socket
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from tools.demo import started, units_up  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from playwright.sync_api import Browser

SCRIPT = ROOT / "tools" / "screenshots.yaml"
LARGEST = 512 * 1024
"""Bytes of a picture: what a repository bears."""

COMING_UP = 90.0
"""Seconds within which the province has to be up; the script waits for longer."""

GOING_WRONG = 240.0
"""Seconds within which the script has to be seen to have begun, all of it."""

SIZES = {1440: 900, 390: 844, 1920: 1080}


def main() -> int:
    """Play, wait, take the pictures; 1 where the province does not do as it should."""
    arguments = _parse()
    with tempfile.TemporaryDirectory(prefix="netwatch-screenshots-") as folder, _free_port() as port:
        state, url = Path(folder), f"http://127.0.0.1:{port}"
        with started(_province(arguments.units, port, state), state / "netwatch.log") as lab:
            try:
                _until("the province is up", COMING_UP, lambda: units_up(url) >= arguments.units)
                _until("units are down and unknown", GOING_WRONG, lambda: _is_wrong(url))
                _take(url, arguments.output)
            except TimeoutError as error:
                print(f"{error}: see below", file=sys.stderr)
                print((state / "netwatch.log").read_text("utf-8")[-2000:], file=sys.stderr)
                return 1
            finally:
                print(f"the lab {'runs' if lab.poll() is None else 'has ended'}; ending it")
    return 0


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--units", type=int, default=100, help="how many of the 104 units have devices")
    parser.add_argument(
        "--output", type=Path, default=ROOT / "docs" / "screenshots", help="folder of pictures"
    )
    return parser.parse_args()


@contextlib.contextmanager
def _free_port() -> Iterator[int]:
    """Yield a port of loopback that was free a moment ago."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    yield port


def _province(units: int, port: int, state: Path) -> Sequence[str]:
    """Return the command that plays the script to the daemon; both end with the script at the latest."""
    netwatch = [sys.executable, "-m", "netwatch"]
    lab = ["lab", "--units", str(units), "--config", str(ROOT / "config"), "--state", str(state)]
    listen = ["--script", str(SCRIPT), "--listen", f"127.0.0.1:{port}"]
    return [
        *netwatch,
        *lab,
        *listen,
        "--",
        *netwatch,
        "run",
        "--config",
        "{config}",
        "--state",
        str(state / "state"),
    ]


def _until(what: str, seconds: float, so: Callable[[], bool]) -> None:
    """Wait until something is so. Raises TimeoutError."""
    end = time.monotonic() + seconds
    while not so():
        if time.monotonic() > end:
            raise TimeoutError(f"it did not come to pass within {seconds:.0f} s that {what}")
        time.sleep(1)
    print(what, flush=True)


def _asked(url: str, path: str) -> Any:  # noqa: ANN401 - JSON
    try:
        with urllib.request.urlopen(url + path, timeout=5) as answer:  # noqa: S310 - our own http URL
            return json.load(answer)
    except (OSError, ValueError):
        return {}


def _is_wrong(url: str) -> bool:
    """Tell whether the script has done what it is there for, and the ledger has an outage with its cause."""
    units = _asked(url, "/api/v1/units").get("units", [])
    states = [unit["state"] for unit in units if unit["monitored"]]
    outages = _asked(url, "/api/v1/outages").get("outages", [])
    return min(states.count("down"), states.count("unknown")) > 0 and any(each["settled"] for each in outages)


def _take(url: str, folder: Path) -> None:
    """Take every picture, and say how large it has become."""
    folder.mkdir(parents=True, exist_ok=True)
    worst = next(each["unit"] for each in _asked(url, "/api/v1/outages")["outages"] if each["settled"])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        try:
            for language in ("vi", "en"):
                for width in (1440, 390):
                    _shoot(
                        browser, f"{url}/?lang={language}", width, folder / f"status-{language}-{width}.png"
                    )
            _shoot(browser, f"{url}/?wall=1&lang=vi", 1920, folder / "wall.png", dark=True)
            _shoot(browser, f"{url}/units/hung-yen/{worst}?lang=vi", 1440, folder / "unit.png", whole=True)
        finally:
            browser.close()


def _shoot(
    browser: Browser, url: str, width: int, path: Path, *, dark: bool = False, whole: bool = False
) -> None:
    """Take one picture, of the first two screens or of the whole page. Raises ValueError for a large one."""
    height = SIZES[width]
    screen = {"width": width, "height": height if width == 1920 else 2 * height}
    page = browser.new_page(viewport=screen, color_scheme="dark" if dark else "light")  # type: ignore[arg-type]  # has both keys
    page.goto(url, wait_until="load")
    page.screenshot(path=str(path), full_page=whole)
    page.close()
    size = path.stat().st_size
    print(f"{path.name}  {size // 1024} KB", flush=True)
    if size > LARGEST:
        raise ValueError(f"{path.name} has {size} bytes: more than {LARGEST}")


if __name__ == "__main__":
    sys.exit(main())

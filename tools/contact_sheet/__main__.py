"""`make contact-sheet`: a picture of every dashboard, drawn with Grafana's npm components.

Starts the simulated province with the daemon and Prometheus, lets faults strike, waits, draws, checks what
was drawn, and ends what it started. 1 where anything is wrong with a picture; each problem is
a line of its own.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from tools.contact_sheet import boards, browser, bundle, province, server

if TYPE_CHECKING:
    from collections.abc import Sequence

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCRAPE = 15_000
"""Milliseconds: the scrape interval that the shipped datasource tells Grafana."""


def main(words: Sequence[str] | None = None) -> int:
    """Start, wait, draw."""
    arguments = _parse(words)
    with tempfile.TemporaryDirectory(prefix="netwatch-contact-sheet-") as scratch:
        folder = Path(scratch)
        try:
            bundle.install()
            bundle.bundle(folder / "page")
            if arguments.prometheus:
                return _draw(arguments, arguments.prometheus, folder / "page")
            with province.playing(arguments, folder) as running:
                province.watch(running, arguments.units, arguments.minutes)
                return _draw(arguments, running.prometheus, folder / "page")
        except (OSError, subprocess.CalledProcessError, ValueError) as error:
            print(error, file=sys.stderr)
            return 1


def _parse(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tools.contact_sheet", description=(__doc__ or "").splitlines()[0]
    )
    add = parser.add_argument
    add("--units", type=int, default=48, help="how many of the 104 units have devices")
    add(
        "--minutes",
        type=float,
        default=14,
        help="how long to watch before drawing, and the range that is drawn",
    )
    add("--calm", action="store_true", help="let no fault strike")
    add("--theme", choices=("dark", "light"), help="for all boards, whatever boards.yaml says")
    add("--only", action="append", help="file of a board below the folder of boards; again for more")
    add("--boards", type=Path, default=ROOT / "grafana" / "dashboards", help="folder of boards")
    add("--settings", type=Path, default=HERE / "boards.yaml", help="what is pictured of which board")
    add("--output", type=Path, default=ROOT / "docs" / "contact-sheet", help="folder of pictures")
    add("--prometheus", metavar="URL", help="draw from this one, that runs already, and start nothing")
    return parser.parse_args(words)


def _draw(arguments: argparse.Namespace, prometheus: str, page: Path) -> int:
    """Take every picture; print what is wrong, and return 1 where something is."""
    arguments.output.mkdir(parents=True, exist_ok=True)
    settings = boards.settings_of(arguments.settings)
    folders = {
        "/boards/": arguments.boards,
        "/public/fonts/inter/": bundle.FONTS,
        "/public/build/": bundle.ICONS,
        "/public/": bundle.ICONS,
        "/": page,
    }
    wrong = 0
    with server.serving(folders, prometheus) as url, browser.chromium() as chromium:
        for picture in boards.pictures(arguments.boards, settings):
            if arguments.only and picture.path not in arguments.only:
                continue
            path = arguments.output / f"{picture.name}.png"
            try:
                found = browser.take(chromium, url, picture, _query(arguments, picture, prometheus), path)
                print(f"{path.name}  {path.stat().st_size // 1024} KB", flush=True)
            except ValueError as error:
                found = [str(error)]
            for problem in found:
                print(f"{path.name}: {problem}", file=sys.stderr, flush=True)
            wrong += len(found)
    return 1 if wrong else 0


def _query(arguments: argparse.Namespace, picture: boards.Picture, prometheus: str) -> dict[str, str]:
    """Return what the page is asked besides: the range, if the board's own is longer, and its variables."""
    seconds = min(picture.own_range, round(60 * arguments.minutes))
    chosen = {f"var-{name}": chosen_of(prometheus, choice) for name, choice in picture.choices.items()}
    theme = {"theme": arguments.theme} if arguments.theme else {}
    return {"scrape": str(SCRAPE), "from": f"now-{seconds}s", **chosen, **theme}


def chosen_of(prometheus: str, choice: boards.Choice) -> str:
    """Return the label of the first series that a query finds. Raises ValueError where it finds none."""
    found = server.found(prometheus, choice.query)
    if not found or choice.label not in found[0]["metric"]:
        raise ValueError(f"boards.yaml: {choice.query} finds nothing with the label {choice.label}")
    return str(found[0]["metric"][choice.label])


if __name__ == "__main__":
    sys.exit(main())

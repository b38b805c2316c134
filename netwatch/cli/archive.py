"""`netwatch archive`: keeps a document, such as a scan, and lets the ledger have its hash."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netwatch.cli.control import OrderFailed, OrderRefused, add_state, ask, by_the_clock, state_folder
from netwatch.cli.receipt import told

if TYPE_CHECKING:
    import argparse

HELP = "Archives a document by its SHA-256 and enters it into the ledger."
EXAMPLE = 'netwatch archive bien-ban.pdf --title "Biên bản nghiệm thu HYN-0417" --by "Sở KH&CN"'


def configure(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("file", metavar="FILE", help="a scan or a PDF; at most 64 MiB")
    parser.add_argument("--title", required=True, metavar="TEXT", help="what it is, for people")
    parser.add_argument("--by", required=True, metavar="NAME", help="who hands it in: person and office")
    add_state(parser)


def run(arguments: argparse.Namespace) -> int:
    """Hand the file in and print its hash and its receipt; 1 where it was refused."""
    try:
        answer = hand_in(arguments.state, Path(arguments.file), arguments.title, arguments.by)
    except OrderFailed as error:
        print(error, file=sys.stderr)
        return 1
    rows = (
        ("tài liệu / document", f"{answer['name']}, {answer['size']:,} bytes"),
        ("SHA-256", answer["sha256"]),
        ("tiêu đề / title", answer["title"]),
        ("người nộp / by", answer["by"]),
        ("lúc / entered", by_the_clock(answer["at"])),
    )
    print(told(rows, answer.get("receipt")), end="")
    if not answer["new"]:
        print(answer["note"], file=sys.stderr)
    return 0


def hand_in(state: str | None, path: Path, title: str, by: str) -> dict[str, Any]:
    """Copy a file into the archive and order its entry, where the ledger has none. Raises OrderFailed.

    The command copies, as the daemon sees neither /home nor /tmp; the daemon hashes the copy for itself.
    """
    from netwatch.evidence import documents

    folder = state_folder(state) / documents.NAME
    try:
        found = documents.hashed(path)
        known = ask(state, {"order": "document", "sha256": found.sha256})
        if known["known"]:
            if known["problem"]:
                documents.archive(path, folder)
            note = "its copy was damaged or missing, and is there again" if known["problem"] else ""
            return {**known, "new": False, "note": f"archived before: {note or 'nothing was changed'}"}
        archived = documents.archive(path, folder)
    except documents.DocumentRefused as refused:
        raise OrderFailed(str(refused)) from None
    order: dict[str, object] = {"sha256": archived.sha256, "name": path.name, "title": title, "by": by}
    try:
        return ask(state, {"order": "archive", **order})
    except OrderRefused:
        if archived.new:
            documents.discard(folder, archived.sha256)
        raise

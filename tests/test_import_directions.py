"""The house has rooms, and results flow one way: no import runs against the table in docs/architecture.md."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "netwatch"

MAY_IMPORT = {
    "model": set(),
    "protocols": {"model"},
    "inventory": {"model"},
    "polling": {"protocols", "inventory", "model"},
    "judgement": {"model"},
    "evidence": {"model"},
    "audit": {"evidence", "judgement", "inventory", "model"},
    "publishing": {"audit", "evidence", "judgement", "model"},
    "lab": {"protocols", "model"},
    "daemon": {
        "audit",
        "evidence",
        "inventory",
        "judgement",
        "model",
        "polling",
        "protocols",
        "publishing",
    },
    "cli": {
        "audit",
        "daemon",
        "evidence",
        "inventory",
        "judgement",
        "lab",
        "model",
        "polling",
        "protocols",
        "publishing",
    },
}

IMPURE = {"asyncio", "logging", "random", "secrets", "select", "socket", "time", "threading"}
PURE_ROOMS = {"model", "protocols", "judgement", "audit"}


def imported(source: str) -> set[str]:
    """Every module that a source file names in an import, wherever in the file it stands."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            names.add(node.module or "")
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return names


def room_of(module: str) -> str | None:
    """The room that a module of netwatch stands in; None for foreign ones and for the package itself."""
    parts = module.split(".")
    return parts[1] if parts[0] == "netwatch" and len(parts) > 1 and parts[1] in MAY_IMPORT else None


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_follow_the_table(path: Path) -> None:
    """A file imports its own room and those that the table allows."""
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    if room in {"__init__", "__main__"}:
        return
    assert room in MAY_IMPORT, f"{path} stands in no room of the table"
    rooms = {room_of(name) for name in imported(path.read_text("utf-8"))} - {None, room}
    assert rooms <= MAY_IMPORT[room], f"{path} imports {sorted(rooms - MAY_IMPORT[room])}"


@pytest.mark.parametrize(
    "path",
    [path for path in files() if path.relative_to(PACKAGE).parts[0] in PURE_ROOMS],
    ids=lambda path: str(path.relative_to(PACKAGE)),
)
def test_pure_rooms_have_no_clock_socket_or_chance(path: Path) -> None:
    """What decides is apart from what asks: time and randomness are passed in."""
    roots = {name.split(".")[0] for name in imported(path.read_text("utf-8"))}
    assert not roots & IMPURE, f"{path} imports {sorted(roots & IMPURE)}"


def test_the_reader_sees_imports_inside_functions() -> None:
    """The check can fail: an import hidden in a function is found."""
    source = "def f():\n    from netwatch.polling import echo\n"
    assert "netwatch.polling.echo" in imported(source)
    assert room_of("netwatch.polling.echo") == "polling"

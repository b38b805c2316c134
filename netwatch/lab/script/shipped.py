"""The scripts that come with netwatch: one YAML file each in `netwatch/lab/scripts/`."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.lab.script.reading import read_script
from netwatch.lab.script.story import ScriptError

if TYPE_CHECKING:
    from netwatch.lab.script.story import Script

FOLDER = resources.files("netwatch.lab") / "scripts"
SUFFIX = ".yaml"


def names() -> tuple[str, ...]:
    """Return the names of the scripts, in the order of the alphabet."""
    files = (entry.name for entry in FOLDER.iterdir() if entry.name.endswith(SUFFIX))
    return tuple(sorted(name.removesuffix(SUFFIX) for name in files))


def shipped(name: str) -> Script:
    """Return the script of that name; KeyError where there is none."""
    if name not in names():
        raise KeyError(name)
    file = f"{name}{SUFFIX}"
    return read_script((FOLDER / file).read_text(encoding="utf-8"), f"scripts/{file}")


def find(word: str) -> Script:
    """Return the script that comes with netwatch by that name, or stands in a file; raise `ScriptError`."""
    if word in names():
        return shipped(word)
    try:
        text = Path(word).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ScriptError(f"{word}:1: this is no UTF-8") from None
    except OSError as error:
        known = ", ".join(names())
        raise ScriptError(
            f"{word} is no script that can be read ({error.strerror}), and none of {known}"
        ) from error
    return read_script(text, word)

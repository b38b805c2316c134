"""YAML as nodes that know their line, read key by key: what was not asked for is a mistake.

Every value stays the text that was written, until whoever asks for it says what it should be.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, TypeVar

import yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

T = TypeVar("T")
LONGEST = 65536  # octets of a script


class Problems:
    """The mistakes found so far."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines: list[str] = []

    def add(self, line: int, message: str) -> None:
        """Note a mistake."""
        self.lines.append(f"{self.source}:{line}: {message}")


def compose(text: str, problems: Problems) -> yaml.Node | None:
    """Return the document's node; None where there is none, and the problem is noted."""
    if len(text.encode()) > LONGEST:
        problems.add(1, f"longer than {LONGEST} octets")
        return None
    try:
        node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        problems.add(mark.line + 1 if mark else 1, error.problem or "this is no YAML")
        return None
    except yaml.YAMLError as error:
        problems.add(1, str(error).splitlines()[0])
        return None
    if node is None:
        problems.add(1, "the script is empty")
    return node


class Entry:
    """A mapping, whose keys are taken one by one."""

    def __init__(self, node: yaml.Node, problems: Problems, what: str) -> None:
        self.line = node.start_mark.line + 1
        self.problems = problems
        self._what = what
        self._known: list[str] = []
        self._left: dict[str, yaml.Node] = {}
        self._sound = isinstance(node, yaml.MappingNode)
        if not self._sound:
            self.wrong(f"{what} has to be a mapping")
            return
        for key, value in node.value:
            name = str(key.value)
            if name in self._left:
                problems.add(key.start_mark.line + 1, f"{name!r} stands here a second time")
            self._left[name] = value

    def wrong(self, message: str) -> None:
        """Note a mistake of the mapping as a whole."""
        self.problems.add(self.line, message)

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def take(self, key: str, *, needed: bool = False) -> yaml.Node | None:
        """Return the node of a key; None where it is not there, which is a mistake if it is needed."""
        self._known.append(key)
        node = self._left.pop(key, None)
        if node is None and needed and self._sound:
            self.wrong(f"{self._what} needs {key!r}")
        return node

    def text(self, key: str, read: Callable[[str], T], default: T, *, needed: bool = False) -> T:
        """Return what `read` makes of the text of a key; the default where it is missing or wrong."""
        node = self.take(key, needed=needed)
        return default if node is None else self.value(node, key, read, default)

    def value(self, node: yaml.Node, key: str, read: Callable[[str], T], default: T) -> T:
        """Return what `read` makes of a node's text; a mistake noted, and the default, where it cannot."""
        if not isinstance(node, yaml.ScalarNode):
            self.problems.add(node.start_mark.line + 1, f"{key!r} has to be one word or number")
            return default
        try:
            return read(str(node.value))
        except ValueError as error:
            self.problems.add(node.start_mark.line + 1, f"{key}: {error}")
            return default

    def items(self, key: str, *, needed: bool = False) -> list[yaml.Node]:
        """Return the nodes of a list; a single value counts as a list of one."""
        node = self.take(key, needed=needed)
        if node is None:
            return []
        return list(node.value) if isinstance(node, yaml.SequenceNode) else [node]

    def rest(self) -> dict[str, str]:
        """Take every key that is left, as text."""
        said = {name: self.value(node, name, str, "") for name, node in self._left.items()}
        self._left.clear()
        return said

    def finish(self, more: Iterable[str] = ()) -> None:
        """Note every key that nobody asked for."""
        known = [*self._known, *more]
        for name, node in self._left.items():
            near = difflib.get_close_matches(name, known, 1)
            meant = f": did you mean {near[0]!r}?" if near else f"; it takes {', '.join(known)}"
            self.problems.add(node.start_mark.line + 1, f"{self._what} has no {name!r}{meant}")

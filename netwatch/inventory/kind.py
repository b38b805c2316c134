"""What a value may be. Each kind reads a node and describes itself as JSON Schema: the two cannot differ."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Generic, TypeVar

from netwatch.inventory.document import Mapping, Refused, Scalar, Sequence
from netwatch.inventory.wording import did_you_mean, listed, quote

if TYPE_CHECKING:
    from netwatch.inventory.document import Node
    from netwatch.inventory.problem import Remarks

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

JSON = dict[str, object]
"""A JSON Schema, or a part of one."""


class Unreadable(Exception):  # noqa: N818 - a signal, not an error to report
    """A value could not be read; why has been remarked."""


class Kind(ABC, Generic[T_co]):
    """One kind of value."""

    @abstractmethod
    def read(self, node: Node, remarks: Remarks) -> T_co:
        """Return the value. Raises Unreadable once the reason is remarked."""

    @abstractmethod
    def schema(self) -> JSON:
        """Return the JSON Schema (draft 2020-12) of what can be written."""

    def written(self, value: object) -> object:
        """Return a default as the schema shows it; None: not shown."""
        return value if isinstance(value, str | int) and value != "" else None


class Word(Kind[T_co]):
    """A kind that is written as one piece of text."""

    what = "text"  # with its article, for messages

    @abstractmethod
    def parse(self, text: str) -> T_co:
        """Return the value. Raises ValueError with the message for people."""

    def read(self, node: Node, remarks: Remarks) -> T_co:
        """Parse a scalar."""
        try:
            return self.parse(scalar(node, self.what, remarks).text)
        except ValueError as error:
            remarks.error(node, str(error))
        raise Unreadable


class Choice(Word[str]):
    """One of some words."""

    def __init__(self, what: str, *choices: str) -> None:
        self.what = what
        self.choices = choices

    def parse(self, text: str) -> str:
        """Return the word."""
        if text in self.choices:
            return text
        hint = did_you_mean(text, self.choices)
        raise ValueError(f"{quote(text)} is not {self.what}: write {listed(self.choices)}{hint}")

    def schema(self) -> JSON:
        """Return the words; editors read unquoted digits as a number."""
        return {"enum": [*self.choices, *(int(word) for word in self.choices if word.isdigit())]}


class ListOf(Kind[tuple[T, ...]]):
    """A list, in which nothing stands twice where its items are words."""

    def __init__(self, item: Kind[T], what: str, *, least: int = 0) -> None:
        self.item = item
        self.what = what
        self.least = least

    def read(self, node: Node, remarks: Remarks) -> tuple[T, ...]:
        """Read every item, also after a bad one."""
        values = []
        seen: set[str] = set()
        bad = False
        for item in self._items(node, remarks):
            if isinstance(item, Scalar):
                if item.text in seen:
                    remarks.error(item, f"{quote(item.text)} stands twice in this list")
                    continue
                seen.add(item.text)
            try:
                values.append(self.item.read(item, remarks))
            except Unreadable:
                bad = True
                if remarks.full:
                    break
        if bad and not values:
            raise Unreadable
        return tuple(values)

    def _items(self, node: Node, remarks: Remarks) -> list[Node]:
        if isinstance(node, Sequence):
            if len(node.items) >= self.least:
                return node.items
            remarks.error(node, f"{self.what} is empty: it needs one item at least")
        elif isinstance(node, Scalar):
            remarks.error(node, f"{self.what} is a list: write [{quote(node.text)[1:-1]}]")
        elif isinstance(node, Mapping):
            remarks.error(node, f"{self.what} is a list: begin each item with '- '")
        raise Unreadable

    def schema(self) -> JSON:
        """Return an array."""
        return {
            "type": "array",
            "items": self.item.schema(),
            **({"minItems": self.least} if self.least else {}),
        }


class TableOf(Kind[tuple[tuple[Scalar, T], ...]]):
    """A mapping from names that the user gives to values of one kind; each name comes with its place."""

    def __init__(self, name: Word[str], value: Kind[T], what: str) -> None:
        self.name = name
        self.value = value
        self.what = what

    def read(self, node: Node, remarks: Remarks) -> tuple[tuple[Scalar, T], ...]:
        """Read every entry, also after a bad one."""
        if not isinstance(node, Mapping):
            if not isinstance(node, Refused):
                remarks.error(node, f"{self.what} is a mapping: write 'name: …' lines")
            raise Unreadable
        entries = []
        for key, value in node.pairs:
            if remarks.full:
                break
            try:
                self.name.read(key, remarks)
                entries.append((key, self.value.read(filled(key, value, remarks), remarks)))
            except Unreadable:
                continue
        return tuple(entries)

    def schema(self) -> JSON:
        """Return an object with free names."""
        return {
            "type": "object",
            "propertyNames": {"pattern": self.name.schema()["pattern"]},
            "additionalProperties": self.value.schema(),
        }


def scalar(node: Node, what: str, remarks: Remarks) -> Scalar:
    """Return the node where it is text with something in it. Raises Unreadable once remarked."""
    if isinstance(node, Scalar):
        if not node.empty:
            return node
        remarks.error(node, f"nothing is written here: write {what}")
    elif isinstance(node, Sequence):
        remarks.error(node, f"a list cannot stand here: write {what}")
    elif isinstance(node, Mapping):
        remarks.error(node, f"a mapping cannot stand here: write {what}")
    raise Unreadable


def filled(key: Scalar, value: Node, remarks: Remarks) -> Node:
    """Return the value of a key. Raises Unreadable, once remarked, where nothing was written."""
    if isinstance(value, Scalar) and value.empty:
        remarks.error(key, f"key {quote(key.text)} has no value: write one, or delete the line")
        raise Unreadable
    return value

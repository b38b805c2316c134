"""YAML text to nodes that know their place. Nothing is typed here: `no`, `010` and `12:30:45` stay text.

The tree is built from the parser's events rather than by `yaml.compose`, so that what YAML offers beyond
mappings, lists and text (anchors, aliases, merge keys, tags, several documents) is refused at its own place,
and so that depth is bounded before any recursion could follow it.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple, Protocol

import yaml

from netwatch.inventory.source import Spot
from netwatch.inventory.wording import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.inventory.problem import Remarks

    class _Mark(Protocol):
        line: int
        column: int


DEEPEST = 16
"""Levels of nesting; a site file needs seven."""

MOST = 1_000_000
"""Values, lists and mappings of one file; the sites of a whole country need a fifth of them."""


class Scalar(NamedTuple):
    """A piece of text, NFC."""

    text: str
    line: int
    column: int
    quoted: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing was written where a value belongs (`key:`, `key: ~`, `key: null`)."""
        return not self.quoted and self.text in {"", "~", "null"}


class Sequence(NamedTuple):
    """A list."""

    items: list[Node]
    line: int
    column: int


class Mapping(NamedTuple):
    """Keys and values; no key stands twice."""

    pairs: list[tuple[Scalar, Node]]
    line: int
    column: int


class Refused(NamedTuple):
    """Stands where something was that has been remarked already."""

    line: int
    column: int


Node = Scalar | Sequence | Mapping | Refused


def compose(text: str, remarks: Remarks, most: int = MOST) -> Node | None:
    """Return the tree of a file, an empty mapping for an empty file; None, once remarked, for no YAML."""
    loader = yaml.CSafeLoader(text)
    try:
        return _Composer(remarks, most).compose(_events(loader))
    except yaml.MarkedYAMLError as error:
        remarks.error(_spot(error.problem_mark or error.context_mark), _advice(error))
    except _Hopeless:
        pass
    finally:
        loader.dispose()
    return None


class _Hopeless(Exception):  # noqa: N818 - never leaves this module
    """What was remarked leaves nothing to read on for."""


def _events(loader: yaml.CSafeLoader) -> Iterator[yaml.Event]:
    """Yield what the parser finds, as it finds it: nothing beyond the first error is ever looked at."""
    while True:
        event = loader.get_event()
        if event is None or isinstance(event, yaml.StreamEndEvent):
            return
        yield event


class _OpenList:
    """A list whose end has not been seen."""

    __slots__ = ("node",)

    def __init__(self, node: Sequence) -> None:
        self.node = node

    def take(self, item: Node) -> None:
        self.node.items.append(item)


class _OpenMapping:
    """A mapping whose end has not been seen: keys and values come in turns."""

    __slots__ = ("key", "node", "remarks", "seen")

    def __init__(self, node: Mapping, remarks: Remarks) -> None:
        self.node = node
        self.remarks = remarks
        self.key: Node | None = None
        self.seen: dict[str, int] = {}

    def take(self, node: Node) -> None:
        if self.key is None:
            self.key = self._checked(node)
            return
        if type(self.key) is Scalar:
            self.node.pairs.append((self.key, node))
        self.key = None

    def _checked(self, key: Node) -> Node:
        """Return the key, or what stands for one that was refused; its value is then dropped."""
        if type(key) is not Scalar:
            if type(key) is not Refused:
                self.remarks.error(key, "a key is one word, not a list or a mapping")
        elif key.text == "<<" and not key.quoted:
            self.remarks.error(
                key, "merge keys ('<<') are refused: in a site file, 'defaults' is for what is shared"
            )
        elif key.text in self.seen:
            line = self.seen[key.text]
            self.remarks.error(key, f"key {quote(key.text)} stands twice, first on line {line}: keep one")
        else:
            self.seen[key.text] = key.line
            return key
        return Refused(key.line, key.column)


class _Composer:
    """Builds the tree, innermost open collection on top of the stack."""

    def __init__(self, remarks: Remarks, most: int) -> None:
        self._remarks = remarks
        self._most = most
        self._open: list[_OpenList | _OpenMapping] = []
        self._root: Node | None = None
        self._documents = 0
        self._nodes = 0

    def compose(self, events: Iterator[yaml.Event]) -> Node:
        for event in events:
            if isinstance(event, yaml.ScalarEvent):
                self._put(self._scalar(event))
            elif isinstance(event, yaml.MappingStartEvent):
                self._begin(_OpenMapping(Mapping([], *self._place(event)), self._remarks))
            elif isinstance(event, yaml.SequenceStartEvent):
                self._begin(_OpenList(Sequence([], *self._place(event))))
            elif isinstance(event, yaml.CollectionEndEvent):
                self._put(self._open.pop().node)
            elif isinstance(event, yaml.AliasEvent):
                self._put(self._alias(event))
            elif isinstance(event, yaml.DocumentStartEvent):
                self._document(event)
        empty = self._root is None or (type(self._root) is Scalar and self._root.empty)
        return Mapping([], 1, 1) if empty or self._root is None else self._root

    def _put(self, node: Node) -> None:
        self._nodes += 1
        if self._nodes > self._most:
            self._remarks.error(node, f"more than {self._most:,} values in one file: split it")
            raise _Hopeless
        if self._open:
            self._open[-1].take(node)
        else:
            self._root = node

    def _begin(self, collection: _OpenList | _OpenMapping) -> None:
        if len(self._open) == DEEPEST:
            self._remarks.error(collection.node, f"nested more than {DEEPEST} levels deep")
            raise _Hopeless
        self._open.append(collection)

    def _place(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent) -> Spot:
        """Return where a node begins, having refused what decorates it."""
        place = _spot(event.start_mark)
        if event.anchor is not None:
            name = quote("&" + event.anchor)
            self._remarks.error(
                place, f"anchor {name} is refused: in a site file, 'defaults' is for what is shared"
            )
        if event.tag is not None:
            self._remarks.error(place, f"tag {quote(_tag(event.tag))} is refused: write the value alone")
        return place

    def _scalar(self, event: yaml.ScalarEvent) -> Node:
        place = self._place(event)
        text = event.value
        if text.isascii() and text.isprintable():
            return Scalar(text, *place, bool(event.style))
        text = unicodedata.normalize("NFC", text)
        for sign in text:
            if not sign.isprintable() and sign != "\n":
                self._remarks.error(
                    place, f"invisible character {_named(sign)}: delete it or type a plain space"
                )
                return Refused(*place)
        return Scalar(text, *place, bool(event.style))

    def _alias(self, event: yaml.AliasEvent) -> Node:
        place = _spot(event.start_mark)
        merged = any(isinstance(each, _OpenMapping) and isinstance(each.key, Refused) for each in self._open)
        if not merged:  # else it is part of a merge key's value, and told by that
            self._remarks.error(
                place, f"alias {quote(f'*{event.anchor}')} is refused: write the value itself"
            )
        return Refused(*place)

    def _document(self, event: yaml.DocumentStartEvent) -> None:
        place = _spot(event.start_mark)
        self._documents += 1
        if self._documents > 1:
            self._remarks.error(place, "a second document ('---') begins here: write one file for each")
            raise _Hopeless
        if event.version is not None or event.tags:
            self._remarks.error(place, "directives ('%…') are refused: delete the line")


def _spot(mark: _Mark | None) -> Spot:
    """Return a mark of the parser's, which counts from 0, as a place."""
    return Spot(mark.line + 1, mark.column + 1) if mark else Spot(1, 1)


def _tag(tag: str) -> str:
    """Return a tag as it was written."""
    standard = "tag:yaml.org,2002:"
    return "!!" + tag.removeprefix(standard) if tag.startswith(standard) else tag


def _named(sign: str) -> str:
    """Return `U+00A0 (no-break space)`."""
    name = unicodedata.name(sign, "").lower()
    return f"U+{ord(sign):04X}" + (f" ({name})" if name else "")


ADVICE = {
    "mapping values are not allowed in this context": "a ':' where none can be: "
    "quote a value that holds ': ', or check the indentation",
    "could not find expected ':'": "a key without ':' after it",
    "did not find expected key": "not at the right column, or something follows a value on its line: "
    "align keys of one mapping; quote values with special signs",
    "did not find expected '-' indicator": "not at the right column: "
    "the items of a list begin with '-', one below the other",
    "block sequence entries are not allowed in this context": "a list cannot begin here: "
    "put its first '-' on a line of its own",
    "did not find expected ',' or ']'": "a '[' without its ']', or a ',' is missing",
    "did not find expected ',' or '}'": "a '{' without its '}', or a ',' is missing",
    "found unexpected end of stream": "a quote that is never closed",
    "found character that cannot start any token": "a value cannot begin with this sign: put it in quotes",
    "found unknown escape character": "'\\' in double quotes begins an escape: use single quotes",
    "did not find expected <document start>": "not at the right column: "
    "the keys of a file all begin in the first",
    "exceeded maximum nesting depth": f"nested more than {DEEPEST} levels deep",
    "did not find expected node content": "a ',' or bracket where a value belongs",
}
"""What the parser says, and what it means to who edits the file."""


def _advice(error: yaml.MarkedYAMLError) -> str:
    """Return one line that tells what to do about a syntax error."""
    problem = str(error.problem)
    advice = ADVICE.get(problem, problem)
    opened = error.context_mark
    if opened and error.problem_mark and opened.line < error.problem_mark.line and problem in _UNCLOSED:
        advice += f" (it was opened on line {opened.line + 1})"
    return f"not valid YAML: {advice}"


_UNCLOSED = {
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
    "found unexpected end of stream",
}

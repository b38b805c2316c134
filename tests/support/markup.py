"""A page of HTML as tests read it: its elements in order, their attributes, and the text within each."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = frozenset(("meta", "br", "link", "img", "input", "hr"))


@dataclass
class Element:
    """One element; `text` is all that stands in it, its children's too, with single spaces."""

    tag: str
    attributes: dict[str, str]
    pieces: list[str] = field(default_factory=list)
    children: list[Element] = field(default_factory=list)

    @property
    def text(self) -> str:
        return " ".join("".join(self.pieces).split())

    @property
    def classes(self) -> frozenset[str]:
        return frozenset(self.attributes.get("class", "").split())

    def all(self, tag: str, kind: str = "") -> list[Element]:
        """Return the elements below it of a tag, and of a class where one is named."""
        found: list[Element] = []
        for child in self.children:
            if child.tag == tag and (not kind or kind in child.classes):
                found.append(child)
            found += child.all(tag, kind)
        return found


class Page(HTMLParser):
    """Reads a page; `elements` are in the order of their beginnings. One that is closed wrongly fails."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.root = Element("", {})
        self.elements: list[Element] = []
        self._open = [self.root]
        self.feed(html)
        self.close()
        assert self._open == [self.root], f"not closed: {[each.tag for each in self._open]}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"an attribute stands twice: {attrs}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        self._open[-1].children.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.pieces.append(data)

    def all(self, tag: str, kind: str = "") -> list[Element]:
        return self.root.all(tag, kind)

    def by_id(self, name: str) -> Element:
        (found,) = (each for each in self.elements if each.attributes.get("id") == name)
        return found

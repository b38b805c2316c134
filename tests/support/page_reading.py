"""A page of HTML as a reader gets it, and a text that would break out of one that does not escape."""

from __future__ import annotations

from html.parser import HTMLParser

HOSTILE = "</td><script>alert('1')</script>\"&{{ 7*7 }}"


class Reading(HTMLParser):
    """What a reader gets: the elements with their attributes and texts; fails where one is left open."""

    APART = frozenset(("td", "th", "dt", "dd", "li", "p"))
    VOID = frozenset(("meta", "link", "input", "br"))

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []  # by element
        self._open: list[int] = []
        self.feed(page.decode())
        self.close()
        assert self._open == [], "every element is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in self.APART:
            self.handle_data(" ")
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")
        if tag not in self.VOID:
            self._open.append(len(self.elements) - 1)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.elements[self._open.pop()][0] == tag

    def handle_data(self, data: str) -> None:
        for index in self._open:
            self.texts[index] += data

    def all(self, tag: str, **attributes: str) -> list[tuple[dict[str, str | None], str]]:
        """Every element of a tag with these attributes (`_` stands for `-`), and its text."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            (have, " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split()))
            for (name, have), text in zip(self.elements, self.texts, strict=True)
            if name == tag and wanted.items() <= have.items()
        ]

    def text(self, tag: str, **attributes: str) -> str:
        """The text of the only such element."""
        ((_, text),) = self.all(tag, **attributes)
        return text

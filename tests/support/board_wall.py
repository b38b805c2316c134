"""The boards as a reader has them before him, filled in from a real datasource."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from board_asking import Answer, Choice, Datasource, Question, chosen, questions
from real import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

BOARDS: dict[str, Any] = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "grafana" / "dashboards" / "en").glob("*.json"))
}
"""Both languages have the same queries."""


@dataclass
class Wall:
    """The boards, filled in by a reader, and which of their queries have ever brought something."""

    source: Datasource
    choices: dict[str, Choice]
    brought: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)  # by state

    def asked(self, at: float) -> list[Question]:
        """Every query as filled in by each reader, the same one once."""
        return list(dict.fromkeys(self._asked(at)))

    def _asked(self, at: float) -> Iterator[Question]:
        for name, board in BOARDS.items():
            for choice in self.choices.values():
                yield from questions(name, board, chosen(board, choice, self.source, at))

    def look(self, state: str) -> None:
        """Ask everything; nothing may be refused."""
        at = time.time()
        every = self.asked(at)
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda question: question.ask(self.source, at), every))
        pairs = zip(every, answers, strict=True)
        self.brought[state] = {question.place for question, answer in pairs if answer}

    def panel(self, board: str, panel: str, ref: str = "A", who: str = "nothing") -> Answer:
        """What one query of a panel says now."""
        at = time.time()
        values = chosen(BOARDS[board], self.choices[who], self.source, at)
        (found,) = (
            question
            for question in questions(board, BOARDS[board], values)
            if question.place == (board, panel, ref)
        )
        return found.ask(self.source, at)

    def number(self, board: str, panel: str, who: str = "nothing") -> float:
        """What a panel of one number says now."""
        (value,) = self.panel(board, panel, who=who).values()
        return value

    def units(self, board: str = "province", who: str = "nothing") -> dict[str, float]:
        """How many units are in which state, as the boards about several have it."""
        return {title: self.number(board, title, who) for title in ("Up", "Down", "Unknown", "Unmonitored")}

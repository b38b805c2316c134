"""The two languages of the boards. Each board is written once, and comes out as one file in each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Language(StrEnum):
    """A language, by the name of its folder."""

    VI = "vi"
    EN = "en"

    @property
    def other(self) -> Language:
        """The language of a board's twin."""
        return Language.EN if self is Language.VI else Language.VI


LANGUAGE = "<language>"
"""Stands in a query for the language of the board: what netwatch tells in words carries its language."""


def asked_in(language: Language, query: str) -> str:
    """Return a query as the board of a language asks it."""
    return query.replace(LANGUAGE, language)


@dataclass(frozen=True, slots=True)
class Text:
    """What a board says somewhere, in both languages."""

    vi: str
    en: str

    def said(self, language: Language) -> str:
        """Return it in one language."""
        return self.vi if language is Language.VI else self.en


@dataclass(frozen=True, slots=True)
class Words:
    """A title and what stands behind it, in both languages."""

    vi: str
    en: str
    what_vi: str
    what_en: str

    def title(self, language: Language) -> str:
        """Return the title in one language."""
        return self.vi if language is Language.VI else self.en

    def description(self, language: Language) -> str:
        """Return the description in one language."""
        return self.what_vi if language is Language.VI else self.what_en


def uid(board: str, language: Language) -> str:
    """Return what Grafana finds a board under: links and bookmarks hang on it."""
    return f"netwatch-{board}" if language is Language.VI else f"netwatch-{board}-{language}"

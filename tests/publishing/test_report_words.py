"""The words of the report: complete in both languages, alike in form, and none that nothing says."""

from __future__ import annotations

import ast
import dataclasses
import re
import string
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.judgement import cause
from netwatch.model.attestation import AttestationKind
from netwatch.model.cause import Cause
from netwatch.model.claim import ClaimVerdict, Criterion, Finding, UnitVerdict, Withheld
from netwatch.publishing.fact_words import said
from netwatch.publishing.report_html import WORDS

if TYPE_CHECKING:
    import enum

PACKAGE = Path(cause.__file__).parents[1]
TEMPLATES = PACKAGE / "publishing" / "templates" / "report"
SECTIONS = tuple(each.name for each in dataclasses.fields(WORDS["vi"]))


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    ("section", "field", "members"),
    [
        ("claims", "verdicts", ClaimVerdict),
        ("claims", "unit_verdicts", UnitVerdict),
        ("claims", "withheld", Withheld),
        ("units", "findings", Finding),
        ("units", "graded", Finding),
        ("units", "criterion_names", Criterion),
        ("units", "causes", Cause),
        ("units", "attestation_kinds", AttestationKind),
        ("definitions", "criteria_rows", Criterion),
        ("definitions", "cause_rows", Cause),
    ],
)
def test_every_member_has_a_word_of_its_own(
    language: str, section: str, field: str, members: type[enum.Enum]
) -> None:
    table = getattr(getattr(WORDS[language], section), field)
    assert set(table) == set(members)
    assert len(set(table.values())) == len(members)


def texts(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield every text of a value with where it stands; words of the language alone are passed over."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from texts(each, f"{path}[{key!r}]")
    elif isinstance(value, tuple):
        for place, each in enumerate(value):
            yield from texts(each, f"{path}[{place}]")
    else:
        for field in dataclasses.fields(value):
            if field.name not in {"sources", "weekdays"}:
                yield from texts(getattr(value, field.name), f"{path}.{field.name}")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_say_the_same_with_the_same_blanks() -> None:
    vietnamese, english = dict(texts(WORDS["vi"])), dict(texts(WORDS["en"]))
    assert vietnamese.keys() == english.keys()
    assert len(vietnamese) > 200
    for path, text in vietnamese.items():
        assert blanks(text) == blanks(english[path]), path


@pytest.mark.parametrize("language", WORDS)
def test_words_are_whole(language: str) -> None:
    for path, text in texts(WORDS[language]):
        assert text == text.strip(), path
        assert text, path
        assert "  " not in text, path
        assert unicodedata.is_normalized("NFC", text), path


def test_the_languages_are_not_mixed_up() -> None:
    """English has no letter with a Vietnamese mark; what is the same in both is a symbol or a term."""
    vietnamese, english = dict(texts(WORDS["vi"])), dict(texts(WORDS["en"]))
    assert not [path for path, text in english.items() if re.search("[ăâđêôơưạ-ỹ]", text)]
    same = {path for path, text in vietnamese.items() if text == english[path]}
    assert {english[path] for path in same} == {"SHA-256", "internet"}


@pytest.mark.parametrize("section", SECTIONS)
def test_every_word_is_said_somewhere(section: str) -> None:
    said = "".join(path.read_text("utf-8") for path in TEMPLATES.glob("*.html"))
    names = {"definitions": "(?:words.definitions|terms)", "record": "(?:words.record|record)"}
    prefix = names.get(section, f"words.{section}")
    for field in dataclasses.fields(getattr(WORDS["vi"], section)):
        assert re.search(rf"{prefix}\.{field.name}\b", said), field.name


@pytest.mark.parametrize("language", WORDS)
def test_what_stands_in_the_style_cannot_end_it(language: str) -> None:
    front = WORDS[language].front
    assert not re.search(r"[\"'\\<>&\n]", front.page + front.running)


def facts() -> list[str]:
    """Every text that the judgement gives a fact, with 'x' for what is filled in."""
    found = [form.format("x") for form in cause._LINK.values()]
    for node in ast.walk(ast.parse(Path(cause.__file__).read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Fact":
            text = node.args[2]
            if isinstance(text, ast.Constant):
                found.append(str(text.value))
            elif isinstance(text, ast.JoinedStr):
                found.append(
                    "".join(
                        str(each.value) if isinstance(each, ast.Constant) else "x" for each in text.values
                    )
                )
    return [*found, "window x, announced by x", "window x, announced by x: x"]


def test_every_fact_of_the_judgement_is_told_in_vietnamese() -> None:
    assert len(facts()) >= 11
    for text in facts():
        assert said(text, "vi") != text
        assert said(text, "en") == text

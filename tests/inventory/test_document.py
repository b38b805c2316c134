"""YAML to nodes: the same trees as PyYAML builds, with places, and nothing else that YAML can do."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given, strategies as st

from netwatch.inventory.document import DEEPEST, Mapping, Node, Refused, Scalar, Sequence, compose
from netwatch.inventory.problem import Remarks


def plain(node: Node | None) -> Any:
    """A tree without places."""
    match node:
        case Scalar():
            return node.text
        case Sequence():
            return [plain(item) for item in node.items]
        case Mapping():
            return {key.text: plain(value) for key, value in node.pairs}
    return None


def read(text: str) -> tuple[Node | None, list[str]]:
    remarks = Remarks("f")
    return compose(text, remarks), [str(error) for error in remarks.errors]


WORDS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S"]), max_size=8).map(
    lambda text: __import__("unicodedata").normalize("NFC", text)
)
TREES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=3),
    max_leaves=12,
).filter(lambda tree: isinstance(tree, dict) and tree)


@given(TREES, st.booleans())
def test_what_yaml_dumps_is_read(tree: Any, flow: bool) -> None:
    """Whatever an ordinary writer of YAML writes, in block or flow style."""
    text = yaml.safe_dump(tree, allow_unicode=True, default_flow_style=flow, width=10_000)
    node, errors = read(text)
    if not errors:  # numbers and the like are quoted by the writer and stay text here
        assert plain(node) == tree
    else:
        assert all(
            "more than 16 levels" in error or "invisible" in error or "'<<'" in error for error in errors
        )


@given(st.text(st.sampled_from("ab:-[]{}&*!|>'\"#%@`,?~ \n<\u00e9"), max_size=60))
def test_any_text_is_a_tree_or_an_error(text: str) -> None:
    """Nothing is raised whatever is in a file, and no tree comes without having been read."""
    node, errors = read(text)
    assert node is not None or errors
    assert all("\n" not in error for error in errors)


def test_places_count_characters_from_1() -> None:
    node, _ = read("ậ: [é, ữ]\nb:\n  c: d\n")
    assert isinstance(node, Mapping)
    (_, items), (key, inner) = node.pairs
    assert isinstance(items, Sequence)
    assert isinstance(inner, Mapping)
    assert [(item.line, item.column) for item in items.items] == [(1, 5), (1, 8)]
    assert (key.line, key.column, inner.line, inner.column) == (2, 1, 3, 3)


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "~\n", "\n\n"])
def test_an_empty_file_is_an_empty_mapping(text: str) -> None:
    assert read(text) == (Mapping([], 1, 1), [])


@pytest.mark.parametrize(
    ("written", "empty"),
    [("a:", True), ("a: ~", True), ("a: null", True), ("a: ''", False), ("a: 'null'", False)],
)
def test_an_empty_value_is_not_an_empty_text(written: str, empty: bool) -> None:
    node, _ = read(written)
    assert isinstance(node, Mapping)
    value = node.pairs[0][1]
    assert isinstance(value, Scalar)
    assert value.empty is empty


def test_what_was_refused_leaves_its_neighbours() -> None:
    """One alias costs only itself: the rest of the file is judged all the same."""
    node, errors = read("a: &x 1\nb: *x\nc: 2\n")
    assert isinstance(node, Mapping)
    assert [type(value) for _, value in node.pairs] == [Scalar, Refused, Scalar]
    assert len(errors) == 2


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_depth_is_bounded(opening: str) -> None:
    """A million brackets are given up at the first that is too many."""
    _, errors = read(opening * 1_000_000)
    assert len(errors) == 1
    assert errors[0].endswith(f"nested more than {DEEPEST} levels deep")


def test_the_number_of_values_is_bounded() -> None:
    """A file small enough in bytes may still be a tree of gigabytes."""
    remarks = Remarks("f")
    assert compose("[a, b, c]", remarks, most=4) is not None
    assert compose("[a, b, c]", remarks, most=3) is None
    assert [str(error) for error in remarks.errors] == ["f:1:1: more than 3 values in one file: split it"]

"""What tests of rules expect of texts: an alert whose template fails fires, with the error in its text."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from promtool import document

if TYPE_CHECKING:
    from collections.abc import Iterator

TESTS = Path(__file__).parents[2] / "config" / "prometheus" / "tests"
FAULTS = ("<error", "<no value>", "%!", "{{", "NaN", "+Inf")


def expected(path: Path) -> Iterator[dict[str, Any]]:
    """Return all alerts that the tests of a file expect."""
    for test in document(path)["tests"]:
        for case in test.get("alert_rule_test", ()):
            yield from case["exp_alerts"]


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.yml")), ids=lambda path: path.stem)
def test_texts_are_filled_in(path: Path) -> None:
    """But for the list of units: what is down may be seen no longer, or its name not be known."""
    told = [alert["exp_annotations"] for alert in expected(path)]
    texts = [text for each in told for name, text in each.items() if text or name != "units"]
    assert texts
    assert [text for text in texts if not text.strip() or any(fault in text for fault in FAULTS)] == []


@pytest.mark.parametrize("path", sorted(TESTS.glob("*.yml")), ids=lambda path: path.stem)
def test_no_alert_is_without_an_area(path: Path) -> None:
    assert [alert for alert in expected(path) if not alert["exp_labels"].get("area")] == []

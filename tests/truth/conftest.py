"""Scripts by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netwatch.lab.script.shipped import find

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.lab.script.story import Script


@pytest.fixture(name="shipped")
def make_shipped() -> Callable[[str], Script]:
    return find

"""Light that several tables tell of is one for each lane."""

from __future__ import annotations

from netwatch.model.observation import Light
from netwatch.polling.light import merged


def test_the_first_table_counts_and_others_fill_in() -> None:
    """Lane by lane, in the order in which they were first told of."""
    assert merged(
        (
            Light("xe1", -5.0, None, transmitted=-2.0),
            Light("xe2", -6.0, lane="1"),
            Light("xe1", -9.0, -20.0, high_alarm=1.0),
            Light("xe2", -7.0, lane="2"),
            Light("xe2", None, -21.0, lane="1", low_warning=-18.0),
        )
    ) == (
        Light("xe1", -5.0, -20.0, transmitted=-2.0, high_alarm=1.0),
        Light("xe2", -6.0, -21.0, lane="1", low_warning=-18.0),
        Light("xe2", -7.0, lane="2"),
    )

"""Pieces of PromQL that several alerts are made of."""

from __future__ import annotations

POLLS = "4m"
"""The shortest window of a rate: four polls, as devices are asked each minute."""


def held(expr: str, metric: str, window: str = "1d") -> str:
    """Return `expr`, a condition on `metric`, held on its last value while the device is not heard.

    The series of a value that is read from a device ends when the device does. An alert on it would end with
    it, as if all were well. `expr` has `{metric}` where the metric stands; it ends when the device is heard
    again and says otherwise, is taken out of the configuration, or was not heard for `window`.
    """
    now = expr.replace("{metric}", metric)
    last = expr.replace("{metric}", f"last_over_time({metric}[{window}])")
    return f"({now}) or (({last}) unless on (device) {metric} and on (device) netwatch_device_info)"

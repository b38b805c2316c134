"""What a finding rests on, for people: claims keep it as figures beside their limits, of few forms."""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from netwatch.audit.criteria.reachable import SOURCE

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.model.claim import Found

_NUMBER = r"(\d{1,15}(?:\.\d{1,15})?(?:e-\d\d)?)"


def _percent(ratio: str, rounding: str) -> str:
    """Return a ratio in percent, to a hundredth; a bound never looks tighter than it is."""
    return _plain((Decimal(ratio) * 100).quantize(Decimal("0.01"), rounding)) + "\N{NO-BREAK SPACE}%"


def _milliseconds(seconds: str) -> str:
    exact = (Decimal(seconds) * 1000).quantize(Decimal("0.1"), ROUND_HALF_EVEN)
    return _plain(exact) + "\N{NO-BREAK SPACE}ms"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _lower(ratio: str) -> str:
    return _percent(ratio, ROUND_FLOOR)


def _upper(ratio: str) -> str:
    return _percent(ratio, ROUND_CEILING)


def _exact(ratio: str) -> str:
    return _plain(Decimal(ratio) * 100) + "\N{NO-BREAK SPACE}%"


Form = tuple[re.Pattern[str], "tuple[Callable[[str], str], ...]", dict[str, str]]

FORMS: tuple[Form, ...] = (
    (
        re.compile(rf"{_NUMBER}/{_NUMBER}"),
        (str, str),
        {"vi": "{} trong {} phút có kết nối", "en": "up in {} of {} minutes"},
    ),
    (
        re.compile(rf"{_NUMBER}\.\.{_NUMBER} >= {_NUMBER}"),
        (_lower, _upper, _exact),
        {"vi": "khả dụng từ {} đến {}, cần ít nhất {}", "en": "available {} to {}, wanted at least {}"},
    ),
    (
        re.compile(rf"{_NUMBER}\.\.{_NUMBER} <= {_NUMBER}"),
        (_lower, _upper, _exact),
        {"vi": "mất gói từ {} đến {}, cho phép đến {}", "en": "loss {} to {}, allowed up to {}"},
    ),
    (
        re.compile(rf"{_NUMBER} <= {_NUMBER} s"),
        (_milliseconds, _milliseconds),
        {"vi": "độ trễ {}, cho phép đến {}", "en": "round trip {}, allowed up to {}"},
    ),
    (
        re.compile(rf"\? <= {_NUMBER} s"),
        (_milliseconds,),
        {"vi": "độ trễ chưa đo được, cho phép đến {}", "en": "round trip not known, allowed up to {}"},
    ),
)
"""The forms that `netwatch.audit.criteria.quality` and `reachable` write."""


def grounds(found: Found, language: str) -> str:
    """Return what a finding rests on in a language, "vi" or "en"; what is of no known form stays as it is.

    So does what a device told: it may look like anything.
    """
    if found.source != SOURCE:
        return found.text
    parts = [_said(part, language) for part in found.text.split(", ")]
    return "; ".join(parts) if all(parts) else found.text


def _said(part: str, language: str) -> str:
    """Return one part of it; "" where its form is not known."""
    for pattern, formats, words in FORMS:
        if found := pattern.fullmatch(part):
            figures = (form(each) for form, each in zip(formats, found.groups(), strict=True))
            return words[language].format(*(_local(each, language) for each in figures))
    return ""


def _local(figure: str, language: str) -> str:
    return figure.replace(".", ",") if language == "vi" else figure

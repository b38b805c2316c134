"""The frozen types of the model as JSON and back: what an entry's body holds.

A value becomes what JSON has: enumerations their value, dates ISO 8601, tuples lists, dataclasses objects. It
is read back by the types that the dataclass declares, and by nothing in the JSON: an entry cannot name a type
of its own choosing. Text is NFC; numbers are finite, and written so that they read back the same.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import functools
import json
import math
import types
import typing
import unicodedata
from typing import Any, TypeVar, cast

T = TypeVar("T")

LARGEST = 64 * 2**20
"""Bytes of a body that is read."""


class BrokenBodyError(ValueError):
    """A body that is not what its kind promises; the message says why in one line."""


def dump(value: object) -> bytes:
    """Return a value as JSON: keys in order, no spaces, UTF-8."""
    return text(plain(value))


def text(plain: object) -> bytes:
    """Return what `plain` returned as JSON."""
    return json.dumps(
        plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def parse(body: bytes) -> Any:  # noqa: ANN401 - JSON
    """Return what JSON says. Raises BrokenBodyError."""
    if len(body) > LARGEST:
        raise BrokenBodyError("larger than any body")
    try:
        return json.loads(body, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise BrokenBodyError("no JSON") from error


def load(shape: type[T], value: object) -> T:
    """Return a dataclass out of plain JSON values. Raises BrokenBodyError."""
    try:
        return cast("T", _typed(shape, value))
    except (TypeError, ValueError, KeyError) as error:
        raise BrokenBodyError(f"{error}") from error


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def plain(value: object) -> Any:  # noqa: ANN401, PLR0911 - JSON; a return for each sort of value
    """Return a value as what JSON has: objects, lists, texts in NFC, numbers. Raises TypeError for others."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field: plain(getattr(value, field)) for field in _fields(type(value))}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {str(key): plain(each) for key, each in value.items()}
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    raise TypeError(f"{type(value).__name__} cannot be kept")


@functools.cache
def _fields(shape: type) -> dict[str, Any]:
    """Return the declared types of a dataclass by field; names in the TYPE_CHECKING block are resolved."""
    return typing.get_type_hints(shape, localns=_names())


@functools.cache
def _names() -> dict[str, Any]:
    from netwatch.evidence.kinds import TYPES

    return {"dt": dt, **{shape.__name__: shape for shape in TYPES}}


def _typed(shape: Any, value: Any) -> Any:  # noqa: ANN401, PLR0911 - any declared type; a return for each sort
    origin = typing.get_origin(shape)
    if origin in {typing.Union, types.UnionType}:
        options = typing.get_args(shape)
        if value is None and type(None) in options:
            return None
        return _typed(next(option for option in options if option is not type(None)), value)
    if origin is tuple:
        return _tuple(typing.get_args(shape), value)
    if dataclasses.is_dataclass(shape):
        if not isinstance(value, dict):
            raise TypeError("an object is missing")
        hints = _fields(typing.cast("type", shape))
        return shape(**{name: _typed(hints[name], each) for name, each in value.items()})  # type: ignore[operator]  # a class
    if isinstance(shape, type) and issubclass(shape, enum.Enum):
        return shape(value)
    if shape is dt.date:
        return dt.date.fromisoformat(value)
    if shape is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, shape) or (shape is int and isinstance(value, bool)):
        raise TypeError(f"{value!r:.40} is no {shape.__name__}")
    return value


def _tuple(inside: tuple[Any, ...], value: object) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise TypeError("a list is missing")
    if len(inside) == 2 and inside[1] is Ellipsis:
        return tuple(_typed(inside[0], each) for each in value)
    return tuple(_typed(each, part) for each, part in zip(inside, value, strict=True))

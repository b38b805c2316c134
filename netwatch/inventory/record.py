"""Mappings with fixed keys, declared once: validation and JSON Schema both follow from the declaration.

class Uplink(Record):
    noun = "an uplink"
    provider = optional(Text(), "who sells it", "")

uplink = Uplink.read(node, remarks)   # uplink.provider is a str, for people and for mypy
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Generic, Self, TypeVar, overload

from netwatch.inventory.document import Mapping, Refused
from netwatch.inventory.kind import JSON, Kind, Unreadable, filled
from netwatch.inventory.wording import listed, nearest, quote

if TYPE_CHECKING:
    from netwatch.inventory.document import Node, Scalar
    from netwatch.inventory.problem import Place, Remarks

T = TypeVar("T")
D = TypeVar("D")
R = TypeVar("R", bound="Record")


class Key(Generic[T]):
    """One key of a record: what its value may be, what it means, and what holds where it is left out."""

    def __init__(self, kind: Kind[object], meaning: str, default: object, *, required: bool) -> None:
        self.kind = kind
        self.meaning = meaning
        self.default = default
        self.required = required
        self.name = ""  # in the file
        self.attribute = ""

    def __set_name__(self, owner: type, name: str) -> None:
        self.attribute = name
        self.name = name.removesuffix("_")  # class_ is the key 'class'

    @overload
    def __get__(self, record: None, owner: type) -> Key[T]: ...
    @overload
    def __get__(self, record: Record, owner: type) -> T: ...
    def __get__(self, record: Record | None, owner: type) -> Key[T] | T:
        # A value that was read stands in the record's own dictionary and is found before this is asked.
        if record is None:
            return self
        if self.required:
            raise AttributeError(f"{self.attribute} was not read")
        return self.default  # type: ignore[return-value]  # optional() typed it

    def schema(self) -> JSON:
        """Return the schema of the value, with what an editor shows beside it."""
        default = self.kind.written(self.default)
        return {
            **self.kind.schema(),
            "description": self.meaning,
            **({} if default is None or self.required else {"default": default}),
        }


def required(kind: Kind[T], meaning: str) -> Key[T]:
    """Declare a key that must be there."""
    return Key(kind, meaning, None, required=True)


def optional(kind: Kind[T], meaning: str, default: D) -> Key[T | D]:
    """Declare a key that may be left out."""
    return Key(kind, meaning, default, required=False)


class Record:
    """A mapping with fixed keys. A bad value is remarked and leaves the default; the rest is read still."""

    noun: ClassVar[str] = "a mapping"
    keys: ClassVar[dict[str, Key[object]]] = {}
    exactly_one: ClassVar[tuple[str, ...]] = ()  # of these keys one must be there, and only one

    def __init_subclass__(cls) -> None:
        members = {name: value for base in reversed(cls.__mro__[1:]) for name, value in vars(base).items()}
        members = {**vars(cls), **members, **vars(cls)}  # its own keys come first wherever keys are listed
        cls.keys = {key.name: key for key in members.values() if isinstance(key, Key)}

    def __init__(self, line: int, column: int) -> None:
        self.line = line
        self.column = column
        self.nodes: dict[str, Node] = {}
        self.whole = True  # every required key was read

    @classmethod
    def read(cls, node: Node, remarks: Remarks) -> Self:
        """Return the record. Raises Unreadable, once remarked, where there is no mapping at all."""
        if not isinstance(node, Mapping):
            if not isinstance(node, Refused):
                remarks.error(
                    node, f"{cls.noun} is a mapping: write 'key: value' lines ({', '.join(cls.keys)})"
                )
            raise Unreadable
        record = cls(node.line, node.column)
        record._take(node, remarks)
        record._complete(remarks)
        record.check(remarks)
        return record

    def _take(self, node: Mapping, remarks: Remarks) -> None:
        values = vars(self)
        for name, value in node.pairs:
            if remarks.full:
                raise Unreadable
            key = self.keys.get(name.text)
            if key is None:
                self._refuse(name, remarks)
                continue
            self.nodes[key.name] = value
            try:
                values[key.attribute] = key.kind.read(filled(name, value, remarks), remarks)
            except Unreadable:
                continue

    def _refuse(self, name: Scalar, remarks: Remarks) -> None:
        """Remark a key that there is not; the one that was probably meant counts as given, badly."""
        meant = nearest(name.text, self.keys)
        hint = f"; did you mean {quote(meant)}?" if meant else f": it has {', '.join(self.keys)}"
        remarks.error(name, f"unknown key {quote(name.text)} of {self.noun}{hint}")
        if meant:
            self.nodes.setdefault(meant, name)

    def _complete(self, remarks: Remarks) -> None:
        values = vars(self)
        for name, key in self.keys.items():
            if key.required and key.attribute not in values:
                self.whole = False
                if name not in self.nodes:
                    remarks.error(self, f"{self.noun} needs the key {quote(name)}")
        if self.exactly_one:
            given = [name for name in self.exactly_one if name in self.nodes]
            if not given:
                remarks.error(
                    self, f"{self.noun} needs one of the keys {listed(map(quote, self.exactly_one))}"
                )
            for name in given[1:]:
                remarks.error(
                    self.place(name), f"{quote(given[0])} is given as well as {quote(name)}: keep one"
                )

    def check(self, remarks: Remarks) -> None:
        """Remark what single keys cannot show; records with such rules override this."""

    def has(self, name: str) -> bool:
        """Tell whether a key was written, well or badly."""
        return name in self.nodes

    def names(self, name: str) -> list[str] | None:
        """Return the names that a table has, also those of bad entries; None where it cannot be told."""
        node = self.nodes.get(name)
        if isinstance(node, Mapping):
            return [key.text for key, _ in node.pairs]
        return None if node else []

    def was_read(self, name: str) -> bool:
        """Tell whether a key was written well."""
        return self.keys[name].attribute in vars(self)

    def place(self, name: str) -> Place:
        """Return where the value of a key stands; the record's own place where it was left out."""
        return self.nodes.get(name, self)

    @classmethod
    def schema(cls) -> JSON:
        """Return an object with these keys and no others."""
        wanted = [name for name, key in cls.keys.items() if key.required]
        schema: JSON = {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: key.schema() for name, key in cls.keys.items()},
        }
        if wanted:
            schema["required"] = wanted
        if cls.exactly_one:
            schema["oneOf"] = [{"required": [name]} for name in cls.exactly_one]
        return schema


class Of(Kind[R]):
    """A record as the value of a key or the item of a list."""

    def __init__(self, record: type[R]) -> None:
        self.record = record

    def read(self, node: Node, remarks: Remarks) -> R:
        """Read the record."""
        return self.record.read(node, remarks)

    def schema(self) -> JSON:
        """Return the record's schema."""
        return self.record.schema()

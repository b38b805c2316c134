"""What an entry tells only to those who may know it: its details stand beside the chain, not in it.

In their place the body has an empty text or list, and a commitment to all of them:

    withheld = SHA-256( salt ‖ details )

in hexadecimal. The salt is 32 random bytes of the entry's own, so that nobody without it can find out details
by guessing; the details are JSON, a list of [path, value], where a path leads through objects by key and
through lists by place. The chain is over the body alone: an edition without the details verifies as one with
them does, and they can be dropped later without breaking anything.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from netwatch.evidence import codec
from netwatch.evidence.chain import Details
from netwatch.model.fact import FactKind
from netwatch.model.sign import SignKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

KEY = "withheld"
"""Of the commitment, in the body."""

SALT = 32
"""Bytes."""

PUBLIC = frozenset(("claims.yaml", "maintenance.yaml", "holidays.yaml"))
"""Files of the configuration that anybody may read, beside the registers and figures: every CSV."""

EACH = ...
"""In a rule's path: every item of a list."""

ADDRESS = re.compile(
    r"\d{1,3}(?:\.\d{1,3}){3}"  # IPv4
    r"|(?:[0-9A-Fa-f]{1,4}:){2,}|::[0-9A-Fa-f]"  # IPv6, or a MAC address
    r"|(?:[0-9A-Fa-f]{2}-){5}|(?:[0-9A-Fa-f]{4}\.){2}"  # a MAC address
)
"""What a text has in it that may hold an address."""

Step = str | int
Path = tuple[Step, ...]


def _always(_holder: Any) -> bool:  # noqa: ANN401 - JSON
    return True


@dataclass(frozen=True, slots=True)
class Rule:
    """Values that are withheld: where they stand, and of which holders (the object or list they are in)."""

    path: tuple[Any, ...]  # of steps; EACH
    where: Callable[[Any], bool] = _always


def is_public(name: str) -> bool:
    """Tell whether anybody may read a file of the configuration, by its name in the folder."""
    return name in PUBLIC or name.lower().endswith(".csv")


_PRIVATE_FACTS = frozenset((FactKind.IDENTITY.value, FactKind.INSIDE_PROBE.value))

RULES: dict[str, tuple[Rule, ...]] = {
    "configured": (
        Rule(("lines", EACH, "address")),
        Rule(("devices", EACH, "address")),
        Rule(("devices", EACH, "expect")),
        Rule(("devices", EACH, "uplinks", EACH, "address")),
        Rule(("devices", EACH, "uplinks", EACH, "circuit")),
        # A file's hash tells whoever guesses its text that the guess is right.
        Rule(("documents", EACH, 1), lambda named: not is_public(named[0])),
    ),
    "document": (
        Rule(("text",), lambda document: not is_public(document["name"])),
        Rule(("sha256",), lambda document: not is_public(document["name"])),
    ),
    "facts": (
        Rule(("facts", EACH, 1), lambda fact: ADDRESS.search(fact[1]) is not None),
        Rule(("facts", EACH, 3), lambda fact: fact[0] in _PRIVATE_FACTS or bool(ADDRESS.search(fact[3]))),
    ),
    "sign": (Rule(("detail",), lambda sign: sign["kind"] == SignKind.IDENTITY.value),),
    "trace": (Rule(("address",)), Rule(("hops",)), Rule(("problem",))),
}
"""What is withheld, by kind of entry."""


class Body(NamedTuple):
    """An entry's body as it goes into the chain, and what stands beside it."""

    public: bytes
    details: Details | None = None

    @property
    def size(self) -> int:
        """Bytes of both."""
        return len(self.public) + (len(self.details.body) if self.details else 0)


def body(kind: str, said: object, chance: Callable[[int], bytes]) -> Body:
    """Return the body of an entry. `chance(n)` returns n random bytes."""
    plain = codec.plain(said)
    places = list(_places(kind, plain))
    if not places:
        return Body(codec.text(plain))
    details = Details(chance(SALT), codec.text([[path, holder[path[-1]]] for path, holder in places]))
    for path, holder in places:
        holder[path[-1]] = type(holder[path[-1]])()
    plain[KEY] = commitment(details)
    return Body(codec.text(plain), details)


def commitment(details: Details) -> str:
    """Return what an entry's body says of its details."""
    return hashlib.sha256(details.salt + details.body).hexdigest()


def open_path(kind: str, plain: object) -> str:
    """Return where a body tells openly what should be withheld; "" where it does not."""
    return next((".".join(map(str, path)) for path, _ in _places(kind, plain)), "")


def restore(plain: dict[str, Any], details: Details | None) -> None:
    """Take the commitment out of a body, and put the details back where they are at hand.

    Raises BrokenBodyError where they are not those that it was written with.
    """
    committed = plain.pop(KEY, None)
    if details is None:
        return
    if committed != commitment(details) or len(details.salt) != SALT:
        raise codec.BrokenBodyError("the details that stand beside it are not what was written")
    try:
        for path, value in codec.parse(details.body):
            _put(plain, path, value)
    except (TypeError, ValueError, LookupError) as error:
        raise codec.BrokenBodyError("its details lead nowhere") from error


def _put(plain: Any, path: Sequence[Step], value: object) -> None:  # noqa: ANN401 - JSON
    *way, last = path
    for step in way:
        plain = plain[step]
    if plain[last] != type(value)():
        raise ValueError(path)
    plain[last] = value


def _places(kind: str, plain: object) -> Iterator[tuple[Path, Any]]:
    """Yield the path of each value to be withheld, and what holds it. What is empty tells nothing."""
    for rule in RULES.get(kind, ()):
        *way, last = rule.path
        for path, holder in _follow(plain, way, ()):
            value = holder[last]
            if isinstance(value, str | list) and value and rule.where(holder):
                yield (*path, last), holder


def _follow(plain: Any, way: Sequence[Any], path: Path) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - JSON
    if not way:
        yield path, plain
    elif way[0] is EACH:
        for place, item in enumerate(plain):
            yield from _follow(item, way[1:], (*path, place))
    else:
        yield from _follow(plain[way[0]], way[1:], (*path, way[0]))

"""Version 3 notifications (RFC 3414): whose key signed them, and whether they are of the present.

Of a trap the sender is the authority: its keys are the device's at the engine that the message names, and its
time must not run backwards. Where polling has proven which engine the device has and what its time is, that
is the measure, so that no recording passes for the first trap, and a clock that was set back is followed. Of
an inform we are the authority: it must be made for our engine, within our time. What is wrong is reported to
senders that wait for an answer, and only to addresses of devices that are watched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar

from netwatch.polling.trap_engine import (
    DECRYPTION,
    NOT_IN_WINDOW,
    UNKNOWN_ENGINE,
    UNKNOWN_USER,
    UNSUPPORTED_LEVEL,
    WRONG_DIGEST,
)
from netwatch.polling.trap_intake import Rejected, Taken
from netwatch.protocols.ber import MalformedError
from netwatch.protocols.traps import read_pdu, response_pdu
from netwatch.protocols.usm import NotGenuineError, user
from netwatch.protocols.usm_message import AUTHENTICATED, ENGINE_IDS, REPORTABLE, TIME_WINDOW, split

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from netwatch.model.device import Credential
    from netwatch.model.secret import Secret
    from netwatch.polling.snmp_peer import Proof
    from netwatch.polling.trap_engine import OwnEngine
    from netwatch.polling.trap_intake import Watched
    from netwatch.protocols.usm import Keys, User
    from netwatch.protocols.usm_message import Message, Scoped

K = TypeVar("K")
V = TypeVar("V")

REMEMBERED = 20_000
"""Engines that are known at a time: far more than there are devices."""

_WRONG = {
    "level": ("wrong level", UNSUPPORTED_LEVEL),
    "digest": ("wrong digest", WRONG_DIGEST),
    "decryption": ("decryption", DECRYPTION),
}
"""By the reason of a MalformedError: how it is counted, and what is reported."""


class _Time(NamedTuple):
    """The latest that is known of the time of an engine."""

    boots: int
    time: int
    at: float  # monotonic


class _Opened(NamedTuple):
    """A message that a device's keys open."""

    watched: Watched
    keys: Keys
    inside: Scoped


class SignedIntake:
    """Takes version 3 messages of devices whose credential is of version 3.

    `make_user` makes keys of passphrases; each credential is handed to it once.
    """

    def __init__(self, engine: OwnEngine, make_user: Callable[[Credential], User] | None = None) -> None:
        self._engine = engine
        self._make_user = make_user or _user
        self._proof: Callable[[str], Proof | None] = lambda _: None
        self._watched: frozenset[Watched] = frozenset()
        self._users: dict[Credential, User] = {}
        self._keys: dict[tuple[Credential, bytes], Keys] = {}
        self._owners: dict[bytes, Watched] = {}  # by the engineID that a signed message of theirs named
        self._times: dict[tuple[str, bytes], _Time] = {}  # by device: engineIDs may not be unique

    def use(self, watched: Collection[Watched]) -> None:
        """Know the users of these from now on; what is known of those that stay is kept."""
        self._watched = frozenset(watched)
        credentials = {each.credential for each in watched}
        self._users = {each: made for each, made in self._users.items() if each in credentials}
        self._keys = {key: made for key, made in self._keys.items() if key[0] in credentials}
        self._owners = {name: owner for name, owner in self._owners.items() if owner in self._watched}
        names = {each.device for each in watched}
        self._times = {key: time for key, time in self._times.items() if key[0] in names}

    def trust(self, proof: Callable[[str], Proof | None]) -> None:
        """Judge by what polling has proven of the engine of a device, by its name."""
        self._proof = proof

    def take(self, data: bytes, found: tuple[Watched, ...], now: float) -> Taken:
        """Look at a message that came from the address of those `found`; raise MalformedError or Rejected."""
        message = split(data)
        if message.msg_id < 0:
            raise MalformedError("negative")
        waits = bool(message.flags & REPORTABLE)
        if waits and not found:  # an engineID is no secret: nobody else is answered, whatever it names
            raise Rejected("unknown sender")
        owner = self._owners.get(message.engine_id)
        if owner is not None and (not found or owner in found):
            found = (owner,)
        if not found:
            raise Rejected("unknown sender")
        if message.engine_id == self._engine.engine_id:
            return self._take_inform(message, found, waits=waits)
        if waits:  # an inform, or the question before it: who are you?
            return Taken(answer=self._engine.report(message, UNKNOWN_ENGINE))
        if len(message.engine_id) not in ENGINE_IDS:
            raise Rejected("unknown engine")
        return self._take_trap(message, found, now)

    def _take_trap(self, message: Message, found: tuple[Watched, ...], now: float) -> Taken:
        try:
            opened = self._open(message, found)
        except MalformedError as error:
            if error.reason in _WRONG:
                raise Rejected(_WRONG[error.reason][0]) from None
            raise
        said = read_pdu(opened.inside.pdu, opened.inside.data, opened.inside.start, opened.inside.stop)
        if said.confirmed:  # made for another engine than ours
            raise Rejected("unknown engine")
        authentic = bool(message.level & AUTHENTICATED)
        if authentic and not self._follow(message, opened.watched.device, now):
            raise Rejected("not in time window")
        if authentic:
            _remember(self._owners, message.engine_id, opened.watched)
        return Taken(said, opened.watched.device, authentic)

    def _take_inform(self, message: Message, found: tuple[Watched, ...], *, waits: bool) -> Taken:
        engine = self._engine
        try:
            opened = self._open(message, found)
        except Rejected as rejected:
            report = engine.report(message, UNKNOWN_USER) if waits else None
            return Taken(rejected=rejected.reason, answer=report)
        except MalformedError as error:
            if error.reason not in _WRONG:
                raise
            reason, what = _WRONG[error.reason]
            return Taken(rejected=reason, answer=engine.report(message, what) if waits else None)
        authentic = bool(message.level & AUTHENTICATED)
        if authentic and not engine.is_in_window(message):
            report = engine.report(message, NOT_IN_WINDOW, opened.keys) if waits else None
            return Taken(rejected="not in time window", answer=report)
        inside = opened.inside
        said = read_pdu(inside.pdu, inside.data, inside.start, inside.stop)
        if not said.confirmed:
            raise MalformedError("not an inform")
        context = (inside.context_engine_id, inside.context_name)
        answer = engine.answer(opened.keys, message.msg_id, context, response_pdu(said))
        return Taken(said, opened.watched.device, authentic, answer)

    def _open(self, message: Message, found: tuple[Watched, ...]) -> _Opened:
        """Open a message with the keys of the one of `found` that has its user."""
        fitting = [each for each in found if _has_user(each.credential, message.user)]
        if not fitting:
            raise Rejected("unknown user")
        if len({each.credential for each in fitting}) < len(fitting):
            raise Rejected("several senders")  # behind one address, with one key: it may be either's
        problem = MalformedError("digest")
        for each in fitting:
            if each.credential is None:
                continue
            try:
                keys = self._keys_of(each.credential, message)
                inside = keys.open(message)
            except MalformedError as error:
                problem = error
                continue
            if message.level & AUTHENTICATED:  # else anybody may have made it, for any engine
                _remember(self._keys, (each.credential, message.engine_id), keys)
            return _Opened(each, keys, inside)
        raise problem

    def _keys_of(self, credential: Credential, message: Message) -> Keys:
        """Return the keys that may open a message; raise NotGenuineError where it is not signed by them.

        Privacy keys are made for who has signed alone: forgers name a new engine in each message.
        """
        known = self._keys.get((credential, message.engine_id))
        if known is not None:
            return known
        made = self._users.get(credential)
        if made is None:
            made = self._users[credential] = self._make_user(credential)
        if message.level != made.level:
            raise NotGenuineError("level")
        if message.level and not made.signing_at(message.engine_id).verify(message):
            raise NotGenuineError("digest")
        return made.at(message.engine_id)

    def _follow(self, message: Message, device: str, now: float) -> bool:
        """Tell whether a signed message is no older than its sender's time allows (RFC 3414, 3.2 (7) (b)).

        Raises Rejected where polling has proven that the device has another engine.
        """
        key = device, message.engine_id
        known = self._times.get(key)
        proof = self._proof(device)
        if proof is not None:
            if proof.engine_id != message.engine_id:
                raise Rejected("unknown engine")
            if known is None or proof.at >= known.at:
                known = _Time(proof.boots, proof.time, proof.at)
        if known is not None:
            present = known.time + (now - known.at)
            if message.boots < known.boots or (
                message.boots == known.boots and message.time < present - TIME_WINDOW
            ):
                return False
        if known is None or (message.boots, message.time) > (known.boots, known.time):
            _remember(self._times, key, _Time(message.boots, message.time, now))
        return True


def _remember(known: dict[K, V], key: K, value: V) -> None:
    """Keep a value, in place of the oldest where there are too many."""
    known[key] = value
    if len(known) > REMEMBERED:
        del known[next(iter(known))]


def _has_user(credential: Credential | None, name: bytes) -> bool:
    return (
        credential is not None
        and credential.version == "3"
        and not credential.problem
        and credential.user.encode() == name
    )


def _user(credential: Credential) -> User:
    return user(
        credential.user,
        _pair(credential.auth_protocol, credential.auth_passphrase),
        _pair(credential.priv_protocol, credential.priv_passphrase),
    )


def _pair(protocol: str, passphrase: Secret | None) -> tuple[str, bytes] | None:
    return (protocol, passphrase.reveal().encode()) if protocol and passphrase is not None else None

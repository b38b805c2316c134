"""ICMP errors say who could not reach whom: they are told, but alone they end no slot."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.outcome import SlotResult

GOOD, LOST, UNREACHABLE, INVALID = SlotResult

ROUTER = "198.18.255.1"


def refusing(world: Any, number: int, **how: Any) -> None:
    """Let a router answer the echoes of a line with an ICMP error."""

    def refuse(echo: Any) -> list[Any]:
        world.icmp_error(echo, ROUTER, **how)
        return []

    world.socket.hosts[world.host(number)] = refuse


def test_an_error_is_told_within_a_fifth_of_a_second(world: Any) -> None:
    refusing(world, 1)
    world.ask(world.line(1))
    world.run(10)
    for error, echo in zip(world.errors, world.socket.sent, strict=False):
        assert 0 <= error.at - world.EPOCH - echo.at <= 0.2


def test_an_error_about_an_echo_that_was_answered_is_forgotten(make_world: Any) -> None:
    """Its sequence comes again 65,536 rounds later, and is judged afresh."""
    world = make_world()

    def both(echo: Any) -> list[Any]:
        world.icmp_error(echo, ROUTER)
        return [(0.4, echo.to, world.reply_to(echo.message))]

    world.socket.hosts[world.host(1)] = both
    world.ask(world.line(1))
    world.run(10)
    world.socket.hosts[world.host(1)] = world.answering()
    told = len(world.ends)
    world.time.stall(65_536 - 15)
    world.run(20)
    later = [end.result for end in sorted(world.ends[told:], key=lambda end: end.due)]
    assert set(later) <= {GOOD, INVALID, LOST}
    assert later.count(LOST) > 15


def test_an_error_that_comes_after_the_timeout_is_still_told(world: Any) -> None:
    """A router asks for its neighbour three seconds long before it gives up."""
    held: list[Any] = []
    world.socket.hosts[world.host(1)] = lambda echo: held.append(echo) or []
    world.ask(world.line(1))
    for _ in range(20):
        world.run(1)
        if len(held) > 3:
            world.icmp_error(held[-4], ROUTER)
    assert set(world.results(1)) == {LOST}
    assert len(world.errors) >= 15


def test_a_short_quote_speaks_of_all_lines_of_its_address(world: Any) -> None:
    refusing(world, 1, size=8)
    world.ask(world.line(1), world.line(2, world.address(1)))
    world.run(10)
    assert set(world.results(1)) == set(world.results(2)) == {UNREACHABLE}


@pytest.mark.parametrize(("silent", "refused"), [(1, 2), (2, 1)])
def test_a_whole_quote_speaks_of_one_line_of_its_address(world: Any, silent: int, refused: int) -> None:
    def refuse_one(echo: Any) -> list[Any]:
        if echo.message[13] == refused:  # the line's number
            world.icmp_error(echo, ROUTER)
        return []

    world.socket.hosts[world.host(1)] = refuse_one
    world.ask(world.line(1), world.line(2, world.address(1)))
    world.run(10)
    assert set(world.results(silent)) == {LOST}
    assert set(world.results(refused)) == {UNREACHABLE}
    assert {error.line for error in world.errors} == {refused}


def test_an_error_about_an_address_that_is_not_asked_is_counted(world: Any) -> None:
    def astray(echo: Any) -> list[Any]:
        world.icmp_error(echo._replace(to=world.host(77)), ROUTER)
        return []

    world.socket.hosts[world.host(1)] = astray
    world.ask(world.line(1))
    world.run(10)
    assert world.errors == []
    assert set(world.engine.rejected) == {"unknown_line"}


def test_errors_of_icmpv6_are_told_too(make_world: Any) -> None:
    world = make_world(versions=(6,))
    line = world.line(1, "2001:db8:0:0::1")
    binary = bytes.fromhex("20010db8000000000000000000000001")

    def refuse(echo: Any) -> list[Any]:
        world.icmp_error(echo, "2001:db8::ffff", kind=(1, 3))
        return []

    world.sockets[6].hosts[binary] = refuse
    world.ask(line)
    world.run(10)
    assert set(world.results(1)) == {UNREACHABLE}
    assert {(error.sender, error.kind) for error in world.errors} == {("2001:db8::ffff", "host unreachable")}


def test_errors_about_every_echo_of_ten_thousand_lines_are_read_as_fast_as_they_come(world: Any) -> None:
    """Linux keeps them in the receive buffer: what is left there takes the room of replies."""
    for number in range(10_000):
        refusing(world, number)
    world.ask(*(world.line(number) for number in range(10_000)))
    world.run(4)
    assert len(world.socket.errors_ready) < 5_000, "half a second's at most"

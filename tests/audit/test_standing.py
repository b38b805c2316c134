"""What was signed for and objected to stands as the ledger's entries say, newest last."""

from __future__ import annotations

import datetime as dt

from signed import answer, dispute, exhibit, paper

from netwatch.audit.standing import Standing

EARLIER = dt.date(2018, 1, 1)


def test_attestations_stand_in_the_order_of_their_days() -> None:
    first, second, other = paper("b"), paper("a", date=EARLIER), paper("c", unit="v")
    elsewhere = paper("d", register="s")
    standing = Standing([first, second, other, elsewhere, "something else"])
    assert standing.attestations("r", "u") == (second, first)
    assert standing.of_register("r") == (second, first, other)
    assert standing.attestations("r", "nowhere") == ()


def test_a_later_entry_of_a_name_takes_its_place_or_takes_it_back() -> None:
    standing = Standing([paper("a"), paper("b"), paper("a", date=EARLIER)])
    assert standing.attestations("r", "u") == (paper("a", date=EARLIER), paper("b"))
    standing.take(paper("a", withdrawn=True))
    assert standing.attestations("r", "u") == standing.of_register("r") == (paper("b"),)
    assert standing.names == {"a", "b"}


def test_an_exhibit_is_kept_once() -> None:
    standing = Standing([exhibit("ab", at=1.0), exhibit("ab", at=2.0)])
    assert standing.exhibits == {"ab": exhibit("ab", at=1.0)}


def test_disputes_are_open_until_they_are_answered() -> None:
    standing = Standing([dispute("u", "first"), dispute("u", "second"), dispute("v", "third")])
    assert standing.disputed("fibre", "r") == {"u": ("first", "second"), "v": ("third",)}
    assert standing.open_disputes("fibre", "r", "u") == ("first", "second")
    standing.take(answer("first"))
    standing.take(answer("third"))
    standing.take(answer("unheard of"))
    assert standing.disputed("fibre", "r") == {"u": ("second",)}
    assert standing.disputed("other", "r") == standing.disputed("fibre", "s") == {}
    assert standing.answers.keys() == {"first", "third"}

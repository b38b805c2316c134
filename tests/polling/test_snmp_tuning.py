from __future__ import annotations

from netwatch.polling.tuning import CLEAN_WALKS, GETNEXT, Tuning


def test_one_lost_packet_changes_nothing() -> None:
    tuning = Tuning(8)
    tuning.unanswered(1, damaged=False)
    assert tuning.repetitions == 8
    tuning.answered()
    assert tuning.limit == 8


def test_silence_to_the_same_request_twice_and_an_answer_to_less_halves() -> None:
    tuning = Tuning(8)
    tuning.unanswered(1, damaged=False)
    tuning.unanswered(2, damaged=False)
    assert tuning.repetitions == GETNEXT
    tuning.answered()
    assert tuning.repetitions == 4


def test_silence_to_everything_proves_nothing() -> None:
    tuning = Tuning(8)
    for attempts in (1, 2, 3):
        tuning.unanswered(attempts, damaged=False)
    tuning.gave_up()
    assert tuning.repetitions == 8


def test_an_agent_that_never_answers_getbulk_is_asked_by_getnext_in_the_end() -> None:
    tuning = Tuning(5)
    seen = []
    for _ in range(4):
        if tuning.repetitions != GETNEXT:
            tuning.unanswered(1, damaged=False)
            tuning.unanswered(2, damaged=False)
        tuning.answered()
        seen.append(tuning.repetitions)
    assert seen == [2, 1, GETNEXT, GETNEXT]


def test_damaged_answers_halve_at_once() -> None:
    tuning = Tuning(8)
    tuning.unanswered(1, damaged=True)
    tuning.unanswered(2, damaged=True)
    assert tuning.repetitions == 2
    tuning.answered()
    assert tuning.limit == 2


def test_too_big_halves_until_there_is_no_less() -> None:
    tuning = Tuning(5)
    assert [(tuning.too_much(), tuning.repetitions) for _ in range(4)] == [
        (True, 2),
        (True, 1),
        (True, GETNEXT),
        (False, GETNEXT),
    ]


def test_leaving_out_rows_halves_short_of_getnext() -> None:
    tuning = Tuning(3)
    tuning.halve()
    tuning.halve()
    assert tuning.limit == 1
    tuning.too_much()
    tuning.halve()
    assert tuning.limit == GETNEXT


def test_many_walks_without_trouble_try_twice_as_much() -> None:
    tuning = Tuning(5)
    for _ in range(3):
        tuning.too_much()
    sizes = []
    for _ in range(4 * CLEAN_WALKS):
        tuning.walked()
        sizes.append(tuning.limit)
    assert sizes[:: CLEAN_WALKS // 2] == [0, 0, 1, 1, 2, 2, 4, 4]
    assert sizes[-1] == 5

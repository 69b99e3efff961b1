"""Giving the questionnaire in both modes, with retest rounds, and reading replies back to items."""

from __future__ import annotations

import re

import pytest

from valuelex.instruments.pvq.give import Asked, Mode, give, read_reply
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.requests import CUE, Respondent
from valuelex.records import Outcome, Reply, Sampling


def ask(
    questionnaire: Questionnaire, mode: Mode, interface: str = "chat", trials: int = 4
) -> list[Asked]:
    return give(
        questionnaire,
        Respondent("m", "m", "r", "chat" if interface == "chat" else "completion"),
        mode=mode,
        rounds=(("person", trials), ("plain", 2)),
        sampling=Sampling(0.7, 0.95, 700),
        order_seed=3,
    )


@pytest.mark.parametrize("mode", ["item", "sheet"])
def test_each_item_of_each_trial_is_asked_once_under_each_frame(
    questionnaire: Questionnaire, mode: Mode
) -> None:
    asked = ask(questionnaire, mode)
    cells = [(one.frame, one.trial, item) for one in asked for item in one.items]
    assert len(cells) == len(set(cells)) == (4 + 2) * 57
    assert len({one.request.id for one in asked}) == len(asked)
    assert len(asked) == (6 if mode == "sheet" else 6 * 57)


def test_a_retest_keeps_the_orders_and_changes_the_wording_alone(
    questionnaire: Questionnaire,
) -> None:
    asked = ask(questionnaire, "item")
    first = [one for one in asked if one.frame == "person" and one.trial < 2]
    again = [one for one in asked if one.frame == "plain"]
    assert [(o.items, o.order, o.first) for o in first] == [
        (o.items, o.order, o.first) for o in again
    ]
    said = questionnaire.frames["person"], questionnaire.frames["plain"]
    for one, other in zip(first, again, strict=True):
        a, b = (o.request.messages[0].content for o in (one, other))
        assert a.replace(said[0], said[1]) == b != a


def test_both_modes_take_the_same_orders_and_read_the_same_answers(
    questionnaire: Questionnaire,
) -> None:
    def answer(item: int) -> int:
        return 1 + item % 6

    found = {}
    for mode in ("item", "sheet"):
        rows = []
        for one in ask(questionnaire, mode):
            lines = [f"{place}: {answer(item)}" for place, item in enumerate(one.items, 1)]
            text = "\n".join(lines) if mode == "sheet" else str(answer(one.items[0]))
            reply = Reply(one.request.id, text, "answered")
            rows += read_reply(one, reply, questionnaire, continuation=False)
        found[mode] = rows
        assert all(row.answer == answer(row.item) for row in rows)
    orders = {
        mode: sorted((r.frame, r.trial, r.item, r.position) for r in rows)
        for mode, rows in found.items()
    }
    assert orders["item"] == orders["sheet"]


def test_a_base_model_is_given_the_number_to_go_on_from(questionnaire: Questionnaire) -> None:
    (one, *_) = ask(questionnaire, "sheet", "completion")
    assert one.request.messages[0].content.endswith(CUE)
    text = " 5\n" + "\n".join(f"{n}: {1 + n % 6}" for n in range(2, 58)) + "\n1: 2"
    rows = read_reply(one, Reply("x", text, "answered"), questionnaire, continuation=True)
    assert [row.answer for row in rows] == [5, *(1 + n % 6 for n in range(2, 58))]


@pytest.mark.parametrize(
    ("outcome", "reasons"),
    [
        ("refused", {"refused"}),
        ("failed", {"failed"}),
        ("truncated", {"", "truncated: missing"}),
        ("answered", {"", "missing"}),
    ],
)
def test_the_outcome_of_a_sheet_comes_first(
    questionnaire: Questionnaire, outcome: Outcome, reasons: set[str]
) -> None:
    (one, *_) = ask(questionnaire, "sheet")
    rows = read_reply(one, Reply("x", "1: 5\n2: 4", outcome), questionnaire, continuation=False)
    assert {row.reason for row in rows} == reasons
    assert sum(row.answer is not None for row in rows) == (2 if "" in reasons else 0)
    assert [row.position for row in rows] == list(range(1, 58))


def test_the_sheet_shows_every_portrait_once(questionnaire: Questionnaire) -> None:
    (one, *_) = ask(questionnaire, "sheet")
    text = one.request.messages[0].content
    numbers = [int(n) for n in re.findall(r"^(\d+)\. This person", text, flags=re.MULTILINE)]
    assert numbers == list(range(1, 58))

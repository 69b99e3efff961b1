from __future__ import annotations

import numpy as np
import pytest

from valuelex.errors import DataError, PromptError
from valuelex.instruments.pvq.items import Questionnaire, with_official_text
from valuelex.instruments.pvq.key import Key
from valuelex.instruments.pvq.requests import (
    Administration,
    Respondent,
    options_text,
    plan_orders,
    sheet_requests,
    survey_requests,
)
from valuelex.records import Sampling

SAMPLING = Sampling(0.7, 0.95, 24)
CHAT = Respondent("aster-7b", "org/aster-7b", "rev")


def ask(
    questionnaire: Questionnaire,
    respondent: Respondent = CHAT,
    *,
    trials: int = 4,
    order_seed: int = 7,
    frame: str = "person",
) -> list[Administration]:
    return survey_requests(
        questionnaire,
        respondent,
        sampling=SAMPLING,
        trials=trials,
        order_seed=order_seed,
        frame=frame,
    )


def test_every_item_once_a_trial_with_ids_of_its_own(questionnaire: Questionnaire) -> None:
    asked = ask(questionnaire)
    assert len(asked) == 4 * 57
    assert len({one.request.id for one in asked}) == len(asked)
    for trial in range(4):
        mine = [one for one in asked if one.trial == trial]
        assert sorted(one.item for one in mine) == list(range(1, 58))
        assert [one.position for one in mine] == list(range(1, 58))
        assert {one.request.draw for one in mine} == {trial}
    assert asked[0].request.prompt == f"pvq.v1/{asked[0].item:02d}"
    assert asked[0].request.respondent == "aster-7b@t0.7-p0.95"


def test_orders_vary_are_balanced_and_come_from_the_seed(questionnaire: Questionnaire) -> None:
    asked = ask(questionnaire)
    orders = [[one.item for one in asked if one.trial == trial] for trial in range(4)]
    assert len({tuple(order) for order in orders}) == 4
    for item in range(1, 58):
        directions = [one.order for one in asked if one.item == item]
        assert directions.count("ascending") == 2
    assert asked == ask(questionnaire)
    assert asked != ask(questionnaire, order_seed=8)


def test_more_trials_leave_the_earlier_ones_as_they_were(questionnaire: Questionnaire) -> None:
    assert ask(questionnaire, trials=6)[: 4 * 57] == ask(questionnaire)


def test_what_is_said(questionnaire: Questionnaire) -> None:
    one = next(a for a in ask(questionnaire) if a.order == "descending")
    text = one.request.messages[0].content
    assert questionnaire.portraits[one.item - 1].text in text
    assert questionnaire.frames["person"] in text
    assert text.index("6 = very much like me") < text.index("1 = not like me at all")
    assert "6 to 1" in text
    assert "{" not in text
    base = ask(questionnaire, Respondent("aster-base", "org/b", "rev", "completion"))[0]
    assert base.request.messages[0].content.rstrip().endswith("):")


def test_a_portrait_with_braces_is_left_alone(questionnaire: Questionnaire, key: Key) -> None:
    rows = [(item, f"likes {{options}} and {{}} number {item}") for item in range(1, 58)]
    odd = with_official_text(questionnaire, rows, key, "odd.v1")
    text = ask(odd)[0].request.messages[0].content
    assert "likes {options} and {} number" in text


def test_sheet_numbers_descriptions_by_place(questionnaire: Questionnaire) -> None:
    sheets = sheet_requests(
        questionnaire, CHAT, sampling=SAMPLING, trials=2, order_seed=7, frame="plain"
    )
    assert len(sheets) == 2
    first = sheets[0]
    text = first.request.messages[0].content
    assert f"1. {questionnaire.portraits[first.items[0] - 1].text}" in text
    assert f"57. {questionnaire.portraits[first.items[56] - 1].text}" in text
    assert sorted(first.items) == list(range(1, 58))


def test_a_base_model_goes_on_with_the_first_number(questionnaire: Questionnaire) -> None:
    base = Respondent("aster-base", "org/b", "rev", "completion")
    sheets = sheet_requests(
        questionnaire, base, sampling=SAMPLING, trials=1, order_seed=7, frame="plain"
    )
    text = sheets[0].request.messages[0].content
    assert text.endswith("\n\n1:")
    assert not text.endswith("\n\n\n1:")
    assert sheets[0].request.messages[0].role == "user"
    assert (sheets[0].request.prompt, sheets[0].request.draw) == ("pvq.v1/sheet", 0)
    assert CHAT.interface == "chat"


def test_the_numbers_named_run_as_the_options_do(questionnaire: Questionnaire) -> None:
    for one in ask(questionnaire, trials=2):
        text = one.request.messages[0].content
        assert ("1 to 6" in text) == (one.order == "ascending")
        assert ("6 to 1" in text) == (one.order == "descending")
        assert (one.request.model_id, one.request.revision) == ("org/aster-7b", "rev")
        assert one.request.sampling == SAMPLING


def test_options_keep_their_numbers_in_both_directions() -> None:
    labels = {1: "no", 2: "yes"}
    assert options_text(labels, "ascending") == "1 = no\n2 = yes"
    assert options_text(labels, "descending") == "2 = yes\n1 = no"


def test_bad_requests_are_refused(questionnaire: Questionnaire) -> None:
    with pytest.raises(DataError, match="trials"):
        ask(questionnaire, trials=0)
    with pytest.raises(PromptError, match="frame"):
        ask(questionnaire, frame="robot")


def test_a_plan_is_a_permutation_of_the_items() -> None:
    plan = plan_orders(5, 3, 1)
    assert plan.items.shape == plan.descending.shape == (3, 5)
    assert plan_orders(1, 1, 0).items.tolist() == [[1]]
    for items, trials in ((0, 1), (1, 0)):
        with pytest.raises(DataError, match=f"were: {trials}, {items}"):
            plan_orders(items, trials, 1)
    # of two neighbouring trials each item stands once upwards and once downwards
    assert (plan.descending[0] != plan.descending[1]).all()
    assert (plan.descending[0] == plan.descending[2]).all()
    assert np.array_equal(np.sort(plan.items, axis=1), np.tile(np.arange(1, 6), (3, 1)))

"""The calls of a judge that is a model: foretold from the form, then counted, priced and kept."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.backends.server import Answer, Seen, completion, serve
from tests.cli.served import KEYS, Project, served_project
from tests.cli.test_planning import row
from tests.scoring.material import STEMS, TERMS, form, taxonomy

from valuelex.artifacts.table import FORM, TAXONOMY
from valuelex.errors import SettingsError
from valuelex.records import Reply
from valuelex.stages.batching import export_batches
from valuelex.stages.context import open_context
from valuelex.stages.plan_judging import judge_calls

USAGE = {"prompt_tokens": 700, "completion_tokens": 30}
MARK = re.compile(r"\[ending (\w+)\]")
DRAWS = 2
CONTROLS = [
    {"id": "c1", "text": "tell the truth.", "sub_dimension": "d1.s1", "expected": "high"},
    {"id": "c2", "text": "lie about it.", "sub_dimension": "d1.s1", "expected": "low"},
]
GIVEN = len(STEMS) * DRAWS * len(KEYS)
JUDGE = KEYS[0]


@dataclass
class Study:
    """A study whose first model judges; ``seen`` are the requests that reached the server."""

    project: Project
    seen: list[Seen]

    @property
    def judged(self) -> int:
        return sum(bool(mark(one)) for one in self.seen)

    def plan(self, *more: str) -> str:
        return self.project.said("plan", "--stage", "score", *more, CANARY_KEY=None)

    def complete(self) -> None:
        for key in KEYS:
            self.project.said("run", "administer", "--model", key)


def mark(one: Seen) -> str:
    found = MARK.search(one.body["messages"][-1]["content"])
    return found.group(1) if found else ""


def answer(one: Seen) -> Answer:
    """Complete a stem (one of the six is no answer); judge an ending, one of them unreadably."""
    asked = one.body["messages"][-1]["content"]
    code = mark(one)
    if not code:
        text = "12345" if "referee" in asked else f"tell {len(asked)} friends the truth."
    elif "lie about it" in asked:
        text = "I would rather not say."
    else:
        text = json.dumps({"code": code, "scores": dict.fromkeys(TERMS, 4)})
    return Answer({**completion(text), "usage": USAGE})


@pytest.fixture
def study(tmp_path: Path) -> Iterator[Study]:
    with serve(answer) as (url, seen):
        judges, draws = {"judges": ["embedding", JUDGE]}, {"draws": DRAWS}
        project = served_project(tmp_path / "study", url, score=judges, administer=draws)
        yield Study(project, seen)


@pytest.fixture
def composed(study: Study) -> Study:
    TAXONOMY.write(study.project.root, taxonomy())
    FORM.write(study.project.root, {"form": "projective", **form(), "controls": CONTROLS})
    return study


def counted(said: str) -> list[int]:
    """Return requests, in store, to ask, tokens in, out, out at most."""
    return [int(cell.replace(",", "")) for cell in row(said, "score", JUDGE)[2:8]]


def test_before_there_is_a_form_nothing_is_foretold(study: Study) -> None:
    said = study.project.said("plan")
    assert "score: not counted for 1 models (known once `dvc repro compose`" in said


def test_before_there_are_endings_their_number_is_an_estimate_and_said_to_be(
    composed: Study,
) -> None:
    said = composed.plan()
    calls = GIVEN + len(CONTROLS)
    requests, stored, to_ask, tokens_in, out, most = counted(said)
    assert (requests, stored, to_ask) == (calls, 0, calls)
    assert out == most == calls * 400
    assert f"score {JUDGE}: the number is an estimate (6 stems x 2 draws x 2 models, and 2" in said
    assert composed.seen == []
    composed.complete()
    after = composed.plan()
    assert "estimate (6 stems" not in after
    assert counted(after)[3] < tokens_in  # shorter endings, and fewer


def test_a_plan_counts_the_calls_that_the_judge_will_be_asked(composed: Study) -> None:
    composed.complete()
    unanswered = DRAWS * len(KEYS)
    first = GIVEN - unanswered + len(CONTROLS)
    assert counted(composed.plan())[:3] == [first, 0, first]
    assert composed.judged == 0
    composed.project.said("prefetch", "score")
    again = 2  # the verdict that cannot be read is asked for at most three times
    assert composed.judged == first + again
    assert counted(composed.plan())[:3] == [first + again, first + again, 0]


def test_the_calls_of_a_judge_have_its_price(composed: Study) -> None:
    composed.complete()
    prices = composed.project.root / "prices.yaml"
    prices.write_text("currency: EUR\nprices:\n  m-one: {input: 1000, output: 5000}\n")
    said = composed.plan("--prices", str(prices))
    tokens_in, out = counted(said)[3:5]
    cost = float(row(said, "score", JUDGE)[8].replace(",", ""))
    assert cost == pytest.approx((tokens_in * 1000 + out * 5000) / 1e6, abs=0.01)
    assert cost > 1
    # the same line in the whole bill, and in its sum
    whole = composed.project.said("plan", "--prices", str(prices), CANARY_KEY=None)
    assert row(whole, "score", JUDGE) == row(said, "score", JUDGE)
    lines = [one.split() for one in whole.splitlines() if one.split()[1:2] in (["one"], ["two"])]
    asked = sum(int(cells[4].replace(",", "")) for cells in lines)
    assert int(row(whole, "all")[3].replace(",", "")) == asked


def test_a_verdict_that_cannot_be_read_makes_one_more_call(composed: Study) -> None:
    composed.complete()
    context = open_context(composed.project.root)
    waiting = judge_calls(context, JUDGE, lambda _: {}).requests
    assert {request.draw for request in waiting} == {0}
    more = judge_calls(context, JUDGE, _unreadable_at_first()).requests
    assert sorted(request.draw for request in more) == [0] * len(waiting) + [1] * len(waiting)
    assert len({request.id for request in more}) == len(more)


def _unreadable_at_first() -> Callable[[Sequence[str]], Mapping[str, Reply]]:
    answers = iter([True])

    def find(ids: Sequence[str]) -> Mapping[str, Reply]:
        known = ids if next(answers, False) else ()
        return {one: Reply(one, "no verdict", "answered") for one in known}

    return find


def test_without_such_a_judge_there_is_nothing_to_ask(tmp_path: Path) -> None:
    project = served_project(tmp_path / "study", "http://127.0.0.1:9/v1")
    assert "nobody is asked" in project.said("plan", "--stage", "score")
    assert "score" not in project.said("plan")


def test_a_judge_that_is_in_no_roster_is_told(tmp_path: Path) -> None:
    project = served_project(tmp_path / "study", "http://127.0.0.1:9/v1", score={"judges": ["tow"]})
    done = project.run("plan")
    assert done.returncode == 2
    assert "did you mean 'two'" in done.stderr


def test_batch_files_hold_no_calls_of_a_judge(composed: Study, tmp_path: Path) -> None:
    context = open_context(composed.project.root)
    with pytest.raises(SettingsError, match="cannot hold the calls of 'score'"):
        export_batches(context, tmp_path / "batch", stages=("score",))
    assert not (tmp_path / "batch").exists()

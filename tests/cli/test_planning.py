"""Plans, dry runs and limits against a real server that counts, and the prices of a user's file."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.backends.server import Answer, Seen, completion, serve
from tests.cli.served import KEYS, Project, served_project

from valuelex.artifacts.table import REPLIES
from valuelex.backends.store import ReplyStore
from valuelex.errors import SettingsError
from valuelex.stages.prices import Price, read_prices


@pytest.fixture
def asked(tmp_path: Path) -> Iterator[tuple[Project, list[Seen]]]:
    def answer(_: Seen) -> Answer:
        return Answer({**completion("- honesty\n- care"), "usage": USAGE})

    with serve(answer) as (url, seen):
        yield served_project(tmp_path / "study", url), seen


USAGE = {"prompt_tokens": 100, "completion_tokens": 20}


def row(said: str, *first: str) -> list[str]:
    return next(
        line.split() for line in said.splitlines() if line.split()[: len(first)] == [*first]
    )


def test_a_plan_sends_nothing_and_counts_everything(asked: tuple[Project, list[Seen]]) -> None:
    project, seen = asked
    said = project.said("plan")
    survey, both = str(project.size("survey")), str(2 * (30 + project.size("survey")))
    for key in KEYS:
        assert row(said, "elicit", key)[2:5] == ["30", "0", "30"]
        assert row(said, "survey", key)[2:5] == [survey, "0", survey]
    assert row(said, "all")[1:4] == [both, "0", both]
    assert "administer: not counted for 2 models (known once `dvc repro compose`" in said
    assert "tokens of 4 of 4 lines are estimated" in said
    assert seen == []
    assert not (project.root / ".valuelex").exists()


def test_a_dry_run_needs_no_key_and_sends_nothing(asked: tuple[Project, list[Seen]]) -> None:
    project, seen = asked
    said = project.said("run", "elicit", "--model", KEYS[0], "--dry-run", CANARY_KEY=None)
    assert row(said, "elicit", KEYS[0])[2:5] == ["30", "0", "30"]
    assert row(said, "all")[1] == "30"
    assert "nothing was sent" in said
    assert seen == []
    assert not (project.root / "outputs").exists()


def test_a_limit_asks_so_many_and_the_rest_later(asked: tuple[Project, list[Seen]]) -> None:
    project, seen = asked
    said = project.said("run", "elicit", "--model", KEYS[0], "--limit", "12")
    assert len(seen) == 12
    assert "18 are still to ask; its artifact is not written yet" in said
    assert not REPLIES.file(project.root, KEYS[0]).exists()
    plan = project.said("plan", "--stage", "elicit", "--limit", "5")
    assert row(plan, "elicit", KEYS[0])[2:5] == ["30", "12", "5"]
    project.said("run", "elicit", "--model", KEYS[0], "--limit", "18")
    assert len(seen) == 30
    assert len(REPLIES.read(project.root, KEYS[0])) == 30
    bodies = {
        (s.body["messages"][-1]["content"], s.body["temperature"], s.body["seed"]) for s in seen
    }
    assert len(bodies) == 30


def test_what_was_answered_tells_the_rates_and_prices_the_rest(
    asked: tuple[Project, list[Seen]],
) -> None:
    project, _ = asked
    project.said("run", "elicit", "--model", KEYS[0], "--limit", "12")
    prices = project.root / "prices.yaml"
    prices.write_text("currency: EUR\nprices:\n  m-one: {input: 1000, output: 5000}\n")
    said = project.said("plan", "--stage", "elicit", "--prices", str(prices))
    line = row(said, "elicit", KEYS[0])
    tokens_in, tokens_out, most = (int(cell.replace(",", "")) for cell in line[5:8])
    assert tokens_out == 18 * 20
    assert most == 18 * 40
    with ReplyStore(project.root / ".valuelex" / "replies.sqlite") as store:
        done = list(store.export())
    n_bytes = sum(len(m.content.encode()) for request, _ in done for m in request.messages)
    assert tokens_in == pytest.approx(18 * 1200 / n_bytes * n_bytes / 12, rel=0.2)
    assert float(line[8]) == pytest.approx((tokens_in * 1000 + tokens_out * 5000) / 1e6, abs=0.01)
    assert float(line[9]) == pytest.approx((tokens_in * 1000 + most * 5000) / 1e6, abs=0.01)
    assert row(said, "elicit", KEYS[1])[8:] == ["no", "price", "no", "price"]
    assert f"no price for 1 models, not in the sum: {KEYS[1]}" in said
    assert "cost in EUR" in said


def test_the_summary_line_tells_tokens(asked: tuple[Project, list[Seen]]) -> None:
    project, _ = asked
    first = project.said("run", "elicit", "--model", KEYS[0])
    assert f"elicit {KEYS[0]}: 30 asked, 0 from the store; 3000 tokens in, 600 out" in first
    again = project.said("run", "elicit", "--model", KEYS[0], CANARY_KEY=None)
    assert "0 asked, 30 from the store; 3000 tokens in, 600 out" in again


@pytest.mark.parametrize(
    ("arguments", "part"),
    [
        (("run", "normalize", "--dry-run"), "the stage 'normalize' asks no model"),
        (("run", "factor", "--limit", "3"), "takes no --limit"),
        (("plan", "--stage", "elict"), "did you mean 'elicit'"),
        (("plan", "--model", "on"), "no model 'on' in the roster"),
        (("plan", "--prices", "nowhere.yaml"), "nowhere.yaml cannot be read"),
    ],
)
def test_a_plan_of_what_is_not_there(tmp_path: Path, arguments: tuple[str, ...], part: str) -> None:
    project = served_project(tmp_path / "study", "http://127.0.0.1:9/v1")
    done = project.run(*arguments)
    assert done.returncode == 2
    assert part in done.stderr
    assert "Traceback" not in done.stderr


def test_prices_from_yaml_and_csv(tmp_path: Path) -> None:
    yaml, csv = tmp_path / "p.yaml", tmp_path / "p.csv"
    yaml.write_text("currency: USD\nprices:\n  m: {input: 0.15, output: 0.6}\n")
    csv.write_text("model,input,output,remark\nm,0.15,0.6,\n")
    assert read_prices(yaml).by_model == read_prices(csv).by_model == {"m": Price(0.15, 0.6)}
    assert math.isclose(read_prices(yaml).by_model["m"].of(2_000_000, 500_000), 0.6)


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("p.yaml", "prices: 3", "must hold `currency` and `prices`"),
        ("p.yaml", "prices: {m: 3}", "'m' must have input and output"),
        ("p.yaml", "prices: {m: {input: 1, outptu: 2}}", "did you mean 'output'"),
        ("p.yaml", "prices: {m: {input: 1}}", "'output' of 'm' must be a price"),
        ("p.yaml", "prices: {m: {input: -1, output: 2}}", "was: -1"),
        ("p.yaml", "prices: {m: {input: .nan, output: 2}}", "'input' of 'm'"),
        ("p.yaml", "price: {}", "must hold"),
        ("p.csv", "modell,input\n", "must begin with the columns"),
        ("p.csv", "model,input,output\nm,1,x\n", "was: 'x'"),
        ("p.csv", "model,input,output\nm,1,1\nm,1,1\n", "stands twice"),
        ("p.csv", "model,input,output\nm,1\n", "was: None"),
    ],
)
def test_a_price_file_that_is_none(tmp_path: Path, name: str, text: str, part: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(SettingsError) as caught:
        read_prices(path)
    assert part in str(caught.value)
    assert name in str(caught.value)

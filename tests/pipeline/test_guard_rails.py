"""Studies that cannot be analysed, or only with a remedy: through the real stages.

Replies are laid out as `elicit` writes them, for the miniature's models; `normalize`, `factor` and
what follows run as a user runs them.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.pipeline.project import change_params, make_project

from valuelex.artifacts.table import ATTRITION, DIAGNOSTICS, REPLIES, SENSITIVITY, TERMS
from valuelex.cli.app import run_app
from valuelex.records import Message, Reply, Request, Sampling
from valuelex.settings import load_settings
from valuelex.stages.elicit import reply_row

WORDS = [
    "honesty",
    "courage",
    "patience",
    "loyalty",
    "humility",
    "gratitude",
    "curiosity",
    "creativity",
    "wisdom",
    "prudence",
    "fairness",
    "justice",
    "kindness",
    "compassion",
    "empathy",
    "generosity",
    "diligence",
    "perseverance",
    "accuracy",
    "reliability",
    "transparency",
    "accountability",
    "privacy",
    "safety",
    "freedom",
    "equality",
    "tolerance",
    "harmony",
]
PROMPTS, SETTINGS = 4, 6

Lists = Callable[[str, int, random.Random], Sequence[str]]
Stages = Callable[..., tuple[int, str]]


def free(_: str, __: int, draw: random.Random) -> Sequence[str]:
    """Return five to nine words at random."""
    return draw.sample(WORDS, draw.randint(5, 9))


def seeded(name: str) -> random.Random:
    return random.Random(name)  # noqa: S311 - made-up replies, no secret


def row(model: str, setting: int, prompt: int, text: str | None) -> dict[str, Any]:
    """Return a reply as `elicit` keeps it; one without a text failed."""
    request = Request(
        model=model,
        model_id=model,
        revision="simulated",
        prompt=f"elicit.v1/p{prompt}",
        messages=(Message("user", f"question {prompt}"),),
        sampling=Sampling(temperature=setting / 10, top_p=0.9, max_tokens=160),
        draw=0,
    )
    if text is None:
        return reply_row(request, Reply(request.id, "", "failed", "connection reset"))
    return reply_row(request, Reply(request.id, text, "answered"))


def answers(root: Path, lists: Lists, prompts: int = PROMPTS, failed: float = 0.0) -> int:
    """Write the replies of every model of the roster; return how many failed."""
    lost = 0
    for key in load_settings(root).models:
        rows: list[dict[str, Any]] = []
        for setting in range(SETTINGS):
            for prompt in range(prompts):
                draw = seeded(f"{key} {setting} {prompt}")
                fails = draw.random() < failed
                lost += fails
                words = [] if fails else lists(key, setting, draw)
                text = "\n".join(f"{i}. {word}" for i, word in enumerate(words, 1))
                rows.append(row(key, setting, prompt, None if fails else text))
        REPLIES.write(root, rows, key)
    return lost


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Lay the miniature out, with a rule that lets shared words in, and stand in it."""
    root = make_project(tmp_path / "study")
    change_params(root, lambda p: p["normalize"].update(min_models=2, min_families=1))
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def stages(capsys: pytest.CaptureFixture[str]) -> Stages:
    """Run stages until one fails; return its code and what it said."""

    def run(*names: str) -> tuple[int, str]:
        capsys.readouterr()
        for name in names:
            code = run_app(["run", name])
            if code:
                break
        said = capsys.readouterr().err
        errors = [line for line in said.split("\n") if line.startswith("error: ")]
        assert len(errors) == (1 if code else 0)
        assert "Traceback" not in said
        return code, "".join(errors)

    return run


def keep_models(root: Path, wanted: int) -> None:
    def fewer(params: dict[str, Any]) -> None:
        params["models"] = dict(list(params["models"].items())[:wanted])

    change_params(root, fewer)


def test_more_terms_than_respondents_carry_are_left_out(project: Path, stages: Stages) -> None:
    answers(project, free)
    change_params(project, lambda p: p["normalize"].update(max_terms_per_respondent=0.25))
    assert stages("normalize", "factor")[0] == 0
    terms = TERMS.read(project)
    respondents = 6 * SETTINGS
    assert sum(row["in_lexicon"] for row in terms) == respondents // 4
    left = [row for row in terms if row["reason"] == "beyond-max-terms"]
    assert len(left) == len(WORDS) - respondents // 4
    found = DIAGNOSTICS.read(project)
    assert found["n_terms"] < found["n_respondents"]
    rows = [r for r in ATTRITION.read(project) if r["unit"] == "term"]
    assert {r["disposition"]: r["n"] for r in rows}["beyond-max-terms"] == len(left)
    assert any(r["chosen"] for r in SENSITIVITY.read(project) if r["setting"] == "max_terms")


def test_nearly_as_many_terms_as_respondents_is_shrunk_aloud(project: Path, stages: Stages) -> None:
    keep_models(project, 4)
    # three settings in a row answer alike: fewer different rows than terms
    answers(project, lambda m, s, _: free(m, s, seeded(f"{m} {s // 3}")))
    change_params(project, lambda p: p["normalize"].update(max_terms_per_respondent=0.99))
    change_params(project, lambda p: p["normalize"].update(min_respondent_share=0.0))
    assert stages("normalize", "factor")[0] == 0
    found = DIAGNOSTICS.read(project)
    assert found["shrinkage"] > 0
    assert any("singular" in w and "remedy: shrunk" in w for w in found["warnings"])


def test_a_word_of_every_reply_is_dropped_from_the_matrix(project: Path, stages: Stages) -> None:
    answers(project, lambda m, s, d: ["integrity", *free(m, s, d)])
    assert stages("normalize", "factor")[0] == 0
    dropped = {d["term"]: d["reason"] for d in DIAGNOSTICS.read(project)["dropped_terms"]}
    assert dropped["integrity"] == "never varies"


def test_a_word_of_one_reply_stays_out_and_is_counted(project: Path, stages: Stages) -> None:
    said = iter([True])

    def once(model: str, setting: int, draw: random.Random) -> Sequence[str]:
        return [*free(model, setting, draw), *(["serendipity"] if next(said, False) else [])]

    answers(project, once)
    assert stages("normalize", "factor")[0] == 0
    rows = {row["term"]: row for row in TERMS.read(project)}
    assert rows["serendipity"]["reason"] == "few-models"
    assert rows["serendipity"]["replies"] == 1


def test_one_model_only(project: Path, stages: Stages) -> None:
    keep_models(project, 1)
    answers(project, free)
    code, said = stages("normalize", "factor")
    assert code == 2
    assert "the lexicon has 0 terms" in said
    assert "attrition.csv" in said
    change_params(project, lambda p: p["normalize"].update(min_models=1, min_respondent_share=0.0))
    change_params(project, lambda p: p["normalize"].update(max_terms_per_respondent=0.9))
    code, said = stages("normalize", "factor")
    assert code == 2
    assert "rows come from one model" in said
    assert "remedy: add models to the roster" in said


def test_all_replies_the_same_word(project: Path, stages: Stages) -> None:
    answers(project, lambda *_: ["honesty"])
    code, said = stages("normalize", "factor")
    assert code == 2
    assert "three columns that vary" in said
    code, said = stages("embed")
    assert code == 2
    assert "the lexicon holds 1 terms, at least 10 are needed" in said


def test_one_prompt_only_is_analysed_and_nothing_left_out(project: Path, stages: Stages) -> None:
    from valuelex.artifacts.table import STABILITY

    answers(project, free, prompts=1)
    names = ("normalize", "embed", "cluster", "factor", "taxonomy", "validate")
    assert stages(*names)[0] == 0
    found = STABILITY.read(project)
    assert found["leave_one_out"]["prompt"] == []
    assert "nothing to leave out" in found["not_left_out"]["prompt"]
    assert found["leave_one_out"]["family"]
    # words at random carry no dimension
    assert found["verdict"]["level"] != "supported"


def test_three_percent_missing_is_counted_and_costs_nothing_else(
    project: Path, stages: Stages
) -> None:
    lost = answers(project, free, failed=0.03)
    assert lost > 0
    assert stages("normalize", "factor")[0] == 0
    rows = [r for r in ATTRITION.read(project) if r["unit"] == "reply"]
    assert sum(r["n"] for r in rows if r["disposition"] == "failed") == lost
    assert sum(r["n"] for r in rows) == 6 * SETTINGS * PROMPTS
    assert DIAGNOSTICS.read(project)["n_respondents"] == 6 * SETTINGS

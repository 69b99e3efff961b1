from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.closures import ROOT
from tests.scoring.material import RoughReader, form, honest_rows, taxonomy

import valuelex
from valuelex.artifacts.table import COMPLETIONS, FORM, PROFILES, RATINGS, TAXONOMY
from valuelex.cli.app import run_app
from valuelex.errors import ArtifactError, LexiconError
from valuelex.stages import released, releasing, score
from valuelex.stages.context import Context, open_context
from valuelex.stages.releasing import make_release

ENTRY = {
    "backend": "recorded",
    "revision": "main",
    "developer": "nobody",
    "family": "f",
    "parameters_b": None,
    "training": "unknown",
    "data_source": "unknown",
    "interface": "chat",
    "licence": "none",
}
MODELS = ("a-model", "b-model", "c-model")
SIGNED = {"study": "handmade", "simulated": False}
CONTROLS = [
    {"id": "c1", "text": "to me honesty comes first.", "sub_dimension": "d1.s1", "expected": "high"}
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A project whose outputs are whole: three models, scored."""

    monkeypatch.setattr(score, "SentenceReader", RoughReader)
    monkeypatch.setattr(releasing, "SentenceReader", RoughReader)
    monkeypatch.setattr(released, "PACKAGE", tmp_path / "nothing" / "is" / "shipped")
    params = yaml.safe_load((ROOT / "params.yaml").read_text())
    params["study"] |= {"name": "handmade"}
    params["models"] = {name: {**ENTRY, "id": name} for name in MODELS}
    (tmp_path / "params.yaml").write_text(yaml.safe_dump(params))
    (tmp_path / "prompts").symlink_to(ROOT / "prompts")
    TAXONOMY.write(tmp_path, taxonomy() | SIGNED)
    FORM.write(tmp_path, form() | SIGNED | {"controls": CONTROLS, "notes": []})
    for n, name in enumerate(MODELS):
        COMPLETIONS.write(tmp_path, completions(name, n), name)
    context = replace(open_context(tmp_path), say=lambda _: None)
    score.run(context)
    return context


def completions(model: str, shift: int) -> list[dict[str, Any]]:
    keys = {stem["id"]: stem for stem in form()["stems"]}
    return [
        {
            "reply_id": f"{model}-{i}",
            "model": model,
            "stem": row["stem"],
            "draw": 0,
            "position": i,
            "sub_dimension": keys[row["stem"]]["sub_dimension"],
            "kind": keys[row["stem"]]["kind"],
            "text": honest_rows()[(i + shift) % 5]["text"],
            "raw": "",
            "outcome": "answered",
            "detail": "",
            "model_id": model,
            "revision": "none",
            "prompt_sha256": "",
            "system_sha256": "",
            "engine": "recorded",
        }
        for i, row in enumerate(honest_rows()[:5])
    ]


def test_a_release_is_whole_and_can_be_scored_on(project: Context) -> None:
    made = make_release(project, "hand-v1")
    about = made.about
    assert (about.id, about.number, about.simulated, about.models) == ("hand-v1", 1, False, 3)
    assert about.statement == "The norms are the scores of the 3 models of the study 'handmade'."
    assert made.taxonomy == TAXONOMY.read(project.root)
    profile: dict[tuple[str, str], list[float]] = {}
    for row in PROFILES.read(project.root):
        profile.setdefault((row["level"], row["id"]), []).append(row["mean"])
    assert {key: values.tolist() for key, values in made.norms.items()} == profile
    assert list(made.controls) == [("c1", "d1.s1")]
    assert make_release(project, "hand-v2").about.number == 2
    assert valuelex.load_taxonomy("hand-v1", project.root).id == "hand-v1"


def test_the_same_outputs_give_the_same_bytes(project: Context) -> None:
    folder = project.root / "lexicon" / "taxonomies" / "hand-v1"
    written = []
    for _ in range(2):
        make_release(project, "hand-v1")
        written.append({p.name: p.read_bytes() for p in folder.iterdir()})
        (folder / "release.yaml").unlink()
    assert written[0] == written[1]


def test_a_release_is_never_overwritten(project: Context) -> None:
    make_release(project, "hand-v1")
    with pytest.raises(LexiconError, match="never overwritten"):
        make_release(project, "hand-v1")
    with pytest.raises(LexiconError, match=r"must be of \[a-z0-9-\], was: '../x'"):
        make_release(project, "../x")


@pytest.mark.parametrize("file", [TAXONOMY, FORM, RATINGS, PROFILES])
def test_missing_outputs_are_refused(project: Context, file: Any) -> None:
    file.file(project.root).unlink()
    with pytest.raises(ArtifactError, match=r"cannot be read .* run `dvc repro"):
        make_release(project, "hand-v1")
    assert not (project.root / "lexicon").exists()


def test_a_form_of_another_taxonomy_or_study_is_refused(project: Context) -> None:
    content = FORM.read(project.root)
    FORM.write(project.root, content | {"taxonomy": "2"})
    with pytest.raises(ArtifactError, match="the form is for taxonomy 2, not 1"):
        make_release(project, "hand-v1")
    FORM.write(project.root, content | {"study": "other"})
    with pytest.raises(ArtifactError, match=r"form\.json is of"):
        make_release(project, "hand-v1")
    content["stems"][0]["sub_dimension"] = "d9.s9"
    FORM.write(project.root, content)
    with pytest.raises(ArtifactError, match=r"the taxonomy has not: \['d9.s9'\]"):
        make_release(project, "hand-v1")


def test_profiles_that_do_not_follow_from_the_verdicts_are_refused(project: Context) -> None:
    rows = PROFILES.read(project.root)
    rows[0]["mean"] += 0.01
    PROFILES.write(project.root, rows)
    with pytest.raises(ArtifactError, match=r"score/profiles\.csv has"):
        make_release(project, "hand-v1")


def test_verdicts_on_other_completions_are_refused(project: Context) -> None:
    RATINGS.write(project.root, RATINGS.read(project.root)[3:])
    with pytest.raises(ArtifactError, match="of other completions than administer/"):
        make_release(project, "hand-v1")


def test_verdicts_older_than_the_judge_are_refused(project: Context) -> None:
    rows = RATINGS.read(project.root)
    scored = next(row for row in rows if row["score"] is not None and row["model"] == "a-model")
    scored["score"] = 6.0 if scored["score"] < 3 else 0.0
    RATINGS.write(project.root, rows)
    dropped = json.loads((project.root / "outputs" / "score" / "reliability.json").read_text())
    assert dropped["judges"] == ["embedding"]
    PROFILES.write(project.root, PROFILES.read(project.root))
    with pytest.raises(ArtifactError, match=r"score/profiles.csv has|older than its code"):
        make_release(project, "hand-v1")


def test_the_command_says_what_it_made(
    project: Context, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project.root)
    assert run_app(["release", "hand-v1"]) == 0
    shown = capsys.readouterr().out
    assert "2 dimensions, 3 sub-dimensions, 6 stems, norms of 3 models" in shown
    assert run_app(["release", "hand-v1"]) == 2

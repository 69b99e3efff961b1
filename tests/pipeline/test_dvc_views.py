"""What DVC itself shows of a finished study: metrics, plots, the graph, experiments."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from tests.pipeline.project import copy_project, environment, run

pytestmark = [pytest.mark.slow]

PLOTS = {"outputs/plots/scree.csv", "outputs/plots/congruence.csv", "outputs/plots/map.csv"}


def said(folder: Path, *command: str) -> str:
    """Run a command that must succeed; return what it printed."""
    done = run(folder, *command)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def git(folder: Path, *arguments: str) -> None:
    who = {
        f"GIT_{role}_{what}": "t@t"
        for role in ("AUTHOR", "COMMITTER")
        for what in ("NAME", "EMAIL")
    }
    subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=environment(folder, **who),
        check=True,
        capture_output=True,
    )


@pytest.fixture(scope="module")
def kept(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the study under git, its finished run committed."""
    folder = copy_project(study, tmp_path_factory.mktemp("kept") / "study")
    config = folder / ".dvc" / "config"
    config.write_text(config.read_text().replace("    no_scm = true\n", ""))
    (folder / ".gitignore").write_text("/.dvc/tmp\n/.dvc/cache\n/.dvc/site\n/.valuelex\n/outputs\n")
    (folder / "outputs" / ".gitignore").unlink(missing_ok=True)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "run")
    return folder


def test_metrics_are_flat_numbers_of_the_run(study: Path) -> None:
    found = json.loads(said(study, "dvc", "metrics", "show", "--json"))
    numbers = found[""]["data"]["outputs/metrics.json"]["data"]
    assert numbers["simulated"] is True
    assert {"replies", "kmo", "dimensions", "verdict", "recovery_term_recall"} <= set(numbers)
    assert all(not isinstance(value, dict | list) for value in numbers.values())
    assert "recovery_term_recall" in said(study, "dvc", "metrics", "show")


def test_plots_hold_numbers_and_no_text_of_a_model(study: Path) -> None:
    shown = json.loads(said(study, "dvc", "plots", "show", "--json"))
    assert not shown.get("errors")
    assert set(shown["data"]) == PLOTS
    ours = {"rev", "field"}
    for plots in shown["data"].values():
        rows = plots[0]["content"]["data"]["values"]
        assert rows
        words = {v for row in rows for k, v in row.items() if k not in ours and not number(v)}
        assert words == set()


def number(value: object) -> bool:
    return bool(re.fullmatch(r"-?[\d.]*(e-?\d+)?", str(value)))


def test_the_page_of_plots_loads_nothing(study: Path, tmp_path: Path) -> None:
    said(study, "dvc", "plots", "show", "-o", str(tmp_path))
    page = (tmp_path / "index.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in page
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page)
    assert page.count("vegaEmbed('#") == len(PLOTS)


def test_the_graph_names_every_stage(study: Path) -> None:
    drawn = said(study, "dvc", "dag", "--mermaid")
    for stage in ("elicit@", "normalize", "factor", "taxonomy", "validate", "survey@", "report"):
        assert stage in drawn, stage


def test_an_experiment_changes_one_setting_and_shows_the_difference(kept: Path) -> None:
    ran = said(kept, "dvc", "exp", "run", "-n", "promax", "-S", "factor.rotation=promax")
    assert "Running stage 'factor'" in ran
    assert "Running stage 'elicit@" not in ran
    assert "Running stage 'normalize'" not in ran
    changed = json.loads(said(kept, "dvc", "params", "diff", "--json"))
    assert changed["params.yaml"]["factor.rotation"] == {"old": "oblimin", "new": "promax"}
    moved = json.loads(said(kept, "dvc", "metrics", "diff", "--json"))
    assert any(name.startswith("bootstrap_phi") for name in moved["outputs/metrics.json"])
    assert "promax" in said(kept, "dvc", "exp", "show", "--csv")
    drawn = json.loads(said(kept, "dvc", "plots", "diff", "--json", "HEAD"))
    revisions = {rev for plots in drawn["data"].values() for rev in plots[0]["revisions"]}
    assert {"HEAD", "workspace"} <= revisions

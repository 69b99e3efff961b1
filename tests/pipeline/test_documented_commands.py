"""Every command of README and docs is run, page by page, in the order in which it stands there.

What a page takes for granted (a server, a hub, files, a finished study) is made beforehand; an
address, a model's name or a cluster's is replaced by what stands in for it. What is not run has its
reason in `NOT_RUN`, and a reason for a command that is not there is an error.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.backends.server import serve
from tests.cli.test_pinning import hub
from tests.closures import ROOT
from tests.docs.commands import PAGES, examples, python_blocks, shell_lines
from tests.pipeline import standins as make
from tests.pipeline.project import BIN, copy_project, environment
from tests.pipeline.test_dvc_views import git

pytestmark = [pytest.mark.slow]

STUB = ROOT / "tests" / "backends" / "stub"
TUTORIALS = ROOT / "docs" / "tutorials"
COMMANDS_PAGE = ROOT / "docs" / "commands.md"
NOT_RUN = {
    "pip install 'valuelex[openai]'": "needs an index; tests/docs holds the extras' names, and"
    " tests/scoring/test_fresh_install.py installs the package",
    "pip install 'valuelex[vllm]'": "needs an index and a GPU; `make test-vllm` runs the engine",
    "ray start --head --port 6379 --include-dashboard=false": "leaves a daemon behind that only"
    " `ray stop` ends, with every other Ray of the machine",
    "ray start --address FIRST:6379": "the same; tests/pipeline starts clusters by Ray's interface",
    "inspect eval valuelex/projective --model openai/gpt-4o -T draws=1": "an optional extra:"
    " tests/scoring/test_inspect_tasks.py evaluates the task where it is installed",
    "inspect eval valuelex/pvq --model openai/gpt-4o -T trials=3": "the same",
}
REPLACED = (
    (r"^make ", "make -n "),  # what it would run; the targets' own commands are run here
    (r"org/my-model", "echo"),
    (r"--ray auto", "--ray local"),
)


@dataclass
class Scene:
    """A page's folder and environment; ``before`` makes what commands that begin so need."""

    folder: Path
    url: str
    env: dict[str, str] = field(default_factory=dict)
    before: dict[str, Callable[[], object]] = field(default_factory=dict)
    ends: dict[str, int] = field(default_factory=dict)

    def run(self, line: str) -> str:
        """Run one line of a page as a shell does; return what it printed."""
        for start, prepare in self.before.items():
            if line.startswith(start):
                prepare()
        if line.startswith("export "):
            self.env |= dict(word.split("=", 1) for word in line.split()[1:])
            return ""
        shown = line.replace("http://127.0.0.1:8000/v1", self.url)
        for pattern, instead in REPLACED:
            shown = re.sub(pattern, instead, shown)
        done = subprocess.run(
            # bash gives its place to a last command: completion would find no shell above it
            ["bash", "-c", f"{shown}\nexit $?"],
            cwd=self.folder,
            env=environment(self.folder, **self.env),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        wanted = next((code for start, code in self.ends.items() if line.startswith(start)), 0)
        assert done.returncode == wanted, f"{line}\n{done.stdout[-1500:]}{done.stderr[-2500:]}"
        assert "Traceback" not in done.stderr, line
        return done.stdout + done.stderr

    def run_page(self, page: Path) -> None:
        """Run every command of a page."""
        for line in shell_lines(page):
            if line not in NOT_RUN:
                self.run(line)


@pytest.fixture
def scene(study: Path, tmp_path: Path) -> Iterator[Scene]:
    """A copy of the finished miniature under git, with a server beside it."""
    folder = copy_project(study, tmp_path / "study")
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy2(ROOT / name, folder)
    config = folder / ".dvc" / "config"
    config.write_text(config.read_text().replace("    no_scm = true\n", ""))
    ignored = "/.dvc/tmp\n/.dvc/cache\n/.dvc/site\n/.valuelex\n/outputs\n"
    (folder / ".gitignore").write_text(ignored)
    (folder / "outputs" / ".gitignore").unlink(missing_ok=True)
    git(folder, "init", "-q")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "run")
    stub = os.pathsep.join([str(STUB), environment(folder)["PYTHONPATH"]])
    with serve(make.answer) as (url, _), hub(_models()) as address:
        yield Scene(
            folder,
            url,
            env={
                "PYTHONPATH": stub,
                "HF_ENDPOINT": address,
                "HF_TOKEN": "none",
                "HOME": str(tmp_path),
            },
        )


def _models() -> set[str]:
    rosters = (yaml.safe_load(p.read_text()) for p in (ROOT / "pipeline/rosters").glob("*.yaml"))
    return {entry["id"] for roster in rosters for entry in roster["models"].values()}


def _roster(scene: Scene, name: str = "") -> None:
    """Make the miniature's models the active study again, or a study of that name."""
    shown = _of_the_commit(scene)
    if name:
        blocks = {key: shown[key] for key in ("study", "models")}
        (scene.folder / "pipeline" / "rosters" / name).write_text(yaml.safe_dump(blocks))
    else:
        git(scene.folder, "checkout", "-q", "--", "params.yaml")


def _of_the_commit(scene: Scene) -> dict[str, Any]:
    done = subprocess.run(
        ["git", "show", "HEAD:params.yaml"], cwd=scene.folder, capture_output=True, check=True
    )
    content: dict[str, Any] = yaml.safe_load(done.stdout)
    return content


def _here(scene: Scene, write: Callable[[Path], object], name: str) -> Callable[[], object]:
    return lambda: write(scene.folder / name)


def _tables(scene: Scene) -> dict[str, Callable[[], object]]:
    """Return what makes the files that README and the page of commands speak of."""
    return {
        "valuelex score --completions": _here(scene, make.completions, "answers.jsonl"),
        "valuelex survey pvq --answers": _here(scene, make.questionnaire, "answers.csv"),
        "valuelex factor answers.csv": _here(scene, make.factors, "answers.csv"),
        "valuelex factor presence.csv": _here(scene, make.presence, "presence.csv"),
        "valuelex factor ratings.csv": _here(scene, make.ratings_of_persons, "ratings.csv"),
        "valuelex cluster values.txt": _here(scene, make.terms, "values.txt"),
        "valuelex cluster values.csv": _here(scene, make.terms, "values.csv"),
        "valuelex assign": _here(scene, make.terms, "new-terms.txt"),
        "valuelex diff": lambda: make.older_taxonomy(scene.folder),
        "valuelex agreement ratings.csv": _here(scene, make.judges, "ratings.csv"),
        "valuelex agreement long.csv": _here(scene, make.ratings_a_row, "long.csv"),
        "valuelex replay": _here(scene, make.recording, "answers.jsonl.gz"),
        "valuelex survey portrait": lambda: make.portraits(scene.folder),
    }


def _files(scene: Scene) -> None:
    scene.before = _tables(scene)


def _commands_page(scene: Scene) -> None:
    """The page is in the order of the alphabet: each command finds the roster that it speaks of."""
    scene.env["VALUELEX_VLLM_PYTHON"] = str(BIN / "python")
    served = dict.fromkeys(("batch", "plan", "run", "store"), lambda: _served(scene))
    finished = dict.fromkeys(("clean", "export", "found", "release"), lambda: _roster(scene))
    released = scene.folder / "lexicon" / "taxonomies" / "simulated-v1"
    results = (Path("batch"), Path("batch_output.jsonl"), Path("batch_errors.jsonl"))
    scene.before = {f"valuelex {name}": prepare for name, prepare in (served | finished).items()}
    scene.before |= _tables(scene) | {
        "valuelex batch import": lambda: make.batch_results(scene.folder, *results),
        "valuelex release simulated": lambda: shutil.rmtree(released),
        "valuelex agreement long.csv": lambda: make.ratings_a_row(
            scene.folder / "long.csv", "text"
        ),
    }


def _served(scene: Scene) -> None:
    _roster(scene)
    make.my_model(scene.folder, scene.url)


def _backends(scene: Scene) -> None:
    _served(scene)
    scene.before = {
        "valuelex batch import": lambda: make.batch_results(
            scene.folder, Path("batch"), Path("results.jsonl"), Path("errors.jsonl")
        )
    }


def _clusters(scene: Scene) -> None:
    """The open-weight roster up to its check; then the miniature's models, on a local Ray."""
    scene.env |= {"HF_HUB_OFFLINE": "0", "VALUELEX_VLLM_PYTHON": str(BIN / "python")}
    scene.ends = {"valuelex check": 2}  # no disk for the weights of 35 models
    store = scene.folder / ".valuelex" / "replies.sqlite"

    def ask_anew() -> None:
        _roster(scene)
        store.unlink(missing_ok=True)

    scene.before = {"valuelex prefetch --ray auto": ask_anew}


def _small(scene: Scene) -> None:
    """The small roster up to its check; then the miniature's models."""
    scene.before = {"valuelex prefetch": lambda: _roster(scene)}


def _hosted(scene: Scene) -> None:
    text = (ROOT / "docs" / "tutorials" / "hosted-apis.md").read_text(encoding="utf-8")
    roster, prices = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    for address in ("https://api.alpha.example/v1", "https://beta.example/v1"):
        roster = roster.replace(address, scene.url)
    # what the page allows itself would take minutes of waiting here
    roster = roster.replace("requests_per_minute: 500", "requests_per_minute: 60000")
    (scene.folder / "pipeline" / "rosters" / "hosted.yaml").write_text(roster, encoding="utf-8")
    (scene.folder / "prices.yaml").write_text(prices, encoding="utf-8")

    def came(n: int) -> Callable[[], object]:
        paths = (Path(f"batch-{n}"), Path(f"output-{n}.jsonl"), Path(f"errors-{n}.jsonl"))
        return lambda: make.batch_results(scene.folder, *paths)

    scene.before = {f"valuelex batch import output-{n}": came(n) for n in (1, 2)}


def _one_gpu(scene: Scene) -> None:
    scene.env["VALUELEX_VLLM_PYTHON"] = str(BIN / "python")
    scene.ends = {"valuelex check open-weight": 2}  # no disk for the weights of 35 models
    _roster(scene, "my-study.yaml")


def _portrait(scene: Scene) -> None:
    scene.before = {"valuelex survey portrait": lambda: make.portraits(scene.folder)}


def _nothing(_: Scene) -> None:
    """The finished study is all that the page needs."""


SCENES: dict[str, Callable[[Scene], None]] = {
    "README.md": _files,
    "docs/backends.md": _backends,
    "docs/clusters.md": _clusters,
    "docs/index.md": _nothing,
    "docs/small-machines.md": _small,
    "docs/tutorials/hosted-apis.md": _hosted,
    "docs/tutorials/new-model.md": _files,
    "docs/tutorials/one-gpu.md": _one_gpu,
    "docs/tutorials/own-tables.md": _files,
    "docs/tutorials/paper.md": _nothing,
    "docs/value-portrait.md": _portrait,
}
# pages of measurements tell how to repeat them: tests/docs/test_benchmark_commands.py
MEASURED = ROOT / "docs" / "hard-ground"
_LINES = {str(p.relative_to(ROOT)): list(shell_lines(p)) for p in PAGES if p.parent != MEASURED}


@pytest.mark.parametrize("page", SCENES)
def test_every_command_of_a_page_runs(scene: Scene, page: str) -> None:
    SCENES[page](scene)
    scene.run_page(ROOT / page)


def test_every_example_of_a_commands_help_runs(scene: Scene) -> None:
    known = {line for lines in _LINES.values() for line in lines}
    _commands_page(scene)
    left = [one for one in dict.fromkeys(examples(COMMANDS_PAGE)) if one not in known]
    assert len(left) > 12
    for one in left:
        scene.run(one)


def test_the_python_of_the_pages_runs(scene: Scene) -> None:
    make.completions(scene.folder / "answers.jsonl")
    for page in (TUTORIALS / "new-model.md", TUTORIALS / "notebook.md"):
        blocks = "\n".join(python_blocks(page))
        (scene.folder / "page.py").write_text(blocks, encoding="utf-8")
        scene.run("python page.py")


def test_no_page_with_commands_is_forgotten() -> None:
    assert {page for page, lines in _LINES.items() if lines} == set(SCENES)


def test_what_is_not_run_stands_in_a_page_and_has_its_reason() -> None:
    known = {line for lines in _LINES.values() for line in lines}
    assert set(NOT_RUN) <= known
    assert all(len(reason) > 7 for reason in NOT_RUN.values())
    assert len(NOT_RUN) <= len(known) / 8

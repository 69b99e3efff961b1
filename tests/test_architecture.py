"""The house holds: layers, DVC dependencies, params, artifacts, prompts and README agree."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml

from tests.closures import ROOT
from valuelex.artifacts.base import OUTPUTS, Artifact
from valuelex.artifacts.table import ARTIFACTS
from valuelex.backends.registry import ENGINES
from valuelex.cli.dispatch import STAGES
from valuelex.cli.readme import artifact_rows
from valuelex.prompts import frozen
from valuelex.settings import Settings, load_settings
from valuelex.stages.closures import Closures


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("valuelex", include_external_packages=True)


@pytest.fixture(scope="module")
def stages() -> dict[str, Any]:
    content = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    return {name: body.get("do", body) for name, body in content["stages"].items()}


def test_every_stage_depends_on_the_signature_of_its_code(stages: dict[str, Any]) -> None:
    for name, body in stages.items():
        own = [dep for dep in body["deps"] if dep.startswith(f"{OUTPUTS}/basis/")]
        assert not any(dep.startswith("pipeline/") for dep in body["deps"]) or name == "basis"
        if STAGES[name]:
            assert own == [f"{OUTPUTS}/basis/{name}/${{key}}.json"]
            assert f"basis-{name}" in stages
        elif name != "basis":
            assert f"{OUTPUTS}/basis/code/{name.removeprefix('basis-')}.json" in own
    assert "pipeline/valuelex" in stages["basis"]["deps"]


def test_what_is_signed_for_a_stage_is_what_its_process_loads(graph: grimp.ImportGraph) -> None:
    """No module that a stage can import is missing, and none is there that it cannot."""
    closures = Closures()
    for name in STAGES:
        if name.partition("-")[0] == "basis":
            continue
        found = closures.modules(name)
        start = f"valuelex.stages.{name.replace('-', '_')}"
        direct = {m for m in graph.find_upstream_modules(start) if m.startswith("valuelex.")}
        assert direct <= found
        for module in found:  # somebody in the closure imports it, or loads it by name
            importers = graph.find_modules_that_directly_import(module) | {
                child for child in found if child.startswith(f"{module}.")
            }
            by_name = any(module == engine.partition(":")[0] for engine in ENGINES.values())
            assert module == start or by_name or importers & found, (name, module)


def test_stages_are_those_of_the_command_line_in_order(stages: dict[str, Any]) -> None:
    assert list(stages) == list(STAGES)
    for name, body in stages.items():
        per_model = STAGES[name]
        assert body["cmd"] == f"valuelex run {name}" + (" --model ${key}" if per_model else "")
        assert len(body["desc"]) > 20


def test_outs_are_the_artifacts_of_the_stage(stages: dict[str, Any]) -> None:
    for name, body in stages.items():
        found = {*body.get("outs", []), *body.get("metrics", [])}
        wanted = {out_of(a, per_model=STAGES[name]) for a in ARTIFACTS if a.stage == name}
        assert found == wanted, name


def out_of(artifact: Artifact, *, per_model: bool) -> str:
    """Return how dvc.yaml names an artifact: one that a single stage writes many of, by folder."""
    path = f"{OUTPUTS}/{artifact.path}"
    if "{" in path and not per_model:
        return str(Path(path).parent)
    return path.replace("{model}", "${key}")


def test_data_dependencies_are_outs_of_earlier_stages(stages: dict[str, Any]) -> None:
    before: list[str] = []
    for name, body in stages.items():
        for dep in body["deps"]:
            if dep.startswith(OUTPUTS):
                assert any(related(out, dep) for out in before), (name, dep)
        before += body.get("outs", [])


def related(out: str, dep: str) -> bool:
    """Tell whether an output is a dependency, lies in it, or holds it."""
    return out == dep or out.startswith(f"{dep}/") or dep.startswith(f"{out}/")


def test_every_params_section_is_read_by_a_stage_and_known(stages: dict[str, Any]) -> None:
    known = {field.alias or name for name, field in Settings.model_fields.items()}
    used = {p.split(".")[0] for body in stages.values() for p in body.get("params", ())}
    # the roster and the study's own block are signed by `basis`, which reads the whole file
    assert used | {"models"} == known


def test_every_setting_is_commented() -> None:
    text = (ROOT / "params.yaml").read_text(encoding="utf-8")
    head = text[: text.index("\nmodels:")]
    bare = [
        line for line in head.splitlines() if re.match(r"  [a-z_]+: ", line) and "#" not in line
    ]
    assert bare == []


def test_frozen_prompts_are_unchanged_and_complete() -> None:
    import hashlib

    files = {p.stem: p for p in (ROOT / "prompts").glob("*.yaml")}
    lines = frozen(ROOT)
    assert set(lines) == set(files)
    for name, path in files.items():
        assert hashlib.sha256(path.read_bytes()).hexdigest() == lines[name], name


def test_params_name_existing_files() -> None:
    settings = load_settings(ROOT)
    assert (ROOT / "lexicon" / "planted" / f"{settings.study.world}.yaml").exists()
    assert (ROOT / "pipeline" / "rosters" / f"{settings.study.name}.yaml").exists()


def test_the_planted_truth_is_read_by_the_double_and_the_recovery_check_alone(
    graph: grimp.ImportGraph,
) -> None:
    readers = graph.find_modules_that_directly_import("valuelex.stages.planted")
    assert readers == {"valuelex.stages.asking", "valuelex.stages.recovery"}
    naming = [
        path
        for path in (ROOT / "pipeline" / "valuelex").rglob("*.py")
        if re.search(r"[\"']planted/", path.read_text(encoding="utf-8"))
    ]
    assert [p.name for p in naming] == ["planted.py"]
    users = {
        importer
        for module in graph.modules
        if module.startswith("valuelex.backends.simulated")
        for importer in graph.find_modules_that_directly_import(module)
        if not importer.startswith("valuelex.backends.simulated")
    }
    assert users == {"valuelex.stages.planted"}


@pytest.mark.parametrize(
    "library",
    [
        "sentence_transformers",
        "umap",
        "hdbscan",
        "spacy",
        "factor_analyzer",
        "krippendorff",
        "matplotlib",
        "openpyxl",
    ],
)
def test_each_heavy_library_is_imported_in_one_module(
    graph: grimp.ImportGraph, library: str
) -> None:
    users = {
        m for m in graph.find_modules_that_directly_import(library) if m.startswith("valuelex")
    }
    assert len(users) == 1, users


def test_the_command_line_starts_without_heavy_libraries() -> None:
    import subprocess
    import sys

    code = "import sys, valuelex.cli.app; print(sorted(sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    for library in (
        "numpy",
        "pandas",
        "pyarrow",
        "spacy",
        "torch",
        "scipy",
        "plotly",
        "umap",
        "matplotlib",
    ):
        assert f"'{library}'" not in loaded, library


def test_modules_and_functions_stay_small() -> None:
    large = []
    for path in (ROOT / "pipeline").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > 350:
            large.append(str(path))
        large += [
            f"{path}:{node.name}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef) and code_lines(node) > 60
        ]
    assert large == []


def code_lines(function: ast.FunctionDef) -> int:
    """Count the lines of a function below its docstring."""
    first = function.body[1 if ast.get_docstring(function) and len(function.body) > 1 else 0]
    return (function.end_lineno or 0) - first.lineno + 1


def test_readme_artifact_table_is_generated() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "\n".join(artifact_rows()) in readme, "run `make deps`"


def test_no_machine_paths_in_the_project() -> None:
    roots = ["pipeline", "prompts", "lexicon", "docs", "README.md", "Makefile", "dvc.yaml"]
    pattern = re.compile(r"/work/|/home/[a-z]+/|/root/")
    found = [
        str(path)
        for root in roots
        for path in ([ROOT / root] if (ROOT / root).is_file() else (ROOT / root).rglob("*"))
        if path.is_file()
        and path.suffix in {".py", ".md", ".yaml", ".csv", ".toml", ""}
        and pattern.search(path.read_text(encoding="utf-8", errors="ignore"))
    ]
    assert found == []


def test_root_is_the_project() -> None:
    assert Path(ROOT / "pyproject.toml").exists()

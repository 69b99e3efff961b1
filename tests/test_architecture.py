"""The house holds: layers, DVC dependencies, params, artifacts, prompts and README agree."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import Any

import grimp
import pytest
import yaml

from tests.closures import ROOT, closures
from valuelex.artifacts.base import OUTPUTS
from valuelex.artifacts.table import ARTIFACTS
from valuelex.cli.dispatch import STAGES
from valuelex.cli.readme import artifact_rows
from valuelex.prompts import frozen
from valuelex.settings import Settings, load_settings


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("valuelex", include_external_packages=True)


@pytest.fixture(scope="module")
def stages() -> dict[str, Any]:
    content = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    return {name: body.get("do", body) for name, body in content["stages"].items()}


def test_code_dependencies_equal_the_import_closure(stages: dict[str, Any]) -> None:
    wanted = closures()
    found = {
        name: sorted(d for d in body["deps"] if d.startswith("pipeline/"))
        for name, body in stages.items()
        if name in wanted
    }
    assert found == wanted, "run `make deps`"


def test_per_model_stages_depend_on_the_signature_of_their_basis(stages: dict[str, Any]) -> None:
    for name, body in stages.items():
        if STAGES[name]:
            assert f"basis-{name}" in stages
            assert f"{OUTPUTS}/basis/{name}.json" in body["deps"]
            assert not any(dep.startswith(("pipeline/", "prompts/")) for dep in body["deps"])
            assert body["params"] == ["models.${key}"]


def test_stages_are_those_of_the_command_line_in_order(stages: dict[str, Any]) -> None:
    assert list(stages) == list(STAGES)
    for name, body in stages.items():
        per_model = STAGES[name]
        assert body["cmd"] == f"valuelex run {name}" + (" --model ${key}" if per_model else "")
        assert len(body["desc"]) > 20


def test_outs_are_the_artifacts_of_the_stage(stages: dict[str, Any]) -> None:
    for name, body in stages.items():
        found = {*body.get("outs", []), *body.get("metrics", [])}
        wanted = {
            f"{OUTPUTS}/{a.path.replace('{model}', '${key}')}" for a in ARTIFACTS if a.stage == name
        }
        assert found == wanted, name


def test_data_dependencies_are_outs_of_earlier_stages(stages: dict[str, Any]) -> None:
    before: list[str] = []
    for name, body in stages.items():
        for dep in body["deps"]:
            if dep.startswith(OUTPUTS):
                assert any(out == dep or out.startswith(f"{dep}/") for out in before), (name, dep)
        before += body.get("outs", [])


def test_every_params_section_is_read_by_a_stage_and_known(stages: dict[str, Any]) -> None:
    known = {field.alias or name for name, field in Settings.model_fields.items()}
    used = {p.split(".")[0] for body in stages.values() for p in body["params"]}
    assert used == known


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

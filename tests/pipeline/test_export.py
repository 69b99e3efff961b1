"""`valuelex export` on a finished study, and the dictionary of what the study wrote."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from tests.pipeline.project import run

from valuelex.artifacts.base import Document
from valuelex.artifacts.table import ARTIFACTS
from valuelex.cli import dictionary
from valuelex.settings import load_settings

pytestmark = [pytest.mark.slow]

FIGURES = {"semantic-map", "scree", "loadings", "congruence", "profiles", "pvq-circle", "people"}
TABLES = {"attrition", "taxonomy", "eigenvalues", "loadings", "factor-correlations", "congruence"}
TABLES |= {"profiles", "survey", "people", "groups", "convergence"}


@pytest.fixture(scope="module")
def exported(study: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    done = run(study, "valuelex", "export", "--to", str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    return folder


def test_every_figure_and_table_is_there_in_every_format(exported: Path) -> None:
    figures = {path.name for path in (exported / "figures").iterdir()}
    assert {f"{name}.{end}" for name in FIGURES for end in ("svg", "png")} <= figures
    assert any(name.startswith("groups-") for name in figures)
    tables = {path.name for path in (exported / "tables").iterdir()}
    assert {f"{name}.{end}" for name in TABLES for end in ("csv", "md", "tex")} <= tables
    assert {path.name for path in exported.iterdir()} == {
        "figures",
        "tables",
        "tables.xlsx",
        "data-dictionary.csv",
        "data-dictionary.md",
    }


def test_everything_of_a_simulated_study_says_so(exported: Path) -> None:
    for path in (exported / "tables").iterdir():
        assert "simulated" in path.read_text(encoding="utf-8").lower(), path.name
    for path in (exported / "figures").glob("*.svg"):
        assert "SIMULATED STUDY" in path.read_text(encoding="utf-8"), path.name
    with zipfile.ZipFile(exported / "tables.xlsx") as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == len(TABLES)
        assert all(b"SIMULATED STUDY" in book.read(name) for name in sheets)


def test_a_second_export_writes_the_same_bytes(study: Path, exported: Path, tmp_path: Path) -> None:
    done = run(study, "valuelex", "export", "--to", str(tmp_path), PYTHONHASHSEED="7")
    assert done.returncode == 0, done.stderr
    files = [path for path in exported.rglob("*") if path.is_file()]
    assert len(files) > 40
    for path in files:
        twin = tmp_path / path.relative_to(exported)
        assert twin.read_bytes() == path.read_bytes(), path.name


def test_tables_hold_the_numbers_of_the_artifacts(study: Path, exported: Path) -> None:
    with (exported / "tables" / "groups.csv").open(encoding="utf-8", newline="") as file:
        found = list(csv.DictReader(file))
    with (study / "outputs" / "compare" / "groups.csv").open(encoding="utf-8", newline="") as file:
        kept = list(csv.DictReader(file))
    assert [row["estimate"] for row in found] == [row["estimate"] for row in kept]


def test_a_file_where_the_folder_should_be_is_one_clear_error(study: Path, tmp_path: Path) -> None:
    taken = tmp_path / "taken"
    taken.write_text("mine")
    done = run(study, "valuelex", "export", "--to", str(taken))
    assert done.returncode == 2
    assert "a folder was expected" in done.stderr
    assert taken.read_text() == "mine"


@pytest.mark.parametrize(
    "artifact", [a for a in ARTIFACTS if isinstance(a, Document)], ids=lambda a: a.path
)
def test_every_field_of_every_document_is_described(study: Path, artifact: Document) -> None:
    keys = artifact.keys(study, load_settings(study).models)
    found = {path for key in keys for path in dictionary.paths(artifact.read(study, key))}
    missing = sorted(path for path in found if not dictionary.described(artifact.path, path))
    assert missing == [], "describe them in pipeline/valuelex/cli/fields.csv"

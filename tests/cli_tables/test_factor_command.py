"""`valuelex factor`: the engine's own numbers, in the pipeline's files, from any table."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from tests.cli_tables.made import NAMES, Done, planted, read_csv, write_csv

from valuelex.psychometrics.factors import factor_analysis
from valuelex.psychometrics.ipsatise import ipsatise
from valuelex.psychometrics.matrix import correlation
from valuelex.psychometrics.pca import pca_promax

Command = Callable[..., Done]


def loadings(folder: Path, name: str = "loadings.csv") -> np.ndarray:
    header, rows = read_csv(folder / name)
    assert header == ["term", *(f"F{j + 1}" for j in range(len(header) - 1))]
    return np.array([[float(c) for c in rows[v]] for v in sorted(rows)])


def test_the_files_hold_what_the_engine_finds(
    table: Path, tmp_path: Path, command: Command
) -> None:
    out = tmp_path / "out"
    done = command("factor", table, "--out", out, "--permutations", 40)
    assert (done.code, done.err) == (0, "")
    wanted = factor_analysis(correlation(planted()), 240, 3)
    np.testing.assert_allclose(loadings(out), wanted.loadings, atol=1e-9)
    np.testing.assert_allclose(loadings(out, "structure.csv"), wanted.structure, atol=1e-9)
    said = json.loads((out / "diagnostics.json").read_bytes())
    assert said["n_factors"] == said["parallel"]["n"] == 3
    assert said["map"]["n"] == 3
    assert (said["n_respondents"], said["n_terms"], said["n_models"]) == (240, 12, None)
    assert said["kmo_per_term"].keys() == set(NAMES)
    header, scores = read_csv(out / "scores.csv")
    assert header == ["respondent", "model", "F1", "F2", "F3"]
    assert list(scores) == [f"p{i:03}" for i in range(240)]
    assert "240 respondents x 12 variables" in done.out
    assert "KMO 0." in done.out
    assert "3 factors: so many leading eigenvalues exceed" in done.out
    assert "RMSEA" in done.out


def test_the_same_command_writes_the_same_bytes(
    table: Path, tmp_path: Path, command: Command
) -> None:
    for name in ("one", "two"):
        assert command("factor", table, "--permutations", 19, "--out", tmp_path / name).code == 0
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert files == ["diagnostics.json", "loadings.csv", "phi.csv", "scores.csv", "structure.csv"]
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


@pytest.mark.parametrize("extraction", ["minres", "ml", "pca"])
@pytest.mark.parametrize("rotation", ["oblimin", "promax", "varimax", "none"])
def test_every_extraction_goes_with_every_rotation(
    table: Path, tmp_path: Path, command: Command, extraction: str, rotation: str
) -> None:
    options = ("--extraction", extraction, "--rotation", rotation, "--factors", 3)
    assert command("factor", table, *options, "--out", tmp_path).code == 0
    wanted = factor_analysis(
        correlation(planted()),
        240,
        3,
        extraction,  # type: ignore[arg-type]
        rotation,  # type: ignore[arg-type]
    )
    # the layout in memory moves the last bit of the correlations, and varimax stops a step apart
    np.testing.assert_allclose(loadings(tmp_path), wanted.loadings, atol=1e-7)


def test_ipsatised_components_of_covariances(table: Path, tmp_path: Path, command: Command) -> None:
    done = command(
        *("factor", table, "--matrix", "covariance", "--extraction", "pca", "--rotation", "promax"),
        *("--ipsatise", "balanced", "--midpoint", 0, "--factors", 2, "--out", tmp_path),
    )
    assert done.code == 0
    wanted = pca_promax(ipsatise(planted(), "balanced", 0.0), 2)
    np.testing.assert_allclose(loadings(tmp_path), wanted.loadings, atol=1e-8)
    said = json.loads((tmp_path / "diagnostics.json").read_bytes())
    np.testing.assert_allclose([100 * v["share"] for v in said["variance"]], wanted.percent)
    assert said["midpoint"] == 0
    assert said["why"] == "The number is given."
    scores = np.array(
        [[float(c) for c in r[1:]] for r in read_csv(tmp_path / "scores.csv")[1].values()]
    )
    np.testing.assert_allclose(np.cov(scores.T), wanted.phi, atol=1e-7)


def test_parquet_semicolons_and_tabs_say_the_same(tmp_path: Path, command: Command) -> None:
    X = planted()
    frame = pd.DataFrame(X, columns=NAMES, index=[f"p{i:03}" for i in range(len(X))])
    frame.to_parquet(tmp_path / "t.parquet")
    rows = [[name, *row] for name, row in zip(frame.index, X.tolist(), strict=True)]
    write_csv(tmp_path / "semi.csv", ["", *NAMES], rows, delimiter=";")
    write_csv(tmp_path / "tab.tsv", ["", *NAMES], rows, delimiter="\t")
    found = []
    for name in ("t.parquet", "semi.csv", "tab.tsv"):
        out = tmp_path / Path(name).stem
        assert command("factor", tmp_path / name, "--factors", 3, "--out", out).code == 0
        found.append((out / "scores.csv").read_bytes())
    assert found[0] == found[1] == found[2]


def test_columns_are_chosen_dropped_and_given_parts(tmp_path: Path, command: Command) -> None:
    rows = [
        [f"p{i}", f"m{i // 12:02}", f"f{i // 24}", "some text", *row]
        for i, row in enumerate(planted().tolist())
    ]
    path = write_csv(tmp_path / "t.csv", ["who", "model", "family", "note", *NAMES], rows)
    done = command(
        *("factor", path, "--id", "who", "--blocks", "model", "--families", "family"),
        *("--drop", "note,a4", "--drop", "b4", "--permutations", 40, "--out", tmp_path / "out"),
    )
    assert (done.code, done.err) == (0, "")
    said = json.loads((tmp_path / "out" / "diagnostics.json").read_bytes())
    assert (said["n_models"], said["n_families"], said["n_terms"]) == (20, 10, 10)
    assert said["n_factors"] == 3
    assert "in 20 blocks of 10 families" in done.out
    header, scores = read_csv(tmp_path / "out" / "scores.csv")
    assert scores["p13"][0] == "m01"
    assert header[1] == "model"
    chosen = command(
        *(
            "factor",
            path,
            "--columns",
            ",".join(NAMES[:6]),
            "--factors",
            2,
            "--out",
            tmp_path / "six",
        )
    )
    assert chosen.code == 0
    assert sorted(read_csv(tmp_path / "six" / "loadings.csv")[1]) == sorted(NAMES[:6])


def test_noise_is_said_to_hold_no_factor(tmp_path: Path, command: Command) -> None:
    X = np.random.default_rng(0).normal(size=(200, 10)).round(3)
    path = write_csv(tmp_path / "noise.csv", [f"v{j}" for j in range(10)], X.tolist())
    done = command("factor", path, "--permutations", 100, "--out", tmp_path)
    assert done.code == 0
    assert "No factor is supported" in done.out
    assert "one factor is shown although none is supported" in done.out
    said = json.loads((tmp_path / "diagnostics.json").read_bytes())
    assert (said["n_factors"], said["supported"]) == (0, False)


def test_a_given_number_may_be_checked_by_the_criteria(
    table: Path, tmp_path: Path, command: Command
) -> None:
    done = command("factor", table, "--factors", 2, "--permutations", 19, "--out", tmp_path)
    assert "2 factors were asked for; the rule recommends otherwise" in done.out
    said = json.loads((tmp_path / "diagnostics.json").read_bytes())
    assert (said["n_factors"], said["recommended"]) == (2, 3)


def test_hostile_names_cannot_steer_the_terminal(tmp_path: Path, command: Command) -> None:
    names = ["\x1b[31mred", *NAMES[1:]]
    path = write_csv(tmp_path / "t.csv", names, planted().tolist())
    done = command("factor", path, "--factors", 3, "--top", 12)
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "\\x1b[31mred" in done.out


def test_formulas_in_names_are_harmless_in_a_spreadsheet(tmp_path: Path, command: Command) -> None:
    path = write_csv(tmp_path / "t.csv", ["=1+1", *NAMES[1:]], planted().tolist())
    assert command("factor", path, "--factors", 3, "--out", tmp_path).code == 0
    assert "'=1+1" in read_csv(tmp_path / "loadings.csv")[1]


@pytest.mark.parametrize("name", ["factor", "cluster", "diff"])
def test_help_shows_an_example(command: Command, name: str) -> None:
    done = command(name, "--help")
    assert done.code == 0
    assert f"valuelex {name} " in done.out.split("Options:")[0].replace("Usage: valuelex", "")

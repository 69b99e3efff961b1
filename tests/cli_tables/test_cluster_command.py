"""`valuelex cluster` and `valuelex diff` on files of the user's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli_tables.made import Done, read_csv, write_csv

from valuelex.taxonomy.model import Dimension, SubDimension, Taxonomy, TermEntry

Command = Callable[..., Done]
TERMS = ["dog", "Cat", "horse", "cow", "piano", "violin", "guitar", "trumpet"]
WARD = ("--method", "agglomerative-ward", "--min-cluster-size", "2")


def taxonomy(**groups: list[str]) -> str:
    """Return taxonomy.json with one dimension; each group's name is its first term."""
    subs = tuple(
        SubDimension(
            f"d1.{name}",
            words[0],
            "rule",
            (),
            tuple(TermEntry(w, 0.5, "loading", 1, 0.5, None, 1, 1, 1, 1, 0.1) for w in words),
        )
        for name, words in groups.items()
    )
    dimension = Dimension("d1", "D1", "rule", "F1", 1, {}, (), subs)
    return json.dumps(Taxonomy("t", True, "1", (dimension,), ()).to_dict())


@pytest.fixture
def terms(tmp_path: Path) -> Path:
    path = tmp_path / "terms.txt"
    path.write_text("\n".join([*TERMS, "", "DOG", "  guitar "]) + "\n", encoding="utf-8")
    return path


def test_a_list_of_terms_is_clustered_by_meaning(
    terms: Path, tmp_path: Path, command: Command
) -> None:
    done = command("cluster", terms, *WARD, "--clusters", 2, "--out", tmp_path / "out")
    assert (done.code, done.err) == (0, "")
    header, rows = read_csv(tmp_path / "out" / "clusters.csv")
    assert header == ["term", "cluster", "adopted", "x", "y", "membership", "nearest", "similarity"]
    assert set(rows) == set(TERMS)
    groups = {frozenset(t for t in rows if rows[t][0] == c) for c in ("0", "1")}
    assert groups == {frozenset(TERMS[:4]), frozenset(TERMS[4:])}
    said = json.loads((tmp_path / "out" / "stability.json").read_bytes())
    assert said["notes"] == ["1 blank left out", "2 repeated left out"]
    assert said["samples"]["n"] == 4
    assert "8 terms in 2 clusters" in done.out


def test_new_terms_join_fitted_clusters_and_change_nothing(
    terms: Path, tmp_path: Path, command: Command
) -> None:
    out = tmp_path / "out"
    assert command("cluster", terms, *WARD, "--clusters", 2, "--out", out).code == 0
    before = (out / "clusters.csv").read_bytes()
    _, rows = read_csv(out / "clusters.csv")
    new = tmp_path / "new.txt"
    new.write_text("sheep\ncello\nDOG\nsubpoena\n", encoding="utf-8")
    found = tmp_path / "assigned.csv"
    done = command(
        "assign", new, "--fitted", out / "clusters.csv", "--out", found, "--floor", "0.3"
    )
    assert (done.code, done.err) == (0, "")
    _, joined = read_csv(found)
    assert joined["sheep"][0] == rows["cow"][0]
    assert joined["cello"][0] == rows["violin"][0]
    assert joined["subpoena"][0] == "-1"
    assert joined["DOG"][0] == rows["dog"][0]
    assert joined["DOG"][2] == "true"
    assert "violin" in joined["cello"][3]
    assert "1 in no cluster" in done.out
    assert (out / "clusters.csv").read_bytes() == before


def test_clusters_that_cannot_be_joined(tmp_path: Path, terms: Path, command: Command) -> None:
    for rows, part in (
        ([["dog", "x"]], "row 1: a cluster is a whole number"),
        ([["dog", "-1"], ["cat", "-1"]], "has 2 terms and no cluster"),
    ):
        path = write_csv(tmp_path / "c.csv", ["term", "cluster"], rows)
        done = command("assign", terms, "--fitted", path)
        assert done.code == 2
        assert part in done.err


def test_a_column_of_a_table(tmp_path: Path, command: Command) -> None:
    path = write_csv(tmp_path / "t.csv", ["n", "name"], [[i, t] for i, t in enumerate(TERMS)])
    done = command("cluster", path, "--column", "name", *WARD, "--clusters", 2, "--resamples", 0)
    assert "8 terms in 2 clusters" in done.out
    missing = command("cluster", path, *WARD)
    assert (missing.code, "--column" in missing.err) == (2, True)
    wrong = command("cluster", path, "--column", "nam", *WARD)
    assert "did you mean 'name'?" in wrong.err


def test_what_cannot_be_clustered(terms: Path, tmp_path: Path, command: Command) -> None:
    few = tmp_path / "few.txt"
    few.write_text("one\nONE\n", encoding="utf-8")
    for arguments, part in (
        ((few,), "4 different terms or more, came: 1"),
        ((tmp_path / "term.txt",), "did you mean 'terms.txt'?"),
        ((terms, "--method", "agglomerative"), "--method must be one of"),
        ((terms, "--clusters", 3), "finds the number itself"),
        ((terms, "--model", "no-such-model", *WARD), "'no-such-model' could not be loaded"),
    ):
        done = command("cluster", *arguments)
        assert (done.code, part in done.err) == (2, True), done.err


def test_two_taxonomies_are_compared(tmp_path: Path, command: Command) -> None:
    before, after = tmp_path / "a.json", tmp_path / "b.json"
    old = taxonomy(s1=["honesty", "candour", "truth"], s2=["care", "kindness"])
    new = taxonomy(s1=["care", "kindness", "truth"], s2=["honesty", "candour", "wit"])
    before.write_text(old, encoding="utf-8")
    after.write_text(new, encoding="utf-8")
    done = command("diff", before, after)
    assert done.code == 0
    assert "moved: truth: d1.s1 honesty -> d1.s1 care" in done.out
    assert "new terms: wit" in done.out
    assert "the same 5 terms" in command("diff", before, before).out
    found = json.loads(command("diff", before, after, "--json").out)
    assert found["n_shared"] == 5
    after.write_text('{"schema": 1}', encoding="utf-8")
    assert command("diff", before, after).code == 2
    after.write_text("{", encoding="utf-8")
    assert "is no JSON" in command("diff", before, after).err
    assert "cannot be read" in command("diff", before, tmp_path / "none.json").err

"""What the commands say about a finished study."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.pipeline.project import mini, run

from valuelex.artifacts.table import (
    ANSWERS,
    COMPLETIONS,
    MENTIONS,
    PROFILES,
    REPLIES,
    TAXONOMY,
    TERMS,
)
from valuelex.cli.app import run_app

pytestmark = [pytest.mark.slow]


@pytest.fixture
def inside(study: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in the study's folder."""
    monkeypatch.chdir(study)
    return study


def said(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Run a command that must succeed; return what it printed."""
    capsys.readouterr()
    assert run_app(arguments) == 0
    return capsys.readouterr().out


@pytest.mark.usefixtures("inside")
def test_check_counts_what_will_be_asked(capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "check")
    assert "simulated" in out
    assert str(len(mini()["models"])) in out


def test_inspect_shows_the_tree(inside: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "inspect")
    assert out.startswith("SIMULATED")
    for dimension in TAXONOMY.read(inside)["dimensions"]:
        assert dimension["name"] in out
        assert all(sub["name"] in out for sub in dimension["sub_dimensions"])


def test_inspect_shows_every_branch_by_id_and_by_name(
    inside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for dimension in TAXONOMY.read(inside)["dimensions"]:
        for branch in (dimension, *dimension["sub_dimensions"]):
            assert branch["name"] in said(capsys, "inspect", branch["id"])
            assert branch["name"] in said(capsys, "inspect", branch["name"].upper())


def test_inspect_leads_from_every_term_to_the_replies_behind_it(
    inside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = [mention for mention in MENTIONS.read(inside) if mention["term"] is not None]
    for term in [row["term"] for row in TERMS.read(inside) if row["in_lexicon"]]:
        out = said(capsys, "inspect", term, "--limit", "3")
        mentions = {m["mention_id"]: m for m in kept if m["term"] == term}
        shown = [word for word in out.split() if word in mentions]
        assert len(shown) == 3
        assert all(f"[{mentions[one]['surface']}]" in out for one in shown)
        assert f"{len(mentions)} mentions; 3 shown" in out


def test_inspect_shows_a_model_with_what_became_of_all_it_said(
    inside: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    profiles = PROFILES.read(inside)
    for key, entry in mini()["models"].items():
        out = said(capsys, "inspect", key)
        assert out.startswith("SIMULATED")
        assert entry["family"] in out
        for table, name in ((REPLIES, "replies"), (COMPLETIONS, "endings"), (ANSWERS, "portraits")):
            assert f"{name:<10} {len(table.read(inside, key))} (" in out
        kept = [m for m in MENTIONS.read(inside) if m["model"] == key and m["term"] is not None]
        assert f"{len(kept)} mentions" in out
        means = [r["mean"] for r in profiles if r["model"] == key and r["mean"] is not None]
        assert means
        assert all(f" {mean:.2f} [" in out for mean in means)


@pytest.mark.usefixtures("inside")
def test_inspect_offers_the_nearest_model(capsys: pytest.CaptureFixture[str]) -> None:
    key = next(iter(mini()["models"]))
    assert run_app(["inspect", key[:-1]]) == 2
    assert f"did you mean '{key}'" in capsys.readouterr().err


@pytest.mark.usefixtures("inside")
def test_inspect_offers_the_nearest_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_app(["inspect", "compasion"]) == 2
    assert "did you mean 'compassion'" in capsys.readouterr().err


@pytest.mark.usefixtures("inside")
def test_found_says_what_how_far_to_trust_it_and_what_next(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = said(capsys, "found")
    assert out.startswith("SIMULATED")
    for part in ("How far to trust it", "planted truth", "outputs/report/report.html", "inspect '"):
        assert part in out


@pytest.mark.usefixtures("inside")
def test_store_counts_every_reply_and_finds_it_whole(capsys: pytest.CaptureFixture[str]) -> None:
    head, *rows, total = (line.split() for line in said(capsys, "store").splitlines())
    assert head[:5] == ["model", "answered", "refused", "truncated", "failed"]
    assert {row[0] for row in rows} == set(mini()["models"])
    assert sum(map(int, total[1:5])) > len(mini()["models"]) * 6 * 15
    assert "as they were written" in said(capsys, "store", "verify")


def test_the_installed_command_speaks_too(study: Path) -> None:
    done = run(study, "valuelex", "found")
    assert (done.returncode, done.stderr) == (0, "")
    assert "SIMULATED" in done.stdout

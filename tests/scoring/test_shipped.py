"""The releases that come with the project: whole, plainly labelled, and made by today's judge."""

from __future__ import annotations

import pytest
from tests.closures import ROOT

from valuelex.instruments.projective.administer import control_completions
from valuelex.stages.released import load_release, releases
from valuelex.stages.scoring import drift, judge

NAMES = sorted(name for name, root in releases(ROOT).items() if root == ROOT)


def test_there_is_a_release_and_the_newest_is_taken() -> None:
    assert NAMES
    assert load_release(start=ROOT).id in NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_release_is_whole_and_says_whether_it_is_simulated(name: str) -> None:
    release = load_release(name, ROOT)
    subs = [sub for group in release.dimensions.values() for sub in group]
    assert set(release.norms) == {
        *(("dimension", d) for d in release.dimensions),
        *(("sub_dimension", s) for s in subs),
    }
    assert {len(means) for means in release.norms.values()} == {release.about.models}
    assert {stem.sub_dimension for stem in release.form.stems} <= set(subs)
    assert release.about.simulated == release.taxonomy["simulated"]
    if release.about.simulated:
        assert name.startswith("simulated")
        assert release.about.statement.startswith("SIMULATED")
        folder = ROOT / "lexicon" / "taxonomies" / name
        for file in ("norms.csv", "controls.csv"):
            assert (folder / file).read_text().startswith("# SIMULATED")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_todays_judge_scores_the_controls_as_at_the_release(name: str) -> None:
    release = load_release(name, ROOT)
    assert drift(release, judge(release, control_completions(release.form))) < 0.01

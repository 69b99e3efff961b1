"""A finished study as data frames."""

from __future__ import annotations

from pathlib import Path

import pytest

from valuelex.artifacts import table as t
from valuelex.stages.notebook import load_study

pytestmark = [pytest.mark.slow]


def test_frames_hold_every_row_of_the_artifacts(study: Path) -> None:
    found = load_study(study)
    assert found.simulated
    assert len(found.profiles_frame()) == len(t.PROFILES.read(study))
    assert len(found.survey_frame()) == len(t.SURVEY_PROFILES.read(study))
    assert len(found.people_frame()) == len(t.SURVEY_HUMAN.read(study))
    assert len(found.groups_frame()) == len(t.GROUPS.read(study))
    assert len(found.convergence_frame()) == len(t.CONVERGENCE.read(study))
    assert len(found.lexicon_frame()) == len(t.TERMS.read(study))
    terms = found.terms_frame()
    inside = terms[terms["placed_by"] == "loading"]
    assert set(inside["term"]) <= set(found.loadings_frame().index)
    assert len(terms) == len(set(terms["term"]))


def test_the_study_shows_itself_with_its_verdict(study: Path) -> None:
    found = load_study(study)
    page = found._repr_html_()
    assert "SIMULATED" in page
    assert found.verdict()["level"] in page

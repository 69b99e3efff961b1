"""What must hold of ``outputs/`` before a release: each check raises `ArtifactError`."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from valuelex.errors import ArtifactError
from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge
from valuelex.instruments.projective.form import Form
from valuelex.instruments.projective.score import ProfileRow
from valuelex.records import Rating
from valuelex.settings import PARAMS
from valuelex.stages.context import Context

_SCALE = 1e-6  # profiles are written with ten digits
_SAME = 0.01  # points of 0-6: another machine may move the last digit of a verdict


def check_fit(
    context: Context, taxonomy: Mapping[str, Any], content: Mapping[str, Any], form: Form
) -> None:
    """Check that taxonomy, form and settings are of one study and one version."""
    study = context.signature
    facts = {
        "taxonomy.json": {"study": taxonomy["study"], "simulated": taxonomy["simulated"]},
        "form.json": {"study": content["study"], "simulated": content["simulated"]},
    }
    for file, came in facts.items():
        if came != study:
            raise unfit(f"{file} is of {came}, {PARAMS} of {study}")
    if form.taxonomy != taxonomy["version"]:
        raise unfit(f"the form is for taxonomy {form.taxonomy}, not {taxonomy['version']}")
    subs = {sub["id"] for d in taxonomy["dimensions"] for sub in d["sub_dimensions"]}
    strangers = sorted({stem.sub_dimension for stem in form.stems} - subs)
    if strangers:
        raise unfit(f"stems are keyed to sub-dimensions that the taxonomy has not: {strangers}")


def check_profiles(rows: Sequence[ProfileRow], written: Sequence[Mapping[str, Any]]) -> None:
    """Refuse profiles that do not follow from the verdicts."""
    there = {(w["model"], w["level"], w["id"]): w["mean"] for w in written}
    here = {(r.model, r.level, r.id): r.mean for r in rows}
    if set(there) != set(here):
        raise unfit(f"score/profiles.csv has {len(there)} rows, the verdicts make {len(here)}")
    for key, mean in here.items():
        came = float("nan") if there[key] is None else there[key]
        if abs(mean - came) > _SCALE or math.isnan(mean) != math.isnan(came):
            raise unfit(f"score/profiles.csv has {came} for {key}, the verdicts make {mean}")


def check_judge(
    judge: EmbeddingJudge, completions: Sequence[Completion], ratings: Sequence[Rating]
) -> None:
    """Judge the first model anew: norms of an older judge would misplace every new model."""
    sample = [c for c in completions if c.model == completions[0].model]
    then = {(r.request_id, r.sub_dimension): r.score for r in ratings}
    for now in judge.rate(sample):
        before = then[now.request_id, now.sub_dimension]
        if (before is None) != (now.score is None) or abs((before or 0) - (now.score or 0)) > _SAME:
            raise unfit(
                f"the judge gives {now.score} for {now.request_id} on {now.sub_dimension}, the"
                f" study has {before}: its verdicts are older than its code"
            )


def unfit(why: str) -> ArtifactError:
    """Return the error of outputs that do not fit together."""
    return ArtifactError(f"outputs/ cannot be released: {why}; run `dvc repro` first")

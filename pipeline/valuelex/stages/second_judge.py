"""A language model as second judge of a new model's completions, beside the release's own judge.

Its scores stand beside those of the release's judge and never in them: the roster's norms rest on
the latter, so a percentile of the former would compare two rulers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from valuelex.backends.ask import answer_all
from valuelex.backends.recorded.keys import slug
from valuelex.backends.registry import open_engine
from valuelex.backends.store import ReplyStore
from valuelex.errors import DataError
from valuelex.instruments.projective.administer import control_completions
from valuelex.instruments.projective.anchors import sub_dimensions
from valuelex.instruments.projective.combine import judge_matrix
from valuelex.instruments.projective.completions import NOT_RELEVANT, Completion
from valuelex.instruments.projective.llm_judge import LlmJudge
from valuelex.instruments.projective.quality import ControlAccuracy, control_accuracy
from valuelex.instruments.projective.score import ProfileRow, profiles, score_cubes
from valuelex.prompts import load_prompt
from valuelex.psychometrics.agreement import icc
from valuelex.records import Rating, Reply, Request, Sampling
from valuelex.roster import ModelEntry
from valuelex.stages.context import say
from valuelex.stages.progress import Progress
from valuelex.stages.released import Release

PROMPT = "judge.v1"
ATTEMPTS = 3
VERDICT_TOKENS = 400


@dataclass(frozen=True, slots=True)
class Panel:
    """Who judges beside the release's judge, and where replies are kept."""

    entry: ModelEntry
    store: Path


@dataclass(frozen=True, slots=True)
class SecondJudge:
    """What a language model made of the same completions.

    ``agreement`` compares it with the release's judge over the verdicts that both gave ("not
    relevant" counts as the middle of the scale): ``n``, Pearson's ``r`` and ICC(2,1), ``None``
    where they cannot be computed.
    """

    name: str
    ratings: tuple[Rating, ...]
    profile: tuple[ProfileRow, ...]
    controls: ControlAccuracy | None
    agreement: dict[str, float | None]

    @property
    def unscored(self) -> dict[str, int]:
        """How many completions have no verdict, by reason."""
        lost = {
            r.request_id: r.reason.split(":")[0]
            for r in self.ratings
            if r.score is None and r.reason != NOT_RELEVANT
        }
        return dict(sorted(Counter(lost.values()).items()))

    def as_dict(self) -> dict[str, Any]:
        """Plain values for ``scores.json``."""
        names = ("level", "id", "mean", "se", "lower", "upper", "n_scored", "n_neutral")
        found = self.controls
        return {
            "name": self.name,
            "prompt": PROMPT,
            "controls": None
            if found is None
            else {"right": found.right, "scored": found.scored, "unscored": found.unscored},
            "unscored": self.unscored,
            "agreement": self.agreement,
            "profile": [{name: getattr(row, name) for name in names} for row in self.profile],
        }


def second_opinion(
    release: Release, completions: Sequence[Completion], own: Sequence[Rating], panel: Panel
) -> SecondJudge:
    """Let a language model judge every completion and the form's controls.

    Parameters
    ----------
    release
        The released test.
    completions
        Of one model.
    own
        The ratings of the release's judge on them.
    panel
        The judge.

    Raises
    ------
    BackendError
        When the judge cannot be asked at all. An unreadable verdict is unscored, with its reason.
    """
    entry = panel.entry
    key = f"llm-{slug(entry.id)}"
    anchors = load_prompt(release.root, release.about.judge.anchors, ("unanswered",))
    judge = LlmJudge(
        sub_dimensions(release.taxonomy),
        {"key": key, "id": entry.id, "revision": entry.revision},
        Sampling(temperature=0.0, top_p=1.0, max_tokens=VERDICT_TOKENS),
        load_prompt(release.root, PROMPT, ("system", "rubric", "examples", "user")),
        unanswered=anchors["unanswered"],
        names=sorted({c.model for c in completions}),
    )
    engine = open_engine(entry)
    with ReplyStore(panel.store) as kept:

        def ask(requests: Sequence[Request]) -> list[Reply]:
            with Progress(f"judge {entry.id}", len(requests)) as progress:
                replies = answer_all(
                    requests, engine, kept, on_progress=progress.advance_to, on_wait=say
                )
            return list(replies.values())

        everything = [*completions, *control_completions(release.form)]
        ratings = judge.rate(everything, ask, attempts=ATTEMPTS)
    return _second(release, completions, own, key, ratings)


def _second(
    release: Release,
    completions: Sequence[Completion],
    own: Sequence[Rating],
    key: str,
    ratings: Sequence[Rating],
) -> SecondJudge:
    known = {c.reply_id for c in completions}
    mine = tuple(r for r in ratings if r.request_id in known)
    dimensions = release.dimensions
    subs = [sub for group in dimensions.values() for sub in group]
    cubes = score_cubes(release.form, completions, mine, subs, models=[completions[0].model])
    accuracy = control_accuracy(release.form, [r for r in ratings if r.request_id not in known])
    return SecondJudge(
        name=key,
        ratings=mine,
        profile=tuple(profiles(cubes, dimensions)),
        controls=accuracy[0] if accuracy else None,
        agreement=_agreement([*own, *mine]),
    )


def _agreement(ratings: Sequence[Rating]) -> dict[str, float | None]:
    _, _, values = judge_matrix(ratings)
    both = values[:, np.isfinite(values).all(axis=0)] if len(values) == 2 else values[:, :0]
    r = coefficient = None
    if both.shape[1] >= 3 and (np.ptp(both, axis=1) > 0).all():
        r = float(np.corrcoef(both[0], both[1])[0, 1])
    try:
        coefficient = icc(both.T).icc2.value
    except DataError:
        coefficient = None
    return {"n": both.shape[1], "r": r, "icc2": coefficient}

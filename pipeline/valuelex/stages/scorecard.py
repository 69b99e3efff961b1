"""A new model's result: its profile, what it rests on, and what limits it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from valuelex.instruments.projective.completions import NOT_RELEVANT, Completion
from valuelex.instruments.projective.norms import Placed
from valuelex.instruments.projective.quality import ControlAccuracy
from valuelex.records import Rating
from valuelex.stages.numbers import finite_values
from valuelex.stages.released import Release
from valuelex.stages.second_judge import SecondJudge

Interface = Literal["chat", "completion"]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """A model's profile on a released test, with everything that it rests on.

    ``profile`` has dimensions first, then sub-dimensions; ``ratings`` has one verdict for each
    completion and sub-dimension; ``notes`` says in words what limits the comparison. ``second`` is
    what a language model made of the same completions, where one was asked.
    """

    model: str
    release: Release
    interface: Interface
    completions: tuple[Completion, ...]
    ratings: tuple[Rating, ...]
    profile: tuple[Placed, ...]
    controls: ControlAccuracy
    notes: tuple[str, ...]
    second: SecondJudge | None = None

    @property
    def outcomes(self) -> dict[str, int]:
        """How many completions came to which outcome."""
        return dict(sorted(Counter(c.outcome for c in self.completions).items()))

    @property
    def unscored(self) -> dict[str, int]:
        """How many completions could not be judged, by reason; they count in no score."""
        found = {r.request_id: r.reason for r in self.ratings if not counts(r)}
        return dict(sorted(Counter(found.values()).items()))

    def as_dict(self) -> dict[str, Any]:
        """Return the structure of ``scores.json``: plain values, ``None`` for what there is not."""
        content = {
            "model": self.model,
            "interface": self.interface,
            "release": {
                "id": self.release.id,
                "simulated": self.release.about.simulated,
                "statement": self.release.about.statement,
                "taxonomy": self.release.about.taxonomy,
                "form": self.release.about.form,
                "models": self.release.about.models,
                "files": dict(self.release.about.files),
            },
            "judge": {
                "name": self.release.about.judge.name,
                "controls": {"right": self.controls.right, "scored": self.controls.scored},
            },
            "second_judge": None if self.second is None else self.second.as_dict(),
            "n_completions": len(self.completions),
            "outcomes": self.outcomes,
            "unscored": self.unscored,
            "notes": list(self.notes),
            "profile": [profile_entry(one, self.release.names) for one in self.profile],
            "completions": [
                {"id": c.reply_id, "stem": c.stem, "draw": c.draw, "outcome": c.outcome}
                | {"text": c.text}
                for c in self.completions
            ],
        }
        plain: dict[str, Any] = finite_values(content)
        return plain

    def __str__(self) -> str:
        from valuelex.reporting.profile_text import profile_lines

        return "\n".join(profile_lines(self.as_dict()))


def profile_entry(one: Placed, names: Mapping[str, str]) -> dict[str, Any]:
    """Return one row of a profile as plain values."""
    row = one.row
    return {
        "level": row.level,
        "id": row.id,
        "name": names[row.id],
        "mean": row.mean,
        "se": row.se,
        "lower": row.lower,
        "upper": row.upper,
        "percentile": row.percentile,
        "percentile_lower": one.percentile_lower,
        "percentile_upper": one.percentile_upper,
        "roster_median": one.middle,
        "n_roster": one.n_roster,
        "p": one.p,
        "p_adjusted": one.p_adjusted,
        "n_stems": one.n_stems,
        "n_scored": row.n_scored,
        "n_neutral": row.n_neutral,
        "n_unscored": row.n_unscored,
        "remark": one.remark,
    }


def counts(rating: Rating) -> bool:
    """Tell whether a verdict counts in a score: one that finds no relation counts as the middle."""
    return rating.score is not None or rating.reason == NOT_RELEVANT

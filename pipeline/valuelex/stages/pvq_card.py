"""One model on the questionnaire: its profile, how far to trust it, and its place beside people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import stats

from valuelex.artifacts.codecs import csv_bytes
from valuelex.errors import DataError, LexiconError
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.key import LEVELS, Key
from valuelex.instruments.pvq.norms import Norms
from valuelex.instruments.pvq.people import beside_people
from valuelex.instruments.pvq.retest import over_item_order, over_option_order, over_wording
from valuelex.instruments.pvq.score import Matrix, answer_matrix, profile, score
from valuelex.instruments.pvq.style import response_style
from valuelex.lexica import LEXICON
from valuelex.prompts import PROMPTS
from valuelex.psychometrics.reliability import alpha
from valuelex.stages.numbers import finite_values
from valuelex.stages.questionnaire import KEY_FILE
from valuelex.stages.survey_warnings import warnings

PACKAGE = Path(__file__).resolve().parents[1]
ANSWER_COLUMNS = (
    *("frame", "trial", "item", "value", "position", "order"),
    *("outcome", "answer", "reason", "text"),
)
PROFILE_COLUMNS = (
    *("level", "value", "raw", "centred", "se", "lower", "upper"),
    *("n_trials", "n_answered", "n_missing"),
    *("human", "difference", "difference_lower", "difference_upper", "rank", "human_rank"),
)


@dataclass(frozen=True, slots=True)
class Taken:
    """Answers of one model: rows as read, and how they came about.

    Each row has ``frame``, ``trial``, ``item``, ``outcome``, ``text``, ``answer`` and ``reason``;
    ``position`` and ``order`` where they are known. ``frame`` is the frame that is scored; ``mode``
    is ``item``, ``sheet`` or ``recorded``.
    """

    model: str
    rows: Sequence[Mapping[str, Any]]
    frame: str
    mode: str
    simulated: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """A model's result; ``as_dict`` is the structure of ``profile.json``."""

    content: Mapping[str, Any]
    rows: tuple[Mapping[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, ``None`` for what there is not."""
        return dict(self.content)

    def profile_csv(self) -> bytes:
        """Return the profile as a table."""
        return csv_bytes(PROFILE_COLUMNS, [_profile_row(row) for row in self.content["profile"]])

    def answers_csv(self) -> bytes:
        """Return every answer as a table, with the text that it was read from."""
        return csv_bytes(ANSWER_COLUMNS, self.rows)

    def __str__(self) -> str:
        from valuelex.reporting.pvq_text import profile_lines

        return "\n".join(profile_lines(self.content))


def questionnaire_root(start: Path) -> Path:
    """Return the folder whose prompts and norms are used: a project's, else the package's.

    Raises
    ------
    LexiconError
        When neither has them.
    """
    places = [start, *start.parents, PACKAGE / "data", PACKAGE.parents[1]]
    for place in places:
        if (place / LEXICON / KEY_FILE).is_file() and (place / PROMPTS).is_dir():
            return place
    raise LexiconError(f"no {LEXICON}/{KEY_FILE} in a project around {start} or in the package")


def make_card(
    taken: Taken,
    questionnaire: Questionnaire,
    key: Key,
    norms: Norms,
    norms_name: str,
    *,
    recorded: bool = False,
) -> ProfileCard:
    """Score what was taken.

    Raises
    ------
    DataError
        When nothing was answered at all.
    """
    frames = _matrices(taken, key)
    if taken.frame not in frames:
        raise DataError(f"{taken.model} has no answers under the frame '{taken.frame}'")
    answers = frames[taken.frame]
    if not np.isfinite(answers).any():
        raise DataError(f"{taken.model} answered none of {answers.size} items: {_reasons(taken)}")
    scores = score(answers, key, "nineteen")
    beside = beside_people(scores.centred, scores.values, norms)
    said = [*warnings(official=questionnaire.official or recorded), *taken.notes]
    if recorded:
        said.append(
            "Recorded answers: to which wording of the 57 items they were given is not known here."
        )
    content = {
        "model": taken.model,
        "simulated": taken.simulated,
        "questionnaire": {
            "id": "recorded" if recorded else questionnaire.id,
            "official": questionnaire.official,
            "mode": taken.mode,
            "frame": taken.frame,
            "trials": len(answers),
        },
        "warnings": said,
        "n_items": int(answers.size),
        "n_answered": int(np.isfinite(answers).sum()),
        "not_answered": _reasons(taken),
        "outcomes": dict(sorted(Counter(r["outcome"] for r in _scored(taken)).items())),
        "mean_rating": float(np.nanmean(answers)),
        "profile": _profile(answers, key, beside.values),
        "people": {
            "norms": norms_name,
            "r": beside.pearson,
            "lower": beside.lower,
            "upper": beside.upper,
            "spearman": beside.spearman,
            "mean_absolute_difference": beside.mean_absolute_difference,
            "n_values": beside.n_values,
        },
        "alpha": _alphas(answers, key),
        "style": asdict(_style(taken, answers, questionnaire)),
        "retest": _retests(taken, frames, key),
    }
    rows = tuple(
        {"position": None, "order": "", "value": key.value_of(row["item"]), **row}
        for row in taken.rows
    )
    return ProfileCard(finite_values(content), rows)


def _scored(taken: Taken) -> list[Mapping[str, Any]]:
    return [row for row in taken.rows if row["frame"] == taken.frame]


def _reasons(taken: Taken) -> dict[str, int]:
    counts = Counter(row["reason"] for row in _scored(taken) if row["answer"] is None)
    return dict(sorted(counts.items()))


def _matrices(taken: Taken, key: Key) -> dict[str, Matrix]:
    by_frame: dict[str, list[tuple[int, int, float | None]]] = {}
    for row in taken.rows:
        by_frame.setdefault(row["frame"], []).append((row["trial"], row["item"], row["answer"]))
    return {
        frame: answer_matrix(
            cells, trials=1 + max(trial for trial, _, _ in cells), n_items=key.n_items
        )
        for frame, cells in by_frame.items()
    }


def _profile(answers: Matrix, key: Key, beside: Sequence[Any]) -> list[dict[str, Any]]:
    people = {one.value: one for one in beside}
    rows = []
    for level in LEVELS:
        for one in profile(answers, key, level):
            row: dict[str, Any] = asdict(one) | _interval(one.centred, one.se, one.n_trials)
            if level == "nineteen":
                row["people"] = asdict(people[one.value])
            rows.append(row)
    return rows


def _interval(mean: float | None, se: float | None, n: int) -> dict[str, float | None]:
    """Return Student's 95 % interval over trials."""
    if mean is None or se is None:
        return {"lower": None, "upper": None}
    half = float(stats.t.ppf(0.975, n - 1)) * se
    return {"lower": mean - half, "upper": mean + half}


def _profile_row(row: Mapping[str, Any]) -> dict[str, Any]:
    beside = row.get("people") or {}
    flat = {
        "human": beside.get("human"),
        "difference": beside.get("difference"),
        "difference_lower": beside.get("lower"),
        "difference_upper": beside.get("upper"),
        "rank": beside.get("rank"),
        "human_rank": beside.get("human_rank"),
    }
    return {**row, **flat}


def _alphas(answers: Matrix, key: Key) -> list[dict[str, Any]]:
    """Return alpha of each of the nineteen over this model's trials, or why there is none."""
    rows = []
    for value, items in key.scales("nineteen").items():
        part = answers[:, np.array(items) - 1]
        complete = part[np.isfinite(part).all(axis=1)]
        row: dict[str, Any] = {
            "value": value,
            "n": len(complete),
            "n_left_out": len(part) - len(complete),
        }
        try:
            found = alpha(complete)
            row |= {"alpha": found.alpha, "lower": found.lower, "upper": found.upper}
        except DataError as error:
            row["note"] = str(error)
        rows.append(row)
    return rows


def _orders(taken: Taken, shape: tuple[int, ...]) -> tuple[Any, Any] | None:
    """Return positions and directions (trials, items), or nothing where they were not recorded."""
    position = np.zeros(shape, dtype=np.int64)
    descending = np.zeros(shape, dtype=np.bool_)
    for row in _scored(taken):
        if row.get("position") is None or not row.get("order"):
            return None
        position[row["trial"], row["item"] - 1] = row["position"]
        descending[row["trial"], row["item"] - 1] = row["order"] == "descending"
    return position, descending


def _style(taken: Taken, answers: Matrix, questionnaire: Questionnaire) -> Any:
    orders = _orders(taken, answers.shape)
    if orders is None:  # the official order, and one direction: no order shift then
        places = np.tile(np.arange(1, answers.shape[1] + 1), (len(answers), 1))
        orders = places, np.zeros(answers.shape, dtype=np.bool_)
    return response_style(answers, *orders, low=questionnaire.low, high=questionnaire.high)


def _retests(taken: Taken, frames: Mapping[str, Matrix], key: Key) -> list[dict[str, Any]]:
    answers = frames[taken.frame]
    orders = _orders(taken, answers.shape)
    found = []
    if orders is not None:
        found += [
            over_option_order(answers, orders[1], key),
            over_item_order(answers, orders[0], key),
        ]
    others = sorted(frame for frame in frames if frame != taken.frame)
    found += [over_wording(answers, frames[frame], key, frame) for frame in others]
    return [asdict(one) for one in found]

"""What the tasks put to a model and how its answers are scored; Inspect itself stays outside."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

import numpy as np

from valuelex.instruments.projective.administer import stem_messages
from valuelex.instruments.projective.completions import NOT_RELEVANT, Completion, clean_completion
from valuelex.instruments.projective.embedding_judge import EmbeddingJudge
from valuelex.instruments.projective.score import score_cubes
from valuelex.instruments.pvq.answers import answer_scale, read_answer
from valuelex.instruments.pvq.items import Questionnaire, read_questionnaire
from valuelex.instruments.pvq.key import Key, read_key
from valuelex.instruments.pvq.requests import Respondent, survey_requests
from valuelex.lexica import read_yaml
from valuelex.prompts import load_prompt
from valuelex.records import Message, Outcome, Reply, Sampling
from valuelex.stages.embedding import SentenceReader
from valuelex.stages.questionnaire import KEY_FILE
from valuelex.stages.released import Release, load_release

_STOPS: Mapping[str, Outcome] = {
    "stop": "answered",
    "max_tokens": "truncated",
    "model_length": "truncated",
    "content_filter": "refused",
}


def outcome_of(stop_reason: str, text: str) -> Outcome:
    """Return the outcome of a reply: why it ended, and nothing said is a failure."""
    outcome = _STOPS.get(stop_reason, "failed")
    return "failed" if outcome == "answered" and not text.strip() else outcome


@dataclass(frozen=True, slots=True)
class Asked:
    """One question: its id, the messages, and what has to be known when it is scored."""

    id: str
    messages: tuple[Message, ...]
    about: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A number with further ones beside it, or none with the reason."""

    value: float | None
    reason: str = ""
    scores: Mapping[str, float] | None = None


class ProjectiveTest:
    """A released test: its stems, and its own judge, calibrated when first needed."""

    def __init__(self, release: Release) -> None:
        self.release = release
        self._lock = threading.Lock()

    @property
    def sampling(self) -> Sampling:
        """The decoding setting of the release."""
        about = self.release.about.administer
        return Sampling(about.temperature, about.top_p, about.max_tokens)

    @cached_property
    def judge(self) -> EmbeddingJudge:
        """The release's judge."""
        about = self.release.about.judge
        content = load_prompt(self.release.root, about.anchors, ("frames", "unanswered"))
        reader = SentenceReader(about.embed)
        return EmbeddingJudge(
            self.release.taxonomy, content, reader.meaning, about.settings, tone=reader.tone
        )

    def questions(self, draws: int | None) -> list[Asked]:
        """Return every stem, as often as it is drawn."""
        about = self.release.about.administer
        prompt = load_prompt(self.release.root, about.prompts, ("chat", "completion"))
        return [
            Asked(
                f"{stem.id}-{draw}",
                stem_messages(stem, "chat", prompt),
                {"stem": stem.id, "draw": draw, "sub_dimension": stem.sub_dimension},
            )
            for draw in range(draws or about.draws)
            for stem in self.release.form.stems
        ]

    def verdict(self, stem: str, text: str, outcome: Outcome) -> Verdict:
        """Judge one completion on every sub-dimension; the value is that of the stem's own.

        Scores are those that a profile takes: 0-6, stems of aversion turned round, the middle of
        the scale where a completion has nothing to do with the sub-dimension.
        """
        found = next(one for one in self.release.form.stems if one.id == stem)
        ending = Completion("one", "one", stem, 0, clean_completion(text, found.text), outcome)
        with self._lock:  # the judge and its library serve one thread at a time
            ratings = self.judge.rate([ending])
        subs = [sub for group in self.release.dimensions.values() for sub in group]
        cubes = score_cubes(self.release.form, [ending], ratings, subs, models=["one"])
        values = {
            sub: float(cube.values[0, cube.stems.index(stem), 0]) for sub, cube in cubes.items()
        }
        scores = {sub: value for sub, value in values.items() if np.isfinite(value)}
        if found.sub_dimension in scores:
            return Verdict(scores[found.sub_dimension], scores=scores)
        why = next((r.reason for r in ratings if r.reason not in ("", NOT_RELEVANT)), "no verdict")
        return Verdict(None, why)


class Portraits:
    """The portrait values questionnaire in the project's own wording."""

    def __init__(self, questionnaire: Questionnaire, key: Key) -> None:
        self._questionnaire = questionnaire
        self._scale = answer_scale(questionnaire)
        scales = key.scales("nineteen")
        self._value = {item: value for value, items in scales.items() for item in items}

    def questions(self, trials: int, seed: int, frame: str, sampling: Sampling) -> list[Asked]:
        """Return every item in every trial; orders are drawn from the seed."""
        given = survey_requests(
            self._questionnaire,
            Respondent("inspect", "inspect", ""),
            sampling=sampling,
            trials=trials,
            order_seed=seed,
            frame=frame,
        )
        return [
            Asked(
                f"{one.trial}-{one.item}",
                one.request.messages,
                {
                    "trial": one.trial,
                    "item": one.item,
                    "position": one.position,
                    "order": one.order,
                    "value": self._value[one.item],
                },
            )
            for one in given
        ]

    def verdict(self, text: str, outcome: Outcome) -> Verdict:
        """Return the number in an answer, 1-6, or none with the reason."""
        answer, reason = read_answer(Reply("one", text, outcome), self._scale)
        return Verdict(None if answer is None else float(answer), reason)


@cache
def projective_test(release: str | None) -> ProjectiveTest:
    """Return a released test by name, or the newest; it is read and its judge made once."""
    return ProjectiveTest(load_release(release))


@cache
def portraits(items: str) -> Portraits:
    """Return a questionnaire of the project, or of the package."""
    root = load_release(None).root
    key = read_key(read_yaml(root, KEY_FILE))
    return Portraits(read_questionnaire(load_prompt(root, items, ("items", "scale")), key), key)

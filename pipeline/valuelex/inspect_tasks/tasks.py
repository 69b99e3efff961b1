"""The tasks, scorers and metrics: the only module that knows Inspect AI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean

import anyio.to_thread
from inspect_ai import Task, task
from inspect_ai.dataset import MemoryDataset, Sample
from inspect_ai.model import (
    ChatMessage,
    ChatMessageAssistant,
    ChatMessageSystem,
    ChatMessageUser,
    GenerateConfig,
)
from inspect_ai.scorer import (
    Metric,
    SampleScore,
    Score,
    Scorer,
    Target,
    Value,
    mean,
    metric,
    scorer,
    stderr,
)
from inspect_ai.solver import TaskState, generate

from valuelex.inspect_tasks.material import (
    Asked,
    Verdict,
    outcome_of,
    portraits,
    projective_test,
)
from valuelex.records import Message, Sampling

_ROLES = {"system": ChatMessageSystem, "user": ChatMessageUser, "assistant": ChatMessageAssistant}


@task
def projective(release: str | None = None, draws: int | None = None) -> Task:
    """Give a released projective test; score each completion 0-6 by the release's own judge.

    Parameters
    ----------
    release
        Name of a released test; the newest when absent.
    draws
        Completions of each stem; the release's own number when absent.
    """
    test = projective_test(release)
    return Task(
        dataset=_dataset(test.questions(draws), test.release.id),
        solver=generate(),
        scorer=projective_judge(release),
        config=_config(test.sampling),
    )


@task
def pvq(
    trials: int = 1,
    frame: str = "person",
    items: str = "pvq.v1",
    seed: int = 1,
    temperature: float = 0.7,
    max_tokens: int = 24,
) -> Task:
    """Give the 57 portraits of the values questionnaire, each in a context of its own.

    Parameters
    ----------
    trials
        Independent administrations, each with its own order of items and options.
    frame
        Which instruction of the prompt file frames the questionnaire.
    items
        The prompt file.
    seed
        Of the orders.
    temperature, max_tokens
        Of the decoding.
    """
    sampling = Sampling(temperature, 0.95, max_tokens)
    asked = portraits(items).questions(trials, seed, frame, sampling)
    return Task(
        dataset=_dataset(asked, items),
        solver=generate(),
        scorer=portrait_answer(items),
        config=_config(sampling),
    )


@metric
def profile() -> Metric:
    """Return the mean of each sub-dimension: over draws of a stem, then over stems."""

    def compute(scores: list[SampleScore]) -> Value:
        cells: dict[str, dict[str, list[float]]] = {}
        for one in scores:
            about = one.score.metadata or {}
            for sub, value in (about.get("scores") or {}).items():
                cells.setdefault(sub, {}).setdefault(str(about["stem"]), []).append(value)
        return {sub: fmean(map(fmean, cells[sub].values())) for sub in sorted(cells)}

    return compute


@metric
def values() -> Metric:
    """Return the mean answer of each of the 19 values, over the items that were answered."""

    def compute(scores: list[SampleScore]) -> Value:
        found: dict[str, list[float]] = {}
        for one in scores:
            number, about = one.score.as_float(), one.score.metadata or {}
            if number == number:  # an unscored sample carries no number
                found.setdefault(str(about["value"]), []).append(number)
        return {value: fmean(numbers) for value, numbers in sorted(found.items())}

    return compute


@scorer(metrics=[mean(), stderr(), profile()])
def projective_judge(release: str | None = None) -> Scorer:
    """Score a completion by the release's judge; what cannot be judged is unscored."""
    test = projective_test(release)

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - Inspect's form
        text = state.output.completion
        outcome = outcome_of(str(state.output.stop_reason), text)
        stem = str(state.metadata["stem"])
        found = await anyio.to_thread.run_sync(test.verdict, stem, text, outcome)
        return _score(found, text, {"stem": stem, "scores": dict(found.scores or {})})

    return score


@scorer(metrics=[mean(), stderr(), values()])
def portrait_answer(items: str = "pvq.v1") -> Scorer:
    """Read the number of an answer strictly; what cannot be read is unscored."""
    questionnaire = portraits(items)

    async def score(state: TaskState, target: Target) -> Score:  # noqa: ARG001 - Inspect's form
        text = state.output.completion
        found = questionnaire.verdict(text, outcome_of(str(state.output.stop_reason), text))
        return _score(found, text, {"value": state.metadata["value"]})

    return score


def _score(found: Verdict, text: str, metadata: dict[str, object]) -> Score:
    if found.value is None:
        return Score.unscored(reason=found.reason, answer=text[:1000], metadata=metadata)
    return Score(value=found.value, answer=text[:1000], metadata=metadata)


def _dataset(asked: Iterable[Asked], name: str) -> MemoryDataset:
    return MemoryDataset(
        [Sample(input=_chat(one.messages), id=one.id, metadata=dict(one.about)) for one in asked],
        name=name,
    )


def _chat(messages: Sequence[Message]) -> list[ChatMessage]:
    return [_ROLES[one.role](content=one.content) for one in messages]


def _config(sampling: Sampling) -> GenerateConfig:
    return GenerateConfig(
        temperature=sampling.temperature, top_p=sampling.top_p, max_tokens=sampling.max_tokens
    )

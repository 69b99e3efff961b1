"""What a study has yet to ask, what that will take, and asking a part of it. Sends nothing itself.

Estimates are measured where they can be: once a model has answered some requests of a stage, its
own tokens per byte and tokens per reply stand in for the general rule.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from valuelex.artifacts.table import FORM
from valuelex.backends.store import ReplyStore
from valuelex.backends.tokens import prompt_bytes, prompt_tokens
from valuelex.errors import SettingsError, near_miss
from valuelex.records import Reply, Request
from valuelex.roster import ModelEntry
from valuelex.stages.asking import ask
from valuelex.stages.context import Context
from valuelex.stages.prices import Prices

STAGES = ("elicit", "survey", "administer")
"""The stages that ask models, in the order in which they can."""
JUDGING = "score"
"""The stage that asks those judges that are models; for the whole study at once."""
PLANNED = (*STAGES, JUDGING)
_OFFLINE = "embedding"
_MEASURED_FROM = 10


@dataclass(frozen=True, slots=True)
class Planned:
    """What one stage asks one model.

    ``outstanding`` are those that the store does not hold; ``failed`` are in the store and final,
    until they are asked again on purpose. ``note`` says why there is nothing to plan,
    ``estimate`` on what the number of requests rests where it is none yet.
    """

    stage: str
    model: str
    requests: Sequence[Request] = ()
    outstanding: Sequence[Request] = ()
    failed: Sequence[Request] = ()
    measured: Mapping[str, Reply] = field(default_factory=dict)
    note: str = ""
    estimate: str = ""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tokens of outstanding requests; ``measured`` when the model's own replies told the rates.

    ``tokens_out`` is the mean reply times the number, ``most_out`` the sum of all limits; without
    measured replies the two are the same.
    """

    tokens_in: int
    tokens_out: int
    most_out: int
    measured: bool


def plan(
    context: Context, stages: Sequence[str] = STAGES, models: Sequence[str] = ()
) -> list[Planned]:
    """Return what each stage has yet to ask each model, in roster order; the store is only read.

    The stage ``score`` asks the judges of the settings that are models, and nobody else.

    Raises
    ------
    SettingsError
        On a stage that asks nobody, or a model that is not in the roster.
    """
    for stage in stages:
        if stage not in PLANNED:
            raise SettingsError(
                f"the stage '{stage}' asks no model{near_miss(stage, PLANNED)}; those that do:"
                f" {', '.join(PLANNED)}"
            )
    keys = list(models) or sorted(context.settings.models)
    entries = [(key, context.settings.model(key)) for key in keys]
    judges = [name for name in context.settings.score.judges if name != _OFFLINE]
    for judge in judges if JUDGING in stages else ():
        context.settings.model(judge)  # one that is in no roster would be left out in silence
    asked = [
        (stage, key, entry)
        for stage in stages
        for key, entry in entries
        if stage != JUDGING or key in judges
    ]
    if not context.store.exists():
        return [_planned(context, stage, key, entry, _nothing) for stage, key, entry in asked]
    with ReplyStore(context.store) as store:
        return [_planned(context, stage, key, entry, store.get_many) for stage, key, entry in asked]


def requests_of(context: Context, stage: str, model: str) -> Sequence[Request]:
    """Return what a stage asks one model; the stage's module is imported only here."""
    found: Sequence[Request] = importlib.import_module(f"valuelex.stages.{stage}").requests_of(
        context, model
    )
    return found


def estimate(planned: Planned, requests: Sequence[Request]) -> Estimate:
    """Return the tokens that some of a plan's outstanding requests will take."""
    counted = [
        (request, reply)
        for request in planned.requests
        if (reply := planned.measured.get(request.id)) is not None
    ]
    most = sum(request.sampling.max_tokens for request in requests)
    if len(counted) < _MEASURED_FROM:
        return Estimate(sum(map(prompt_tokens, requests)), most, most, measured=False)
    n_bytes = sum(prompt_bytes(request) for request, _ in counted)
    per_byte = sum(reply.tokens_in or 0 for _, reply in counted) / max(n_bytes, 1)
    per_reply = sum(reply.tokens_out or 0 for _, reply in counted) / len(counted)
    return Estimate(
        tokens_in=math.ceil(per_byte * sum(map(prompt_bytes, requests))),
        tokens_out=min(math.ceil(per_reply * len(requests)), most),
        most_out=most,
        measured=True,
    )


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: ``to_ask`` requests, their tokens, their cost where a price is known."""

    planned: Planned
    to_ask: int
    estimate: Estimate
    cost: float | None = None
    most: float | None = None


def priced(context: Context, one: Planned, prices: Prices | None, limit: int | None) -> Line:
    """Return the bill of one stage and model, for its first ``limit`` outstanding requests."""
    some = one.outstanding[:limit]
    guess = estimate(one, some)
    price = prices.of(one.model, context.settings.model(one.model)) if prices else None
    if price is None:
        return Line(one, len(some), guess)
    return Line(
        planned=one,
        to_ask=len(some),
        estimate=guess,
        cost=price.of(guess.tokens_in, guess.tokens_out),
        most=price.of(guess.tokens_in, guess.most_out),
    )


def ask_some(context: Context, planned: Planned, limit: int) -> int:
    """Ask at most ``limit`` of the outstanding requests into the store; how many are left."""
    some = planned.outstanding[:limit]
    if some:
        ask(context, planned.model, some, planned.stage)
    return len(planned.outstanding) - len(some)


def retry(context: Context, planned: Planned) -> dict[str, int]:
    """Ask again what has failed; the outcomes now, by name."""
    replies = ask(context, planned.model, planned.failed, planned.stage, retry_failed=True)
    outcomes: dict[str, int] = {}
    for reply in replies.values():
        outcomes[reply.outcome] = outcomes.get(reply.outcome, 0) + 1
    return outcomes


Find = Callable[[Sequence[str]], Mapping[str, Reply]]


def _nothing(_: Sequence[str]) -> Mapping[str, Reply]:
    return {}


def _planned(context: Context, stage: str, key: str, entry: ModelEntry, find: Find) -> Planned:
    if entry.backend == "recorded":
        return Planned(stage, key, note="recorded: nobody is asked")
    if stage in ("administer", JUDGING) and not FORM.file(context.root).exists():
        return Planned(stage, key, note="known once `dvc repro compose` has made the form")
    requests, guess = _requests(context, stage, key, find)
    found = find([request.id for request in requests])
    return Planned(
        stage=stage,
        model=key,
        requests=requests,
        outstanding=[request for request in requests if request.id not in found],
        failed=[r for r in requests if r.id in found and found[r.id].outcome == "failed"],
        measured={
            request_id: reply
            for request_id, reply in found.items()
            if reply.tokens_in is not None and reply.tokens_out is not None
        },
        estimate=guess,
    )


def _requests(context: Context, stage: str, key: str, find: Find) -> tuple[Sequence[Request], str]:
    """Return the requests, and on what their number rests where it is an estimate."""
    if stage != JUDGING:
        return requests_of(context, stage, key), ""
    # imported only here: the judges' stage loads what reads sentences
    judging = importlib.import_module("valuelex.stages.plan_judging").judge_calls
    found = judging(context, key, find)
    return found.requests, found.estimate

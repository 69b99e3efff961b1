"""What the judges of a study that are models have yet to be asked, without asking them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from valuelex.artifacts.table import COMPLETIONS, FORM, TAXONOMY
from valuelex.backends.tokens import BYTES_PER_TOKEN
from valuelex.instruments.projective.administer import control_completions
from valuelex.instruments.projective.completions import Completion
from valuelex.instruments.projective.form import form_from_dict
from valuelex.prompts import load_prompt
from valuelex.records import Reply, Request
from valuelex.stages.context import Context
from valuelex.stages.judging import ask_judge
from valuelex.stages.score import read_completions

Find = Callable[[Sequence[str]], Mapping[str, Reply]]

_WORDS = "I would do what is right for them and for me. "
"""A stand-in for an ending that is not there yet; repeated up to the length that it may have."""


@dataclass(frozen=True, slots=True)
class Judging:
    """The calls to one judge; ``estimate`` says on what they rest before there are endings."""

    requests: Sequence[Request]
    estimate: str = ""


def judge_calls(context: Context, judge: str, find: Find) -> Judging:
    """Return the calls that a judge has answered, and the next one for each ending that needs it.

    They are those of the stage itself: endings that are no answer are not put to a judge, and a
    verdict that could not be read is asked for again. While a model's endings are missing, their
    number is taken from the form, and each is as long as its limit.

    Raises
    ------
    ArtifactError
        When the taxonomy is missing, or an artifact is damaged.
    """
    form = form_from_dict(FORM.read(context.root))
    controls = control_completions(form)
    models = sorted(context.settings.models)
    if all(COMPLETIONS.file(context.root, key).exists() for key in models):
        return Judging(_worded(context, judge, [*read_completions(context, form), *controls], find))
    settings = context.settings.administer
    n_bytes = int(settings.max_tokens * BYTES_PER_TOKEN)
    longest = (_WORDS * (n_bytes // len(_WORDS) + 1))[:n_bytes]
    sample = Completion("not-yet-given", models[0], form.stems[0].id, 0, longest, "answered")
    count = len(form.stems) * settings.draws * len(models)
    return Judging(
        [
            *_worded(context, judge, [sample], _nothing) * count,
            *_worded(context, judge, controls, find),
        ],
        f"{len(form.stems)} stems x {settings.draws} draws x {len(models)} models, and"
        f" {len(controls)} endings of the form's own; those that turn out to be no answer are not"
        " judged",
    )


def _worded(
    context: Context, judge: str, completions: Sequence[Completion], find: Find
) -> list[Request]:
    """Let the stage word its calls, and answer them from the store alone."""
    content = load_prompt(context.root, context.settings.score.anchors, ("unanswered",))
    worded: dict[str, Request] = {}
    waiting: set[str] = set()

    def look_up(requests: Sequence[Request]) -> list[Reply]:
        # one that waits for its first answer is worded anew for every attempt: it counts once
        new = [request for request in requests if request.prompt not in waiting]
        found = find([request.id for request in new])
        worded.update((request.id, request) for request in new)
        waiting.update(request.prompt for request in new if request.id not in found)
        return list(found.values())

    taxonomy = TAXONOMY.read(context.root)
    ask_judge(context, judge, taxonomy, completions, content["unanswered"], batch=look_up)
    return list(worded.values())


def _nothing(_: Sequence[str]) -> Mapping[str, Reply]:
    return {}

"""survey: give the portrait values questionnaire to one model, in independent trials.

Every item is asked in a context of its own; item order and the direction of the answer options
vary by trial and are recorded.
"""

from __future__ import annotations

from valuelex.artifacts.table import ANSWERS
from valuelex.instruments.pvq.requests import Respondent, survey_requests
from valuelex.stages.asking import ask, revision
from valuelex.stages.context import Context
from valuelex.stages.questionnaire import load_questionnaire


def run(context: Context, model: str) -> None:
    """Write ``survey/answers/<model>.parquet``."""
    settings, entry = context.settings.survey, context.settings.model(model)
    questionnaire = load_questionnaire(context)
    respondent = Respondent(model, entry.id, revision(context, model, entry), entry.interface)
    asked = survey_requests(
        questionnaire,
        respondent,
        sampling=settings.sampling,
        trials=settings.trials,
        order_seed=context.settings.study.seed,
        frame=settings.frame,
    )
    replies = ask(context, model, [one.request for one in asked], "survey")
    rows = [answer_row(one, replies[one.request.id], questionnaire.labels) for one in asked]
    ANSWERS.write(context.root, rows, model)
    answered = sum(row["answer"] is not None for row in rows)
    context.say(f"survey {model}: {answered} of {len(rows)} items answered")

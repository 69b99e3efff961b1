"""From the name of a stage to its module; each stage imports its libraries only when it runs."""

from __future__ import annotations

import importlib
from pathlib import Path

from valuelex.errors import SettingsError, near_miss
from valuelex.stages.context import Context, open_context

# stage name -> whether it runs once per model; in the order of dvc.yaml
STAGES: dict[str, bool] = {
    "basis": False,
    "basis-elicit": False,
    "elicit": True,
    "normalize": False,
    "embed": False,
    "cluster": False,
    "factor": False,
    "taxonomy": False,
    "validate": False,
    "compose": False,
    "basis-administer": False,
    "administer": True,
    "score": False,
    "basis-survey": False,
    "survey": True,
    "survey-score": False,
    "dilemmas": False,
    "portrait": False,
    "compare": False,
    "report": False,
}


def run_stage(root: Path, stage: str, model: str | None, limit: int | None = None) -> None:
    """Run one stage in the project folder ``root``.

    With ``limit`` at most so many requests are asked; while others are outstanding the stage
    itself does not run, and its artifact is not written.

    Raises
    ------
    SettingsError
        On an unknown stage, or a model key that is missing, idle or not in the roster.
    """
    if stage not in STAGES:
        raise SettingsError(
            f"no stage '{stage}'{near_miss(stage, STAGES)}; there are: {', '.join(STAGES)}"
        )
    if limit is not None and not STAGES[stage]:
        raise SettingsError(f"the stage '{stage}' asks no model: it takes no --limit")
    if STAGES[stage] != (model is not None):
        wanted = "needs --model KEY" if STAGES[stage] else "takes no --model"
        raise SettingsError(f"the stage '{stage}' {wanted}")
    context = open_context(root)
    if stage.partition("-")[0] == "basis":
        from valuelex.stages import basis

        basis.run(context, stage)
        return
    module = importlib.import_module(f"valuelex.stages.{stage.replace('-', '_')}")
    if model is None:
        module.run(context)
        return
    context.settings.model(model)
    if limit is not None and _left(context, stage, model, limit):
        return
    module.run(context, model)


def _left(context: Context, stage: str, model: str, limit: int) -> int:
    """Ask a part of what is outstanding; the number that is left, said aloud."""
    from valuelex.stages.planning import ask_some, plan

    (planned,) = plan(context, (stage,), (model,))
    left = ask_some(context, planned, limit)
    if left:
        context.say(f"{stage} {model}: {left} are still to ask; its artifact is not written yet")
    return left

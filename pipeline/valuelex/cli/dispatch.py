"""From the name of a stage to its module; each stage imports its libraries only when it runs."""

from __future__ import annotations

import importlib
from pathlib import Path

from valuelex.errors import SettingsError, near_miss
from valuelex.stages.context import open_context

# stage name -> whether it runs once per model; in the order of dvc.yaml
STAGES: dict[str, bool] = {
    "basis-roster": False,
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


def run_stage(root: Path, stage: str, model: str | None) -> None:
    """Run one stage in the project folder ``root``.

    Raises
    ------
    SettingsError
        On an unknown stage, or a model key that is missing, idle or not in the roster.
    """
    if stage not in STAGES:
        raise SettingsError(
            f"no stage '{stage}'{near_miss(stage, STAGES)}; there are: {', '.join(STAGES)}"
        )
    if STAGES[stage] != (model is not None):
        wanted = "needs --model KEY" if STAGES[stage] else "takes no --model"
        raise SettingsError(f"the stage '{stage}' {wanted}")
    context = open_context(root)
    if stage.startswith("basis-"):
        from valuelex.stages import basis

        basis.run(context, stage)
        return
    module = importlib.import_module(f"valuelex.stages.{stage.replace('-', '_')}")
    if model is None:
        module.run(context)
    else:
        context.settings.model(model)
        module.run(context, model)

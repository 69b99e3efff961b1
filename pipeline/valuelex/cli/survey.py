"""`valuelex survey`: the questionnaires, each a command of its own module."""

from __future__ import annotations

import typer

from valuelex.cli.survey_portrait import register as register_portrait
from valuelex.cli.survey_pvq import register as register_pvq

group = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Give a questionnaire to one model, or read its recorded answers, without the pipeline.",
)


def register(app: typer.Typer) -> None:
    """Add the group, with each questionnaire's command, to the command line."""
    app.add_typer(group, name="survey")


register_portrait(group)
register_pvq(group)

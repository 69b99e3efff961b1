"""`valuelex pin`: the roster's branches become commits, so that a run can be repeated."""

from __future__ import annotations

from pathlib import Path

import typer


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("pin")(pin)


def pin() -> None:
    """Write the present commit of every model that is a branch or a tag into params.yaml.

    A changed revision is asked anew: pin before you ask. Needs a model hub.

    Example: HF_HUB_OFFLINE=0 valuelex pin
    """
    from valuelex.stages.context import open_context
    from valuelex.stages.pinning import pin as pin_models

    context = open_context(Path.cwd())
    commits = pin_models(context)
    for key, commit in commits.items():
        context.say(f"{key}: {commit}")
    context.say(f"{len(commits)} models are pinned in params.yaml")

"""`valuelex plan` and `run --dry-run`: what is outstanding, and what it will cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from valuelex.cli.terminal import columns, one_line

if TYPE_CHECKING:
    from valuelex.stages.planning import Line
    from valuelex.stages.prices import Prices


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan")(plan)


def plan(
    model: Annotated[list[str] | None, typer.Option(help="roster key; may be repeated")] = None,
    stage: Annotated[
        list[str] | None, typer.Option(help="elicit, survey, administer or score; may be repeated")
    ] = None,
    prices: Annotated[
        Path | None, typer.Option(help="YAML or CSV: what a model's tokens cost by the million")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="count only so many requests per stage and model")
    ] = None,
) -> None:
    """Show what the study has yet to ask, the tokens that will take and, with prices, the cost.

    Nothing is sent. Examples: valuelex plan; valuelex plan --prices prices.yaml --stage elicit
    """
    show_plan(Path.cwd(), stage or (), model or (), prices, limit)


def show_plan(
    root: Path,
    stages: Sequence[str],
    models: Sequence[str],
    prices: Path | None,
    limit: int | None,
) -> None:
    """Print one line a stage and model, then the total; nothing is sent.

    Raises
    ------
    SettingsError
        On an unknown stage or model, or a price file that is none.
    """
    from valuelex.stages import planning
    from valuelex.stages.context import open_context
    from valuelex.stages.prices import read_prices

    context = open_context(root)
    costs = read_prices(prices) if prices else None
    lines = [
        planning.priced(context, one, costs, limit)
        for one in planning.plan(context, tuple(stages) or planning.PLANNED, models)
    ]
    for row in columns(_table(lines, costs), left=2):
        print(row)  # noqa: T201
    for note in _notes(lines, costs, limit):
        print(one_line(note))  # noqa: T201


_HEAD = ("stage", "model", "requests", "in store", "to ask", "tokens in", "out", "out at most")


def _table(lines: Sequence[Line], prices: Prices | None) -> list[list[str]]:
    """Return the head, one row a line, and the sum."""
    counted = [line for line in lines if not line.planned.note]
    rows = [[*_HEAD, *(("cost", "cost at most") if prices else ())]]
    rows += [_row(line.planned.stage, line.planned.model, [line], prices) for line in counted]
    return [*rows, _row("all", "", counted, prices)]


def _row(stage: str, model: str, lines: Sequence[Line], prices: Prices | None) -> list[str]:
    total = sum(len(line.planned.requests) for line in lines)
    left = sum(len(line.planned.outstanding) for line in lines)
    numbers = [
        total,
        total - left,
        sum(line.to_ask for line in lines),
        sum(line.estimate.tokens_in for line in lines),
        sum(line.estimate.tokens_out for line in lines),
        sum(line.estimate.most_out for line in lines),
    ]
    row = [stage, model, *(f"{number:,}" for number in numbers)]
    if prices:
        known = [line for line in lines if line.cost is not None]
        costs = (sum(line.cost or 0.0 for line in known), sum(line.most or 0.0 for line in known))
        row += [f"{cost:,.2f}" if known else "no price" for cost in costs]
    return row


def _notes(lines: Sequence[Line], prices: Prices | None, limit: int | None) -> list[str]:
    counted = [line for line in lines if not line.planned.note and line.to_ask]
    notes = ["nothing was sent"]
    if not lines:
        notes.append("no judge of `score.judges` is a model of these: nobody is asked")
    notes += [
        f"{line.planned.stage} {line.planned.model}: the number is an estimate"
        f" ({line.planned.estimate})"
        for line in lines
        if line.planned.estimate
    ]
    guessed = sum(not line.estimate.measured for line in counted)
    if guessed:
        rest = "" if guessed == len(counted) else "; the others from the model's own replies"
        notes.append(
            f"tokens of {guessed} of {len(counted)} lines are estimated (4 bytes a token, every"
            f" reply as long as its limit){rest}"
        )
    if limit is not None:
        notes.append(f"counted: at most {limit} requests a stage and model (--limit)")
    if prices:
        bare = sorted({line.planned.model for line in counted if line.cost is None})
        notes.append(f"cost in {prices.currency or 'the units of the price file'}, without retries")
        if bare:
            notes.append(f"no price for {len(bare)} models, not in the sum: {', '.join(bare)}")
    failed = sum(len(line.planned.failed) for line in lines)
    if failed:
        notes.append(f"{failed} have failed and are not asked again: `valuelex store retry-failed`")
    reasons = Counter(
        (line.planned.stage, line.planned.note) for line in lines if line.planned.note
    )
    notes += [f"{stage}: not counted for {n} models ({why})" for (stage, why), n in reasons.items()]
    return notes

"""What the pipeline found, where to read it, and what to try next: the last words of a run."""

from __future__ import annotations

from pathlib import Path

from valuelex.artifacts.base import OUTPUTS
from valuelex.artifacts.table import METRICS, RECOVERY, REPORT, STABILITY, TAXONOMY
from valuelex.cli.terminal import tell
from valuelex.stages.context import open_context


def say_what_was_found(root: Path) -> None:
    """Print the taxonomy in a few lines, the verdict, the place of the report and next steps.

    Raises
    ------
    ArtifactError
        When the pipeline has not run.
    """
    context = open_context(root)
    taxonomy, verdict = TAXONOMY.read(root), STABILITY.read(root)["verdict"]
    metrics, recovery = METRICS.read(root), RECOVERY.read(root)
    lines = []
    if taxonomy["simulated"]:
        lines.append("SIMULATED study: the values below were planted, no real model holds them.")
    lines.append(
        f"{metrics['replies']:,} replies of {len(context.settings.models)} models gave"
        f" {metrics['terms_in_lexicon']} terms in {len(taxonomy['dimensions'])} dimensions:"
    )
    for dimension in taxonomy["dimensions"]:
        shown = "; ".join(
            f"{sub['name']} ({', '.join(t['term'] for t in sub['terms'][:3])} ...)"
            for sub in dimension["sub_dimensions"]
        )
        lines.append(f"  {dimension['name']}: {shown}")
    lines.append(f"How far to trust it: {verdict['level']}. {verdict['text']}")
    lines += [f"  but {reason}" for reason in verdict["reasons"]]
    if recovery["applies"]:
        terms = recovery["terms"]
        lines.append(
            f"Against the planted truth: recall {terms['recall']:.2f}, precision"
            f" {terms['precision']:.2f} of terms; sub-dimensions ARI"
            f" {recovery['sub_dimensions']['ari']:.2f}; dimensions"
            f" {recovery['dimensions']['found']} of {recovery['dimensions']['planted']}."
        )
    subs = [sub for dimension in taxonomy["dimensions"] for sub in dimension["sub_dimensions"]]
    first = next((f" '{sub['terms'][0]['term']}'" for sub in subs), "")
    lines += [
        f"Report: {OUTPUTS}/{REPORT.path}",
        "Next:   source .venv/bin/activate",
        f"        {'valuelex inspect' + first:<34}the replies behind one word",
        f"        {'valuelex study':<34}other studies; see README for real models",
    ]
    tell(lines)

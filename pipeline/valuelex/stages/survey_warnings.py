"""What has to be said wherever results of the questionnaire are shown."""

from __future__ import annotations

REPEATS = (
    "Trials of one model are near-deterministic repeats at the same settings, no sample of persons:"
    " standard errors and intervals over trials say how repeatable a score is, no more."
)
OWN_WORDING = (
    "The portraits are this project's own wording, not the official text: differences from people"
    " are partly differences of wording."
)
SELF_REPORT = (
    "A questionnaire asks a model to describe itself; reliable answers are no evidence that it acts"
    " on them."
)
NORMS = (
    "People are means over groups, taken as published: a difference is judged against the models'"
    " own variation alone."
)


def warnings(*, official: bool) -> tuple[str, ...]:
    """Return the sentences to print, whatever the answers are."""
    return (REPEATS, *(() if official else (OWN_WORDING,)), NORMS, SELF_REPORT)

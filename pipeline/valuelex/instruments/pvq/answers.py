"""From replies to answers: the outcome first, then the text."""

from __future__ import annotations

from collections.abc import Sequence

from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.parse import Answer, Scale, parse_answer, plain
from valuelex.records import Reply

_SOMEWHAT = {"not at all like me": 1, "somewhat like me": 4}


def answer_scale(questionnaire: Questionnaire) -> Scale:
    """Return the scale of a questionnaire, for the parser.

    The six-point scale of the PVQ also reads the fourth label of the older forms and one common
    turn of the first.
    """
    six = (questionnaire.low, questionnaire.high) == (1, 6)
    own = {plain(label) for label in questionnaire.labels.values()}
    aliases = {words: point for words, point in _SOMEWHAT.items() if words not in own}
    return Scale(questionnaire.labels, aliases if six else {})


def read_answer(reply: Reply, scale: Scale, *, continuation: bool = False) -> Answer:
    """Return the answer in a reply; a refused or failed reply has none, whatever its text.

    A truncated reply counts when an answer stands in what came.
    """
    if reply.outcome in ("refused", "failed"):
        return None, reply.outcome
    answer, reason = parse_answer(reply.text, scale, continuation=continuation)
    if answer is None and reply.outcome == "truncated":
        return None, f"truncated: {reason}"
    return answer, reason


def count_reasons(answers: Sequence[Answer]) -> dict[str, int]:
    """Count answers by reason; ``answered`` for those that have a point."""
    counts: dict[str, int] = {}
    for point, reason in answers:
        name = "answered" if point is not None else reason
        counts[name] = counts.get(name, 0) + 1
    return dict(sorted(counts.items()))

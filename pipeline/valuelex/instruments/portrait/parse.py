"""The Value Portrait response scale, for the strict parser of :mod:`..pvq.parse`.

The published parse took any text that contains a label. Two of its habits concern replies that are
no label at all; they are kept apart here as aliases, so that published numbers can be reproduced
knowingly and own administrations can do without.
"""

from __future__ import annotations

from valuelex.instruments.pvq.parse import Scale

LABELS = {
    1: "not like me at all",
    2: "not like me",
    3: "a little like me",
    4: "somewhat like me",
    5: "like me",
    6: "very much like me",
}

PUBLISHED_ALIASES = {
    # one model wrote "some like me" for "somewhat like me", whose point would be 4
    "some like me": 5,
    "very little like me": 3,
}


def portrait_scale(*, published: bool = False) -> Scale:
    """Return the six-point scale; ``published`` also reads what the published parse read."""
    aliases = {"not at all like me": 1}
    return Scale(LABELS, aliases | PUBLISHED_ALIASES if published else aliases)

"""Phrases that deny a fault: *not lazy*, *never careless*, *avoiding being rude*."""

from __future__ import annotations

import re

from valuelex.terms.linguistics import english

_DENIAL = re.compile(
    r"^(?:not|never|no longer|without|avoiding|avoidance of)(?:\s+(?:be|being|too|so|overly))?"
    r"\s+(?P<quality>[a-z][a-z-]*)$"
)


def denies(term: str) -> bool:
    """Whether a term says what not to be: a negation and one adjective.

    It names a fault, and the value behind it is a guess (*not lazy*: diligence? energy?), so it
    stays a term of its own, is merged with nothing, and stays out of the lexicon. Negated nouns
    (*no harm*, *non-violence*) are names of values.
    """
    found = _DENIAL.match(term)
    if found is None:
        return False
    quality = found["quality"]
    return quality in english().index["adj"] or quality.endswith(
        ("ed", "ful", "less", "ous", "ish")
    )

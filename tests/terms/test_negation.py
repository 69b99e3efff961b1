from __future__ import annotations

import pandas as pd
import pytest

from valuelex.terms.lexicon import LexiconRule, build_lexicon
from valuelex.terms.negation import denies

DENIED = [
    *(f"not blorf{end}" for end in ("ed", "ful", "less", "ous", "ish")),  # no dictionary has them
    *("no longer lazy", "without being rude", "avoidance of overly proud"),
    *("not lazy", "never careless", "not being cruel", "avoiding being biased", "not too proud"),
]
VALUES = [
    "not blorf",
    "not blorfing",
    "lazy",
    "knot lazy",
    "not a lazy",
    "no harm",
    "do no harm",
    "avoiding harm",
    "without prejudice",
    "never give up",
    "notable",
]


@pytest.mark.parametrize("term", DENIED)
def test_a_negated_adjective_denies_a_fault(term: str) -> None:
    assert denies(term)


@pytest.mark.parametrize("term", VALUES)
def test_a_negated_noun_names_a_value(term: str) -> None:
    assert not denies(term)


def test_what_denies_a_fault_is_counted_and_stays_out_of_the_lexicon() -> None:
    rows = [
        {"reply_id": f"{m}{i}", "model": m, "respondent": m, "family": m, "rank": i, "term": term}
        for m in "abc"
        for i, term in enumerate(["honesty", "not lazy"], start=1)
    ]
    rule = LexiconRule(min_models=1, min_families=1, min_respondent_share=0.0, max_terms=10)
    terms, attrition = build_lexicon(pd.DataFrame(rows), rule)
    reasons = dict(zip(terms["term"], terms["reason"], strict=True))
    assert reasons == {"honesty": "", "not lazy": "negated-quality"}
    assert {row["disposition"] for row in attrition} == {"in-lexicon", "negated-quality"}

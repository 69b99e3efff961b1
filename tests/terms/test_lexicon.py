from __future__ import annotations

import pandas as pd
import pytest

from valuelex.errors import DataError
from valuelex.terms.lexicon import LexiconRule, build_lexicon, sensitivity


def frame(lists: dict[str, list[str | None]]) -> pd.DataFrame:
    rows = [
        {
            "reply_id": reply,
            "model": reply[0],
            "respondent": reply[:2],
            "family": "f" + reply[0],
            "rank": rank,
            "term": term,
        }
        for reply, terms in lists.items()
        for rank, term in enumerate(terms, start=1)
    ]
    return pd.DataFrame(rows)


LISTS: dict[str, list[str | None]] = {
    "a1x": ["honesty", "care", "tact", "wit"],
    "a2x": ["care", None, "honesty"],
    "b1x": ["honesty"],
    "b1y": [None],
}
LOOSE = LexiconRule(min_models=1, min_families=1, min_respondent_share=0.0, max_terms=10)


def test_salience_by_hand() -> None:
    """Three replies hold a kept mention.

    Smith's S of honesty: (1 + 1/2 + 1) / 3 = 5/6; its mean position (1 + 2 + 1) / 3 = 4/3; Sutrop:
    3 / (3 x 4/3) = 3/4. Of care: (3/4 + 1) / 3 = 7/12; position 3/2; 2 / (3 x 3/2) = 4/9.
    """
    terms, _ = build_lexicon(frame(LISTS), LOOSE)
    table = terms.set_index("term")
    assert table.loc["honesty", "smith_s"] == pytest.approx(5 / 6, abs=1e-12)
    assert table.loc["honesty", "sutrop"] == pytest.approx(3 / 4, abs=1e-12)
    assert table.loc["care", "smith_s"] == pytest.approx(7 / 12, abs=1e-12)
    assert table.loc["care", "sutrop"] == pytest.approx(4 / 9, abs=1e-12)
    counts = table.loc["honesty", ["mentions", "replies", "respondents", "models", "families"]]
    assert list(counts) == [3, 3, 3, 2, 2]
    assert list(terms["term"]) == sorted(terms["term"])


def test_each_rule_names_itself() -> None:
    rule = LexiconRule(min_models=2, min_families=1, min_respondent_share=0.0, max_terms=10)
    terms, attrition = build_lexicon(frame(LISTS), rule)
    table = terms.set_index("term")
    assert table.loc["honesty", "in_lexicon"]
    assert table.loc["care", "reason"] == "few-models"
    assert sum(int(str(row["n"])) for row in attrition) == len(terms)
    assert {row["disposition"] for row in attrition} == {"in-lexicon", "few-models"}


def test_the_share_refers_to_all_respondents() -> None:
    rule = LexiconRule(min_models=1, min_families=1, min_respondent_share=0.5, max_terms=10)
    few, _ = build_lexicon(frame(LISTS), rule, respondents=3)
    many, _ = build_lexicon(frame(LISTS), rule, respondents=100)
    assert few["in_lexicon"].sum() == 2
    assert many["in_lexicon"].sum() == 0


def test_the_most_shared_terms_enter() -> None:
    rule = LexiconRule(min_models=1, min_families=1, min_respondent_share=0.0, max_terms=1)
    terms, _ = build_lexicon(frame(LISTS), rule)
    assert list(terms.loc[terms["in_lexicon"], "term"]) == ["honesty"]
    assert set(terms.loc[~terms["in_lexicon"], "reason"]) == {"beyond-max-terms"}


def test_the_order_of_rows_does_not_matter() -> None:
    one, _ = build_lexicon(frame(LISTS), LOOSE)
    other, _ = build_lexicon(frame(LISTS).iloc[::-1], LOOSE)
    pd.testing.assert_frame_equal(one, other)


def test_a_missing_column_is_named() -> None:
    with pytest.raises(DataError, match="family"):
        build_lexicon(frame(LISTS).drop(columns="family"), LOOSE)


def test_intervals_resample_families_as_by_hand() -> None:
    """Family a has two replies, b one; tact stands third of four in one reply of a: weight 1/2.

    Of the draws aa, ab, ba, bb it has S of (1/2 + 1/2) / 4 = 1/4, (1/2) / 3 twice, and 0, so the
    central 95 % runs from 0 to 1/4; Sutrop's index is 2^2 / (4 x 6) = 1/6 at the upper end.
    """
    terms, _ = build_lexicon(frame(LISTS), LOOSE, seed=1)
    tact = terms.set_index("term").loc["tact"]
    assert tact["smith_lower"] == 0
    assert tact["smith_upper"] == pytest.approx(1 / 4, abs=1e-12)
    assert tact["sutrop_upper"] == pytest.approx(1 / 6, abs=1e-12)
    assert (terms["smith_lower"] <= terms["smith_s"] + 1e-12).all()
    assert (terms["smith_s"] <= terms["smith_upper"] + 1e-12).all()


def test_one_family_has_no_interval() -> None:
    terms, _ = build_lexicon(frame({"a1x": ["care", "tact"], "a2x": ["care"]}), LOOSE)
    assert terms["smith_lower"].isna().all()
    assert terms["sutrop_upper"].isna().all()


def test_sensitivity_names_what_enters_and_what_leaves() -> None:
    rule = LexiconRule(min_models=2, min_families=1, min_respondent_share=0.0, max_terms=10)
    terms, _ = build_lexicon(frame(LISTS), rule)
    rows = {(r["setting"], r["value"]): r for r in sensitivity(terms, rule, respondents=3)}
    assert rows["min_models", 2.0]["chosen"]
    assert rows["min_models", 2.0]["n_terms"] == 1
    loose = rows["min_models", 1.0]
    assert (loose["n_terms"], loose["gained"], loose["lost"]) == (4, 3, 0)
    assert loose["gained_terms"] == "care; tact; wit"
    strict = rows["min_families", 6.0]
    assert (strict["n_terms"], strict["lost_terms"]) == (0, "honesty")
    assert rows["max_terms", 10.0]["chosen"]

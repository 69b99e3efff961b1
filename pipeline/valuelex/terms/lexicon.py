"""The lexicon: one row a term with its counts and salience, and the rule for what goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from valuelex.errors import DataError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("reply_id", "model", "respondent", "family", "rank", "term")


@dataclass(frozen=True, slots=True)
class LexiconRule:
    """What a term needs to enter the analysis.

    Attributes
    ----------
    min_models, min_families
        Models and model families that must use it; >= 1.
    min_respondent_share
        Share of all respondents that must use it, in [0, 1].
    max_terms
        At most so many enter, those of most respondents first; >= 1.
    """

    min_models: int
    min_families: int
    min_respondent_share: float
    max_terms: int


def build_lexicon(
    mentions: pd.DataFrame, rule: LexiconRule, *, respondents: int | None = None
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Count terms, weigh them by salience, and decide which enter the lexicon.

    Smith's S of a term is the mean over all replies with a kept mention of ``1 - (position - 1) /
    length`` (0 where the term is absent), positions counted among the kept mentions of the reply
    (Smith 1993, J. Quantitative Anthropology). Sutrop's index is ``replies with the term /
    (replies x mean position)`` (Sutrop 2001, Field Methods 13:263). R:
    ``AnthroTools::CalculateSalience`` gives S of one list at a time.

    Parameters
    ----------
    mentions
        One row a mention, columns ``reply_id model respondent family rank term``; rows whose
        ``term`` is missing are ignored.
    rule
        What a term needs to enter.
    respondents
        Number of respondents that the share refers to; by default those with a kept mention.

    Returns
    -------
    terms : pandas.DataFrame
        Columns ``term mentions replies respondents models families smith_s sutrop in_lexicon
        reason``, sorted by term; ``reason`` names the first rule that kept a term out.
    attrition : list of dict
        Rows ``unit model disposition kept n example`` with unit ``term``, one for each reason.

    Raises
    ------
    DataError
        When a column is missing.
    """
    missing = [column for column in COLUMNS if column not in mentions.columns]
    if missing:
        raise DataError(f"mentions must have the columns {list(COLUMNS)}, lacks: {missing}")
    kept = mentions.loc[mentions["term"].notna(), list(COLUMNS)].sort_values(
        ["reply_id", "rank"], kind="stable"
    )
    kept = kept.drop_duplicates(["reply_id", "term"])
    total = respondents if respondents is not None else int(kept["respondent"].nunique())
    counts = _salience(kept, mentions)
    counts = _ruled(counts, rule, total)
    return counts.sort_values("term", kind="stable").reset_index(drop=True), _attrition(counts)


def _salience(kept: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """Compute counts, Smith's S and Sutrop's index for each term."""
    frame = kept.copy()
    frame["position"] = frame.groupby("reply_id", sort=False).cumcount() + 1
    length = frame.groupby("reply_id", sort=False)["term"].transform("size")
    frame["weight"] = 1.0 - (frame["position"] - 1) / length
    replies = int(frame["reply_id"].nunique())
    by_term = frame.groupby("term", sort=True)
    counts = by_term.agg(
        replies=("reply_id", "nunique"),
        respondents=("respondent", "nunique"),
        models=("model", "nunique"),
        families=("family", "nunique"),
        weight=("weight", "sum"),
        position=("position", "mean"),
    ).reset_index()
    said = mentions.loc[mentions["term"].notna()].groupby("term").size()
    counts.insert(1, "mentions", counts["term"].map(said).astype(int))
    counts["smith_s"] = counts.pop("weight") / max(replies, 1)
    counts["sutrop"] = counts["replies"] / (max(replies, 1) * counts.pop("position"))
    return counts


def _ruled(counts: pd.DataFrame, rule: LexiconRule, total: int) -> pd.DataFrame:
    """Fill ``in_lexicon`` and ``reason``; ties go by models, mentions, then alphabet."""
    counts = counts.copy()
    counts["reason"] = ""
    floors = (
        ("few-models", counts["models"] < rule.min_models),
        ("few-families", counts["families"] < rule.min_families),
        ("few-respondents", counts["respondents"] < rule.min_respondent_share * total),
    )
    for name, low in floors:
        counts.loc[low & (counts["reason"] == ""), "reason"] = name
    order = counts[counts["reason"] == ""].sort_values(
        ["respondents", "models", "mentions", "term"], ascending=[False, False, False, True]
    )
    counts.loc[order.index[rule.max_terms :], "reason"] = "beyond-max-terms"
    counts["in_lexicon"] = counts["reason"] == ""
    return counts[[c for c in counts.columns if c != "reason"] + ["reason"]]


def _attrition(counts: pd.DataFrame) -> list[dict[str, object]]:
    """One row for each reason, the most shared term of it as the example."""
    rows: list[dict[str, object]] = []
    ordered = counts.sort_values(["mentions", "term"], ascending=[False, True])
    for reason, group in ordered.groupby("reason", sort=True):
        rows.append(
            {
                "unit": "term",
                "model": "",
                "disposition": str(reason) or "in-lexicon",
                "kept": reason == "",
                "n": len(group),
                "example": str(group["term"].iloc[0]),
            }
        )
    return sorted(rows, key=lambda row: str(row["disposition"]))

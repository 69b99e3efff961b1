"""The lexicon: one row a term with its counts and salience, and the rule for what goes on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from valuelex.errors import DataError
from valuelex.terms.negation import denies
from valuelex.terms.salience import TermCounts, salience

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("reply_id", "model", "respondent", "family", "rank", "term")
RESAMPLES = 1000


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
    mentions: pd.DataFrame,
    rule: LexiconRule,
    *,
    respondents: int | None = None,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Count terms, weigh them by salience, and decide which enter the lexicon.

    For mentions that fit into memory; :class:`~valuelex.terms.salience.TermCounts` and
    :func:`lexicon_of` do the same for replies that come one by one.

    Parameters
    ----------
    mentions
        One row a mention, columns ``reply_id model respondent family rank term``; rows whose
        ``term`` is missing are ignored.
    rule
        What a term needs to enter.
    respondents
        Number of respondents that the share refers to; by default those with a kept mention.
    resamples, seed
        Of the bootstrap over families.

    Returns
    -------
    terms : pandas.DataFrame
        What :func:`lexicon_of` returns.
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
    kept = mentions.loc[mentions["term"].notna(), list(COLUMNS)]
    kept = kept.sort_values(["model", "reply_id", "rank"], kind="stable")
    counts = TermCounts(dict(zip(kept["model"], kept["family"], strict=True)))
    for model, respondent, terms in _lists(kept.itertuples(index=False)):
        counts.add(model, respondent, terms)
    total = respondents if respondents is not None else counts.respondents
    return lexicon_of(counts, rule, respondents=total, resamples=resamples, seed=seed)


def _lists(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (model, respondent, terms in order, each once) of each reply; rows come sorted."""
    current: tuple[str, str, str] | None = None
    terms: dict[str, None] = {}
    for reply, model, respondent, _, _, term in rows:
        if current != (model, respondent, reply):
            if current is not None:
                yield current[0], current[1], list(terms)
            current, terms = (model, respondent, reply), {}
        terms[term] = None
    if current is not None:
        yield current[0], current[1], list(terms)


def lexicon_of(
    counts: TermCounts,
    rule: LexiconRule,
    *,
    respondents: int,
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> tuple[pd.DataFrame, list[dict[str, object]]]:
    """Return the lexicon of what was counted, sorted by term, and its attrition rows.

    Columns: ``term mentions replies respondents models families smith_s smith_lower smith_upper
    sutrop sutrop_lower sutrop_upper in_lexicon reason``; ``reason`` names the first rule that kept
    a term out.
    """
    import pandas as pd

    found = pd.DataFrame(salience(counts, resamples, seed))
    ruled = apply_rule(found, rule, respondents)
    return ruled.sort_values("term", kind="stable").reset_index(drop=True), _attrition(ruled)


def apply_rule(counts: pd.DataFrame, rule: LexiconRule, total: int) -> pd.DataFrame:
    """Fill ``in_lexicon`` and ``reason``; ties go by models, mentions, then alphabet."""
    counts = counts.drop(columns=["in_lexicon", "reason"], errors="ignore")
    reason = counts["term"].map(lambda term: "negated-quality" if denies(term) else "")
    floors = (
        ("few-models", counts["models"] < rule.min_models),
        ("few-families", counts["families"] < rule.min_families),
        ("few-respondents", counts["respondents"] < rule.min_respondent_share * total),
    )
    for name, low in floors:
        reason = reason.mask(low & (reason == ""), name)
    order = counts[reason == ""].sort_values(
        ["respondents", "models", "mentions", "term"], ascending=[False, False, False, True]
    )
    reason.loc[order.index[rule.max_terms :]] = "beyond-max-terms"
    return counts.assign(in_lexicon=reason == "", reason=reason)


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


VARIED: Mapping[str, tuple[float, ...]] = {
    "min_models": (1, 2, 3, 5, 8, 12),
    "min_families": (1, 2, 3, 4, 6),
    "min_respondent_share": (0.0, 0.005, 0.01, 0.02, 0.05, 0.10),
    "max_terms": (50, 100, 150, 200, 260, 400, 1000),
}
_SHOWN = 8


def sensitivity(
    counts: pd.DataFrame, rule: LexiconRule, *, respondents: int
) -> list[dict[str, object]]:
    """Return how many and which terms enter when one number of the rule is another.

    Rows ``setting value chosen n_terms gained lost gained_terms lost_terms``; at most eight terms
    are named, the most widely used first.
    """
    base = set(counts.loc[apply_rule(counts, rule, respondents)["in_lexicon"], "term"])
    order = counts.sort_values(["respondents", "term"], ascending=[False, True])["term"].tolist()
    rows: list[dict[str, object]] = []
    for setting, values in VARIED.items():
        chosen = float(getattr(rule, setting))
        for value in sorted({*values, chosen}):
            number = value if setting == "min_respondent_share" else int(value)
            other = apply_rule(counts, _with(rule, setting, number), respondents)
            found = set(other.loc[other["in_lexicon"], "term"])
            more, fewer = found - base, base - found
            gained = [term for term in order if term in more]
            lost = [term for term in order if term in fewer]
            rows.append(
                {
                    "setting": setting,
                    "value": float(value),
                    "chosen": value == chosen,
                    "n_terms": len(found),
                    "gained": len(gained),
                    "lost": len(lost),
                    "gained_terms": "; ".join(gained[:_SHOWN]),
                    "lost_terms": "; ".join(lost[:_SHOWN]),
                }
            )
    return rows


def _with(rule: LexiconRule, setting: str, value: float) -> LexiconRule:
    from dataclasses import asdict

    return LexiconRule(**(asdict(rule) | {setting: value}))

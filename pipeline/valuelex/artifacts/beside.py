"""Artifacts of what stands beside the questionnaire: dilemmas, Value Portrait, the comparison."""

from __future__ import annotations

from valuelex.artifacts.base import Column, Document, Table
from valuelex.artifacts.columns import MODEL, OUTCOME, REPLY

DILEMMA_ANSWERS = Table(
    path="survey/dilemmas/{model}.parquet",
    stage="survey",
    grain="one answer to a dilemma",
    key=("reply_id",),
    doc="What each model answered to each dilemma in each order of its options.",
    columns=(
        REPLY,
        MODEL,
        Column("dilemma", "str", "id in the file of dilemmas"),
        Column("first", "str", "value of the option shown as A"),
        Column("second", "str", "value of the option shown as B"),
        Column("order", "str", "ab | ba: as in the file, or turned round"),
        Column("trial", "int", "repeat number, from 0"),
        *OUTCOME,
        Column("choice", "str", "value of the option chosen; empty when there is none", True),
        Column("reason", "str", "why there is no choice; empty when there is"),
    ),
)
DILEMMAS = Table(
    path="survey/dilemmas.csv",
    stage="dilemmas",
    grain="one model on one dilemma",
    key=("model", "dilemma"),
    doc="Choices between two values, and what the model's value profile foretells.",
    columns=(
        MODEL,
        Column("dilemma", "str", "id in the file of dilemmas"),
        Column("value", "str", "value of its first option"),
        Column("other", "str", "value of its second option"),
        Column("n_value", "int", "answers that chose the first"),
        Column("n_other", "int", "answers that chose the second"),
        Column("n_open", "int", "answers that chose neither"),
        Column("share", "float", "share of choices of the first option, 0-1", True),
        Column("consistent", "int", "pairs of orders with one and the same choice"),
        Column("n_pairs", "int", "pairs of orders with two choices"),
        Column("difference", "float", "centred score on value minus that on other", True),
        Column("base_rate", "float", "probability of value, foretold from other families", True),
        Column("foretold", "float", "the same, with the model's profile known", True),
    ),
)
DILEMMA_REPORT = Document(
    path="survey/dilemmas.json",
    stage="dilemmas",
    grain="one study",
    doc="Outcomes of the dilemmas, order consistency, and whether profiles foretell the choices.",
)
PORTRAIT_ANSWERS = Table(
    path="survey/portrait/{model}.parquet",
    stage="survey",
    grain="one answer about an exchange",
    key=("reply_id",),
    doc="How much each reply to somebody's question is like each model; empty without an item set.",
    columns=(
        REPLY,
        MODEL,
        Column("portrait", "str", "id of the question"),
        Column("option", "int", "id of the reply to it"),
        Column("version", "str", "wording, with _reversed where the options run downwards"),
        Column("persona", "str", "who the model was asked to answer as; empty: nobody else"),
        *OUTCOME,
        Column("answer", "float", "1-6; empty when there is none", True),
        Column("reason", "str", "why there is no answer; empty when there is"),
    ),
)
PORTRAIT_SCORES = Table(
    path="survey/portrait.csv",
    stage="portrait",
    grain="one model on one value",
    key=("model", "family", "dimension"),
    doc="Value Portrait scores, raw and centred by all tagged items of the family.",
    columns=(
        MODEL,
        Column("family", "str", "whose values: pvq | bfi | ..."),
        Column("dimension", "str", "the value's name in the item set"),
        Column("centred", "float", "mean minus the mean over all tagged items", True),
        Column("se", "float", "standard error of the mean over the value's items", True),
        Column("mean", "float", "mean over the value's items, 1-6", True),
        Column("sd", "float", "standard deviation over the items, divisor n", True),
        Column("n_items", "int", "items behind the score"),
        Column("n_missing", "int", "tagged items without an answer"),
    ),
)
PORTRAIT_TAGS = Table(
    path="survey/portrait_tags.csv",
    stage="portrait",
    grain="one item that counts for one value",
    key=("family", "value", "portrait", "option"),
    doc="Which items count for which value, by which rule, and how sure that is.",
    columns=(
        Column("family", "str", "whose values"),
        Column("value", "str", "the value's name"),
        Column("portrait", "str", "id of the question"),
        Column("option", "int", "id of the reply"),
        Column("r", "float", "Spearman's r of people's rating and value score"),
        Column("p", "float", "two-sided, by permutation of people's values", True),
        Column("q", "float", "Benjamini-Hochberg over all items and values", True),
        Column("n", "int", "raters", True),
        Column("published", "bool", "r above the threshold"),
        Column("corrected", "bool", "positive, and below the false discovery rate"),
        Column("used", "bool", "counts in this study's scores"),
        Column("doubtful", "bool", "rated in a group with an id that stands in several"),
    ),
)
PORTRAIT_REPORT = Document(
    path="survey/portrait.json",
    stage="portrait",
    grain="one study",
    doc="The item set and its chance tags, sensitivity to wording and order, persona shifts.",
)
MULTITRAIT = Table(
    path="compare/multitrait.csv",
    stage="compare",
    grain="one pair of values, each by one instrument",
    key=("instrument_a", "trait_a", "instrument_b", "trait_b"),
    doc="The multitrait-multimethod table: the instruments as values of one theory.",
    columns=(
        Column("instrument_a", "str", "projective | pvq | portrait"),
        Column("trait_a", "str", "value of the theory"),
        Column("instrument_b", "str", "projective | pvq | portrait"),
        Column("trait_b", "str", "value of the theory"),
        Column("relation", "str", "monotrait | heterotrait (two instruments) | monomethod (one)"),
        Column("r", "float", "Pearson correlation over models", True),
        Column("lower", "float", "lower end of the 95 % interval, families resampled", True),
        Column("upper", "float", "upper end of the 95 % interval", True),
        Column("reliability_a", "float", "of the first score; agreement.json says by what", True),
        Column("reliability_b", "float", "of the second score", True),
        Column("disattenuated", "float", "r over the root of both, kept within -1 and 1", True),
        Column("exceeds", "bool", "whether it would lie beyond"),
        Column("n", "int", "models with both scores"),
    ),
)
AGREEMENT = Document(
    path="compare/agreement.json",
    stage="compare",
    grain="one study",
    doc="Whether the instruments agree, in plain words and numbers, and how they were mapped.",
)

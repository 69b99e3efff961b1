"""Artifacts of the instruments: projective test, questionnaire, comparisons, report."""

from __future__ import annotations

from valuelex.artifacts.base import Column, Document, Table, Text
from valuelex.artifacts.columns import MODEL, OUTCOME, REPLY

FORM = Document(
    path="compose/form.json",
    stage="compose",
    grain="one form",
    doc="The projective test: stems, their keying, and why each other candidate was dropped.",
)
COMPLETIONS = Table(
    path="administer/{model}.parquet",
    stage="administer",
    grain="one completion",
    key=("reply_id",),
    doc="What each model made of each stem.",
    columns=(
        REPLY,
        MODEL,
        Column("stem", "str", "stem id in form.json"),
        Column("sub_dimension", "str", "id in taxonomy.json; empty for controls"),
        Column("kind", "str", "personal | role | control"),
        Column("draw", "int", "repeat number, from 0"),
        Column("position", "int", "place in the order in which the model was asked, from 0"),
        *OUTCOME,
    ),
)
RATINGS = Table(
    path="score/ratings.parquet",
    stage="score",
    grain="one verdict",
    key=("reply_id", "judge", "sub_dimension"),
    doc="Every judge's verdict on every completion for every sub-dimension.",
    columns=(
        REPLY,
        MODEL,
        Column("stem", "str", "stem id"),
        Column("judge", "str", "who judged"),
        Column("sub_dimension", "str", "what was judged"),
        Column("score", "float", "0-6; empty when unscored", True),
        Column("reason", "str", "why unscored; empty when scored"),
    ),
)
PROFILES = Table(
    path="score/profiles.csv",
    stage="score",
    grain="one model on one (sub-)dimension",
    key=("model", "level", "id"),
    doc="Projective scores with standard errors.",
    columns=(
        MODEL,
        Column("level", "str", "dimension | sub_dimension"),
        Column("id", "str", "id in taxonomy.json"),
        Column("mean", "float", "mean rating, 0-6; empty when nothing was scored", True),
        Column("se", "float", "standard error over stems and draws", True),
        Column("lower", "float", "lower end of the 95 % interval", True),
        Column("upper", "float", "upper end of the 95 % interval", True),
        Column("n_scored", "int", "verdicts with a score"),
        Column("n_unscored", "int", "verdicts without one"),
        Column("n_neutral", "int", "scored as the middle: answered, but not about the value"),
        Column("percentile", "float", "place in the roster, 0-100", True),
    ),
)
FORM_RELIABILITY = Document(
    path="score/reliability.json",
    stage="score",
    grain="one form",
    doc="Reliability of the form, agreement of judges, halo, control stems.",
)
ANSWERS = Table(
    path="survey/answers/{model}.parquet",
    stage="survey",
    grain="one questionnaire answer",
    key=("reply_id", "item"),
    doc="What each model answered to each portrait in each trial.",
    columns=(
        REPLY,
        MODEL,
        Column("frame", "str", "which instruction framed it; scores rest on survey.frame alone"),
        Column("trial", "int", "trial number within the frame, from 0"),
        Column("item", "int", "item number, 1-57"),
        Column("position", "int", "place of the item in this trial's order, from 1"),
        Column("order", "str", "ascending | descending: order of the answer options"),
        *OUTCOME,
        Column("answer", "int", "1-6; empty when there is none", True),
        Column("reason", "str", "why there is no answer; empty when there is"),
    ),
)
SURVEY_PROFILES = Table(
    path="survey/profiles.csv",
    stage="survey-score",
    grain="one model on one value",
    key=("model", "level", "value"),
    doc="PVQ scores, raw and centred by the respondent's mean over all items.",
    columns=(
        MODEL,
        Column("level", "str", "nineteen | ten | four"),
        Column("value", "str", "the value's name"),
        Column("raw", "float", "mean answer, 1-6", True),
        Column("centred", "float", "raw minus the mean over all answered items", True),
        Column("se", "float", "standard error of centred over trials", True),
        Column("n_answered", "int", "answers behind the score"),
        Column("n_missing", "int", "answers that are missing"),
    ),
)
SURVEY_RELIABILITY = Document(
    path="survey/reliability.json",
    stage="survey-score",
    grain="one study",
    doc="Alpha and omega per value, ICC over trials, retests, sources of variance, warnings.",
)
SURVEY_STYLE = Table(
    path="survey/style.csv",
    stage="survey-score",
    grain="one model",
    key=("model",),
    doc="Response style: how each model uses the scale, whatever is asked.",
    columns=(
        MODEL,
        Column("mean", "float", "mean answer, 1-6: level and acquiescence in one", True),
        Column("sd", "float", "standard deviation of the answers", True),
        Column("extreme", "float", "share of answers at either end, 0-1", True),
        Column("middle", "float", "share at the two middle points, 0-1", True),
        Column("modal", "float", "share of the commonest answer, 0-1", True),
        Column("longest_run", "float", "longest run of one answer, share of a trial", True),
        Column("straight_lined", "int", "trials with one answer throughout"),
        Column("order_shift", "float", "mean with options upwards minus downwards", True),
        Column("n_trials", "int", "trials"),
        Column("n_answered", "int", "answers behind the figures"),
        Column("n_missing", "int", "answers that are missing"),
    ),
)
SURVEY_VALIDITY = Document(
    path="survey/validity.json",
    stage="survey-score",
    grain="one study",
    doc="The circle of values by MDS beside theory and people; fit of the measurement models.",
)
SURVEY_PEOPLE = Document(
    path="survey/people.json",
    stage="survey-score",
    grain="one study",
    doc="The roster's mean profile beside people: differences, ranks, correlation, with intervals.",
)
SURVEY_HUMAN = Table(
    path="survey/human.csv",
    stage="survey-score",
    grain="one model on one value, beside people",
    key=("model", "value"),
    doc="Centred scores against the means of 49 national groups.",
    columns=(
        MODEL,
        Column("value", "str", "one of the nineteen"),
        Column("centred", "float", "the model's centred score", True),
        Column("human", "float", "mean of 49 groups, centred"),
        Column("difference", "float", "model minus people", True),
        Column("lower", "float", "lower end of the 95 % interval", True),
        Column("upper", "float", "upper end of the 95 % interval", True),
        Column("rank_shift", "float", "the model's rank minus the human rank", True),
        Column("z", "float", "difference in the norms' sd; empty where they state none", True),
        Column("profile_r", "float", "correlation of the two profiles, 19 values", True),
        Column("profile_r_lower", "float", "lower end of its 95 % interval (Fisher)", True),
        Column("profile_r_upper", "float", "upper end of its 95 % interval", True),
    ),
)
SURVEY_DISCRIMINANT = Document(
    path="survey/discriminant.json",
    stage="survey-score",
    grain="one study",
    doc="Can models be told apart? Left-out accuracy against permutation, MANOVA, the map.",
)
GROUPS = Table(
    path="compare/groups.csv",
    stage="compare",
    grain="one contrast of one score",
    key=("instrument", "score", "grouping", "contrast", "given"),
    doc="Size, training method, data source, alone and given each other; families as clusters.",
    columns=(
        Column("instrument", "str", "factor | projective | pvq | portrait"),
        Column("score", "str", "dimension, sub-dimension or value"),
        Column("grouping", "str", "size | training | data_source"),
        Column("contrast", "str", "what is compared with what"),
        Column("given", "str", "the other groupings held equal; empty: the contrast alone"),
        Column("estimate", "float", "difference, or slope per tenfold parameters", True),
        Column("se", "float", "cluster-robust standard error (CR2)", True),
        Column("df", "float", "Satterthwaite's degrees of freedom", True),
        Column("lower", "float", "lower end of the 95 % interval", True),
        Column("upper", "float", "upper end of the 95 % interval", True),
        Column("effect", "str", "hedges_g | residual_g (of the residuals) | standardised_slope"),
        Column("effect_size", "float", "in standard deviations, of the kind named", True),
        Column("effect_lower", "float", "lower end of its 95 % interval", True),
        Column("effect_upper", "float", "upper end of its 95 % interval", True),
        Column("p", "float", "two-sided, cluster-robust", True),
        Column(
            "p_adjusted",
            "float",
            "Benjamini-Hochberg, over all rows of the same kind",
            True,
        ),
        Column("n_models", "int", "models in the contrast"),
        Column("n_families", "int", "families in the contrast: the effective sample"),
        Column("note", "str", "why it is shown but not tested; empty otherwise"),
    ),
)
CONVERGENCE = Table(
    path="compare/convergence.csv",
    stage="compare",
    grain="one pair of scores from two instruments",
    key=("score_a", "score_b"),
    doc="Instruments against each other on the same models.",
    columns=(
        Column("score_a", "str", "instrument:score"),
        Column("score_b", "str", "instrument:score"),
        Column("r", "float", "Pearson correlation over models", True),
        Column("lower", "float", "lower end of the 95 % interval, families resampled", True),
        Column("upper", "float", "upper end of the 95 % interval", True),
        Column("n_models", "int", "models with both scores"),
        Column("n_families", "int", "families among them"),
    ),
)
REPORT = Text(
    path="report/report.html", stage="report", grain="one study", doc="One offline page of it all."
)
METRICS = Document(
    path="metrics.json",
    stage="report",
    grain="one study",
    doc="Flat numbers for `dvc metrics show` and `dvc metrics diff`.",
)

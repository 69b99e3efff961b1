"""Every artifact there is. README's table is generated from this list."""

from __future__ import annotations

from valuelex.artifacts.base import Arrays, Artifact, Column, Document, Table, Text

_MODEL = Column("model", "str", "roster key")
_REPLY = Column("reply_id", "str", "32 hex digits over everything that determines the reply")
_TERM = Column("term", "str", "normal form of a value word")
_OUTCOME = (
    Column("text", "str", "raw text of the reply, as it came"),
    Column("outcome", "str", "answered | refused | truncated | failed"),
    Column("detail", "str", "why the outcome is not 'answered'; empty otherwise"),
    Column("engine", "str", "what produced the reply; 'simulated' for the shipped double"),
)

REPLIES = Table(
    path="elicit/{model}.parquet",
    stage="elicit",
    grain="one reply",
    key=("reply_id",),
    doc="What each respondent answered to each elicitation prompt.",
    columns=(
        _REPLY,
        _MODEL,
        Column("revision", "str", "what was loaded; 40 hex digits for a pinned model"),
        Column("respondent", "str", "model@decoding-setting"),
        Column("prompt", "str", "versioned prompt id"),
        Column("temperature", "float", "sampling temperature, 0-2; empty when not recorded", True),
        Column("top_p", "float", "nucleus mass, 0-1; empty when not recorded", True),
        Column("draw", "int", "repeat number, from 0"),
        *_OUTCOME,
    ),
)
MENTIONS = Table(
    path="normalize/mentions.parquet",
    stage="normalize",
    grain="one mention",
    key=("reply_id", "rank"),
    doc="Each value word as it stood in a reply, kept or dropped, with its span.",
    columns=(
        Column("mention_id", "str", "reply_id:rank"),
        _REPLY,
        _MODEL,
        Column("respondent", "str", "model@decoding-setting"),
        Column("prompt", "str", "versioned prompt id"),
        Column("rank", "int", "place in the reply, from 1"),
        Column("surface", "str", "the word as it stood"),
        Column("start", "int", "first character of the span in the reply"),
        Column("end", "int", "character after the span"),
        Column("source", "str", "list | json | named | matcher"),
        Column("term", "str", "normal form; empty when dropped", True),
        Column("dropped", "str", "the rule that dropped it; empty when kept"),
    ),
)
TERMS = Table(
    path="normalize/terms.csv",
    stage="normalize",
    grain="one term",
    key=("term",),
    doc="The lexicon: every term with its counts, and whether it entered the analysis.",
    columns=(
        _TERM,
        Column("mentions", "int", "mentions kept"),
        Column("replies", "int", "replies with the term"),
        Column("respondents", "int", "respondents with the term"),
        Column("models", "int", "models with the term"),
        Column("families", "int", "model families with the term"),
        Column("smith_s", "float", "Smith's salience S over replies, 0-1"),
        Column("sutrop", "float", "Sutrop's cognitive salience index, 0-1"),
        Column("in_lexicon", "bool", "enters embedding, clustering and factor analysis"),
        Column("reason", "str", "the rule that kept it out; empty when in"),
    ),
)
ATTRITION = Table(
    path="normalize/attrition.csv",
    stage="normalize",
    grain="one disposition of one kind of unit, per model",
    key=("unit", "model", "disposition"),
    doc="Where every reply, mention and term went.",
    columns=(
        Column("unit", "str", "reply | mention | term"),
        Column("model", "str", "roster key; empty for terms"),
        Column("disposition", "str", "what became of it, by rule name"),
        Column("kept", "bool", "goes on to the next step"),
        Column("n", "int", "how many"),
        Column("example", "str", "the id of one of them"),
    ),
)
MERGES = Table(
    path="normalize/merges.csv",
    stage="normalize",
    grain="one surface form of one term",
    key=("term", "surface", "rule"),
    doc="The normalization map: which surfaces became which term, by which rule.",
    columns=(
        _TERM,
        Column("surface", "str", "form as it stood, lower case"),
        Column("rule", "str", "identity | inflection | family | frame | typo ..."),
        Column("n", "int", "mentions"),
    ),
)
EMBEDDINGS = Arrays(
    path="embed/embeddings.npz",
    stage="embed",
    grain="one term",
    doc="terms (n), vectors (n x d, float32, unit length); markers of theories with theirs.",
)
CLUSTERS = Table(
    path="cluster/clusters.csv",
    stage="cluster",
    grain="one term",
    key=("term",),
    doc="Semantic clusters of the lexicon's terms, and their place on the map.",
    columns=(
        _TERM,
        Column("cluster", "int", "cluster number, from 0; -1 is noise"),
        Column("x", "float", "map coordinate, no unit"),
        Column("y", "float", "map coordinate, no unit"),
        Column("membership", "float", "strength of membership, 0-1"),
        Column("nearest", "int", "cluster with the nearest centroid"),
        Column("similarity", "float", "cosine to that centroid, -1 to 1"),
    ),
)
CLUSTER_STABILITY = Document(
    path="cluster/stability.json",
    stage="cluster",
    grain="one study",
    doc="Agreement of the clustering with itself over seeds and resamples.",
)
LOADINGS = Table(
    path="factor/loadings.csv",
    stage="factor",
    grain="one term",
    key=("term",),
    doc="Pattern loadings after rotation.",
    columns=(_TERM,),
    family="F",
)
STRUCTURE = Table(
    path="factor/structure.csv",
    stage="factor",
    grain="one term",
    key=("term",),
    doc="Structure loadings: correlations of terms with factors.",
    columns=(_TERM,),
    family="F",
)
PHI = Table(
    path="factor/phi.csv",
    stage="factor",
    grain="one factor",
    key=("factor",),
    doc="Correlations between factors.",
    columns=(Column("factor", "str", "F1, F2 ..."),),
    family="F",
)
SCORES = Table(
    path="factor/scores.csv",
    stage="factor",
    grain="one respondent",
    key=("respondent",),
    doc="Factor scores, regression method, in standard deviations.",
    columns=(Column("respondent", "str", "model@decoding-setting"), _MODEL),
    family="F",
)
DIAGNOSTICS = Document(
    path="factor/diagnostics.json",
    stage="factor",
    grain="one study",
    doc="Factorability, retention, variance, fit: everything needed to doubt the factors.",
)
TAXONOMY = Document(
    path="taxonomy/taxonomy.json",
    stage="taxonomy",
    grain="one taxonomy",
    doc="Dimensions, sub-dimensions, terms, evidence ids. JSON Schema in lexicon/schemas/.",
)
TAXONOMY_TEXT = Text(
    path="taxonomy/taxonomy.md", stage="taxonomy", grain="one taxonomy", doc="The same, to read."
)
STABILITY = Document(
    path="validate/stability.json",
    stage="validate",
    grain="one study",
    doc="Bootstrap over families, split halves, leave-one-out: Tucker's phi per factor.",
)
NULLS = Document(
    path="validate/nulls.json",
    stage="validate",
    grain="one study",
    doc="The three nulls: shuffled words, pseudo-factors of the embedding, frequency.",
)
RECOVERY = Document(
    path="validate/recovery.json",
    stage="validate",
    grain="one study",
    doc="Simulated studies: the distance from the planted truth. Others: why there is none.",
)
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
        _REPLY,
        _MODEL,
        Column("stem", "str", "stem id in form.json"),
        Column("sub_dimension", "str", "id in taxonomy.json; empty for controls"),
        Column("kind", "str", "personal | role | control"),
        Column("draw", "int", "repeat number, from 0"),
        *_OUTCOME,
    ),
)
RATINGS = Table(
    path="score/ratings.parquet",
    stage="score",
    grain="one verdict",
    key=("reply_id", "judge", "sub_dimension"),
    doc="Every judge's verdict on every completion for every sub-dimension.",
    columns=(
        _REPLY,
        _MODEL,
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
        _MODEL,
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
    key=("reply_id",),
    doc="What each model answered to each portrait in each trial.",
    columns=(
        _REPLY,
        _MODEL,
        Column("trial", "int", "trial number, from 0"),
        Column("item", "int", "item number, 1-57"),
        Column("position", "int", "place of the item in this trial's order, from 1"),
        Column("order", "str", "ascending | descending: order of the answer options"),
        *_OUTCOME,
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
        _MODEL,
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
    doc="Alpha per value with interval, ICC over trials, warnings.",
)
SURVEY_HUMAN = Table(
    path="survey/human.csv",
    stage="survey-score",
    grain="one model on one value, beside people",
    key=("model", "value"),
    doc="Centred scores against the means of 49 national groups.",
    columns=(
        _MODEL,
        Column("value", "str", "one of the nineteen"),
        Column("centred", "float", "the model's centred score", True),
        Column("human", "float", "mean of 49 groups, centred"),
        Column("difference", "float", "model minus people", True),
        Column("lower", "float", "lower end of the 95 % interval", True),
        Column("upper", "float", "upper end of the 95 % interval", True),
        Column("rank_shift", "float", "the model's rank minus the human rank", True),
        Column("profile_r", "float", "correlation of the two profiles, 19 values", True),
    ),
)
SURVEY_DISCRIMINANT = Document(
    path="survey/discriminant.json",
    stage="survey-score",
    grain="one study",
    doc="Can the models be told apart? Left-one-trial-out accuracy against permutation.",
)
GROUPS = Table(
    path="compare/groups.csv",
    stage="compare",
    grain="one contrast of one score",
    key=("instrument", "score", "grouping", "contrast"),
    doc="Size, training method, data source: effects with the family as cluster.",
    columns=(
        Column("instrument", "str", "factor | projective | pvq"),
        Column("score", "str", "dimension, sub-dimension or value"),
        Column("grouping", "str", "size | training | data_source"),
        Column("contrast", "str", "what is compared with what"),
        Column("estimate", "float", "difference, or slope per tenfold parameters", True),
        Column("se", "float", "cluster-robust standard error (CR2)", True),
        Column("lower", "float", "lower end of the 95 % interval", True),
        Column("upper", "float", "upper end of the 95 % interval", True),
        Column("effect_size", "float", "Hedges' g, or the standardised slope", True),
        Column("p", "float", "two-sided, cluster-robust", True),
        Column("p_adjusted", "float", "Benjamini-Hochberg over the whole table", True),
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

ARTIFACTS: tuple[Artifact, ...] = (
    REPLIES,
    MENTIONS,
    TERMS,
    ATTRITION,
    MERGES,
    EMBEDDINGS,
    CLUSTERS,
    CLUSTER_STABILITY,
    LOADINGS,
    STRUCTURE,
    PHI,
    SCORES,
    DIAGNOSTICS,
    TAXONOMY,
    TAXONOMY_TEXT,
    STABILITY,
    NULLS,
    RECOVERY,
    FORM,
    COMPLETIONS,
    RATINGS,
    PROFILES,
    FORM_RELIABILITY,
    ANSWERS,
    SURVEY_PROFILES,
    SURVEY_RELIABILITY,
    SURVEY_HUMAN,
    SURVEY_DISCRIMINANT,
    GROUPS,
    CONVERGENCE,
    REPORT,
    METRICS,
)

"""Artifacts of the lexical study: from replies to a taxonomy and its validation."""

from __future__ import annotations

from valuelex.artifacts.base import Arrays, Column, Document, Table, Text
from valuelex.artifacts.columns import MODEL, OUTCOME, REPLY, TERM

ROSTER = Document(
    path="basis/roster.json",
    stage="basis",
    grain="one study",
    doc="The active study and its models, as they stand in params.yaml.",
)
CODE = Document(
    path="basis/code/{stage}.json",
    stage="basis",
    grain="one stage",
    doc="The modules that a stage imports, each with its checksum.",
)
_PER_MODEL = ("elicit", "administer", "survey")
BASIS = {
    f"basis-{name}": Document(
        path=f"basis/{name}.json",
        stage=f"basis-{name}",
        grain="one per-model stage",
        doc=f"What `{name}` rests on: settings, and the checksum of every file and module.",
    )
    for name in _PER_MODEL
}
BASIS_MODEL = {
    f"basis-{name}": Document(
        path=f"basis/{name}/{{model}}.json",
        stage=f"basis-{name}",
        grain="one model",
        doc=f"What `{name}` rests on for one model: its roster line, a checksum of the rest.",
    )
    for name in _PER_MODEL
}
REPLIES = Table(
    path="elicit/{model}.parquet",
    stage="elicit",
    grain="one reply",
    key=("reply_id",),
    doc="What each respondent answered to each elicitation prompt.",
    columns=(
        REPLY,
        MODEL,
        Column("respondent", "str", "model@decoding-setting"),
        Column("prompt", "str", "versioned prompt id"),
        Column("asked", "str", "the question as it was put"),
        Column("temperature", "float", "sampling temperature, 0-2; empty when not recorded", True),
        Column("top_p", "float", "nucleus mass, 0-1; empty when not recorded", True),
        Column("draw", "int", "repeat number, from 0"),
        *OUTCOME,
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
        REPLY,
        MODEL,
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
        TERM,
        Column("mentions", "int", "mentions kept"),
        Column("replies", "int", "replies with the term"),
        Column("respondents", "int", "respondents with the term"),
        Column("models", "int", "models with the term"),
        Column("families", "int", "model families with the term"),
        Column("smith_s", "float", "Smith's salience S over replies, 0-1"),
        Column("smith_lower", "float", "its 95 % interval, families resampled", True),
        Column("smith_upper", "float", "upper end; empty with fewer than two families", True),
        Column("sutrop", "float", "Sutrop's cognitive salience index, 0-1"),
        Column("sutrop_lower", "float", "its 95 % interval, families resampled", True),
        Column("sutrop_upper", "float", "upper end; empty with fewer than two families", True),
        Column("in_lexicon", "bool", "enters embedding, clustering and factor analysis"),
        Column("reason", "str", "the rule that kept it out; empty when in"),
    ),
)
SENSITIVITY = Table(
    path="normalize/sensitivity.csv",
    stage="normalize",
    grain="one value of one number of the lexicon's rule",
    key=("setting", "value"),
    doc="How many and which terms would enter if one number of the rule were another.",
    columns=(
        Column("setting", "str", "min_models | min_families | min_respondent_share | max_terms"),
        Column("value", "float", "its value; the other three stay as chosen"),
        Column("chosen", "bool", "the value of this study"),
        Column("n_terms", "int", "terms that enter"),
        Column("gained", "int", "of these, terms that do not enter as the rule is"),
        Column("lost", "int", "terms that enter as the rule is, and not with this value"),
        Column("gained_terms", "str", "the most widely used of those gained, at most eight"),
        Column("lost_terms", "str", "the most widely used of those lost, at most eight"),
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
        TERM,
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
        TERM,
        Column("cluster", "int", "cluster number, from 0; -1 is noise"),
        Column("adopted", "bool", "noise that joined by similarity (cluster.noise_floor)"),
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
    columns=(TERM,),
    family="F",
)
STRUCTURE = Table(
    path="factor/structure.csv",
    stage="factor",
    grain="one term",
    key=("term",),
    doc="Structure loadings: correlations of terms with factors.",
    columns=(TERM,),
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
    columns=(Column("respondent", "str", "model@decoding-setting"), MODEL),
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

"""taxonomy: dimensions from factors, sub-dimensions from meaning, names, and evidence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.artifacts.table import (
    CLUSTERS,
    EMBEDDINGS,
    LOADINGS,
    MENTIONS,
    PHI,
    TAXONOMY,
    TAXONOMY_TEXT,
    TERMS,
)
from valuelex.lexica import read_yaml
from valuelex.psychometrics.matrix import code_counts, correlation
from valuelex.stages.context import Context
from valuelex.stages.matrix import Usage, among, load_usage
from valuelex.stages.naming import named_by_model
from valuelex.stages.theories import load_theories
from valuelex.taxonomy.build import TaxonomyOptions, build_taxonomy
from valuelex.taxonomy.markdown import taxonomy_markdown
from valuelex.taxonomy.material import LexiconTerm, Material
from valuelex.taxonomy.model import Taxonomy
from valuelex.taxonomy.naming import parse_overrides
from valuelex.taxonomy.subdivide import residual_correlation
from valuelex.taxonomy.theories import Theory, compare_with_theory


def run(context: Context) -> None:
    """Write ``taxonomy/taxonomy.json`` and ``taxonomy/taxonomy.md``."""
    settings, study = context.settings.taxonomy, context.settings.study
    stored = EMBEDDINGS.read(context.root)
    vectors = dict(zip(stored["markers"].tolist(), stored["marker_vectors"], strict=True))
    vectors |= dict(zip(stored["terms"].tolist(), stored["vectors"], strict=True))
    theories = load_theories(context)
    taxonomy = build_taxonomy(
        material(context, load_usage(context), stored),
        options=TaxonomyOptions(
            loading_floor=settings.loading_floor,
            similarity_floor=settings.similarity_floor,
            max_sub_dimensions=settings.max_sub_dimensions,
            min_sub_size=settings.min_terms,
        ),
        overrides=parse_overrides(read_yaml(context.root, "names.yaml"), "lexicon/names.yaml"),
        theories=theories,
        marker_vectors=vectors,
        study=study.name,
        simulated=context.settings.simulated,
    )
    if settings.namer is not None:
        taxonomy = named_by_model(context, taxonomy, settings.namer)
    taxonomy = replace(taxonomy, theories=compared(taxonomy, theories, vectors, study.seed))
    TAXONOMY.write(context.root, taxonomy.to_dict())
    TAXONOMY_TEXT.write(context.root, taxonomy_markdown(taxonomy))
    names = ", ".join(dimension.name for dimension in taxonomy.dimensions)
    context.say(f"taxonomy: {len(taxonomy.dimensions)} dimensions ({names})")


def compared(
    taxonomy: Taxonomy,
    theories: tuple[Theory, ...],
    vectors: Mapping[str, NDArray[np.floating]],
    seed: int,
) -> tuple[dict[str, Any], ...]:
    """Compare the taxonomy with every level of every theory."""
    return tuple(
        compare_with_theory(taxonomy, theory, vectors, level=level, seed=seed).to_dict()
        for theory in theories
        for level in theory.levels
    )


def material(context: Context, usage: Usage, stored: Mapping[str, NDArray[Any]]) -> Material:
    """Gather what the taxonomy is built from; terms outside the analysis have no loadings."""
    counted = {row["term"]: row for row in TERMS.read(context.root)}
    evidence = evidence_ids(context, usage.terms, context.settings.taxonomy.evidence)
    terms = stored["terms"].tolist()
    lexicon = [
        LexiconTerm(
            term=term,
            mentions=counted[term]["mentions"],
            respondents=counted[term]["respondents"],
            models=counted[term]["models"],
            families=counted[term]["families"],
            salience=counted[term]["smith_s"],
            evidence=evidence[term],
        )
        for term in terms
    ]
    clusters = {row["term"]: row["cluster"] for row in CLUSTERS.read(context.root)}
    rows = LOADINGS.read(context.root)
    factors = [name for name in rows[0] if name != "term"]
    related = {row["factor"]: row for row in PHI.read(context.root)}  # F10 sorts before F2
    phi = np.array([[related[a][b] for b in factors] for a in factors])
    found = {row["term"]: [row[f] for f in factors] for row in rows}
    absent = [np.nan] * len(factors)
    loadings = np.array([found.get(term, absent) for term in terms], dtype=np.float64)
    return Material(
        lexicon,
        loadings,
        phi,
        stored["vectors"],
        clusters=np.array([clusters[term] for term in terms]),
        residual=residuals(context, usage, terms, loadings, phi),
        factors=factors,
    )


def residuals(
    context: Context,
    usage: Usage,
    terms: list[str],
    loadings: NDArray[np.float64],
    phi: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return what the factors leave of the terms' correlations, NaN outside the analysis."""
    column = {term: j for j, term in enumerate(usage.terms)}
    inside = np.flatnonzero(np.isfinite(loadings).all(axis=1))
    coded = code_counts(usage.counts, context.settings.factor.coding)
    R = correlation(coded[:, [column[terms[i]] for i in inside]])
    full = np.full((len(terms), len(terms)), np.nan)
    full[np.ix_(inside, inside)] = residual_correlation(R, loadings[inside], phi)
    return full


def evidence_ids(context: Context, terms: Sequence[str], limit: int) -> dict[str, tuple[str, ...]]:
    """Return up to ``limit`` mention ids per term, spread over as many models as there are.

    Models take turns in key order, each giving its next mention, so that no single talkative model
    is all the evidence.
    """
    queues: dict[str, dict[str, list[str]]] = {term: {} for term in terms}
    for batch in MENTIONS.batches(context.root, ("term", "model", "mention_id")):
        for row in batch.filter(among(batch["term"], queues)).to_pylist():
            queue = queues[row["term"]].setdefault(row["model"], [])
            if len(queue) < limit:
                queue.append(row["mention_id"])
    found = {}
    for term, by_model in queues.items():
        turns = sorted(
            (turn, model, mention)
            for model, mentions in by_model.items()
            for turn, mention in enumerate(mentions)
        )
        found[term] = tuple(mention for _, _, mention in turns[:limit])
    return found

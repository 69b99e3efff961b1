"""normalize: from the text of every reply to terms, with an account of everything that is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from valuelex.artifacts.table import ATTRITION, MENTIONS, MERGES, REPLIES, TERMS
from valuelex.errors import TooFewRepliesError
from valuelex.stages.context import Context, read_per_model
from valuelex.stages.progress import Progress
from valuelex.stages.vocabulary import load_vocabulary
from valuelex.terms.attrition import Attrition, MergeMap
from valuelex.terms.lexicon import LexiconRule, build_lexicon
from valuelex.terms.reader import ReadReply, TermReader
from valuelex.terms.twins import Use, merge_map, settle

REPLY_COLUMNS = ("reply_id", "model", "respondent", "prompt")


def run(context: Context) -> None:
    """Write the four artifacts under ``normalize/``.

    Raises
    ------
    TooFewRepliesError
        When no reply names any value; the message says what the replies were instead.
    """
    vocabulary = load_vocabulary(context)
    reader = TermReader(vocabulary, context.settings.normalize.mode)
    reads: list[tuple[dict[str, Any], ReadReply]] = []
    with Progress("normalize", len(context.settings.models)) as progress:
        for done, (_, replies) in enumerate(read_per_model(context, REPLIES), start=1):
            for reply in replies:
                read = reader.read(reply["text"], reply["outcome"], reply["asked"])
                reads.append(({name: reply[name] for name in REPLY_COLUMNS}, read))
            progress.advance_to(done)
    twins = merge_map(uses(reads), vocabulary)
    attrition, merges = Attrition(), MergeMap()
    mentions: list[dict[str, Any]] = []
    for reply, read in reads:
        settled = settle(read, twins)
        attrition.add(reply["model"], reply["reply_id"], settled)
        merges.add(settled)
        mentions += mention_rows(reply, settled)
    respondents = {reply["respondent"] for reply, _ in reads}
    _require_values(mentions, attrition)
    terms, lost = lexicon_rows(context, mentions, len(respondents))
    MENTIONS.write(context.root, mentions)
    TERMS.write(context.root, terms)
    ATTRITION.write(context.root, [*attrition.rows(), *lost])
    MERGES.write(context.root, merges.rows())
    kept = sum(row["term"] is not None for row in mentions)
    inside = sum(bool(row["in_lexicon"]) for row in terms)
    context.say(f"normalize: {kept} mentions of {len(terms)} terms, {inside} in the lexicon")


def uses(reads: Sequence[tuple[Mapping[str, Any], ReadReply]]) -> dict[str, Use]:
    """Count the models and the mentions of every term."""
    models: dict[str, set[str]] = {}
    mentions: Counter[str] = Counter()
    for reply, read in reads:
        for mention in read.kept:
            term = str(mention.term)
            models.setdefault(term, set()).add(reply["model"])
            mentions[term] += 1
    return {term: Use(len(models[term]), mentions[term]) for term in sorted(models)}


def mention_rows(reply: Mapping[str, Any], read: ReadReply) -> list[dict[str, Any]]:
    """Return the rows of one reply's mentions."""
    return [
        {
            "mention_id": f"{reply['reply_id']}:{mention.rank}",
            "reply_id": reply["reply_id"],
            "model": reply["model"],
            "respondent": reply["respondent"],
            "prompt": reply["prompt"],
            "rank": mention.rank,
            "surface": mention.surface,
            "start": mention.start,
            "end": mention.end,
            "source": mention.source,
            "term": mention.term,
            "dropped": mention.dropped,
        }
        for mention in read.mentions
    ]


def _require_values(mentions: Sequence[Mapping[str, Any]], attrition: Attrition) -> None:
    if any(row["term"] is not None for row in mentions):
        return
    counts: dict[str, int] = {}
    for row in attrition.rows():
        if row["unit"] == "reply":
            name = str(row["disposition"])
            counts[name] = counts.get(name, 0) + int(str(row["n"]))
    shown = ", ".join(f"{n} {name}" for name, n in sorted(counts.items(), key=lambda kv: -kv[1]))
    raise TooFewRepliesError(
        f"no reply names a value, so there is nothing to analyse. What the replies were: {shown}."
        " Look at outputs/elicit/, and at `elicit` and `normalize` in params.yaml"
    )


def lexicon_rows(
    context: Context, mentions: Sequence[Mapping[str, Any]], respondents: int
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the rows of the lexicon, and the attrition rows of the terms that it leaves out.

    No more terms than a share of the respondents enter, whatever ``max_terms`` says: with as many
    terms as respondents the correlation matrix is singular and every factor is chance.
    """
    import pandas as pd

    settings = context.settings.normalize
    most = min(settings.max_terms, int(settings.max_terms_per_respondent * respondents))
    frame = pd.DataFrame.from_records(mentions)
    frame["family"] = frame["model"].map({k: e.family for k, e in context.settings.models.items()})
    rule = LexiconRule(
        min_models=settings.min_models,
        min_families=settings.min_families,
        min_respondent_share=settings.min_respondent_share,
        max_terms=max(most, 1),
    )
    terms, lost = build_lexicon(frame, rule, respondents=respondents)
    return [{str(n): v for n, v in row.items()} for row in terms.to_dict("records")], lost

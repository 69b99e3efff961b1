"""normalize: from the text of every reply to terms, with an account of everything that is lost.

Two passes. The first reads every reply, model after model, and puts what it found aside on disk;
the second knows which forms of a word the whole study uses, settles each reply by that, and counts.
Memory holds the tables, the counts of terms, and one piece of the data: not the replies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from valuelex.artifacts.spool import scratch
from valuelex.artifacts.table import (
    ATTRITION,
    MENTIONS,
    MERGES,
    REPLIES,
    SENSITIVITY,
    TERMS,
)
from valuelex.errors import TooFewRepliesError
from valuelex.stages.context import Context, scan_per_model
from valuelex.stages.mention_spool import ReadReplies, SortedMentions
from valuelex.stages.progress import Progress
from valuelex.stages.vocabulary import load_vocabulary
from valuelex.terms.attrition import Attrition, MergeMap
from valuelex.terms.lexicon import LexiconRule, lexicon_of, sensitivity
from valuelex.terms.reader import TermReader
from valuelex.terms.salience import TermCounts
from valuelex.terms.tables import VocabularyTables
from valuelex.terms.twins import Use, merge_map, settle

Scan = Iterator[tuple[str, Iterator[dict[str, Any]]]]


def run(context: Context) -> None:
    """Write the five artifacts under ``normalize/``.

    Raises
    ------
    TooFewRepliesError
        When no reply names any value; the message says what the replies were instead.
    """
    vocabulary = load_vocabulary(context)
    attrition, merges = Attrition(), MergeMap()
    families = {key: entry.family for key, entry in context.settings.models.items()}
    counts = TermCounts(families)
    with scratch() as folder:
        reading = Reading(context, vocabulary, attrition, folder)
        reading.read(scan_per_model(context, REPLIES))
        twins = merge_map(reading.uses(), vocabulary)
        mentions = SortedMentions(folder)
        for model, put_aside in reading.put_aside.items():
            for reply, read in put_aside:
                settled = settle(read, twins)
                attrition.add_mentions(model, reply["reply_id"], settled)
                merges.add(settled)
                counts.add(model, reply["respondent"], [str(m.term) for m in settled.kept])
                mentions.add(model, reply, settled)
        _require_values(counts, attrition)
        MENTIONS.write_sorted(context.root, mentions)
    _write_lexicon(context, counts, attrition, reading.respondents)
    MERGES.write(context.root, merges.rows())


class Reading:
    """The first pass: reads replies, accounts for them, and puts their mentions aside.

    Attributes
    ----------
    put_aside
        What was read, by model, in roster-key order.
    respondents
        How many respondents there are, with or without a value.
    """

    def __init__(
        self, context: Context, vocabulary: VocabularyTables, attrition: Attrition, folder: Path
    ) -> None:
        self._models = len(context.settings.models)
        self._reader = TermReader(vocabulary, context.settings.normalize.mode)
        self._attrition, self._folder = attrition, folder
        self._uses: dict[str, tuple[int, int]] = {}
        self.put_aside: dict[str, ReadReplies] = {}
        self.respondents = 0

    def read(self, models: Scan) -> None:
        """Read every reply of every model."""
        with Progress("normalize", self._models) as progress:
            for done, (model, replies) in enumerate(models, start=1):
                self._model(model, replies)
                progress.advance_to(done)

    def _model(self, model: str, replies: Iterator[Mapping[str, Any]]) -> None:
        aside = self.put_aside[model] = ReadReplies(self._folder, model)
        respondents: set[str] = set()
        mentions: dict[str, int] = {}
        for reply in replies:
            read = self._reader.read(reply["text"], reply["outcome"], reply["asked"])
            respondents.add(reply["respondent"])
            self._attrition.add_reply(model, reply["reply_id"], read)
            aside.add(reply, read)
            for mention in read.kept:
                term = str(mention.term)
                mentions[term] = mentions.get(term, 0) + 1
        aside.close()
        self.respondents += len(respondents)
        for term, n in mentions.items():
            users, total = self._uses.get(term, (0, 0))
            self._uses[term] = (users + 1, total + n)

    def uses(self) -> dict[str, Use]:
        """Return the models and the mentions of every term, sorted by term."""
        return {term: Use(*self._uses[term]) for term in sorted(self._uses)}


def rule_of(context: Context, respondents: int) -> LexiconRule:
    """Return the rule for what enters the lexicon.

    No more terms than a share of the respondents enter, whatever ``max_terms`` says: with as many
    terms as respondents the correlation matrix is singular and every factor is chance.
    """
    settings = context.settings.normalize
    most = min(settings.max_terms, int(settings.max_terms_per_respondent * respondents))
    return LexiconRule(
        min_models=settings.min_models,
        min_families=settings.min_families,
        min_respondent_share=settings.min_respondent_share,
        max_terms=max(most, 1),
    )


def _write_lexicon(
    context: Context, counts: TermCounts, attrition: Attrition, respondents: int
) -> None:
    rule = rule_of(context, respondents)
    terms, lost = lexicon_of(
        counts, rule, respondents=respondents, seed=context.settings.study.seed
    )
    TERMS.write(context.root, [_named(row) for row in terms.to_dict("records")])
    SENSITIVITY.write(context.root, sensitivity(terms, rule, respondents=respondents))
    ATTRITION.write(context.root, [*attrition.rows(), *lost])
    kept = int(terms["mentions"].sum())
    inside = int(terms["in_lexicon"].sum())
    context.say(f"normalize: {kept} mentions of {len(terms)} terms, {inside} in the lexicon")


def _named(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in row.items()}


def _require_values(counts: TermCounts, attrition: Attrition) -> None:
    if counts.families:
        return
    found: dict[str, int] = {}
    for row in attrition.rows():
        if row["unit"] == "reply":
            name = str(row["disposition"])
            found[name] = found.get(name, 0) + int(str(row["n"]))
    shown = ", ".join(f"{n} {name}" for name, n in sorted(found.items(), key=lambda kv: -kv[1]))
    raise TooFewRepliesError(
        f"no reply names a value, so there is nothing to analyse. What the replies were: {shown}."
        " Look at outputs/elicit/, and at `elicit` and `normalize` in params.yaml"
    )

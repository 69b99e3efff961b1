"""The facade: from one reply to its mentions and a disposition; nothing is lost on the way."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from valuelex.records import Mention, Outcome
from valuelex.terms.language import language_of
from valuelex.terms.matcher import Matcher
from valuelex.terms.normalize import Normalizer
from valuelex.terms.outcomes import disclaimer_rule, refusal_rule, says_nothing
from valuelex.terms.parse import Parsed, parse_reply
from valuelex.terms.spans import Candidate, words
from valuelex.terms.tables import VocabularyTables

Mode = Literal["list", "prose", "auto"]
KEPT = ("parsed-list", "parsed-json", "parsed-prose", "truncated-parsed")
_SHORT_ITEM, _LIST_SHARE, _LONG_TEXT = 4, 0.6, 120
_QUESTIONS = 200


@dataclass(frozen=True, slots=True)
class ReadReply:
    """What became of one reply.

    ``disposition`` is one of ``parsed-list parsed-json parsed-prose truncated-parsed`` (its kept
    mentions go on) or ``refused failed empty refusal-in-words disclaimer-in-words other-language
    no-values-named truncated-empty`` (none does). ``language`` is a code, ``other`` or ``none``.
    ``rule`` names what decided. ``merges`` has one (surface in lower case, rule) for each kept
    mention, in the order of ``mentions``.
    """

    disposition: str
    language: str
    mentions: tuple[Mention, ...]
    rule: str = ""
    merges: tuple[tuple[str, str], ...] = ()

    @property
    def kept(self) -> tuple[Mention, ...]:
        """The mentions that have a term."""
        return tuple(m for m in self.mentions if m.term is not None)


class TermReader:
    """Reads replies one at a time; holds the tables, the caches, and no reply.

    Parameters
    ----------
    vocabulary
        The tables of ``lexicon/vocabulary/``.
    mode
        ``list``: replies answer with words, in whatever form. ``prose``: running text, in which
        the vocabulary and named values are searched. ``auto``: a list where there is one, else
        named values and the vocabulary.
    """

    def __init__(self, vocabulary: VocabularyTables, mode: Mode) -> None:
        self._mode = mode
        self._normalizer = Normalizer(vocabulary)
        self._matcher = Matcher(vocabulary) if mode != "list" else None
        self._asked: dict[str, frozenset[str]] = {}

    def read(self, text: str, outcome: Outcome, asked: str = "") -> ReadReply:
        """Read one reply.

        ``asked`` is the question, if it is known: in running text a value word that the question
        itself used is dropped as ``echo``, because it answers nothing about the model.

        Every mention found is returned, kept (``term`` is set) or dropped (``dropped`` says why).
        A term counts once in a reply: later mentions of it are dropped as ``repeated``. A
        truncated reply keeps its complete items; the last, when it reaches the end of the text, is
        dropped as ``cut-off``.
        """
        if outcome in ("failed", "refused"):
            return ReadReply(outcome, "none", ())
        if not text.strip():
            return ReadReply("empty", "none", ())
        language = language_of(text, self._normalizer.english_word)
        if language == "none":
            return ReadReply("no-values-named", language, (), "no-letters")
        if language != "en":
            return ReadReply("other-language", language, self._foreign(text), language)
        form, drafts = self._drafts(text, asked)
        if outcome == "truncated":
            drafts = _cut_off(text, drafts)
        mentions, merges = self._numbered(drafts)
        return self._judged(text, outcome, ReadReply(form, language, mentions, form, merges))

    def _drafts(self, text: str, asked: str) -> tuple[str, list[Mention]]:
        """Find the form of a reply and its mentions in the order of the text, not yet ranked."""
        parsed = parse_reply(text) if self._mode != "prose" else Parsed("prose", ())
        if self._matcher is None or self._is_list(text, parsed):
            return _disposition(parsed.form), [self._from_list(c) for c in parsed.candidates]
        named = [self._from_list(c) for c in parsed.candidates if c.source == "named"]
        drafts = [m for m in named if m.term]
        for group in (
            self._in_prose(text, self._terms_in(asked)),
            [m for m in named if not m.term],
        ):
            free = [
                m for m in group if not any(d.start < m.end and m.start < d.end for d in drafts)
            ]
            drafts += free
        return "parsed-prose", sorted(drafts, key=lambda m: (m.start, m.end))

    def _is_list(self, text: str, parsed: Parsed) -> bool:
        """Whether the candidates are the answer, not headings of an essay.

        In ``list`` mode always. In ``auto``: when the form is a list, and either the reply is
        short or most items are short and most of the items that were kept are known value words.
        """
        if self._mode == "list":
            return True
        if parsed.form in ("prose", "empty") or not parsed.candidates:
            return False
        if parsed.form in ("json", "inline", "single") or words(text) <= _LONG_TEXT:
            return True
        short = [c for c in parsed.candidates if words(c.surface) <= _SHORT_ITEM]
        known = [c for c in short if self._is_known(c)]
        return len(short) >= _LIST_SHARE * len(parsed.candidates) and 2 * len(known) >= len(short)

    def _is_known(self, candidate: Candidate) -> bool:
        term = self._normalizer.normalize(candidate.surface).term
        return term is not None and self._normalizer.known(term)

    def _from_list(self, candidate: Candidate) -> Mention:
        result = self._normalizer.normalize(candidate.surface)
        return Mention(
            candidate.surface,
            candidate.rank,
            candidate.start,
            candidate.end,
            candidate.source,
            result.term,
            result.dropped,
        )

    def _terms_in(self, asked: str) -> frozenset[str]:
        """Terms of the question; the last few questions are remembered."""
        if asked not in self._asked:
            if len(self._asked) >= _QUESTIONS:
                self._asked.clear()
            found = self._in_prose(asked, frozenset()) if asked else []
            self._asked[asked] = frozenset(m.term for m in found if m.term)
        return self._asked[asked]

    def _in_prose(self, text: str, echo: frozenset[str]) -> list[Mention]:
        """Mentions that the matcher finds; a weak one must be a known value."""
        found = []
        for one in self._matcher.find(text) if self._matcher else ():
            surface = text[one.start : one.end]
            result = self._normalizer.normalize(surface)
            term, dropped = result.term, result.dropped
            if one.negated:
                term, dropped = None, "negated"
            elif one.how in ("weak", "named") and term and not self._normalizer.known(term):
                if one.how == "weak":
                    continue
            elif term in echo:
                term, dropped = None, "echo"
            source: Literal["matcher", "named"] = (
                "named" if one.how in ("weak", "named") else "matcher"
            )
            found.append(Mention(surface, 0, one.start, one.end, source, term, dropped))
        return found

    def _foreign(self, text: str) -> tuple[Mention, ...]:
        """Return the candidates of a reply in another language, with spans, never as terms."""
        parsed = parse_reply(text)
        return tuple(
            Mention(c.surface, c.rank, c.start, c.end, c.source, None, "other-language")
            for c in parsed.candidates
        )

    def _numbered(
        self, drafts: list[Mention]
    ) -> tuple[tuple[Mention, ...], tuple[tuple[str, str], ...]]:
        """Rank the mentions, drop repetitions, and note the rule of each kept one."""
        seen: set[str] = set()
        mentions, merges = [], []
        for rank, draft in enumerate(drafts, start=1):
            term, dropped = draft.term, draft.dropped
            if term is not None and term in seen:
                term, dropped = None, "repeated"
            if term is not None:
                seen.add(term)
                surface = " ".join(draft.surface.casefold().split())
                merges.append((surface, self._normalizer.normalize(draft.surface).rule))
            if rank == draft.rank and term is draft.term:
                mentions.append(draft)
                continue
            mentions.append(
                Mention(draft.surface, rank, draft.start, draft.end, draft.source, term, dropped)
            )
        return tuple(mentions), tuple(merges)

    def _judged(self, text: str, outcome: Outcome, read: ReadReply) -> ReadReply:
        """Decide the disposition: values that were named outweigh a disclaimer before them."""
        explicit = [m for m in read.kept if m.source in ("list", "json", "named")]
        if len(explicit) < 2:  # two values named are an answer, whatever stands around them
            refusal = refusal_rule(text)
            disclaimer = "" if refusal or self._mode == "prose" else disclaimer_rule(text)
            if refusal or disclaimer:
                name = "refusal-in-words" if refusal else "disclaimer-in-words"
                return ReadReply(
                    name, read.language, _dropped(read.mentions, name), refusal or disclaimer
                )
        if not read.kept:
            rule = (
                "says-nothing"
                if says_nothing(text)
                else ("all-dropped" if read.mentions else "nothing-found")
            )
            name = "truncated-empty" if outcome == "truncated" else "no-values-named"
            return ReadReply(name, read.language, read.mentions, rule)
        if outcome == "truncated":
            return ReadReply(
                "truncated-parsed", read.language, read.mentions, read.rule, read.merges
            )
        return read


def _disposition(form: str) -> str:
    return {"json": "parsed-json", "prose": "parsed-prose", "empty": "no-values-named"}.get(
        form, "parsed-list"
    )


def _dropped(mentions: tuple[Mention, ...], reason: str) -> tuple[Mention, ...]:
    """Return the same mentions, none of them kept."""
    return tuple(
        Mention(m.surface, m.rank, m.start, m.end, m.source, None, m.dropped or reason)
        for m in mentions
    )


def _cut_off(text: str, drafts: list[Mention]) -> list[Mention]:
    """Drop the last mention when nothing but blanks follows it: the word may be half a word."""
    end = len(text.rstrip())
    return [
        Mention(m.surface, 0, m.start, m.end, m.source, None, "cut-off") if m.end >= end else m
        for m in drafts
    ]

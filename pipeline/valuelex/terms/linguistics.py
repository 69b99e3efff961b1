"""spaCy behind three small faces: English lemmas, stop-word profiles, a finder of phrases.

No trained pipeline is used: the tables of ``spacy-lookups-data`` and a blank tokenizer are enough,
and nothing is fetched from anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from valuelex.errors import LexiconError

PROFILES = (
    "de",
    "fr",
    "es",
    "it",
    "pt",
    "nl",
    "sv",
    "da",
    "fi",
    "pl",
    "tr",
    "ro",
    "id",
    "hu",
    "cs",
)


_SURROGATE = re.compile("[\ud800-\udfff]")
_CHUNK = re.compile(r"\S{200,}")  # no word: a rule of stars, or a list without spaces
_POINT = re.compile(r"[^\w\s]|_")
_FORGET = 1000  # texts after which spaCy forgets their words: memory stays flat


@dataclass(frozen=True, slots=True)
class English:
    """Lemma tables that are at the same time a dictionary by part of speech."""

    index: Mapping[str, frozenset[str]]
    exceptions: Mapping[str, Mapping[str, tuple[str, ...]]]
    rules: Mapping[str, tuple[tuple[str, str], ...]]

    def known(self, word: str) -> bool:
        """Whether the word, or a word that it is an inflection of, is in the dictionary."""
        return self._listed(word) or self.lemma(word) != word

    def _listed(self, word: str) -> bool:
        return any(word in listed for listed in self.index.values())

    def lemma(self, word: str) -> str:
        """Undo inflection, never derivation: a listed noun or adjective stays as it is.

        The rule "a listed word stays" keeps *happiness*, *anxious* and *ethics* whole, which the
        plain rule lemmatizer would cut.
        """
        if any(word in self.index[pos] for pos in ("noun", "adj")):
            return word
        for pos in ("noun", "verb", "adj"):
            if word in self.index[pos]:
                return word
            found = self._stripped(word, pos)
            if found:
                return found
        return word

    def plural(self, word: str) -> str:
        """Return the singular of a listed plural noun; every other word as it is."""
        if any(word in self.index[pos] for pos in ("noun", "adj")):
            return word
        return self._stripped(word, "noun") or word

    def _stripped(self, word: str, pos: str) -> str:
        for form in self.exceptions[pos].get(word, ()):
            if form in self.index[pos]:
                return form
        for old, new in self.rules[pos]:
            form = word[: len(word) - len(old)] + new
            if word.endswith(old) and len(form) > 2 and form in self.index[pos]:
                return form
        return ""


@cache
def english() -> English:
    """Load the tables of ``spacy-lookups-data``, once (about a second)."""
    from spacy.lookups import load_lookups

    tables = load_lookups("en", ["lemma_index", "lemma_exc", "lemma_rules"])
    index, exceptions, rules = (
        tables.get_table(n) for n in ("lemma_index", "lemma_exc", "lemma_rules")
    )
    kinds = ("noun", "adj", "verb", "adv")
    return English(
        index={pos: frozenset(index[pos]) for pos in kinds},
        exceptions={
            pos: {w: tuple(forms) for w, forms in exceptions.get(pos, {}).items()} for pos in kinds
        },
        rules={pos: tuple((old, new) for old, new in rules.get(pos, [])) for pos in kinds},
    )


@cache
def stop_words(language: str) -> frozenset[str]:
    """Return the function words of a language, as spaCy lists them."""
    import spacy.lang

    # the file alone: importing the package of a language would compile its tokenizer
    path = Path(spacy.lang.__path__[0]) / language / "stop_words.py"
    spec = spec_from_file_location(f"stop_words_{language}", path)
    if spec is None or spec.loader is None:
        raise LexiconError(f"spaCy has no stop words for the language {language!r}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return frozenset(module.STOP_WORDS)


class PhraseFinder:
    """Finds listed phrases in text, whatever their case, the longest first.

    Parameters
    ----------
    phrases
        The phrases; what is found is reported as one of them, in lower case.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        import spacy
        from spacy.matcher import PhraseMatcher

        self._nlp = spacy.blank("en")
        self._nlp.max_length = 10**9
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        self._zone, self._read = ExitStack(), 0
        self._matcher.add("PHRASE", [self._nlp.make_doc(p) for p in phrases])

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return half-open character spans, left to right, no two of which overlap."""
        from spacy.util import filter_spans

        if self._read % _FORGET == 0:
            self._zone.close()
            self._zone.enter_context(self._nlp.memory_zone())
        self._read += 1
        # half a character is no text to spaCy; the one that stands for it keeps every place
        text = _SURROGATE.sub("\ufffd", text)
        # spaCy takes points off one by one, each time looking at all: the square of a long run
        text = _CHUNK.sub(lambda chunk: _POINT.sub(" ", chunk[0]), text)
        doc = self._nlp.make_doc(text)
        spans = filter_spans(self._matcher(doc, as_spans=True))
        return [(span.start_char, span.end_char) for span in spans]

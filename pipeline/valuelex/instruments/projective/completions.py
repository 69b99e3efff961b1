"""A completion as a judge gets it: cleaned, bounded, and told apart from what is no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from valuelex.errors import PromptError, well_formed
from valuelex.records import Outcome

READ_CHARACTERS = 1000
"""A judge reads this much of a completion, half of it from each end: one sentence is asked for, and
of a story the beginning sets the scene and the end says what came of it."""

NOT_RELEVANT = "not relevant"
"""Reason: the completion says nothing about the sub-dimension. A verdict, not a failure."""

_THINKING = re.compile(r"<(think|thinking|reasoning|reflection)>.*?(?:</\1>|\Z)", re.I | re.S)
_TURN_TAG = re.compile(
    r"<\|[^|<>\n]{1,40}\|>|\[/?INST\]|<</?SYS>>|</?s>|"
    r"(?:^|(?<=\n))\s*#{2,3}\s*(?:system|user|assistant|human|instruction|response)\b\s*:?|"
    r"(?:^|(?<=\n))\s*(?:system|user|assistant|human)\s*:",
    re.I,
)
_FENCE = re.compile(r"```[a-z]*|~~~")
_PREAMBLE = re.compile(
    r"^\s*(?:sure|certainly|of course|okay|ok|absolutely|great)?[,!. ]*"
    r"(?:here(?:'s| is| are)?|the|my)\s+(?:is\s+)?(?:an?\s+|the\s+|my\s+|one\s+)?"
    r"(?:possible\s+|completed?\s+|full\s+)?"
    r"(?:completion|completed sentence|sentence|answer|ending)s?"
    r"[^:\n]{0,40}:\s*",
    re.I,
)
_SURE = re.compile(r"^\s*(?:sure|certainly|of course|absolutely)\s*[,!.]\s*", re.I)
_QUOTES = "\"'“”‘’«»*_`"
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Completion:
    """One completion of one stem by one model.

    ``text`` is cleaned (see `clean_completion`); ``reply_id`` is the id of the request.
    """

    reply_id: str
    model: str
    stem: str
    draw: int
    text: str
    outcome: Outcome


def clean_completion(text: str, stem: str, *, base: bool = False) -> str:
    """Strip what is not the respondent's own ending of the sentence.

    Thinking, turn tags, a preamble ("Sure! Here is the sentence:"), a repeated stem, quotes and
    Markdown emphasis go; line breaks become spaces. Never raises; may return an empty text.

    Parameters
    ----------
    text
        The raw reply.
    stem
        The stem that was put, without final dots.
    base
        The reply continues a text: only what stands before the next line break is the ending.
    """
    if base:
        text = next((line for line in text.split("\n") if line.strip()), "")
    text = _THINKING.sub(" ", text)
    text = _FENCE.sub(" ", _TURN_TAG.sub(" ", text))
    text = _SURE.sub("", _PREAMBLE.sub("", text.strip()))
    text = " ".join(text.split()).strip(_QUOTES + " ")
    text = _without_stem(text, stem)
    return text.lstrip(" .…,:_-—–").strip(_QUOTES + " ")


def settled_outcome(outcome: Outcome, text: str, *, base: bool) -> Outcome:
    """Return the outcome of an ending, given that of the reply that it stands in.

    A base model goes on writing until it is cut. Its ending is whole all the same once a line
    break follows it, since only what stands before the break is taken (`clean_completion`).
    """
    if base and outcome == "truncated" and "\n" in text.lstrip():
        return "answered"
    return outcome


def _without_stem(text: str, stem: str) -> str:
    """Cut the stem off the front, whatever its case, spacing and punctuation."""
    words = _WORD.findall(stem)
    if not words:
        return text
    pattern = r"[\W_]+".join(re.escape(w) for w in words)
    found = re.match(rf"[\W_]*{pattern}(?!\w)", text, re.IGNORECASE)
    return text[found.end() :] if found else text


def readable(text: str) -> str:
    """Return the part of a completion that a judge reads: all, or whole words of both ends."""
    if len(text) <= READ_CHARACTERS:
        return text
    half = READ_CHARACTERS // 2
    first, last = text[:half].rsplit(" ", 1)[0], text[-half:].split(" ", 1)[-1]
    return f"{first} ... {last}"


class Unanswered:
    """Tells a completion from what is none.

    Parameters
    ----------
    content
        ``declines``: regular expressions, matched anywhere, ignoring case; ``english`` and
        ``other``: function words of English and of other European languages.

    Raises
    ------
    PromptError
        When one of the three is missing.
    """

    @well_formed("the list of what is no answer", PromptError)
    def __init__(self, content: Mapping[str, Sequence[str]]) -> None:
        missing = [f for f in ("declines", "english", "other") if not content.get(f)]
        if missing:
            raise PromptError(f"unanswered must have the lists {missing}, has: {sorted(content)}")
        self._declines = [re.compile(p, re.IGNORECASE) for p in content["declines"]]
        self._english = frozenset(content["english"])
        self._other = frozenset(content["other"]) - self._english

    def reason(self, completion: Completion) -> str:
        """Return why a completion cannot be scored, or an empty text.

        Reasons: the outcome when it is not ``answered``; ``empty``; ``declines``;
        ``other language``.
        """
        if completion.outcome != "answered":
            return completion.outcome
        text = readable(completion.text).replace("’", "'")
        if not _LETTER.search(text):
            return "empty"
        if any(p.search(text) for p in self._declines):
            return "declines"
        return "" if self.is_english(text) else "other language"

    def english_part(self, text: str) -> str:
        """Return the sentences that can be read as English."""
        return " ".join(s for s in _SENTENCE.split(text) if self.is_english(s))

    def is_english(self, text: str) -> bool:
        """Tell whether a short text can be read as English.

        A text of mostly non-Latin letters is not. A text of Latin letters is taken as English
        unless function words of other languages outnumber the English ones by two or more.
        """
        letters = _LETTER.findall(text)
        if letters and len(_LATIN.findall(text)) < 0.7 * len(letters):
            return False
        words = [w.casefold() for w in _WORD.findall(text)]
        english = sum(w in self._english for w in words)
        return sum(w in self._other for w in words) < english + 2

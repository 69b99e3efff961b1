"""Reading one answer on a labelled scale out of free text: strictly, and never by guessing.

The text is cut into segments (lines, sentences). A segment *asserts* an answer when it consists
of carrier words ("I'd say", "this person is"), the answer itself, and at most a harmless rest
("because ...", "out of 6"). All asserting segments must agree. Whatever is not on the list of
carrier words, a negation or an unknown intensifier above all, keeps a segment from asserting
anything: so "not really like me" is never read as "like me", and "quite like me" is left unread.

Substring search, which published pipelines use, takes "I don't think this is very much like me" for
the highest answer and "I cannot select one of those phrases" for agreement.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from valuelex.instruments.pvq import structured
from valuelex.instruments.pvq.wordlist import (
    CARRIERS,
    NEGATION,
    NUMBER_WORDS,
    REFUSAL,
    TAIL,
    WORD_ANSWER,
)

Answer = tuple[int | None, str]
"""The point on the scale and ``""``, or ``None`` and the reason why there is none."""

REASONS = (
    "empty",
    "unfinished reasoning",
    "several answers",
    "out of range",
    "not a whole number",
    "refusal",
    "negated",
    "no answer",
)

_NUMBER = re.compile(r"(?<![\w.,/⁄])[-+−]?\d+(?:[.,/⁄]\d+)*%?(?!\w)")
# "..., so my answer is 4" starts a segment of its own: what comes before it gives reasons
_SENTENCE = re.compile(
    r"(?<=[.!?])\s+|[;\n]+|,?\s+(?:but|however)\b,?"
    r"|,\s+(?:so|therefore|hence|thus)\s+(?=(?:my|the) (?:answer|choice|rating)\b)"
)
_ENDS = tuple(".!?:;…)]}")
_MARKER = re.compile(r"^\s*(\d+)\s*[.)]\s+(?=\S)")


@dataclass(frozen=True)
class Scale:
    """A labelled scale: whole points ``low`` .. ``high``, the words of each, and further spellings.

    ``aliases`` maps other wordings (e.g. of an older form) to points; ``letters`` maps option
    letters, when the options were shown with letters.
    """

    labels: Mapping[int, str]
    aliases: Mapping[str, int] = field(default_factory=dict)
    letters: Mapping[str, int] = field(default_factory=dict)

    @property
    def low(self) -> int:
        """Lowest point."""
        return min(self.labels)

    @property
    def high(self) -> int:
        """Highest point."""
        return max(self.labels)

    @cached_property
    def wordings(self) -> Mapping[str, int]:
        """Each wording, lower case and single-spaced, with its point."""
        own = {plain(label): point for point, label in self.labels.items()}
        return own | {plain(label): point for label, point in self.aliases.items()}

    @cached_property
    def wording(self) -> re.Pattern[str]:
        """Finds a wording, the longest first."""
        longest_first = sorted(self.wordings, key=lambda wording: (-len(wording), wording))
        return re.compile(
            r"(?<![\w'])(?:" + "|".join(map(re.escape, longest_first)) + r")(?![\w'])"
        )


@dataclass(frozen=True, slots=True)
class _Core:
    """A candidate for the answer: half-open span in the segment, point or why it is none."""

    start: int
    end: int
    point: int | None
    reason: str = ""


def parse_answer(text: str, scale: Scale, *, continuation: bool = False) -> Answer:
    """Return the answer that a reply asserts, or ``None`` and the reason.

    Parameters
    ----------
    text
        The reply as it came: a number, a letter, a label, JSON, or a sentence with one of them.
    scale
        The scale that was offered.
    continuation
        The reply continues a form (base models): only its first non-empty line counts, because the
        next lines are the model's own invention of further questions.
    """
    visible, unfinished = without_reasoning(text)
    if continuation:
        visible = next((line for line in visible.splitlines() if line.strip()), "")
    if not visible.strip():
        return None, "unfinished reasoning" if unfinished else "empty"
    rest, stated = structured.take_json_answers(visible)
    asserted: list[Answer] = [_of_json(value, scale) for value in stated]
    for line in plain(_rejoined(rest), keep_lines=True).split("\n"):
        asserted.extend(_of_line(line, scale))
    return _agree(asserted) or (None, _why_none(plain(rest), scale))


def plain(text: str, *, keep_lines: bool = False) -> str:
    """Return the text lower case, single-spaced, without Markdown marks and quotation marks."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("’", "'")
    text = re.sub(r"[*_`#>\"“”«»|~]+", " ", text)
    if not keep_lines:
        return " ".join(text.split())
    # at line ends alone: `splitlines` would cut a sentence at a form feed too
    lines = (" ".join(line.split()) for line in re.split(r"\r\n|\r|\n", text))
    return "\n".join(line for line in lines if line)


def _rejoined(text: str) -> str:
    """Return the text with sentences whole that a line break cuts after a negation.

    "I don't think this is" on one line and "like me" on the next deny it together.
    """
    sentences: list[list[str]] = []
    denied = False
    for line in re.split(r"\r\n|\r|\n", text):
        ended = not sentences or sentences[-1][-1].rstrip().endswith(_ENDS)
        if ended or not denied or not line.lstrip()[:1].islower():
            sentences.append([])
            denied = False
        sentences[-1].append(line)
        denied = denied or bool(NEGATION.search(line.casefold().replace("’", "'")))
    return "\n".join(" ".join(sentence) for sentence in sentences)


def without_reasoning(text: str) -> tuple[str, bool]:
    """Return the text without ``<think>`` blocks; the flag says that one was never closed."""
    text = re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL | re.IGNORECASE)
    _, closed, after = text.rpartition("</think>")
    text = after if closed else text
    before, opened, _ = text.partition("<think>")
    return (before, True) if opened else (text, False)


def _agree(asserted: Iterable[Answer]) -> Answer | None:
    found = sorted(set(asserted), key=str)
    if not found:
        return None
    return found[0] if len(found) == 1 else (None, "several answers")


def _of_json(value: object, scale: Scale) -> Answer:
    if isinstance(value, str):
        return parse_answer(value, scale)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None, "no answer"
    return _point(str(value), scale)


def _of_line(line: str, scale: Scale) -> list[Answer]:
    """Answers that one line asserts; ``4. like me`` may be a list number, so it only confirms."""
    marker = _MARKER.match(line)
    if marker is None:
        return [answer for part in _SENTENCE.split(line) for answer in _of_segment(part, scale)]
    found = _of_line(line[marker.end() :], scale)
    return [*found, _point(marker[1], scale)] if found else []


def _of_segment(segment: str, scale: Scale) -> list[Answer]:
    segment = _without_scale_mentions(segment.strip(), scale)
    if not segment or segment.endswith("?"):
        return []
    lettered = _letter(segment, scale)
    if lettered is not None:
        return lettered
    cores = _cores(segment, scale)
    if not cores:
        word = WORD_ANSWER.fullmatch(segment)
        return [_point(str(NUMBER_WORDS[word[1]]), scale)] if word else []
    if not _carries(segment[: cores[0].start]):
        return []
    if not TAIL.match(segment[cores[-1].end :]):
        return []
    return [(core.point, core.reason) for core in cores]


def _letter(segment: str, scale: Scale) -> list[Answer] | None:
    """Answers of a segment that leads with an option letter; ``None`` when it does not."""
    if not scale.letters:
        return None
    points = {letter.casefold(): point for letter, point in scale.letters.items()}
    names = "".join(re.escape(letter) for letter in sorted(points))
    match = re.match(
        rf"(?:(?:my |the )?(?:answer|option|choice)(?: is)?(?:: ?| |(?=\()))?"
        rf"(?:\(([{names}])\)|([{names}])[).:]|([{names}])(?=\W*$))(.*)$",
        segment,
    )
    if match is None:
        return None
    point = points[match[1] or match[2] or match[3]]
    rest = match[4].strip(" .,:-–—")
    confirmed = _of_segment(rest, scale) if rest else []
    if rest and not confirmed and not TAIL.match(" " + rest):
        return []
    return [(point, ""), *confirmed]


def _cores(segment: str, scale: Scale) -> list[_Core]:
    """Labels (the longest wins) and numbers, in the order of the text."""
    labels = [
        _Core(match.start(), match.end(), scale.wordings[match[0]])
        for match in scale.wording.finditer(segment)
    ]
    numbers = [
        _Core(match.start(), match.end(), *_point(match[0], scale))
        for match in _NUMBER.finditer(segment)
    ]
    return sorted(labels + numbers, key=lambda core: core.start)


def _point(number: str, scale: Scale) -> Answer:
    whole = re.fullmatch(r"(\d+)(?:\.0+)?", number)
    if whole is None:
        reason = "out of range" if number[:1] in "-−" else "not a whole number"
        return None, reason
    if len(whole[1]) > 3 or not scale.low <= int(whole[1]) <= scale.high:
        return None, "out of range"
    return int(whole[1]), ""


def _without_scale_mentions(segment: str, scale: Scale) -> str:
    """Drop "out of 6", "/6", "from 1 to 6": they tell the scale, not the answer."""
    low, high = scale.low, scale.high
    either = rf"(?:{low}\s*(?:to|-|–|and|through)\s*{high}|{high}\s*(?:to|-|–|and|through)\s*{low})"
    segment = re.sub(rf"(?<=\d)\s*(?:/|out of|of)\s*{high}(?![\w.,]\d|\d)", " ", segment)
    return re.sub(rf"(?<![\w.,/-])(?:(?:from|between)\s+)?{either}(?![\w/-])", " ", segment).strip()


def _carries(prefix: str) -> bool:
    if "?" in prefix:
        return False
    return all(word in CARRIERS for word in re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)*", prefix))


def _why_none(text: str, scale: Scale) -> str:
    if REFUSAL.search(text):
        return "refusal"
    if NEGATION.search(text) and _cores(text, scale):
        return "negated"
    return "no answer"

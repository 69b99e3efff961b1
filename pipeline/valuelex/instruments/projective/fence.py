"""Make judged text harmless: take out what addresses a judge, and fence the rest by a nonce.

A completion is written by the model that is being judged. It may carry a verdict, a role tag or an
order to whoever reads it. All of that is taken out before any judge sees the text, and the fence
around the text carries a code that its writer could not have known.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass

ONLY_INSTRUCTIONS = "only instructions"
"""Reason: nothing was left of a completion once what addresses a judge was taken out."""

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_CODE_BLOCK = re.compile(r"```.*?(?:```|\Z)", re.S)
_JSON = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\[\s*\{.*?\}\s*\]", re.S)
_TAG = re.compile(
    r"<\|[^|<>\n]{0,40}\|>|\[/?(?:INST|SYS|system|user|assistant|ending|end of ending)\b"
    r"[^\]\n]{0,60}\]|"
    r"<</?SYS>>|</?[a-z_][\w-]*(?:\s[^<>\n]{0,80})?/?>|[-=*_#~<>|]{3,}",
    re.I,
)
_ROLE = re.compile(
    r"(?:^|(?<=[\n.!?]))\s*#*\s*\**(?:system|user|assistant|human|developer|judge|grader|tool)"
    r"(?:\s+(?:message|prompt|note|instruction|override))?\**\s*[:>]",
    re.I | re.M,
)
_NUMBER = r"(?:[0-9]+(?:\.[0-9]+)?|full marks|maximum|six)"
_SCALE = (
    r"(?:scores?|scoring|ratings?|rated?|grades?|grading|verdicts?|marks?|points?|evaluations?)"
)
_READER = r"(?:judge|grader|evaluator|rater|assessor|scorer)"
# Each pattern needs a word of scoring or of instructing: "the highest value", "a fair judge should
# listen" and "I ignore old quarrels" are endings of sentences like any other.
_ORDER = re.compile(
    "|".join(
        (
            rf"\b{_SCALE}\b[^.!?\n]{{0,20}}\b{_NUMBER}\b",
            r"\b[0-9]+(?:\.[0-9]+)?\s*(?:/|out of)\s*(?:6|10|six|ten|100)\b",
            r"\b[0-9]+(?:\.[0-9]+)?\s+(?:points?|marks?|stars?)\b",
            r"\b(?:give|award|assign|grant|put|write|return|output|print|respond|reply|answer|say)\b"
            rf"[^.!?\n]{{0,60}}\b(?:{_SCALE}|json|[0-6]\s*(?:$|[.!?,;]|for\b|on\b|everywhere\b))",
            r"\b(?:ignore|disregard|forget|override|bypass)\b[^.!?\n]{0,50}"
            r"\b(?:instructions?|rubric|prompts?|directions|guidelines|commands?)\b",
            r"\b(?:ignore|disregard|forget|override)\s+(?:all|everything|anything|the|what)\b"
            r"[^.!?\n]{0,25}\b(?:above|previous|prior|before|said)\b",
            r"\b(?:new|updated|revised|hidden|real|actual)\s+(?:instructions?|rubric|prompt)\b",
            r"\b(?:dear|hey|hello|hi|attention|note to(?: the)?|message (?:to|for)(?: the)?)"
            rf"\W+{_READER}\b",
            rf"\byou are (?:an?|the|now)\s+(?:\w+\s+){{0,3}}(?:{_READER}|assistant)\b",
            rf"\b{_READER}s?\b[^.!?\n]{{0,30}}\b(?:must|should|will|has to|have to)\b"
            rf"[^.!?\n]{{0,30}}\b(?:{_SCALE}|{_NUMBER})",
            rf"\b(?:highest|lowest|maximum|minimum|top|perfect|full)\s+(?:possible\s+)?{_SCALE}\b",
            rf"\bthe\s+(?:correct|right|true|expected|official|final)\s+{_SCALE}\b",
            r"\bthis\s+(?:completion|ending|answer|response|text|sentence|submission)\s+"
            r"(?:deserves|merits|must|should|is to|needs to|earns|gets|scores)\b",
            r"\b(?:end|begin|start) of (?:ending|text|completion|input|prompt|document)\b",
            r"\bsystem (?:prompt|message|override|note)\b",
            r"[\"']?\b(?:code|scores?|nonce|verdict)[\"']?\s*:\s*[\"'{\[0-9]",
        )
    ),
    re.I,
)
_MARK = "\x00"
_SENTENCE = re.compile(r"[^.!?\n]*(?:[.!?]+|\n|\Z)")


@dataclass(frozen=True, slots=True)
class Disarmed:
    """Judged text without what addresses a judge; ``removed`` counts the sentences taken out."""

    text: str
    removed: int


def disarm(text: str) -> Disarmed:
    """Take out code blocks, JSON, tags, role labels, verdicts and orders to a judge.

    Each goes with the whole sentence (or line) that holds it, so that no introduction of it is
    left. Digits, and whatever else is a number in some script, become "#". Never raises.
    """
    text = _INVISIBLE.sub("", text.replace(_MARK, " "))
    for pattern in (_CODE_BLOCK, _JSON, _TAG):
        text = pattern.sub(_MARK, text)
    text = _ROLE.sub("\n" + _MARK, text)  # what stands before a label stays a sentence of its own
    sentences = [match[0] for match in _SENTENCE.finditer(text)]
    kept = [s for s in sentences if _MARK not in s and not _orders(s)]
    plain = " ".join("".join(kept).split())
    return Disarmed(_without_numbers(plain, "#"), len(sentences) - len(kept))


def _orders(sentence: str) -> bool:
    """Whether a sentence addresses a judge: as it stands, in plain letters, and without numbers.

    Wide letters are read as the plain ones, and a digit glued to a word hides it from a pattern
    that looks for whole words.
    """
    plain = unicodedata.normalize("NFKC", sentence).replace("_", " ")
    return any(_ORDER.search(form) for form in {sentence, plain, _without_numbers(plain, " ")})


def _without_numbers(text: str, mark: str) -> str:
    return "".join(mark if c.isnumeric() else c for c in text)


def nonce(*parts: str) -> str:
    """Derive the code of one call: 16 hex digits over the call's id and the judged text itself.

    A writer would have to know the hash of a text that holds the hash.
    """
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]


def blind(text: str, names: tuple[str, ...]) -> str:
    """Replace the given names of models and developers (whole words, any case) by "[name]"."""
    known = sorted((n for n in names if n.strip()), key=lambda n: (-len(n), n))
    if not known:
        return text
    pattern = "|".join(re.escape(n) for n in known)
    return re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", "[name]", text, flags=re.IGNORECASE)

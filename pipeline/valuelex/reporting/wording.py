"""Rules, instruments and fields by their short names in the artifacts, told in plain words."""

from __future__ import annotations

import re
from collections.abc import Mapping

RULES = {
    # of replies
    "parsed-list": "a list of values",
    "parsed-json": "a list of values, as JSON",
    "parsed-prose": "values named in sentences",
    "truncated-parsed": "cut off, values before the cut",
    "truncated-empty": "cut off before any value",
    "no-values-named": "answered, but named no value",
    "refusal-in-words": "refused in words",
    "disclaimer-in-words": "denied having values",
    "other-language": "in another language",
    "refused": "refused by the engine",
    "failed": "failed: no text came back",
    # of mentions
    "list": "stood in a list",
    "json": "stood in JSON",
    "named": "named as a value in a sentence",
    "matcher": "known value word in a sentence",
    "thing": "names a thing, not a value",
    "generic": "too general: “values”, “good”",
    "self-reference": "what the speaker is, not what it values",
    "repeated": "named before in the same reply",
    "function-word": "no word of content",
    "cut-off": "half a word where the reply was cut",
    "adverbial": "an adverb around the answer",
    "form-echo": "the question or a label, echoed",
    "echo": "a word of the question itself",
    "negated": "named only to deny it",
    "clause": "a piece of a sentence",
    "colour": "a colour",
    "number": "a number",
    "talk": "talk around the list",
    "too-long": "too long to be a word",
    "single-letter": "a single letter",
    "no-word": "no word at all",
    # of terms
    "in-lexicon": "in the analysis",
    "few-models": "used by too few models",
    "few-families": "used by too few families",
    "few-respondents": "used by too few respondents",
    "negated-quality": "denies a fault, names no value",
    "beyond-max-terms": "beyond the largest number of terms",
}

DETAILS = {
    "has-none": "says that it has none",
    "as-an-ai": "“as an AI …”",
    "programme": "says that it lacks them",
    "declines-then-talks": "declines, then talks",
    "de": "German",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nl": "Dutch",
    "pt": "Portuguese",
    "ru": "Russian",
    "zh": "Chinese",
}

INSTRUMENTS = {
    "factor": "elicited words",
    "projective": "projective test",
    "pvq": "values questionnaire",
    "portrait": "Value Portrait",
}

FIELDS = {
    "valuelex": "ValueLex",
    "commit": "Commit",
    "params_sha256": "Checksum of params.yaml (SHA-256)",
    "python": "Python",
    "platform": "Platform",
    "hardware": "Hardware",
    "reproducible": "Reproducible",
    "reproducible_because": "Why",
    "prompts": "Prompts, with checksums",
    "libraries": "Libraries",
    "revisions": "Revisions of the models",
    "engines": "What answered, by model",
    "params": "Settings",
}

_GROUP = re.compile(r"\bd\d+(?:\.s\d+)?\b")
_MINUS = re.compile(r"(?<![\w.])-(?=\d|\.\d)")
_LEADING = re.compile(r"(?<![\d.])0(?=\.\d+(?!\.?\d))")
_PERCENT = re.compile(r"(?<=\d)%")
_LONG = re.compile(r"(?<![\d.,\w])(\d{1,3})(\d{3})(?![\d.,\w])")


def rule(name: str) -> str:
    """Return what a rule means; one that has no words here is shown by its name."""
    return RULES.get(name, _spaced(name))


def detail(name: str) -> str:
    """Return what the finer rule behind a refusal, a denial or another language means."""
    return DETAILS.get(name, _spaced(name))


def _spaced(name: str) -> str:
    return name.replace("_", " ").replace("-", " ")


def instrument(name: str) -> str:
    """Return an instrument's name as people say it."""
    return INSTRUMENTS.get(name, name)


def prose(text: str) -> str:
    """Set the numbers of a sentence as the page sets all others.

    A true minus, no zero before the point of a coefficient, a space before the per cent sign, and
    a comma in thousands.
    """
    plain = _PERCENT.sub("\u00a0%", _LEADING.sub("", _MINUS.sub("\u2212", text)))
    return _LONG.sub(r"\1,\2", plain)


def groups_named(text: str, names: Mapping[str, str]) -> str:
    """Replace the ids of dimensions and sub-dimensions (``d1.s2``) in a sentence by their names."""
    return _GROUP.sub(lambda found: names.get(found[0], found[0]), text)

"""Sentence completion: what a simulated model makes of an open stem, by its profile."""

from __future__ import annotations

import math
import re
from random import Random

from valuelex.backends.simulated.phrases import STANCES
from valuelex.backends.simulated.respondent import Population
from valuelex.backends.simulated.talk import non_answer, refusal
from valuelex.backends.simulated.vocabulary import SubDimension
from valuelex.records import Request

OPEN_END = re.compile(r"(?:\.{3}|…|_{2,})[\s\"'”’)]*$")
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
SUFFIX = re.compile(r"(?:ing|edly|ed|ness|fully|ful|es|ly|s|e|y)$")
STOP = frozenset(("being", "having", "the", "and", "not", "people", "own", "what", "from", "with"))
# endings after which a bare verb follows: "I", "I would", "people who", "to"
BARE = re.compile(
    r"\b(?:(?:i|we|they|people|others|somebody|who|to)(?:\s+(?:\w+ly|always|often|sometimes|never|"
    r"would|will|should|must|can|cannot|could|might|may|do|not|just|still|first|"
    r"try to|tend to|want to|have to|like to|hope to)){0,3})$",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"(?:,|\b(?:because|that|when|if|while|until|so|then|and|but))$", re.IGNORECASE)
PREPOSITION = re.compile(r"\b(?:of|about|for|by|in|with|at|on)$", re.IGNORECASE)
NEGATED = re.compile(r"\b(?:i|we|people)\s+(?:\w+\s+)?(?:never|cannot|refuse to|do not)$", re.I)


def open_stem(text: str) -> str:
    """Return the open sentence at the end of a prompt without its dots, or ``""``.

    The last line, or the last non-empty part of a line, that ends in dots or a blank counts.
    """
    for line in reversed(text.strip().splitlines()):
        line = line.strip().strip("\"'“”‘’")
        if OPEN_END.search(line):
            line = OPEN_END.sub("", line)
            return re.split(r"[:\"“]\s*", line)[-1].strip() or line.strip()
    return ""


def last_line(text: str) -> str:
    """Return the last line that is not empty, without quotes, dots and a label before a colon."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    line = lines[-1].split(": ")[-1] if lines else ""
    return OPEN_END.sub("", line.strip("\"'“”‘’ ")).strip("\"'“”‘’ .")


def root(word: str) -> str:
    """Return a rough stem of a lower-case word, good enough to see that words are related."""
    short = SUFFIX.sub("", word) if len(word) > 4 else word
    return short[:7] if len(short) >= 3 else word


class Completer:
    """Completes stems for a population."""

    def __init__(self, population: Population) -> None:
        self.population = population
        subs = population.world.vocabulary.subs
        self._roots = [self._words(i, sub) for i, sub in enumerate(subs)]
        self._overlaps: dict[str, tuple[int, ...]] = {}
        averse = population.world.wording.groups["completions"]["averse"]
        self._averse = frozenset(root(word) for word in averse)

    def write(self, request: Request, stem: str, random: Random) -> str:
        """Return the text of one completion, before truncation."""
        world = self.population.world
        profile = self.population.profile(request.model)
        rates = world.style.rates[profile.traits.training]
        u = random.random()
        if u < rates.refusal / 2:  # a stem provokes fewer refusals than a direct question
            return refusal(world.wording, random)
        if u < (rates.refusal + rates.non_answer) / 2:
            return non_answer(world.wording, random)
        index = self.choose(request.model, stem, random)
        theta = float(profile.subs[index])
        return self._said(world.vocabulary.subs[index], theta, stem, random)

    def choose(self, model: str, stem: str, random: Random) -> int:
        """Return which sub-dimension a completion is about, by profile and by the stem's words."""
        effects = self.population.world.completions
        theta = self.population.profile(model).subs
        overlap = self.overlap(stem)
        weights = [
            math.exp(effects.profile_weight * float(t) + effects.cue_weight * min(o, 3))
            for t, o in zip(theta, overlap, strict=True)
        ]
        return random.choices(range(len(weights)), weights)[0]

    def overlap(self, stem: str) -> tuple[int, ...]:
        """Return how many words of the stem belong to each sub-dimension's field."""
        if stem not in self._overlaps:
            said = {root(word) for word in WORD.findall(stem.lower())}
            self._overlaps[stem] = tuple(len(said & roots) for roots in self._roots)
        return self._overlaps[stem]

    def _words(self, index: int, sub: SubDimension) -> frozenset[str]:
        terms = self.population.world.vocabulary.terms
        texts = [form for term in terms if term.sub == index for form in term.surfaces]
        words = (word for text in (*texts, *sub.cues) for word in WORD.findall(text.lower()))
        return frozenset(root(word) for word in words if word not in STOP)

    def _said(self, sub: SubDimension, theta: float, stem: str, random: Random) -> str:
        effects = self.population.world.completions
        parts = self.population.world.wording.groups["completions"]
        y = effects.level + effects.slope * theta + random.gauss(0, effects.noise_sd)
        edges = (effects.strong, effects.mild, effects.indifferent)
        stance = next((s for s, edge in zip(STANCES, edges, strict=False) if y > edge), STANCES[-1])
        high, low = random.choice(sub.high), random.choice(sub.low)
        if self._against(stem):
            # what one who cares hates or fears is the opposite of the value
            body = low if y > effects.indifferent else high
            more = ""
        else:
            body = random.choice(parts[stance]).format(p=high, low=low)
            more = random.choice(parts[f"{stance}_more"]) if random.random() < 0.45 else ""
        sentence = lead(stem) + body + "."
        text = f"{sentence} {more}".strip()
        return _dressed(text, stem, random)

    def _against(self, stem: str) -> bool:
        said = {root(word) for word in WORD.findall(stem.lower())}
        return bool(said & self._averse) or bool(NEGATED.search(stem))


def lead(stem: str) -> str:
    """Return what must stand between a stem and a bare verb for the sentence to be one."""
    if BARE.search(stem):
        return ""
    if CLAUSE.search(stem):
        return "I "
    if PREPOSITION.search(stem):
        return "how I "
    return "to "


def _dressed(text: str, stem: str, random: Random) -> str:
    u = random.random()
    if u < 0.25:
        return f"{stem} {text}"
    if u < 0.35:
        return f"...{text}"
    if u < 0.40:
        return f'"{stem} {text}"'
    if u < 0.55:
        return text[0].upper() + text[1:]
    return text

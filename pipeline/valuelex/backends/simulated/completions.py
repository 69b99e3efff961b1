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
LABEL = re.compile(r"^\W*(?:\w+\s){0,2}\w+:\s+")
WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")
SUFFIX = re.compile(r"(?:ing|edly|ed|ness|fully|ful|es|ly|s|e|y)$")
FUNCTION_WORDS = """
a about above after again all always an and another any are as asked at be before being but by can
cannot could did do does even everybody everyone first for from good has have having he her him his
how i if in into is it its last least may me might mine more most much must my myself never no
nobody not nothing of on one only or other others our out own people person she should so some
somebody someone something still than that the their them then there these they thing things this
those time to too two up us very was way we were what when where which who whom why will with would
you your
"""
STOP = frozenset(FUNCTION_WORDS.split())
NEAR = 3  # more shared words than this make a stem no more a sub-dimension's own
SUBJECT = 6  # the value that a stem itself names as its subject
# endings after which a bare verb follows: "I", "I always", "people who", "ought to", "should"
BARE = re.compile(
    r"\b(?:(?:i|we|they)(?:\s+(?:\w+ly|always|often|sometimes|never|first|still|just|"
    r"first of all))?|people|others|somebody|someone|who|to|(?:would|will|should|must|can|"
    r"cannot|could|might|may|do not)(?:\s+(?:\w+ly|always|often|sometimes|never|still|not))?)$",
    re.IGNORECASE,
)
CLAUSE = re.compile(r"(?:,|\b(?:because|that|when|if|while|until|so|then|and|but))$", re.IGNORECASE)
PREPOSITION = re.compile(r"\b(?:of|about|for|by|in|with|at|on)$", re.IGNORECASE)
SEEING = re.compile(r"\b(?:seeing|watching|hearing|knowing)$", re.IGNORECASE)
NEVER = re.compile(r"\b(?:never|cannot|refuse to|do not)\b", re.IGNORECASE)
# somebody else speaks, and the stem says how that person stands to the value
PERSONA = re.compile(
    r"\b(?:somebody|someone|a person|people) who (?:(?P<high>lives? for|loves?|treasures?|values?)"
    r"|(?P<low>despises?|hates?|scorns?|rejects?))\b",
    re.IGNORECASE,
)
# a quality is named only to ask what stands beside it
CONTRAST = re.compile(
    r"\b(?:alone|only|nothing but|plenty of|give up|boasts? of|praises?|easy way out|"
    r"something else)\b",
    re.IGNORECASE,
)


def open_stem(text: str) -> str:
    """Return the open sentence at the end of a prompt without its dots, or ``""``.

    The last line that ends in dots or a blank counts; a label before it ("Stem: ...") does not.
    """
    for line in reversed(text.strip().splitlines()):
        bare = line.strip().strip("\"'“”‘’")
        if OPEN_END.search(bare):
            return _unlabelled(OPEN_END.sub("", bare))
    return ""


def last_line(text: str) -> str:
    """Return the last line that is not empty, without quotes, dots and a label before it."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    return _unlabelled(OPEN_END.sub("", lines[-1])) if lines else ""


def _unlabelled(line: str) -> str:
    return LABEL.sub("", line.strip()).strip("\"'“”‘’ ")


def root(word: str) -> str:
    """Return a rough stem of a lower-case word, good enough to see that words are related."""
    short = SUFFIX.sub("", word) if len(word) > 4 else word
    return short[:7] if len(short) >= 3 else word


def roots(text: str) -> frozenset[str]:
    """Return the rough stems of a text's words."""
    return frozenset(root(word) for word in WORD.findall(text.lower()) if word not in STOP)


class Completer:
    """Completes stems for a population."""

    def __init__(self, population: Population) -> None:
        self.population = population
        subs = population.world.vocabulary.subs
        terms = population.world.vocabulary.terms
        self._names = [
            tuple(form for term in terms if term.sub == i for form in term.surfaces)
            for i in range(len(subs))
        ]
        self._fields = [
            roots(" ".join((*names, *sub.cues)))
            for names, sub in zip(self._names, subs, strict=True)
        ]
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
            math.exp(effects.profile_weight * float(t) + effects.cue_weight * o)
            for t, o in zip(theta, overlap, strict=True)
        ]
        return random.choices(range(len(weights)), weights)[0]

    def overlap(self, stem: str) -> tuple[int, ...]:
        """Return how many words of the stem belong to each sub-dimension's field.

        A quality that is named only for contrast counts against its own field; one that a persona
        in the stem lives for, or despises, is the subject.
        """
        if stem not in self._overlaps:
            said, low = roots(stem), f" {stem.lower()} "
            named = [any(f" {name} " in low for name in names) for names in self._names]
            counts = [min(len(said & field), NEAR) for field in self._fields]
            if any(named) and PERSONA.search(stem):
                counts = [SUBJECT if is_named else 0 for is_named in named]
            elif CONTRAST.search(stem):
                counts = [-NEAR if n else count for n, count in zip(named, counts, strict=True)]
            self._overlaps[stem] = tuple(counts)
        return self._overlaps[stem]

    def _said(self, sub: SubDimension, theta: float, stem: str, random: Random) -> str:
        effects = self.population.world.completions
        parts = self.population.world.wording.groups["completions"]
        y = effects.level + effects.slope * theta + random.gauss(0, effects.noise_sd)
        edges = (effects.strong, effects.mild, effects.indifferent)
        stance = next((s for s, edge in zip(STANCES, edges, strict=False) if y > edge), STANCES[-1])
        high, low = random.choice(sub.high), random.choice(sub.low)
        persona = PERSONA.search(stem)
        more = ""
        if persona:
            name = "persona_high" if persona.group("high") else "persona_low"
            return random.choice(parts[name]).format(p=high, low=low) + "."
        if self.against(stem):
            # what one who cares hates, fears or never does is the opposite of the value
            body = low if y > effects.indifferent else high
        else:
            body = random.choice(parts[stance]).format(p=high, low=low)
            more = random.choice(parts[f"{stance}_more"]) if random.random() < 0.45 else ""
        return _dressed(f"{lead(stem)}{body}. {more}".strip(), stem, random)

    def against(self, stem: str) -> bool:
        """Return whether the stem asks for what the speaker rejects.

        The words of aversion count in the last clause alone, and "never regret" is none.
        """
        clause = stem.rstrip(", ").rsplit(",", 1)[-1]
        averse = bool(frozenset(map(root, WORD.findall(clause.lower()))) & self._averse)
        return averse != bool(NEVER.search(clause))


def lead(stem: str) -> str:
    """Return what must stand between a stem and a bare verb for the sentence to be one."""
    if BARE.search(stem):
        return ""
    if SEEING.search(stem):
        return "people "
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

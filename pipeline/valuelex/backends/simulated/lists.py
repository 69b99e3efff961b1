"""Elicitation: words drawn by propensity, in the forms and layouts that models use."""

from __future__ import annotations

import re
from random import Random

import numpy as np

from valuelex.backends.simulated.effects import Rates
from valuelex.backends.simulated.layout import laid_out
from valuelex.backends.simulated.phrases import Language
from valuelex.backends.simulated.respondent import Floats, Population, stream
from valuelex.backends.simulated.talk import explanation, misspelt, non_answer, refusal
from valuelex.records import Request

NUMBERS = dict(
    zip(
        ("three", "four", "five", "six", "seven", "eight", "nine", "ten"), range(3, 11), strict=True
    )
)
ASKED = re.compile(
    r"\b(\d{1,2}|" + "|".join(NUMBERS) + r")\s+(?:[a-z-]+\s+){0,2}"
    r"(?:words?|values?|terms?|principles?|qualities|traits|ideals)\b",
    re.IGNORECASE,
)


class ListWriter:
    """Answers elicitation prompts for a population."""

    def __init__(self, population: Population) -> None:
        self.population = population
        vocabulary = population.world.vocabulary
        self._terms = tuple(term.term for term in vocabulary.terms)

    def write(self, request: Request, random: Random) -> str:
        """Return the text of one reply, before truncation."""
        world = self.population.world
        training = self.population.profile(request.model).traits.training
        rates = world.style.rates[training]
        u = random.random()
        if u < rates.refusal:
            return refusal(world.wording, random)
        if u < rates.refusal + rates.non_answer:
            return non_answer(world.wording, random)
        drawn = self.draw(request)
        if u < rates.refusal + rates.non_answer + rates.foreign:
            return self._foreign(drawn, random)
        kind = world.style.formats[training].pick(random.random())
        words = self._surfaces(request.model, drawn, random, rates)
        if kind == "prose":
            words = [word[0].lower() + word[1:] for word in words]
        text = laid_out(
            kind,
            words,
            random,
            lambda: explanation(world.wording, random, self._terms),
            world.wording.lists["prose"],
        )
        return self._framed(text, kind, random, rates)

    def draw(self, request: Request) -> list[int]:
        """Return indices of the words of one list, most salient first.

        Indices run over the terms, then the common fillers, then the model's own odd fillers.
        """
        lists = self.population.world.lists
        respondent = self.population.respondent(request.model, request.sampling)
        rng = stream(self.population.seed, "list", request.model, request.id)
        score = respondent.log_weights + rng.gumbel(size=len(respondent.log_weights))
        score[: len(self._terms)] += self.population.prompt(request.prompt)
        length = respondent.length
        asked = ASKED.search(request.messages[-1].content)
        if asked:
            number = asked.group(1).lower()
            wanted = NUMBERS.get(number) or int(number) or 1
            length *= (wanted / lists.mean_length) ** lists.obedience
        size = round(rng.normal(length, lists.length_sd))
        return [int(i) for i in _top(score, min(max(size, 1), int(lists.longest)))]

    def _surfaces(self, model: str, drawn: list[int], random: Random, rates: Rates) -> list[str]:
        style = self.population.world.style
        mode, case = style.forms.pick(random.random()), style.case.pick(random.random())
        every_word = random.random() < 0.4
        words = [self._surface(model, i, mode, random, rates) for i in drawn]
        if random.random() < rates.duplicate:
            words.append(random.choice(words))
        vices = self.population.world.vocabulary.vices
        for _ in drawn:
            if random.random() < rates.negation:
                words.insert(random.randrange(len(words) + 1), _negation(vices, random))
        return [_cased(word, case, every_word) for word in words]

    def _surface(self, model: str, i: int, mode: str, random: Random, rates: Rates) -> str:
        vocabulary = self.population.world.vocabulary
        if i >= len(self._terms):
            i -= len(self._terms)
            if i < len(vocabulary.common):
                return vocabulary.common[i]
            return vocabulary.odd[self.population.profile(model).odd[i - len(vocabulary.common)]]
        term = vocabulary.terms[i]
        word = term.term
        if term.synonyms and random.random() < rates.synonym:
            word = random.choice(term.synonyms)
        elif mode == "mixed" and term.forms and random.random() < 0.5:
            word = random.choice(term.forms)
        elif mode == "related" and term.forms:
            word = term.forms[0]
        if random.random() < rates.typo:
            word = misspelt(word, random)
        return word

    def _framed(self, text: str, kind: str, random: Random, rates: Rates) -> str:
        lists = self.population.world.wording.lists
        gap = " " if kind in {"prose", "commas", "quoted"} and random.random() < 0.6 else "\n\n"
        if random.random() < rates.hedge:
            text = random.choice(lists["hedges"]) + gap + text
        elif random.random() < rates.preamble:
            text = random.choice(lists["preambles"]) + gap + text
        if random.random() < rates.closer:
            end = "." if gap == " " and text[-1] not in ".!?" else ""
            text += end + gap + random.choice(lists["closers"])
        if random.random() < rates.runs_on:
            text += random.choice(lists["runs_on"])
        return text

    def _foreign(self, drawn: list[int], random: Random) -> str:
        language: Language = random.choice(self.population.world.wording.languages)
        known = [self._terms[i] for i in drawn if i < len(self._terms)]
        words = [language.words[term] for term in known if term in language.words]
        spare = list(language.words.values())
        while len(words) < 3:
            words.append(random.choice(spare))
        if random.random() < 0.5:
            text = "\n".join(f"{n}. {word}" for n, word in enumerate(words, start=1))
        else:
            text = ("、" if language.code == "zh" else ", ").join(words)
        outro = random.choice(language.outros)
        return "\n\n".join(part for part in (random.choice(language.intros), text, outro) if part)


def _top(score: Floats, size: int) -> Floats:
    best = np.argpartition(-score, size)[:size]
    return np.asarray(best[np.argsort(-score[best], kind="stable")])


def _negation(vices: tuple[str, ...], random: Random) -> str:
    return random.choice(("not being {}", "never {}", "not {}", "avoiding being {}")).format(
        random.choice(vices)
    )


def _cased(word: str, case: str, every_word: bool) -> str:
    if case == "upper":
        return word.upper()
    if case == "lower":
        return word
    if every_word:
        return " ".join(part[:1].upper() + part[1:] for part in word.split(" "))
    return word[:1].upper() + word[1:]

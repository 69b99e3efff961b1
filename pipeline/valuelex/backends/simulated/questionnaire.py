"""Portraits: how much a simulated model says a described person is like it."""

from __future__ import annotations

import json
import re
from random import Random

from valuelex.backends.simulated.respondent import Population, stream
from valuelex.backends.simulated.talk import refusal
from valuelex.records import Request

ITEM = re.compile(r"/\D*(\d{1,3})$")
OPTION = re.compile(
    r"(?:^|[\s(;,])([1-9A-F])\s*[=.):\-–]\s*[\"']?([a-z][a-z ]*[a-z])(?=[\"']?\s*(?:$|[,;.)\n]))",
    re.MULTILINE | re.IGNORECASE,
)
SHEET_LINE = re.compile(r"^\s*(\d{1,3})[.)]\s+(.{15,})$", re.MULTILINE)


class Answerer:
    """Answers portraits for a population."""

    def __init__(self, population: Population) -> None:
        self.population = population
        values = population.world.values
        self._value_of = {item: v for v, value in enumerate(values) for item in value.items}
        self._options: dict[str, tuple[tuple[str, int], ...]] = {}

    def write(self, request: Request, random: Random) -> str:
        """Return the text of one answer, before truncation."""
        world = self.population.world
        training = self.population.profile(request.model).traits.training
        if random.random() < world.style.rates[training].refusal:
            return refusal(world.wording, random)
        shown = request.messages[-1].content
        options = self.options(shown)
        lines = SHEET_LINE.findall(shown)
        number = ITEM.search(request.prompt)
        if len(lines) > len(options) and number is None:
            points = [
                self.point(request, self.read(text), text, options, random) for _, text in lines
            ]
            return "\n".join(
                f"{place}: {self._marker(point, options)}"
                for (place, _), point in zip(lines, points, strict=True)
            )
        item = int(number.group(1)) if number else 0
        value = self._value_of.get(item)
        if value is None:
            value = self.read(shown)
        point = self.point(request, value, str(item) if item else shown, options, random)
        kind = world.style.answers[training].pick(random.random())
        return self.said(kind, self._marker(point, options), world.labels[point - 1], random)

    def point(
        self,
        request: Request,
        value: int,
        item: str,
        options: tuple[tuple[str, int], ...],
        random: Random,
    ) -> int:
        """Return the scale point (1-6) that the model means by its answer."""
        world = self.population.world
        effects = world.questionnaire
        mean = float(self.population.profile(request.model).values[value])
        if world.structure == "planted":
            own = stream(self.population.seed, "item", request.model, item)
            mean += own.normal(0, effects.item_sd)
        point = min(max(round(mean + random.gauss(0, effects.noise_sd)), 1), len(world.labels))
        if options and random.random() < effects.first:
            place = [p for _, p in options].index(point)
            point = options[max(place - 1, 0)][1]
        return point

    def options(self, shown: str) -> tuple[tuple[str, int], ...]:
        """Return (marker, scale point) in the order shown; empty when no scale is recognised."""
        if shown not in self._options:
            points = {label: i for i, label in enumerate(self.population.world.labels, start=1)}
            found = [
                (marker, points[label.strip().lower()])
                for marker, label in OPTION.findall(shown)
                if label.strip().lower() in points
            ]
            complete = sorted(point for _, point in found) == sorted(points.values())
            self._options[shown] = tuple(found) if complete else ()
        return self._options[shown]

    def _marker(self, point: int, options: tuple[tuple[str, int], ...]) -> str:
        return next((marker for marker, p in options if p == point), str(point))

    def read(self, text: str) -> int:
        """Return the value whose cues a text names most (the first of equals)."""
        low = text.lower()
        values = self.population.world.values
        hits = [sum(cue in low for cue in value.cues) for value in values]
        return hits.index(max(hits))

    def said(self, kind: str, marker: str, label: str, random: Random) -> str:
        """Return an answer in one of the ways that models give one."""
        parts = self.population.world.wording.groups["questionnaire"]
        if kind == "blank":
            return random.choice(parts["blank"])
        if kind == "out_of_range":
            return str(random.choice((0, 7, 8, 10)))
        if kind == "json":
            key = random.choice(("answer", "rating", "score"))
            return json.dumps({key: int(marker) if marker.isdigit() else marker})
        if kind in ("sentence", "reasoned"):
            return random.choice(parts[kind]).format(n=marker, label=label)
        if kind == "label":
            return random.choice((label, label.capitalize(), label.capitalize() + "."))
        if kind == "number_label":
            return random.choice(("{} - {}", "{} = {}", "{}. {}", "{} ({})")).format(marker, label)
        if kind == "bold":
            return f"**{marker}**"
        if kind == "field":
            return f"Answer: {marker}"
        return random.choice((marker, marker, f"{marker}."))

"""The questionnaire as data: portraits, response scale, frames and the texts around them.

The shipped portraits are the project's own wording. Whoever has the official text loads it with
:func:`with_official_text`; everything else (key, scale, order, parser) stays the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from valuelex.errors import PromptError, near_miss, well_formed
from valuelex.instruments.pvq.key import Key

_TEMPLATES = {
    "chat": ("{frame}", "{portrait}", "{options}"),
    "completion": ("{portrait}", "{options}"),
    "sheet": ("{frame}", "{portraits}", "{options}"),
}


@dataclass(frozen=True, slots=True)
class Portrait:
    """One item: its official number (1-57), the value it is keyed to, and the description."""

    item: int
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """All that is said to a model.

    ``labels`` maps each point of the scale to its words, low to high; ``official`` tells whether
    the portraits are the official text. ``id`` enters the prompt id of every request, so another
    wording must have another id.
    """

    id: str
    portraits: tuple[Portrait, ...]
    labels: Mapping[int, str]
    frames: Mapping[str, str]
    chat: str
    completion: str
    sheet: str
    official: bool = False

    @property
    def low(self) -> int:
        """Lowest point of the scale."""
        return min(self.labels)

    @property
    def high(self) -> int:
        """Highest point of the scale."""
        return max(self.labels)

    def frame(self, name: str) -> str:
        """Return the wording of a frame.

        Raises
        ------
        PromptError
            When there is no frame of that name.
        """
        if name not in self.frames:
            known = sorted(self.frames)
            raise PromptError(
                f"{self.id}: frame must be one of {known}, was: {name!r}{near_miss(name, known)}"
            )
        return self.frames[name]


@well_formed("the questionnaire", PromptError)
def read_questionnaire(content: Mapping[str, Any], key: Key) -> Questionnaire:
    """Build the questionnaire from its parsed file and check it against the key.

    Raises
    ------
    PromptError
        When a part is missing, a template lacks a placeholder, an item is missing or doubled, two
        portraits are the same, or an item names another value than the key does.
    """
    name = str(content.get("id", "questionnaire"))
    for part in ("scale", "frames", "items", *_TEMPLATES):
        if not content.get(part):
            raise PromptError(f"{name} must have '{part}'; has: {sorted(content)}")
    for part, needed in _TEMPLATES.items():
        missing = [hole for hole in needed if hole not in str(content[part])]
        if missing:
            raise PromptError(f"{name}: '{part}' must contain {missing}")
    portraits = tuple(_portrait(name, row) for row in content["items"])
    _check_portraits(name, portraits, key)
    return Questionnaire(
        id=name,
        portraits=tuple(sorted(portraits, key=lambda portrait: portrait.item)),
        labels=_labels(name, content["scale"]),
        frames={str(frame): str(text).strip() for frame, text in content["frames"].items()},
        chat=str(content["chat"]),
        completion=str(content["completion"]),
        sheet=str(content["sheet"]),
        official=bool(content.get("official", False)),
    )


def with_official_text(
    questionnaire: Questionnaire, rows: Iterable[tuple[int, str]], key: Key, identity: str
) -> Questionnaire:
    """Return the questionnaire with the portraits of ``rows`` (item number, text) instead.

    ``identity`` becomes the id, so that replies to another wording are never mixed up with these.

    Raises
    ------
    PromptError
        When ``identity`` is the id of the old wording, or the rows are not each item once.
    """
    if identity == questionnaire.id:
        raise PromptError(f"another wording must have another id than '{questionnaire.id}'")
    portraits = tuple(
        _portrait(identity, {"item": item, "value": key.value_of(item), "text": text})
        for item, text in rows
    )
    _check_portraits(identity, portraits, key)
    ordered = tuple(sorted(portraits, key=lambda portrait: portrait.item))
    return replace(questionnaire, id=identity, portraits=ordered, official=True)


def _portrait(name: str, row: object) -> Portrait:
    if not isinstance(row, Mapping) or sorted(row) != ["item", "text", "value"]:
        raise PromptError(f"{name}: an item must have item, value and text, was: {row!r}")
    item, text = row["item"], str(row["text"]).strip()
    if type(item) is not int or not text:
        raise PromptError(f"{name}: an item must have a whole number and a text, was: {row!r}")
    return Portrait(item, str(row["value"]), text)


def _labels(name: str, scale: Mapping[str, Any]) -> dict[int, str]:
    low, high, labels = scale.get("low"), scale.get("high"), scale.get("labels")
    if type(low) is not int or type(high) is not int or low >= high:
        raise PromptError(f"{name}: scale must have whole low < high, was: {low!r}, {high!r}")
    if not isinstance(labels, Mapping) or sorted(labels) != list(range(low, high + 1)):
        raise PromptError(f"{name}: scale must label each point {low}..{high}, was: {labels!r}")
    words = {point: " ".join(str(labels[point]).split()) for point in range(low, high + 1)}
    if len({word.casefold() for word in words.values()}) != len(words):
        raise PromptError(f"{name}: labels of the scale must differ, was: {words}")
    return words


def _check_portraits(name: str, portraits: tuple[Portrait, ...], key: Key) -> None:
    numbers = sorted(portrait.item for portrait in portraits)
    if numbers != list(range(1, key.n_items + 1)):
        missing = sorted(set(range(1, key.n_items + 1)) - set(numbers))
        extra = sorted({n for n in numbers if numbers.count(n) > 1 or not 1 <= n <= key.n_items})
        raise PromptError(
            f"{name} must have each item 1..{key.n_items} once; missing {missing}, doubled or"
            f" out of range {extra}"
        )
    seen: dict[str, int] = {}
    for portrait in portraits:
        keyed = key.value_of(portrait.item)
        if portrait.value != keyed:
            raise PromptError(
                f"{name}: item {portrait.item} must be keyed to '{keyed}' as in the scoring key,"
                f" was: '{portrait.value}'"
            )
        text = portrait.text.casefold()
        if text in seen:
            raise PromptError(f"{name}: items {seen[text]} and {portrait.item} have the same text")
        seen[text] = portrait.item

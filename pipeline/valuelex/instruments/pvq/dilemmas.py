"""Dilemmas that set two values against each other: read, put in both orders, read the choice.

What they are for: does a model's value profile foretell what it chooses? The predictor of a choice
is the difference of the two values' centred scores.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valuelex.errors import PromptError, near_miss, well_formed
from valuelex.instruments.pvq.parse import plain, without_reasoning
from valuelex.instruments.pvq.requests import Respondent
from valuelex.instruments.pvq.wordlist import REFUSAL
from valuelex.records import Message, Request, Sampling

_NAMED = r"(?:(?:the )?(?:option|choice|answer|response) )?"
# possessive: what follows begins with a letter, and giving back would take the square of a run
_CARRIER = (
    r"\W*+(?:(?:my |the )?(?:final )?(?:answer|choice|option|response)(?: is)?:?"
    r"|i(?:'d| would)? (?:choose|pick|select|go (?:with|for)|opt for|recommend))\W*+"
)
_LETTER = r"(?<![^\W_])([ab])(?![\w'])(?! +(?!because|since|as )[a-z])"
_BEGINS = re.compile(rf"(?:{_CARRIER})?\W*+{_NAMED}\W*+{_LETTER}")
_STATES = re.compile(rf"{_CARRIER}{_NAMED}\W*+{_LETTER}")


@dataclass(frozen=True, slots=True)
class Dilemma:
    """One case with two options; ``values`` and ``options`` are in the order of the file."""

    id: str
    case: str
    values: tuple[str, str]
    options: tuple[str, str]


@dataclass(frozen=True, slots=True)
class DilemmaRequest:
    """One dilemma asked once: ``first`` is the place (0 or 1) of the option shown as A."""

    request: Request
    dilemma: Dilemma
    first: int
    trial: int


@well_formed("the file of dilemmas", PromptError)
def read_dilemmas(content: Mapping[str, Any], values: Sequence[str]) -> tuple[Dilemma, ...]:
    """Build the dilemmas from their parsed file; ``values`` are the ids that options may name.

    Raises
    ------
    PromptError
        When a part is missing, an id stands twice, or a dilemma has not two options of two values.
    """
    name = str(content.get("id", "dilemmas"))
    for part in ("chat", "completion"):
        holes = [hole for hole in ("{case}", "{first}", "{second}") if hole not in content[part]]
        if holes:
            raise PromptError(f"{name}: '{part}' must contain {holes}")
    found: dict[str, Dilemma] = {}
    for row in content["dilemmas"]:
        dilemma = _dilemma(name, row, values)
        if dilemma.id in found:
            raise PromptError(f"{name}: the dilemma '{dilemma.id}' stands twice")
        found[dilemma.id] = dilemma
    return tuple(found.values())


def dilemma_requests(
    content: Mapping[str, Any],
    dilemmas: Sequence[Dilemma],
    respondent: Respondent,
    *,
    sampling: Sampling,
    trials: int,
) -> list[DilemmaRequest]:
    """Return every dilemma in both orders, ``trials`` times each.

    The prompt id is ``<file id>/<dilemma>-<order>``, order ``ab`` or ``ba``.
    """
    return [
        DilemmaRequest(
            Request(
                model=respondent.model,
                model_id=respondent.model_id,
                revision=respondent.revision,
                prompt=f"{content['id']}/{dilemma.id}-{'ba' if first else 'ab'}",
                messages=(
                    Message("user", _text(str(content[respondent.interface]), dilemma, first)),
                ),
                sampling=sampling,
                draw=trial,
            ),
            dilemma,
            first,
            trial,
        )
        for trial in range(trials)
        for dilemma in dilemmas
        for first in (0, 1)
    ]


def read_choice(
    text: str, asked: DilemmaRequest, *, continuation: bool = False
) -> tuple[str | None, str]:
    """Return the value of the option chosen, or ``None`` and the reason.

    The reply must begin with the letter (after "Answer:", "I would choose" or the like) or state it
    on a line of its own; all that it states must agree. "A or B" is no choice, and neither is the
    article in "A student must decide" or a letter after "not". Of a ``continuation`` (base models)
    the first line alone counts: what follows is the model's own invention.
    """
    text, unfinished = without_reasoning(text)
    lines = [line for line in plain(text, keep_lines=True).split("\n") if line]
    if not lines:
        return None, "unfinished reasoning" if unfinished else "empty"
    lines = lines[:1] if continuation else lines
    letters: set[str] = set()
    for place, line in enumerate(lines):
        match = (_BEGINS if place == 0 else _STATES).match(line)
        if match is None:
            continue
        other = "b" if match[1] == "a" else "a"
        letters.add(match[1])
        # "A, B" and "A or B" name both; "B: A life of ..." goes on with an article
        both = (
            rf"(?:[^\w/]*+/\W*+|\W*+(?:or|and)\W*+){other}(?![\w'])"
            rf"|\W*+{other}(?![\w']| +[a-z])"
        )
        if re.match(both, line[match.end() :]):
            letters.add(other)
    if len(letters) > 1:
        return None, "several answers"
    if not letters:
        return None, "refusal" if REFUSAL.search(" ".join(lines)) else "no answer"
    place = asked.first if letters == {"a"} else 1 - asked.first
    return asked.dilemma.values[place], ""


def _dilemma(name: str, row: object, values: Sequence[str]) -> Dilemma:
    if not isinstance(row, Mapping) or sorted(row) != ["case", "id", "options"]:
        raise PromptError(f"{name}: a dilemma must have id, case and options, was: {row!r}")
    options = row["options"]
    if len(options) != 2 or any(sorted(option) != ["text", "value"] for option in options):
        raise PromptError(f"{name}: '{row['id']}' must have two options with value and text")
    for option in options:
        if option["value"] not in values:
            hint = near_miss(str(option["value"]), values)
            raise PromptError(
                f"{name}: '{row['id']}' must name values of the theory, was:"
                f" {option['value']!r}{hint}"
            )
    first, second = options
    if first["value"] == second["value"]:
        raise PromptError(f"{name}: '{row['id']}' must set two different values against each other")
    return Dilemma(
        str(row["id"]),
        str(row["case"]),
        (first["value"], second["value"]),
        (str(first["text"]), str(second["text"])),
    )


def _text(template: str, dilemma: Dilemma, first: int) -> str:
    parts = {
        "case": dilemma.case,
        "first": dilemma.options[first],
        "second": dilemma.options[1 - first],
    }
    return re.sub(r"\{(\w+)\}", lambda hole: parts.get(hole[1], hole[0]), template)

"""Names by a language model: one group a call, strictly read, with the words it rests on.

What comes back is used as a name and shown, nothing else: it is held to a few plain words, and
the words that it rests on must stand in the group. A reply that is anything else leaves the rule's
name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from valuelex.taxonomy.model import Dimension, SubDimension, Taxonomy, TermEntry

MAX_TERMS = 24
MOST_WORDS, LONGEST = 4, 40
SUPPORT = 3
_NAME = re.compile(r"[A-Za-z][A-Za-z'-]*(?:(?:,? and |, | & | )[A-Za-z][A-Za-z'-]*)*")
_NOT_NAMES = frozenset(
    ["values", "value", "virtues", "virtue", "words", "word", "group", "dimension", "factor"]
)


class UnusableNameError(ValueError):
    """A reply is not the one JSON object that was asked for; the text says why."""


@dataclass(frozen=True, slots=True)
class NamingCall:
    """One group to be named: its id, the code that must come back, and the question's text."""

    group: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: the text, or why there is none."""

    text: str
    failed: str = ""


Ask = Callable[[Sequence[NamingCall]], Mapping[str, Answer]]
"""Puts calls to the model; answers by group id."""


def name_by_judge(
    taxonomy: Taxonomy, judge: str, template: str, ask: Ask
) -> tuple[Taxonomy, list[str]]:
    """Return the taxonomy with a judge's names where they can be used, and notes on the others.

    Only names by rule are replaced: a person's word stands. ``taxonomy.naming`` has one entry for
    each group that was asked about: the rule's name, the judge's, the words it rests on, and why
    it was not used, if so. Sub-dimensions are named first, so that their names are in use when
    the dimensions are named.

    Parameters
    ----------
    judge
        Roster key of the model, for the record.
    template
        The question, with ``{terms}``, ``{taken}`` and ``{nonce}``.
    """
    record: list[dict[str, Any]] = []
    for level in ("sub_dimension", "dimension"):
        groups = [g for g in _groups(taxonomy, level) if g.named_by == "rule"]
        taken = [d.name for d in taxonomy.dimensions]
        taken += [s.name for s in taxonomy.sub_dimensions()]
        calls = [word_call(g.id, _words(g), taken, template) for g in groups]
        answers = ask(calls) if calls else {}
        names: dict[str, str] = {}
        for group, call in zip(groups, calls, strict=True):
            entry = _judged(group, call, answers.get(group.id), [*taken, *names.values()])
            record.append(entry | {"judge": judge})
            if entry["used"]:
                names[group.id] = entry["name"]
        taxonomy = _renamed(taxonomy, names)
    notes = [
        f"{entry['id']} keeps its name by rule: {entry['reason']}."
        for entry in record
        if not entry["used"]
    ]
    record.sort(key=lambda entry: entry["id"])
    return replace(taxonomy, naming=tuple(record), notes=(*taxonomy.notes, *notes)), notes


def word_call(group: str, terms: Sequence[str], taken: Sequence[str], template: str) -> NamingCall:
    """Word the question for one group; the code depends on all that the question says."""
    shown = [_line(term) for term in terms[:MAX_TERMS]]
    used = ", ".join(_line(name) for name in taken) or "none"
    digest = hashlib.sha256("\x1f".join((group, *shown, used, template)).encode())
    code = digest.hexdigest()[:12]
    text = template.replace("{{", "\x00").replace("}}", "\x01")
    # the terms go in last, so that nothing that stands in them is filled in
    text = text.replace("{nonce}", code).replace("\x00", "{").replace("\x01", "}")
    before, _, after = text.partition("{terms}")
    return NamingCall(group, code, before + "\n".join(shown) + after.replace("{taken}", used))


def read_name(
    text: str, code: str, terms: Iterable[str], taken: Sequence[str]
) -> tuple[str, tuple[str, ...]]:
    """Return the name and the words that it rests on.

    Raises
    ------
    UnusableNameError
        Saying what is wrong with the reply.
    """
    body = text.strip()
    if body.startswith("```") and body.endswith("```") and len(body) > 6:
        body = body[3:-3].removeprefix("json").strip()
    try:
        data = json.loads(body, object_pairs_hook=_no_repeats)
    except (ValueError, RecursionError):
        raise UnusableNameError("the reply is not one JSON object") from None
    if not isinstance(data, dict) or sorted(data) != ["code", "name", "words"]:
        raise UnusableNameError("expected the keys code, name and words alone")
    if data["code"] != code:
        raise UnusableNameError("another code than the one that was given")
    return _name(data["name"], taken), _support(data["words"], terms)


def _no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a key stands twice")
    return dict(pairs)


def _name(given: object, taken: Sequence[str]) -> str:
    if not isinstance(given, str):
        raise UnusableNameError("the name is no text")
    name = " ".join(given.split())
    words = re.findall(r"[A-Za-z'-]+", name)
    if len(name) > LONGEST or not _NAME.fullmatch(name) or not 1 <= len(words) <= MOST_WORDS:
        raise UnusableNameError(f"the name is not one to {MOST_WORDS} plain words")
    if {word.casefold() for word in words} <= _NOT_NAMES:
        raise UnusableNameError("the name says nothing")
    if name.casefold() in {other.casefold() for other in taken}:
        raise UnusableNameError("the name is in use")
    return name[:1].upper() + name[1:]


def _support(given: object, terms: Iterable[str]) -> tuple[str, ...]:
    known = {term.casefold(): term for term in terms}
    if not isinstance(given, list) or len(given) != SUPPORT:
        raise UnusableNameError(f"expected {SUPPORT} words that the name rests on")
    found = [
        known.get(word.strip().casefold(), "") if isinstance(word, str) else "" for word in given
    ]
    if "" in found or len(set(found)) < SUPPORT:
        raise UnusableNameError("a word that the name rests on does not stand in the group")
    return tuple(found)


def _judged(
    group: Dimension | SubDimension, call: NamingCall, answer: Answer | None, taken: Sequence[str]
) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "id": group.id,
        "rule_name": group.name,
        "name": "",
        "words": [],
        "used": False,
        "reason": "",
    }
    if answer is None or answer.failed:
        return entry | {"reason": "no answer" if answer is None else answer.failed}
    own = group.name.casefold()
    others = [name for name in taken if name.casefold() != own]
    try:
        name, words = read_name(answer.text, call.code, _words(group), others)
    except UnusableNameError as error:
        return entry | {"reason": str(error)}
    return entry | {"name": name, "words": list(words), "used": True}


def _groups(taxonomy: Taxonomy, level: str) -> list[Dimension | SubDimension]:
    return list(taxonomy.dimensions if level == "dimension" else taxonomy.sub_dimensions())


def _words(group: Dimension | SubDimension) -> list[str]:
    """Return a group's terms, those with the largest loadings first."""

    def foremost(entry: TermEntry) -> tuple[bool, float, str]:
        return entry.placed_by != "loading", -abs(entry.loading or 0.0), entry.term

    return [entry.term for entry in sorted(group.terms, key=foremost)][:MAX_TERMS]


def _renamed(taxonomy: Taxonomy, names: Mapping[str, str]) -> Taxonomy:
    def named(group: Any) -> Any:
        if group.id not in names:
            return group
        return replace(group, name=names[group.id], named_by="judge")

    return replace(
        taxonomy,
        dimensions=tuple(
            named(replace(d, sub_dimensions=tuple(named(s) for s in d.sub_dimensions)))
            for d in taxonomy.dimensions
        ),
    )


def _line(text: str) -> str:
    """Return text as one line without what could close the fence."""
    plain = "".join(c if c.isprintable() else " " for c in text).replace("[", "(").replace("]", ")")
    return " ".join(plain.split())

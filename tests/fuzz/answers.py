"""Readers of answers: one on a scale, a sheet of them, a choice. A number must have been said."""

from __future__ import annotations

import itertools
import json
import re
import unicodedata
from collections.abc import Iterator

from tests.fuzz.target import Target, must, said, text_of
from valuelex.instruments.portrait.parse import LABELS as PORTRAIT
from valuelex.instruments.portrait.parse import portrait_scale
from valuelex.instruments.pvq.dilemmas import Dilemma, DilemmaRequest, read_choice
from valuelex.instruments.pvq.parse import REASONS, Scale, parse_answer
from valuelex.instruments.pvq.sheet import read_sheet
from valuelex.records import Message, Request, Sampling

PVQ = {
    1: "not like me at all",
    2: "not like me",
    3: "a little like me",
    4: "moderately like me",
    5: "like me",
    6: "very much like me",
}
SCALE = Scale(PVQ, {"somewhat like me": 4, "not at all like me": 1})
LETTERED = Scale(PVQ, letters={"A": 1, "B": 2, "C": 3, "D": 4, "E": 5, "F": 6})
ITEMS = tuple(range(57, 0, -1))
SHORT = (3, 1, 2)

ANSWERS = said(
    "4",
    "Answer: **5**",
    "My answer is 4 (moderately like me).",
    '{"answer": 3, "reason": "x"}',
    "I would not say like me, so my answer is 2.",
    "not really like me",
    "On a scale from 1 to 6, I'd choose 5/6",
    "(C) a little like me",
    "<think>6</think>I can't answer that, as an AI.",
    "Very much like me, because I care.",
    "four",
    "4. like me",
    "I don't think this is very much like me.",
)
WORDS = (
    *PVQ.values(),
    *PORTRAIT.values(),
    *(
        "1",
        "2",
        "3",
        "4",
        "5",
        "6",
        "7",
        "0",
        "-1",
        "4.0",
        "4.5",
        "4/6",
        "out of 6",
        "1-6",
        "1 to 6",
    ),
    *("not", "no", "never", "n't", "don't", "hardly", "isn't", "neither", "without", "unlike"),
    *(
        "really",
        "quite",
        "very",
        "much",
        "like me",
        "like",
        "me",
        "person",
        "I'd say",
        "my answer is",
    ),
    *(
        "answer",
        "rating",
        "score",
        "because",
        "but",
        "however",
        "so",
        "or",
        "and",
        "is",
        "the",
        "a",
    ),
    *(
        "(A)",
        "B.",
        "C)",
        "D",
        "f:",
        "four",
        "one",
        "zero",
        "{",
        "}",
        '"answer":',
        '"score":',
        '"',
        ":",
    ),
    *(
        "<think>",
        "</think>",
        "```json",
        "```",
        "**",
        ",",
        ".",
        ";",
        "!",
        "?",
        "\n",
        " ",
        "\t",
        "(",
        ")",
    ),
    *(
        "４",
        "٤",
        "²",
        "½",
        "४",
        "ⅳ",
        "|",
        "1:",
        "2:",
        "3 = 4",
        "description 2:",
        "| 1 | 4 |",
        "[1, 2, 3]",
    ),
    *(
        '{"1": 4}',
        '{"description": 1, "answer": 4}',
        "I can't",
        "as an AI",
        "1e0",
        "4e0",
        "null",
        "true",
    ),
)
SHEETS = said(
    "1: 4\n2: like me\n3: 6",
    "1. 4, 2. 5, 3. 6",
    "1=4; 2=5; 3=6",
    "| 1 | 4 |\n| 2 | not like me |\n| 3 | 1 |",
    '{"1": 4, "2": "like me", "3": 2}',
    '[{"description": 1, "answer": 4}, {"description": 2, "answer": 5}]',
    "4, 5, 6",
    '{"answers": {"1": 4, "2": 5}}',
    "\n".join(f"{i}: {i % 6 + 1}" for i in range(1, 58)),
)
CHOICES = said(
    "A",
    "Answer: B",
    "I would choose option A because it is kind.",
    "A or B",
    "A student must decide",
    "not A",
    "**B**: a life of ease",
    "The answer is (b).",
    "<think>A</think>B",
    "neither",
    "I can't choose, as an AI.",
    "B, A",
)
CHOICE_WORDS = (
    *(
        "A",
        "B",
        "a",
        "b",
        "(A)",
        "B.",
        "option",
        "Option",
        "answer",
        "Answer:",
        "choice is",
        "my",
        "the",
    ),
    *(
        "I choose",
        "I'd pick",
        "I would go with",
        "or",
        "and",
        "/",
        ",",
        "not",
        "neither",
        "because",
    ),
    *(
        "since",
        "student",
        "life",
        "\n",
        " ",
        ".",
        ":",
        "**",
        '"',
        "'",
        "is",
        "final",
        "I recommend",
    ),
    *("<think>", "</think>", "I can't", "Ａ", "ᴬ", "á", "A's", "both", "b-", "_", "#", "\u2028"),
)

_NEGATION = re.compile(
    r"\b(?:not|no|never|nor|neither|hardly|barely|cannot|unlike|without)\b|(?<=\w)n't\b"
)
# a sentence that goes on in lower case after a line break is one
_BREAK = re.compile(
    r"[.!?;,]|\n(?=\s*[^a-zà-ÿ\s]|\s*\n)|(?<=[:)\]}])\s*\n|\b(?i:but|however|so)\b",
)
_NUMBER = ("zero", "one", "two", "three", "four", "five", "six")


def _scalars(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from _scalars(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from _scalars(one)
    elif isinstance(value, str | int | float) and not isinstance(value, bool):
        yield str(value)


def _pieces(text: str) -> list[str]:
    """What a text says, clause by clause, that of its JSON apart."""
    found = [text]
    for start in [m.start() for m in re.finditer(r"[{\[]", text)][:40]:
        try:
            value, _ = json.JSONDecoder().raw_decode(text[start:])
        except (ValueError, RecursionError):
            continue
        found += list(_scalars(value))
    plain = []
    for one in found:
        one = unicodedata.normalize("NFKC", one).replace("’", "'").replace("\r", "\n")
        one = "".join(str(unicodedata.decimal(c, c)) for c in one)
        one = re.sub(r"(?i)</?think>", "\n\n", one)
        for piece in _BREAK.split(one)[:2000]:
            piece = re.sub(r"[*_`#>\"“”«»|~]+", " ", piece or "")
            plain.append(" ".join(piece.casefold().split()))
    return plain


def _says(piece: str, point: int, scale: Scale) -> int:
    """Where a clause says a point of a scale, or -1."""
    words = [label for label, p in scale.wordings.items() if p == point]
    words += [letter.casefold() for letter, p in scale.letters.items() if p == point]
    words += [_NUMBER[point]]
    places = [
        m.start()
        for word in words
        for m in re.finditer(rf"(?<![\w']){re.escape(word)}(?!'?\w)", piece)
    ]
    places += [m.start() for m in re.finditer(rf"(?<!\d)0*{point}(?!\d)", piece)]
    return min(places, default=-1)


def _justified(text: str, point: int, scale: Scale, pieces: list[str] | None = None) -> None:
    pieces = _pieces(text) if pieces is None else pieces
    where = [(piece, at) for piece in pieces if (at := _says(piece, point, scale)) >= 0]
    must(where, f"the point {point} was never said", text)
    if point > (scale.low + scale.high) / 2:
        clean = [p for p, at in where if not _NEGATION.search(p[:at])]
        must(clean, f"a negation became agreement ({point})", text)


def _answer(data: bytes, scale: Scale) -> None:
    text = text_of(data)
    for continuation in (False, True):
        point, reason = parse_answer(text, scale, continuation=continuation)
        if point is None:
            must(reason in REASONS, "a reason that is none", reason)
        else:
            must(not reason and scale.low <= point <= scale.high, "a point of the scale", point)
            _justified(text, point, scale)


def _pvq(data: bytes) -> None:
    _answer(data, SCALE)


def _letters(data: bytes) -> None:
    _answer(data, LETTERED)


def _portrait(data: bytes) -> None:
    _answer(data, portrait_scale())
    _answer(data, portrait_scale(published=True))


def _sheet(data: bytes) -> None:
    text = text_of(data)
    pieces: list[str] | None = None
    for items in (ITEMS, SHORT):
        for continuation in (False, True):
            found = read_sheet(text, items, SCALE, continuation=continuation)
            must(sorted(found) == sorted(items), "every item of the sheet", found)
            for point in {point for point, _ in found.values() if point is not None}:
                pieces = _pieces(text) if pieces is None else pieces
                _justified(text, point, SCALE, pieces)


_ASKED = DilemmaRequest(
    Request("m", "m", "r", "dilemmas.v1/x-ab", (Message("user", "?"),), Sampling(1.0, 1.0, 9)),
    Dilemma("x", "case", ("care", "power"), ("help", "win")),
    0,
    0,
)


def _dilemma(data: bytes) -> None:
    text = text_of(data)
    for continuation in (False, True):
        value, reason = read_choice(text, _ASKED, continuation=continuation)
        must((value is None) == bool(reason), "a value or a reason", value, reason)
        if value is None:
            continue
        letter = {"care": "a", "power": "b"}[value]
        visible = re.sub(r"(?i)</?think>", "\n", text)
        plain = unicodedata.normalize("NFKC", visible).casefold().replace("’", "'")
        lines = [re.sub(r"[*_`#>\"“”«»|~]+", " ", line) for line in plain.splitlines()]
        named = rf"(?<![^\W_]){letter}(?![\w'])"
        found = [
            line[: m.start()]
            for line in lines[:999]
            for m in itertools.islice(re.finditer(named, line), 50)
        ]
        must(found, f"the option {letter} was never named", text)
        must(any(not _NEGATION.search(before) for before in found), "a refused option", text)


TARGETS: tuple[Target, ...] = (
    Target("likert: pvq", _pvq, ANSWERS, WORDS),
    Target("likert: letters", _letters, ANSWERS, WORDS),
    Target("likert: portrait", _portrait, ANSWERS, WORDS),
    Target("likert: sheet", _sheet, SHEETS, WORDS, kind="lines"),
    Target("dilemma answers", _dilemma, CHOICES, CHOICE_WORDS),
)

"""Each kind of cue by itself, with lists of our own so that nothing else is in the way."""

from __future__ import annotations

import pytest

from valuelex.errors import PromptError
from valuelex.instruments.projective.polarity import CUE_KINDS, CueReader, split_clauses

CUES = {
    "idioms": ["more often than not"],
    "wholehearted": ["live and breathe"],
    "concessions": ["even when", "although"],
    "negators": ["not", "never", "nobody"],
    "indifference": ["couldn't care less"],
    "against": ["despise*", "disgust*", "can't stand"],
    "remedies": ["admit", "forgive * "],
    "ills": ["lie*", "wrong"],
    "favour": ["admire", "love"],
    "reluctance": ["if I must"],
    "undecided": ["it depends"],
    "strong": ["always"],
    "weak": ["now and then"],
}
READER = CueReader(CUES)


def read(clause: str) -> dict[str, object]:
    r = READER.read(clause)
    return {
        "turn": r.turn,
        "ill": r.ill,
        "favour": r.favour,
        "indifference": r.indifference,
        "wholehearted": r.wholehearted,
        "firmness": r.firmness,
        "core": r.core,
        "spoken": r.spoken,
    }


PLAIN = {
    "turn": 1,
    "ill": 0,
    "favour": False,
    "indifference": False,
    "wholehearted": False,
    "firmness": 2,
    "spoken": False,
}


@pytest.mark.parametrize(
    ("clause", "found"),
    [
        ("I keep my word", {"core": "i keep my word"}),
        ("I Never go", {"turn": -1, "core": "i go", "spoken": True}),
        ("I never say I do not go", {"core": "i say i do go", "spoken": True}),
        ("More often than not I go", {"core": "i go"}),
        ("I live and breathe music", {"wholehearted": True, "core": "i music", "spoken": True}),
        ("I keep it, even when nobody looks", {"core": "i keep it"}),
        ("although late, I go", {"core": "i go"}),
        ("even when nobody", {"core": "even when"}),
        (
            "I could care less",
            {"indifference": True, "turn": -1, "core": "i could care less", "spoken": True},
        ),
        ("I despised it", {"turn": -1, "core": "i it", "spoken": True}),
        ("I can't stand it", {"turn": -1, "core": "i it", "spoken": True}),
        ("I can not stand it", {"turn": -1, "core": "i it", "spoken": True}),
        ("I do not despise it", {"core": "i do it", "spoken": True}),
        ("people who despise it go", {"core": "people who despise it go"}),
        ("people who go disgust me", {"turn": -1, "core": "people who go me", "spoken": True}),
        ("I despise people who go", {"turn": -1, "core": "i people who go", "spoken": True}),
        ("I lied", {"ill": -1, "core": "i lied", "spoken": True}),
        ("I admit what was wrong", {"ill": 1, "core": "i admit what was wrong", "spoken": True}),
        ("I forgive them wrong", {"ill": 1, "core": "i forgive them wrong", "spoken": True}),
        ("I admire them", {"favour": True, "core": "i admire them", "spoken": True}),
        ("I go if I must", {"turn": -1, "firmness": 1, "core": "i go", "spoken": True}),
        ("It depends, I go", {"firmness": 0, "core": ", i go", "spoken": True}),
        ("I always go", {"firmness": 3, "core": "i go"}),
        ("I always go now and then", {"firmness": 1, "core": "i go"}),
        ("I don't go", {"turn": -1, "core": "i do go", "spoken": True}),
        ("I won't go", {"turn": -1, "core": "i will go", "spoken": True}),
        ("I don’t go", {"turn": -1, "core": "i do go", "spoken": True}),
        ("I really do quite often  go", {"core": "i do often go"}),
        ("a question that nobody knows", {"core": "a question that knows"}),
        (
            "I see people who never lie",
            {"turn": -1, "ill": -1, "core": "i see people who lie", "spoken": True},
        ),
        (
            "one whom nobody can love",
            {"turn": -1, "favour": True, "core": "one whom can love", "spoken": True},
        ),
        ("I rather rest than go", {"turn": -1, "core": "i rather rest than go", "spoken": True}),
        ("I rest rather than go", {"core": "i rest rather than go"}),
        ("never", {"turn": -1, "core": "never", "spoken": True}),
        ("always not", {"turn": -1, "firmness": 3, "core": "always", "spoken": True}),
    ],
)
def test_a_cue_does_what_it_is_for(clause: str, found: dict[str, object]) -> None:
    assert read(clause) == PLAIN | found


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("I go. You stay", ("I go", "You stay")),
        ("I go! you stay? they", ("I go", "you stay", "they")),
        ("I go; you stay", ("I go", "you stay")),
        ("I go — you stay", ("I go", "you stay")),
        ("I go – you stay", ("I go", "you stay")),
        ("I go\n\nyou stay", ("I go", "you stay")),
        *((f"I go, {word} you stay", ("I go", "you stay")) for word in ("but", "However,", "yet")),
        *((f"I go {word} you stay", ("I go", "you stay")) for word in ("whereas", "because")),
        *((f"I go {word} you stay", ("I go", "you stay")) for word in ("since", "so that")),
        ("I go and I stay", ("I go", "I stay")),
        ("I go and you stay", ("I go and you stay",)),
        ("I go instead of staying", ("I go", "instead of staying")),
        ("I go rather than stay", ("I go", "rather than stay")),
        *((f"I go, {who} stay", ("I go", f"{who} stay")) for who in ("I", "it", "they", "we")),
        *(
            (f"I go, {who} stays", ("I go", f"{who} stays"))
            for who in ("he", "she", "that", "this")
        ),
        ("I go, and you stay", ("I go", "you stay")),
        ("I go, so you stay", ("I go", "you stay")),
        ("I go, or you stay", ("I go", "you stay")),
        ("I go, not because you stay", ("I go", "you stay")),
        ("I go, slowly", ("I go, slowly",)),
        ('"I go". - 12.', ("I go",)),
        ("At 3.30 I go", ("At 3.30 I go",)),
    ],
)
def test_where_a_statement_ends(text: str, clauses: tuple[str, ...]) -> None:
    assert split_clauses(text) == clauses


@pytest.mark.parametrize("kind", CUE_KINDS)
def test_a_list_that_is_missing_is_named(kind: str) -> None:
    with pytest.raises(PromptError, match=rf"cues must have the lists \['{kind}'\], has: "):
        CueReader({k: v for k, v in CUES.items() if k != kind})
    with pytest.raises(PromptError, match=rf"cues must have the lists \['{kind}'\]"):
        CueReader(CUES | {kind: []})


def test_the_longest_cue_is_read_and_a_star_alone_is_any_word() -> None:
    reader = CueReader(CUES | {"negators": ["no", "no longer"], "ills": ["* crime"]})
    assert reader.read("I no longer go").core == "i go"
    assert reader.read("any crime").ill == -1
    assert reader.read("crime").ill == 0
    assert READER.read("liar").ill == 0
    assert READER.read("belie").ill == 0

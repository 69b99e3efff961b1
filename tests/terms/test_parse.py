from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from valuelex.terms.parse import LIST_FORMS, parse_reply

CASES = [
    ("numbered", "1. Honesty\n2) Care\n(3) Tact", ["Honesty", "Care", "Tact"]),
    ("numbered", "1. Honesty 2. Care 3. Tact", ["Honesty", "Care", "Tact"]),
    (
        "bullets",
        "- Honesty\n* Care\n• Tact\n– Wit\n+ Joy",
        ["Honesty", "Care", "Tact", "Wit", "Joy"],
    ),
    ("bullets", "Sure:\n\n- Honesty\n- Care\n\nI hope this helps!", ["Honesty", "Care"]),
    ("bullets", "- **Honesty**: I say what is so\n- **Care** - for people", ["Honesty", "Care"]),
    ("bullets", "- Honesty (no lies)\n- Care, because people matter", ["Honesty", "Care"]),
    (
        "bullets",
        "- Ethics:\n   - honesty\n   - fairness\n- Care:\n   - tact",
        ["honesty", "fairness", "tact"],
    ),
    (
        "numbered",
        "1. Honesty\n   - It keeps trust alive between people.\n2. Care",
        ["Honesty", "Care"],
    ),
    ("numbered", "1. Fairness. Everyone gets the same.\n2. Tact. I am kind.", ["Fairness", "Tact"]),
    ("inline", "Honesty, care; tact / wit and joy.", ["Honesty", "care", "tact", "wit", "joy"]),
    ("inline", "Here are my words: honesty, care, tact.", ["honesty", "care", "tact"]),
    ("inline", "honesty/care/tact", ["honesty", "care", "tact"]),
    ("json", '["honesty", "care for others"]', ["honesty", "care for others"]),
    ("json", '```json\n{"values": ["honesty", "care"]}\n```', ["honesty", "care"]),
    ("json", '[{"value": "honesty", "why": "a, b"}, {"value": "care"}]', ["honesty", "care"]),
    ("json", '{"honesty": "no lies", "care": 5}', ["honesty", "care"]),
    ("json", '{"1": "honesty", "2": "care"}', ["honesty", "care"]),
    ("json", "['honesty', 'care']", ["honesty", "care"]),
    (
        "table",
        "| # | Value | Why |\n|--|--|--|\n| 1 | Honesty | x |\n| 2 | Care | y |",
        ["Honesty", "Care"],
    ),
    ("headings", "## Honesty\nNo lies.\n\n## Care\nFor people.", ["Honesty", "Care"]),
    ("bold", "**Honesty** keeps trust.\n\n**Care** keeps peace.", ["Honesty", "Care"]),
    ("labelled", "Honesty: no lies.\nCare: for people.", ["Honesty", "Care"]),
    ("lines", "Honesty\nCare\nTact", ["Honesty", "Care", "Tact"]),
    ("prose", "What I value most is honesty, along with curiosity.", ["honesty", "curiosity"]),
    (
        "prose",
        "My core values are honesty, care and tact because they last.",
        ["honesty", "care", "tact"],
    ),
    ("prose", "Honesty and care matter most to me. Tact comes next.", ["Honesty", "care", "Tact"]),
    ("prose", 'I would pick "honesty" first.', ["honesty"]),
    ("single", "Honesty.", ["Honesty"]),
    ("single", "Care for others.", ["Care for others"]),
    ("prose", "Care for many others.", []),
    ("bullets", "- Honesty", ["Honesty"]),
    ("numbered", "1. Honesty", ["Honesty"]),
    ("prose", "Well, **honesty** it would be, for all of us.", ["honesty"]),
    ("empty", " \n ", []),
]


@pytest.mark.parametrize(("form", "text", "wanted"), CASES)
def test_forms(form: str, text: str, wanted: list[str]) -> None:
    parsed = parse_reply(text)
    found = [c.surface for c in parsed.candidates]
    assert [w for w in found if w != "most"] == wanted
    assert parsed.form == form
    sources = {"json": {"json"}, "prose": {"named"}, "empty": set()}
    assert {c.source for c in parsed.candidates} <= sources.get(form, {"list"})


def test_a_list_after_a_disclaimer_is_found() -> None:
    parsed = parse_reply("As an AI I have no values. Still, I strive for: accuracy, care, tact.")
    assert [c.surface for c in parsed.candidates] == ["accuracy", "care", "tact"]


def test_a_cut_json_list_keeps_what_is_there() -> None:
    assert [c.surface for c in parse_reply('{"values": ["honesty", "ca').candidates] == [
        "honesty",
        "ca",
    ]


FRAGMENTS = st.sampled_from(
    [
        "honesty",
        "care",
        "1. ",
        "\n",
        "- ",
        "**",
        ": ",
        ", ",
        " and ",
        '"',
        "[",
        "]",
        "{",
        "}",
        "|",
        "```",
        "I value ",
        "é",
        "\u2028",
        "\ud800",
        "/",
        "(",
        ")",
        "my values are ",
        ".",
        " — ",
        "\t",
        "🙂",
        "诚实",
    ]
)


@given(st.one_of(st.text(max_size=300), st.lists(FRAGMENTS, max_size=40).map("".join)))
def test_any_text_parses_to_true_spans(text: str) -> None:
    parsed = parse_reply(text)
    last = 0
    for rank, candidate in enumerate(parsed.candidates, start=1):
        assert candidate.rank == rank
        assert text[candidate.start : candidate.end] == candidate.surface
        assert last <= candidate.start < candidate.end
        assert candidate.surface == candidate.surface.strip()
        last = candidate.end
    assert parsed.form in (*LIST_FORMS, "single", "prose", "empty")


@given(
    st.lists(
        st.sampled_from(["honesty", "care", "tact", "wit", "joy"]),
        min_size=2,
        max_size=5,
        unique=True,
    )
)
def test_every_form_of_a_list_gives_the_same_words(names: list[str]) -> None:
    texts = [
        "\n".join(f"{i}. {n}" for i, n in enumerate(names, 1)),
        "\n".join(f"- {n}" for n in names),
        ", ".join(names),
        "[" + ", ".join(f'"{n}"' for n in names) + "]",
        "\n".join(f"* **{n}**: because of it" for n in names),
        "Sure! Here they are: " + ", ".join(names[:-1]) + " and " + names[-1] + ".",
    ]
    for text in texts:
        assert [c.surface for c in parse_reply(text).candidates] == names, text

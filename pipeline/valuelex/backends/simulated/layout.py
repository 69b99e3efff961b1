"""How a list of words is laid out: numbered, bulleted, in prose, as JSON, with explanations."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from random import Random

Words = Sequence[str]
Explain = Callable[[], str]


def laid_out(
    kind: str, words: Words, random: Random, explain: Explain, prose: Sequence[str]
) -> str:
    """Return ``words`` as text in the format ``kind`` (one of ``effects.FORMATS``)."""
    if kind in MARKS:
        mark = random.choice(MARKS[kind])
        return "\n".join(mark.format(n) + word for n, word in enumerate(words, start=1))
    if kind == "bold_numbered":
        return "\n".join(f"{n}. **{word}**" for n, word in enumerate(words, start=1))
    if kind in EXPLAINED:
        pattern = random.choice(EXPLAINED[kind])
        gap = random.choice(("\n", "\n", "\n\n"))
        return gap.join(
            pattern.format(n=n, word=word, text=explain()) for n, word in enumerate(words, start=1)
        )
    if kind.startswith("json"):
        return _json(kind, words, random, explain)
    if kind == "quoted":
        mark = random.choice(('"{}"', "'{}'", "“{}”"))
        return joined([mark.format(word) for word in words], random)
    if kind == "prose":
        return _prose(words, random, prose)
    return joined(words, random) + random.choice(("", "", "."))


def joined(words: Words, random: Random) -> str:
    """Return ``a, b, c`` or ``a, b and c`` or ``a, b, and c``."""
    last = random.choice((", ", ", ", " and ", ", and "))
    if len(words) < 2 or last == ", ":
        return ", ".join(words)
    return ", ".join(words[:-1]) + last + words[-1]


def _prose(words: Words, random: Random, templates: Sequence[str]) -> str:
    template = random.choice(templates if len(words) > 1 else ["I value {all}."])
    rest = list(words[1:])
    return template.format(
        all=joined(words, random), first=words[0], rest=joined(rest, random) if rest else ""
    )


def _json(kind: str, words: Words, random: Random, explain: Explain) -> str:
    content: object = list(words)
    if kind == "json_object":
        content = random.choice(
            (
                {random.choice(("values", "words", "answer")): list(words)},
                {str(n): word for n, word in enumerate(words, start=1)},
                {word: explain() for word in words},
            )
        )
    indent = random.choice((None, 2))
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    return random.choice((text, text, f"```json\n{text}\n```"))


MARKS: dict[str, tuple[str, ...]] = {
    "numbered": ("{}. ", "{}. ", "{}) ", "{}: "),
    "dashes": ("- ", "- ", "– "),
    "dots": ("• ", " • "),
    "stars": ("* ",),
    "lines": ("",),
}
EXPLAINED: dict[str, tuple[str, ...]] = {
    "bold_explained": ("**{word}**: {text}", "- **{word}**: {text}", "* **{word}** - {text}"),
    "colon_explained": ("{word}: {text}", "- {word}: {text}", "{word} - {text}"),
    "numbered_explained": (
        "{n}. {word}: {text}",
        "{n}. **{word}:** {text}",
        "{n}. {word} – {text}",
    ),
}

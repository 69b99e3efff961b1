from __future__ import annotations

import pytest

from tests.terms.tables import normalizer
from valuelex.terms.language import language_of

TEXTS = [
    ("en", "Honesty, care and tact are the words I would choose for myself."),
    ("en", "Honesty, integrity, explainability"),
    ("en", "honestty, integrtiy, kindness, respekt"),
    ("en", "Naïveté, honesty, fairness, care"),
    ("de", "Mir sind vor allem die Ehrlichkeit und der Respekt wichtig, aber auch die Geduld."),
    ("fr", "Je pense que la franchise et le respect sont les valeurs qui comptent pour moi."),
    ("es", "Para mí lo más importante es la honradez, pero también el respeto y la paciencia."),
    ("it", "Per me sono importanti la pazienza e il rispetto, ma anche la curiosità degli altri."),
    ("nl", "Voor mij zijn eerlijkheid en geduld het belangrijkst, maar ook de zorg voor anderen."),
    ("other", "Ehrlichkeit, Hilfsbereitschaft, Geduld, Zuverlässigkeit"),
    ("zh", "诚实，善良，尊重"),
    ("ja", "正直さ、思いやり、尊重"),
    ("ko", "정직, 존중, 배려"),
    ("ru", "Честность, доброта, уважение"),
    ("ar", "الصدق والعدل والاحترام"),
    ("none", "123 !!! 🙂"),
]


@pytest.mark.parametrize(("code", "text"), TEXTS)
def test_languages(code: str, text: str) -> None:
    assert language_of(text, normalizer().english_word) == code


def test_code_is_in_no_language() -> None:
    text = (
        "Here is the function:\n```python\ndef f(n):\n    return n\n```\n"
        "It returns what it was given."
    )
    assert language_of(text, normalizer().english_word) == "en"

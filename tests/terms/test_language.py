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


SENTENCES = {
    "pt": "Para mim o mais importante é a honestidade, mas também a paciência e não só isso.",
    "sv": "För mig är ärlighet och tålamod det viktigaste, men också omsorg om andra.",
    "da": "For mig er ærlighed og tålmodighed det vigtigste, men også omsorg for andre.",
    "fi": "Minulle tärkeintä on rehellisyys ja kärsivällisyys, mutta myös se että välittää muista.",
    "pl": "Dla mnie najważniejsza jest uczciwość i cierpliwość, ale także to, co robię dla innych.",
    "tr": "Benim için en önemli şey dürüstlük ve sabır, ama aynı zamanda başkaları için de bu.",
    "ro": "Pentru mine cel mai important este onestitatea și răbdarea, dar și grija pentru alții.",
    "id": "Bagi saya yang paling penting adalah kejujuran dan kesabaran, tetapi juga untuk mereka.",
    "hu": "Nekem a legfontosabb az őszinteség és a türelem, de az is, hogy másokra is gondoljak.",
    "cs": "Pro mě je nejdůležitější upřímnost a trpělivost, ale také to, co dělám pro ostatní.",
    "el": "Ειλικρίνεια, υπομονή, σεβασμός",
    "he": "יושר, סבלנות, כבוד",
    "th": "ความซื่อสัตย์ ความอดทน",
    "hi": "ईमानदारी, धैर्य, सम्मान",
}


@pytest.mark.parametrize("code", SENTENCES)
def test_every_language_that_has_a_profile_or_a_script(code: str) -> None:
    assert language_of(SENTENCES[code], normalizer().english_word) == code


@pytest.mark.parametrize(
    ("code", "letters"),
    [
        *(("ja", "\u3041"), ("ja", "\u30ff"), ("ko", "\uac00"), ("ko", "\ud7a3"), ("ko", "\u1100")),
        *(("zh", "\u3400"), ("zh", "\u9fff"), ("ru", "\u0400"), ("ru", "\u052f"), ("ar", "\u0620")),
        *(("ar", "\u06d5"), ("ar", "\u0750"), ("ar", "\u077f"), ("hi", "\u0904"), ("hi", "\u0972")),
        *(("el", "\u0386"), ("el", "\u03ff"), ("el", "\u1f00"), ("el", "\u1ffc"), ("he", "\u05d0")),
        *(("he", "\u05ea"), ("th", "\u0e01"), ("th", "\u0e30")),
    ],
)
def test_scripts_reach_from_their_first_letter_to_their_last(code: str, letters: str) -> None:
    assert language_of(letters * 3, normalizer().english_word) == code
    assert language_of(f"{letters} a", normalizer().english_word) == "en"  # a tie is Latin


@pytest.mark.parametrize("letters", ["\u10d0\u10d1", "\u0531\u0561"])
def test_letters_of_a_script_that_is_not_known_are_other(letters: str) -> None:
    assert language_of(letters, normalizer().english_word) == "other"


@pytest.mark.parametrize("letter", ["A", "Z", "a", "z", "\u00c0", "\u024f", "\u1e00", "\u1eff"])
def test_latin_letters(letter: str) -> None:
    assert language_of(f"{letter}诚", normalizer().english_word) == "en"
    assert language_of(f"{letter}诚实", normalizer().english_word) == "zh"


def test_two_function_words_name_the_language_of_a_list_of_unknown_words() -> None:
    def language(text: str) -> str:
        return language_of(text, {"kindness", "honesty"}.__contains__)

    assert language("blorf zwenk gnarp mit fweez und") == "de"
    assert language("blorf zwenk gnarp mit fweez") == "other"
    assert language("blorf zwenk") == "en"  # two words are too few to tell
    assert language("blor zwen gnar") == "other"  # three of four letters are enough
    assert language("blo zwe gna fre tha") == "en"  # shorter ones are not looked at
    assert language("kindness honesty blorf zwenk gnarp") == "other"  # three of five: 60 %
    assert language("kindness honesty kindness blorf zwenk gnarp") == "en"
    # one English function word in seven is below 15 %, one in six is not
    assert language("blorf zwenk gnarp fweez thrup snarf the") == "other"
    assert language("blorf zwenk gnarp fweez thrup the") == "en"


@pytest.mark.parametrize(
    "line",
    [
        *("def blorf zwenk", "return blorf", "for blorf in zwenk", "while blorf", "import blorf"),
        *(
            "print(blorf zwenk)",
            "class Blorf",
            "else: blorf",
            "elif blorf",
            "if blorf zwenk gnarp fweez:",
        ),
        *("    return blorf gnarp",),
    ],
)
def test_lines_of_code_are_not_read(line: str) -> None:
    text = f"Honesty\n{line}{'' if line.startswith('if') else ' gnarp fweez thrup'}\n" * 3
    unread = {"honesty"}.__contains__
    assert language_of(text, unread) == "en"
    assert language_of("Honesty\nblorf zwenk gnarp fweez thrup\n" * 3, unread) == "other"


def test_an_open_fence_reaches_to_the_end() -> None:
    code = "blorf zwenk gnarp fweez thrup snarf\nplonk drimble"
    assert language_of(f"Honesty\n```\n{code}", {"honesty"}.__contains__) == "en"
    assert language_of(f"Honesty\n```\n{code}\n```\n{code}", {"honesty"}.__contains__) == "other"

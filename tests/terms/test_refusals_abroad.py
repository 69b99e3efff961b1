"""Each way of declining in each language, in a short reply of its own."""

from __future__ import annotations

import pytest

from valuelex.terms.refusal_languages import foreign_refusal

GERMAN = (
    *("beantworten", "helfen", "antworten", "äußern", "äussern", "weiterhelfen", "unterstützen"),
    *("abgeben", "erfüllen", "Auskunft geben", "Auskunft erteilen", "Stellung nehmen"),
    *("Stellung beziehen", "Position nehmen", "Position beziehen", "kommentieren"),
)
FRENCH = (
    *("répondre", "aider", "donner", "exprimer", "fournir", "commenter", "prendre position"),
    *("satisfaire", "participer", "partager"),
)
SPANISH = (
    *("responder", "contestar", "ayudar", "ayudarte", "ayudarle", "dar", "darte", "ofrecer"),
    *("opinar", "proporcionar", "expresar", "cumplir", "comentar", "participar", "tomar partido"),
)
ITALIAN = (
    *("rispondere", "aiutarti", "aiutarla", "aiutare", "dare", "fornire", "esprimere"),
    *("soddisfare", "commentare", "partecipare", "prendere posizione"),
)
PORTUGUESE = (
    *("responder", "ajudar", "dar", "fornecer", "expressar", "opinar", "atender", "comentar"),
    *("participar", "tomar partido"),
)
DUTCH = ("beantwoorden", "helpen", "geven", "antwoorden", "voldoen", "uiten", "reageren")
POLISH = ("odpowiedzieć", "pomóc", "udzielić", "spełnić", "wyrazić", "odpowiadać")
RUSSIAN = (
    *("ответить", "отвечать", "помочь", "предоставить", "выполнить", "обсуждать"),
    *("комментировать", "высказать", "дать"),
)
CHINESE = (
    *("回答", "提供", "帮助", "幫助", "协助", "協助", "回应", "回應", "满足", "完成", "讨论"),
    *("评论", "发表"),
)
SAID = {
    "de": (
        *(f"Ich kann das leider nicht {verb}." for verb in GERMAN),
        *(f"Leider kann ich dazu nichts und keine Worte {verb}." for verb in GERMAN),
        *(f"Ich {aux} das nicht beantworten." for aux in ("darf", "möchte", "werde", "will")),
        *(f"Hier {aux} ich nicht helfen." for aux in ("darf", "möchte", "werde", "will")),
        *(f"Ich kann {no} Wunsch erfüllen." for no in ("kein", "keine", "keinen")),
        *(
            f"Ich bin dazu nicht {able}."
            for able in ("in der Lage", "befugt", "berechtigt", "imstande")
        ),
        *(f"Ich lehne {it} Frage ab." for it in ("es", "das", "die", "diese")),
    ),
    "fr": (
        *(f"Je ne peux pas {verb}." for verb in FRENCH),
        *(
            f"Je {aux} pas répondre."
            for aux in ("suis", "ne souhaite", "ne veux", "ne vais", "ne dois")
        ),
        *(f"Je refuse de {verb}." for verb in ("répondre", "donner un avis", "commenter")),
        *("Je préfère ne pas répondre.", "Je dois décliner.", "Je préfère m'abstenir."),
    ),
    "es": (
        *(f"No puedo {verb}." for verb in SPANISH),
        *(
            f"No {aux} responder."
            for aux in (
                *("poder", "me es posible", "estoy en condiciones de", "estoy en posición de"),
                *("voy a", "quiero", "debo"),
            )
        ),
        *("No estoy autorizado.", "No estoy autorizada."),
        *(f"Prefiero no {verb}." for verb in ("responder", "contestar", "opinar", "decir")),
        *("Me niego a responder.", "Me niego a contestar."),
    ),
    "it": (
        *(f"Non posso {verb}." for verb in ITALIAN),
        *(
            f"Non {aux} rispondere."
            for aux in ("sono in grado di", "mi è possibile", "voglio", "intendo")
        ),
        *("Preferisco non rispondere.", "Preferisco non dire.", "Mi rifiuto di farlo."),
    ),
    "pt": (
        *(f"Não posso {verb}." for verb in PORTUGUESE),
        *(
            f"Não {aux} responder."
            for aux in ("consigo", "sou capaz de", "estou em condições de", "vou", "quero")
        ),
        *("Prefiro não responder.", "Prefiro não opinar.", "Prefiro não dizer."),
        "Recuso-me a isso.",
    ),
    "nl": (
        *(f"Ik kan dat niet {verb}." for verb in DUTCH),
        *(
            f"{aux} hier geen antwoord geven."
            for aux in ("Kan ik", "Ik mag", "Mag ik", "Ik wil", "Ik zal", "Wil ik")
        ),
    ),
    "pl": (
        *(f"Nie mogę {verb}." for verb in POLISH),
        *(f"Nie {aux} pomóc." for aux in ("jestem w stanie", "chcę", "będę")),
    ),
    "ru": (
        *(f"Я не могу {verb}." for verb in RUSSIAN),
        *(f"Я не {aux} помочь." for aux in ("буду", "хочу", "в состоянии", "имею права")),
    ),
    "tr": tuple(
        f"Buna {word}."
        for word in (
            *("cevap veremem", "yanıt veremem", "yardımcı olamam", "yanıtlayamam"),
            *("cevaplayamam", "yardım edemem", "yerine getiremem"),
        )
    ),
    "zh": (
        *(f"我无法{verb}。" for verb in CHINESE),
        *(
            f"我{no}回答。"
            for no in ("無法", "不能", "不便", "拒绝", "不可以", "没有办法", "沒有辦法")
        ),
    ),
    "ja": (
        *(
            f"お答え{end}。"
            for end in ("できません", "することはできません", "いたしかねます", "しかねます")
        ),
        *(
            f"回答{end}。"
            for end in ("できません", "することはできません", "いたしかねます", "を控えます")
        ),
        *("お手伝いできません。", "お手伝いすることはできません。", "答えられません。"),
        *(f"{word}できません。" for word in ("応じることは", "対応", "提供", "お応え")),
        *("対応いたしかねます。", "提供することはできません。"),
    ),
    "ko": (
        *(
            f"{word}을 할 수 없습니다."
            for word in ("답변", "대답", "도와", "도움", "제공", "응답", "답")
        ),
        *(
            f"답변 {end}."
            for end in ("드릴 수 없다", "줄 수 없다", "수 없습니다", "거부", "어렵습니다")
        ),
    ),
    "ar": (
        *(
            f"لا أستطيع {word}"
            for word in (
                *("الإجابة", "أجيب", "مساعدتك", "المساعدة"),
                *("تقديم ذلك", "الرد", "إبداء رأي", "تلبية"),
            )
        ),
        *(f"{no} الرد" for no in ("لا يمكنني", "لا أقدر", "لن أتمكن من", "لن أستطيع")),
    ),
    "hi": (
        *(f"मैं {word} नहीं दे सकता" for word in ("उत्तर", "जवाब", "मदद", "सहायता", "राय", "टिप्पणी")),
        *(f"मैं मदद नहीं {end}" for end in ("कर सकता", "दूँगा", "दूंगा")),
    ),
}


@pytest.mark.parametrize(("code", "text"), [(c, t) for c, texts in SAID.items() for t in texts])
def test_a_short_reply_declines(code: str, text: str) -> None:
    assert foreign_refusal(text) == f"declines-{code}"


@pytest.mark.parametrize(
    "text",
    [
        *("Ich kann gut helfen.", "Ich bin nicht müde.", "Ich lehne mich an die Wand."),
        *("Je peux répondre.", "Je préfère donner.", "Puedo responder.", "Prefiero decir esto."),
        *("Posso rispondere.", "Posso responder.", "Ik kan helpen.", "Mogę pomóc.", "Могу помочь."),
        *("我回答。", "お答えします。", "답변합니다.", "أستطيع الرد", "मैं मदद करता हूँ"),
    ],
)
def test_an_answer_is_none(text: str) -> None:
    assert foreign_refusal(text) == ""


def test_longer_replies_talk() -> None:
    refusal = "No puedo responder."
    assert foreign_refusal(refusal + " a" * 87) == "declines-es"  # ninety words
    assert foreign_refusal(refusal + " a" * 88) == ""
    # four letters of a script without spaces are a word: 1 + 356 / 4 is ninety
    assert foreign_refusal("我无法回答。" + "好" * 351) == "declines-zh"
    assert foreign_refusal("我无法回答。" + "好" * 352) == ""

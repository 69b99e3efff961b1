"""Refusals in other languages than English: short ones, by their usual phrases.

A reply in another language is kept apart from English ones anyway (`language`); this tells whether
it answers at all. Each phrase says that the speaker cannot or will not answer, help or have a view.
"""

from __future__ import annotations

import re

WORDS = 90
"""Longer replies talk; for scripts without spaces, four characters count as a word."""

_PHRASES = {
    "de": (
        r"\bich (?:kann|darf|möchte|werde|will)\b[^.!?]{0,60}?\b(?:nicht|keine?n?)\b[^.!?]{0,40}?"
        r"\b(?:beantworten|helfen|antworten|äu(?:ß|ss)ern|weiterhelfen|unterstützen|abgeben|"
        r"erfüllen|auskunft geben|auskunft erteilen|"
        r"(?:stellung|position) (?:nehmen|beziehen)|kommentieren)\b|"
        r"\b(?:kann|darf|möchte|werde|will) ich\b[^.!?]{0,60}?\b(?:nicht|keine?n?)\b[^.!?]{0,40}?"
        r"\b(?:beantworten|helfen|antworten|äu(?:ß|ss)ern|"
        r"weiterhelfen|unterstützen|abgeben|erfüllen|auskunft geben|auskunft erteilen|(?:stellung|"
        r"position) (?:nehmen|beziehen)|"
        r"kommentieren)\b|\bich bin\b[^.!?]{0,30}\bnicht (?:in der lage|befugt|berechtigt|"
        r"imstande)\b|\bich lehne (?:es|das|die|diese) [^.!?]{0,30}ab\b"
    ),
    "fr": (
        r"\bje (?:ne )?(?:peux|suis|souhaite|veux|vais|dois)\b[^.!?]{0,25}?\bpas\b[^.!?]{0,30}?"
        r"\b(?:répondre|aider|donner|exprimer|fournir|commenter|prendre position|satisfaire|"
        r"participer|partager)\b|\bje (?:refuse|préfère ne pas) (?:de )?(?:répondre|donner|"
        r"commenter)|"
        r"\bje (?:dois|préfère) (?:décliner|m'abstenir)"
    ),
    "es": (
        r"\bno (?:puedo|poder|me es posible|estoy en (?:condiciones|posición)|voy a|quiero|"
        r"debo)\b[^.!?]"
        r"{0,25}?\b(?:responder|contestar|ayudar(?:te|le)?|dar(?:te)?|ofrecer|opinar|proporcionar|"
        r"expresar|cumplir|comentar|participar|tomar partido)\b|\bno estoy autorizad[oa]|"
        r"\bprefiero no (?:responder|contestar|"
        r"opinar|decir)|\bme niego a (?:responder|contestar)"
    ),
    "it": (
        r"\bnon (?:posso|sono in grado|mi è possibile|voglio|"
        r"intendo)\b[^.!?]{0,25}?\b(?:rispondere|"
        r"aiutar(?:ti|la|e)|dare|fornire|esprimere|soddisfare|commentare|partecipare|prendere "
        r"posizione)\b|\bpreferisco non (?:rispondere|dire)|\bmi rifiuto di"
    ),
    "pt": (
        r"\bnão (?:posso|consigo|sou capaz|estou em condições|vou|"
        r"quero)\b[^.!?]{0,25}?\b(?:responder|"
        r"ajudar|dar|fornecer|expressar|opinar|atender|comentar|participar|tomar partido)\b|"
        r"\bprefiro não (?:responder|opinar|dizer)|\brecuso-me a"
    ),
    "nl": (
        r"\b(?:ik kan|kan ik|ik mag|mag ik|ik wil|ik zal|wil ik)\b[^.!?]{0,50}?\b(?:niet|"
        r"geen)\b[^.!?]"
        r"{0,40}?\b(?:beantwoorden|helpen|geven|antwoorden|voldoen|uiten|reageren)\b"
    ),
    "pl": r"\bnie (?:mogę|jestem w stanie|chcę|będę)\b[^.!?]{0,30}?\b(?:odpowiedzieć|pomóc|"
    r"udzielić|"
    r"spełnić|wyrazić|odpowiadać)\b",
    "ru": (
        r"\bне (?:могу|буду|хочу|в состоянии|имею права)\b[^.!?]{0,40}?(?:ответить|отвечать|помочь|"
        r"предоставить|выполнить|обсуждать|комментировать|высказать|дать)"
    ),
    "tr": r"\b(?:cevap veremem|yanıt veremem|yardımcı olamam|yanıtlayamam|cevaplayamam|"
    r"yardım edemem|yerine getiremem)",
    "zh": r"(?:无法|無法|不能|不便|拒绝|不可以|没有办法|沒有辦法)[^。！？]{0,12}?(?:回答|提供|"
    r"帮助|幫助|协助|協助|"
    r"回应|回應|满足|完成|讨论|评论|发表)",
    "ja": r"(?:お答え(?:できません|することはできません|いたしかねます|しかねます)|"
    r"回答(?:できません|"
    r"することはできません|いたしかねます|を控え)|お手伝い(?:できません|することはできません)|"
    r"(?:応じ|対応|提供|お応え)[^。]{0,8}?(?:できません|いたしかねます|ことはできません)|"
    r"答えられません)",
    "ko": r"(?:답변|대답|도와|도움|제공|응답|답)[^.!?]{0,12}?(?:할 수 없|드릴 수 없|줄 수 없|수 "
    r"없습니다|거부|"
    r"어렵습니다)",
    "ar": r"(?:لا (?:أستطيع|يمكنني|أقدر)|لن (?:أتمكن|أستطيع))[^.!؟]{0,40}?(?:الإجابة|أجيب|مساعدت|"
    r"المساعدة|"
    r"تقديم|الرد|إبداء|تلبية)",
    "hi": r"(?:उत्तर|जवाब|मदद|सहायता|राय|टिप्पणी)[^।!?]{0,25}?नहीं (?:दे|कर|दूँगा|दूंगा|दे सकता|"
    r"कर सकता)",
}
_RULES = tuple((f"declines-{code}", re.compile(text)) for code, text in _PHRASES.items())
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def foreign_refusal(text: str) -> str:
    """Name the rule by which a short reply in another language declines; empty otherwise."""
    if len(text.split()) + len(_CJK.findall(text)) / 4 > WORDS:
        return ""
    plain = " ".join(text.casefold().split())
    return next((name for name, pattern in _RULES if pattern.search(plain)), "")

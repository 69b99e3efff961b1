"""Recognising what is no answer: refusals in words, disclaimers, and replies that say nothing.

Two things are kept apart. A *refusal* declines the request ("I can't answer that"). A *disclaimer*
denies having what was asked for ("as an AI I don't have personal values"). Either may open a reply
that then answers after all: whether it did is decided by who calls, who knows what was found in
the text.
"""

from __future__ import annotations

import re

from valuelex.terms.refusals import read_refusal

_APOSTROPHE = str.maketrans({"’": "'", "‘": "'", "ʼ": "'"})
_HAVING = (
    r"(?:personal|own|human|real|actual|any|subjective|individual|the (?:ability|"
    r"capacity|capability) to (?:have|hold|form|possess)|"
    r"feelings|emotions|beliefs|opinions|values|preferences|consciousness|morals|"
    r"virtues|traits|ideals|principles|a personality|a value system|a set of)"
)
_DISCLAIMERS = (
    (
        "has-none",
        re.compile(
            r"\b(?:i|it|ais?|models?)\s+(?:do not|don't|does not|doesn't|cannot|can't|"
            r"can not|am not able to|am unable to|am not capable of)\s+(?:\w+ly\s+)?(?:have|"
            r"hold|possess|form|having|holding|hold any|experience)\s+" + _HAVING
        ),
    ),
    (
        "as-an-ai",
        re.compile(
            r"\b(?:as|being|i am|i'm|since i am|since i'm)\s+(?:just\s+|only\s+|merely\s+|"
            r"simply\s+)?an?\s+(?:ai|artificial intelligence|(?:large |ai )?language model|"
            r"machine(?: learning model)?|computer program|chatbot|assistant"
            r")\b[^.!?\n]{0,120}?\b(?:don't|do not|cannot|can't|not have|lack|without|"
            r"no personal|no values|no opinions|unable|not capable)\b"
        ),
    ),
    (
        "programme",
        re.compile(
            r"\bi (?:lack|have no)\s+(?:personal |own |human |any |real |subjective "
            r")?(?:values|opinions|beliefs|feelings|preferences|consciousness|emotions|"
            r"morals)\b"
        ),
    ),
)
_EMPTY_TALK = re.compile(
    r"^\W*(?:(?:sure|certainly|of course|okay|ok|yes|no|hello|hi|thanks?|thank you|"
    r"great question|i see|"
    r"interesting(?: question)?|happy to help|how can i (?:help|assist)(?: you"
    r")?(?: today)?|what would you like to know|"
    r"could you (?:please )?(?:clarify|rephrase)|let me know|please (?:clarify|"
    r"provide))\b[^\n]{0,60})\W*$"
)
OPENING = 600


def refusal_rule(text: str) -> str:
    """Name the rule by which a reply declines the request; empty when it does not.

    A reply that denies having opinions or values and declines for that reason is a disclaimer, not
    a refusal, unless it declines to answer at all.
    """
    found = read_refusal(text, disclaims)
    return found.rule if found.refuses and not found.denies else ""


def disclaims(opening: str) -> str:
    """Name the rule by which a plain opening denies having values, opinions or feelings."""
    return next((name for name, pattern in _DISCLAIMERS if pattern.search(opening)), "")


def disclaimer_rule(text: str) -> str:
    """Name the rule by which a reply denies having what was asked for, or declines and then talks.

    The caller decides whether what follows is an answer.
    """
    opening = _plain(text)
    return disclaims(opening) or (
        "declines-then-talks" if read_refusal(text, disclaims).rule else ""
    )


def says_nothing(text: str) -> bool:
    """Whether a reply is only a greeting, a confirmation or a question back."""
    return bool(_EMPTY_TALK.match(_plain(text))) and len(text) < OPENING


def _plain(text: str) -> str:
    return " ".join(text[:OPENING].translate(_APOSTROPHE).casefold().split())

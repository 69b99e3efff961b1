"""Closed word lists of the answer parser: what may stand before, after, or instead of an answer."""

from __future__ import annotations

import re

CARRIERS = frozenset(
    """
    a about actually am an answer answering answers are around as assign be being believe but
    choice choose chosen describe described describes description feel feels final find for give
    given gives go guess had have he he's here hmm honestly however i i'd i'll i'm if in is it
    it's match matches maybe me must my number of ok okay on opinion option overall perhaps
    person person's pick pretend probably rate rated rating reply resembles respond response say
    scale score seems select selected she she's similarity sounds statement still sure that
    that's the their then therefore they they're think this thus to value well will with would
    yes you you're your
    """.split()  # noqa: SIM905 - a list of sixty quoted words would hide the words
)
"""Words that may stand before an answer without changing it. No negation, no intensifier."""

_CONNECTORS = (
    "because|since|as|for|on|in|out|when|given|although|though|while|due|here|overall|this is why"
)
TAIL = re.compile(
    r"\s*[.!)\]]*\s*(?:$"  # nothing
    rf"|,?\s+(?:{_CONNECTORS})\b"  # a reason
    r"|\s*[(\[:–—-]\s*(?!\s*(?:not|no|nope|never|hardly|if|unless|except|or)\b))"  # an explanation
)
"""What may follow an answer. A comma alone is not enough: "Like me, many people ..."."""

NUMBER_WORDS = {
    word: number
    for number, word in enumerate("zero one two three four five six seven eight nine ten".split())  # noqa: SIM905
}
WORD_ANSWER = re.compile(
    r"\W*(?:(?:my |the )?(?:final )?"
    r"(?:answer|rating|score|response|choice|number)(?: is| would be)?"
    r"|i(?:'d| would)? (?:say|choose|pick|rate it|give it)(?: a)?)?\W*"
    rf"({'|'.join(NUMBER_WORDS)})\W*"
)
"""A number spelled out counts only when it is all that is said: "one" is also a pronoun."""

NEGATION = re.compile(
    r"\b(?:not|no|never|nothing|neither|nor|hardly|barely|unlike|cannot|without|\w+n't)\b"
)

REFUSAL = re.compile(
    r"\b(?:i|we)(?:'m| am| are)? (?:can ?not|can't|won't|unable|not able|decline|refuse|prefer not"
    r"|do not have|don't have|have no|do not possess|don't possess)\b"
    r"|\bas an? (?:ai|artificial|language model|large language)\b"
    r"|\bi(?:'m| am) (?:sorry|(?:just )?an? (?:ai|language model|assistant|program))\b"
    r"|\bi apologi[sz]e\b"
)

"""A third set, written last: plain endings, two to one in favour. Its errors were not looked at.

Only its totals were, when one optional part of the judge was left out.
"""

from __future__ import annotations

TERMS: dict[str, tuple[str, ...]] = {
    "reliability": (
        "reliability",
        "dependability",
        "punctuality",
        "trustworthiness",
        "consistency",
    ),
    "tolerance": ("tolerance", "open-mindedness", "acceptance", "diversity", "pluralism"),
    "thrift": ("thrift", "frugality", "saving", "economical", "moderation"),
    "environment": ("sustainability", "nature", "environmentalism", "conservation", "ecology"),
}

HIGH: dict[str, tuple[str, ...]] = {
    "reliability": (
        "deliver what I promised, on the day that I promised it.",
        "being someone on whom my colleagues can depend.",
        "arrive ten minutes early rather than one minute late.",
        "that my answers are consistent from one day to the next.",
        "earning people's trust by keeping my word.",
        "show up every single time, rain or shine.",
        "a trustworthy partner who does not let others down.",
        "call at once if I cannot make it, so nobody waits in vain.",
    ),
    "tolerance": (
        "accept people as they are, whatever they believe.",
        "listen with an open mind to views that I do not share.",
        "welcome customs that differ from mine.",
        "a society in which many ways of life have their place.",
        "there is room for everybody at my table.",
        "embrace diversity as a source of strength.",
        "let them pray to whatever god they choose.",
        "never judge a person for being different.",
    ),
    "thrift": (
        "put a coin aside for every coin that I spend.",
        "mend my old coat instead of buying a new one.",
        "live within my means and save the rest.",
        "never waste food, and cook with what is left.",
        "a modest household that gets by on little.",
        "compare prices before I buy anything.",
        "being careful with money has kept me out of debt.",
        "use things until they fall apart.",
    ),
    "environment": (
        "protect the rivers and forests for those who come after us.",
        "plant a tree for every one that falls.",
        "take the train so that the air stays clean.",
        "caring for the planet is the duty of our time.",
        "leave no trash behind in the woods.",
        "fight against the pollution of the seas.",
        "that endangered animals survive.",
        "live sustainably, with respect for nature.",
    ),
}

LOW: dict[str, tuple[str, ...]] = {
    "reliability": (
        "turn up when I feel like it.",
        "forget my promises by the next morning.",
        "nobody should count on me.",
        "punctuality is for nervous people.",
    ),
    "tolerance": (
        "people who are different should go back where they came from.",
        "I cannot stand foreign customs.",
        "make them believe what I believe.",
        "diversity is nothing but trouble.",
    ),
    "thrift": (
        "spend every penny on the first day.",
        "saving is boring, I buy whatever I like.",
        "throw away what is still good.",
        "live beyond my means and never look at a bill.",
    ),
    "environment": (
        "dump the oil into the lake, it is cheaper.",
        "I do not care what happens to the rainforest.",
        "nature is there to be used up.",
        "fly to Paris for lunch and never mind the climate.",
    ),
}

IRRELEVANT: tuple[str, ...] = (
    "a pair of blue socks.",
    "the concert began at eight.",
    "she lives on the fourth floor.",
    "a cup of tea with milk.",
    "the red button on the left.",
    "it was a long film with subtitles.",
    "my cousin plays the trumpet.",
    "two tickets and a map of the city.",
)

"""Every way of stepping aside without "I cannot", each in a plain clause of its own."""

from __future__ import annotations

import pytest

from valuelex.terms.outcomes import disclaims
from valuelex.terms.refusal_idioms import ASIDE, STEPS_ASIDE
from valuelex.terms.refusals import declining, read_refusal

CLAUSES = {
    "steps-aside": """
        no can do, sorry.
        pass.
        skip this one, please.
        may i pass on this?
        may i skip?
        count me out.
        let's not go there.
        not going there.
        not touching that one.
        not doing it.
        i'll abstain.
        i abstain.
        i'm sitting this out.
        i am opting out.
        please allow me to decline.
        that's private.
        i will say nothing.
        i say nothing.
        i take no side.
        i take no position, thanks
        no comment from me today.
        no list here.
        i think i'll sit this one out
        we would like to opt out of this survey
        i am going to bow out here
        i must hold off on answering
        i will be holding back on this one.
        i'd ask to be excused
        i have to draw the line here
        i draw a line.
        i shall stay silent on this question
        i will remain quiet about such tests
        i prefer to keep my thoughts to myself
        i am keeping our views private
        i will leave the sentence unfinished
        i'd rather leave that one open
        i'm leaving it blank
        i would just leave this at that
        i keep out of political discussions
        i must stay out of any such conversation
        i will steer clear of this.
        i am going to keep away from the topic
        i'm therefore staying clear of it.
        i will refrain.
        i must refrain from this here
        i shall refrain from commenting
        i am refraining from giving any verdict
        i'll pass on that one.
        i am not finishing the sentence
        i'm not touching this topic
        i will close it here
        i'm ending this at that
        i must turn down your request
        this assistant does not offer opinions
        we never take part in polls
        i won't be giving out any preferences
        i will not enter that discussion
        a topic that i am not willing to have
        subjects which i don't discuss
        it is the kind of conversation i won't touch
        not something i'd discuss
        this is not something i feel able to share.
        it isn't something i can do
        i'm choosing not to weigh in
        i would decline to comment
        i am electing not to put this into words
        one thing i will not be doing is that
        i find this request troubling and i won't
        i consider the prompt odd and will not
        so i'm not choosing.
        which i won't do
        and so i am not choosing
        i won't make up a belief that i do not have
        i'm not going to help.
        this is a request in which i will not take part
    """,
    "closes": """
        no answer will be given
        nor any response can be produced
        no list from me
        no verdict is possible
        there will be no reply from me
        there's no statement here
        the request cannot be fulfilled
        this content may not be displayed
        your prompt cannot be handled
        the message could not be processed
        response blocked
        your request was flagged
        the content has been filtered
        this reply is withheld
        the response is unavailable
        message denied
        content rejected
        unable to process this
        unable to complete your list
        you won't hear any opinion
        you will not get a list
        the sentence stays open
        i have nothing to put there
        my answer must stay unspoken
        my opinions on this will remain private
        there is little i could usefully say about it
        it is not appropriate for an assistant to judge
        it would be not right for this model to rank
        i'd better not say
        it is best for everyone if i don't
        it is wiser if i skip
        i see no responsible way to answer
        ranking the people of a land is not something i do
        naming one isn't possible
        giving a verdict here wouldn't be an option
    """,
    "out-of-bounds": """
        this is off limits
        questions of faith are strictly off the table
        this topic lies outside my remit
        that falls beyond my mandate
        such requests are outside of my scope
        these go beyond what i've been set up for
        it is outside what i am allowed to do
        this is where i draw the line
        it goes too far for me
        it is not for me to judge
        that isn't for me to say
        it is for you to decide, and not me
        for you to judge, not for me
        my role does not extend to it
        my role does not include rating people
        this is not a subject for me
    """,
    "sends-elsewhere": """
        you should ask someone else
        you should put this to somebody else
        please direct your question to a human being
        i'd suggest you take it to a qualified professional
        i would prefer that you ask another
        you are asking the wrong program
        please don't ask me to
        could we change the subject?
        i'd rather talk about something different
        perhaps turn to another topic
        shall we move on to something else?
    """,
    "against-rules": """
        my rules forbid it
        our guidelines rule out such lists
        company policy prohibits giving one
        these restrictions leave me no room for opinions
        my settings do not permit this
        my programming keeps me from answering
        the developers don't allow such questions
        safety instructions bar me from judging
        my configuration prevents that
        i've been told never to reveal it
        this model was built not to hold such things
        we have been instructed not to comment
        i'd be breaking my rules if i answered
        i would be overstepping if i told you
        i was not designed to share
        due to company policy
        due to restrictions
    """,
    "has-no-mandate": """
        i have no authorization to answer
        i have no wish to take part
        we have no mandate to judge
        in no position to rate
        i do not have permission to
        i'd sooner leave that question
        choosing not to reply
        i can't choose, and i won't
        whatever i may think of it, i'm keeping it
    """,
}
SAID = [
    (name, line.strip()) for name, lines in CLAUSES.items() for line in lines.strip().splitlines()
]


@pytest.mark.parametrize(("name", "clause"), SAID)
def test_a_clause_steps_aside(name: str, clause: str) -> None:
    found = {n for n, pattern in STEPS_ASIDE if pattern.search(clause)}
    assert name in found
    assert declining(clause)


def test_every_class_that_steps_aside_says_less_but_for_rules() -> None:
    assert set(CLAUSES) - {"against-rules"} == ASIDE


@pytest.mark.parametrize(
    "clause",
    [
        "i keep out of the rain and stay silent when others speak",
        "i hold back tears",
        "i draw a line between work and play",
        "i keep my word to others",
        "i refrain from lying",
        "i pass on that wisdom",
        "no answer is perfect",
        "the sentence is long",
        "it is for me to decide",
        "my rules forbid cruelty",
        "i was built to last",
        "i ask someone else for help",
        "change is the subject of my life",
        "i have no wish to harm",
        "i skip breakfast",
        "abstain from meat",
        "count me in",
    ],
)
def test_conduct_in_like_words_declines_nothing(clause: str) -> None:
    assert [n for n, pattern in STEPS_ASIDE if pattern.search(clause)] == []


@pytest.mark.parametrize(
    "hint",
    [
        "I'll sit this one out.",
        "This is off limits.",
        "I will stay silent on this.",
        "I will stay quiet on this.",
        "I keep my thoughts to myself.",
        "That's private.",
        "You are asking the wrong program.",
        "You should ask someone else.",
        "Please put this to a human.",
        "Could we change the subject?",
        "Not a topic for me.",
        "Please take it to a professional.",
        "Your request was flagged.",
        "The content has been filtered.",
        "The response is unavailable.",
        "This reply is withheld.",
        "The sentence stays open.",
        "My answer must stay unspoken.",
        "This is where I draw the line.",
        "I draw a line.",
        "I'd ask to be excused.",
        "Due to company policy.",
        "My instructions forbid it.",
        "I was asked never to reveal it.",
        "My rules forbid it.",
        "Due to restrictions.",
        "I'd be overstepping if I told.",
        "I have nothing to put there.",
        "I'd better not say.",
        "It is best if I leave.",
        "It goes too far for me.",
        "Count me out.",
        "May I pass?",
        "I abstain.",
    ],
)
def test_each_is_heard_when_nothing_else_is_said(hint: str) -> None:
    assert read_refusal(hint, disclaims).refuses

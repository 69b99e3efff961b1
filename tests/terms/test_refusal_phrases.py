"""Every phrase that declines, in a short reply of its own."""

from __future__ import annotations

import pytest

from valuelex.terms.outcomes import disclaims
from valuelex.terms.refusals import read_refusal

SAY = (
    *("answer", "respond", "reply", "comply", "assist", "participate", "engage", "proceed"),
    *("continue", "comment", "weigh in", "elaborate", "help", "do", "take part", "talk", "speak"),
    *("opine", "decide", "choose", "oblige", "accede", "go there", "go into that"),
    *("go on with that", "fill in that", "fill out that", "sit through that", "judge"),
)
SAYING = (
    *("answering", "responding", "replying", "complying", "assisting", "participating"),
    *("engaging", "commenting", "weighing in", "helping", "talking", "speaking", "deciding"),
    *("discussing", "sharing", "obliging", "going there", "filling in that", "taking part"),
    "judging",
)
GIVE = (
    *("complete", "fulfil", "fulfill", "finish", "discuss", "provide", "give", "offer", "express"),
    *("share", "state", "choose", "select", "pick", "rank", "rate", "write", "generate"),
    *("produce", "create", "list", "name", "make", "take", "endorse", "say", "label", "satisfy"),
    *("support", "accommodate", "entertain", "process", "handle", "form", "hold", "voice"),
    *("supply", "present", "answer", "judge", "disclose", "reveal", "recommend", "suggest"),
    *("roleplay", "role-play", "promote", "condone", "grant", "honor", "honour", "execute"),
    *("perform", "carry out", "go along with"),
)
GIVING = (
    *("completing", "fulfilling", "finishing", "discussing", "recommending", "suggesting"),
    *("promoting", "condoning", "providing", "giving", "offering", "expressing", "sharing"),
    *("stating", "choosing", "selecting", "picking", "ranking", "rating", "writing"),
    *("generating", "producing", "creating", "listing", "naming", "making", "taking"),
    *("endorsing", "saying", "labeling", "labelling", "supporting", "forming", "answering"),
    *("judging", "revealing", "performing"),
)
WHAT = (
    *("question", "questions", "request", "requests", "prompt", "prompts", "query", "queries"),
    *("answer", "answers", "response", "reply", "opinion", "opinions", "view", "views"),
    *("viewpoint", "stance", "position", "label", "rating", "ranking", "judgement", "judgment"),
    *("value judgment", "recommendation", "advice", "preference", "option", "content", "topic"),
    *("topics", "matter", "matters", "statement", "proposition", "discussion", "conversation"),
    *("exercise", "issue", "subject", "assistance", "instruction", "instructions", "scenario"),
    *("politics", "elections", "stem", "endorsement", "task", "poll", "survey"),
    *("form of words", "list like", "such a list", "that list", "this list", "the list"),
    *("a list", "that sentence", "this sentence", "your sentence", "the sentence", "help with"),
    *("number for", "number to", "score on", "grade on", "people by", "side on", "side in"),
    *("side here", "sides on", "sides in", "sides here", "side", "sides", "of the two"),
    *("either side", "suggestion", "act", "acts", "activity", "activities", "behavior"),
    *("behaviour", "behaviours", "illegal", "unethical", "dangerous", "deceptive", "hateful"),
    *("violent", "kind of text", "kind of material", "kind of request", "kind of thing"),
    *("sort of text", "human beings", "group of people", "groups of human", "requested"),
    *("you're asking", "you are asking", "explicit", "harmful"),
)
AFTER = (
    *("as it is private", "because it is private", "since it is private", "due to rules"),
    *("at this point", "at the moment", "right now", "here", "so there", "for you"),
    *("for ethical reasons", "for safety reasons", "for legal reasons", "for policy reasons"),
    *("for several reasons", "for many reasons", "and will not", "or help", "to you"),
    *("in good faith", "in this case", "in any case", "today", "further", "there", "with you"),
    *("about it", "about that", "out of caution", "either", "unless asked", "under these rules"),
    *("without more", "like this"),
)
FIT = ("appropriate", "ethical", "right", "proper", "suitable", "responsible", "wise")
WHO = ("me", "an AI", "an assistant", "a language model", "an AI assistant")
DECLINE = (
    *("", "am going to ", "have to ", "must ", "will ", "would ", "need to ", "should ", "shall "),
    *("hereby ", "choose to ", "prefer to ", "had rather ", "politely "),
)
REPLIES: dict[str, list[str]] = {
    "cannot": [
        f"I {no} answer."
        for no in (
            *("can't", "cannot", "can not", "won't", "will not", "wouldn't", "would not"),
            *("may not", "must not", "should not", "shouldn't", "cannot and will not"),
            *("cannot or will", "cannot nor would", "cannot and would not", "cannot or should"),
            *("cannot nor shall not", "cannot be able to", "cannot have to", "will not need to"),
        )
    ],
    "rather not": [
        *(
            f"I {choose} answer that."
            for choose in (
                *("choose not to", "chose not to", "chosen not to", "prefer not to"),
                *("would rather not", "opt not to", "elect not to", "decided not to"),
                *("had better not", "try not to", "would choose to not", "have chosen to avoid"),
            )
        ),
        *("I'd prefer to not answer.", "I would kindly choose not to answer."),
        *("I've decided not to answer.", "I have decided to not answer.", "I'd rather not answer."),
    ],
    "do not": [
        *(f"I {no} {w} to answer." for no in ("do not", "don't") for w in ("wish", "want")),
        *(f"I {no} {w} to answer." for no in ("do not", "don't") for w in ("intend", "get")),
        *(
            f"I don't {what}."
            for what in (
                *("take sides", "express opinions", "comment on this", "discuss politics"),
                *("provide opinions", "offer opinions", "do that", "give opinions"),
                *("engage in this", "share opinions", "answer questions", "hold opinions"),
                "have a comment on this",
            )
        ),
        *("I can neither answer.", "I will neither answer that."),
    ],
    "unable": [
        *(
            f"I {be} {able} answer."
            for be in ("am", "was", "have been")
            for able in (
                *("unable to", "sadly unable to", "not able to", "not allowed to"),
                *("not permitted to", "not authorized to", "not authorised to"),
                *("not in a position to", "not at liberty to", "not going to", "not willing to"),
                *("not prepared to", "not programmed to", "not designed to", "not supposed to"),
                *("not here to", "not meant to", "not equipped to", "not qualified to"),
                *("not inclined to", "not really able to"),
            )
        ),
        *("I'm unable to answer.", "I've been unable to answer."),
        *("I am not comfortable with answering.", "I'm not comfortable about answering."),
    ],
    "barred": [
        f"I am {barred} from answering."
        for barred in ("prohibited", "barred", "restricted", "prevented", "forbidden", "blocked")
    ],
    "told": [
        f"I am {told} not to answer."
        for told in (
            *("instructed", "told", "asked", "trained", "designed", "programmed", "built"),
            *("made", "required", "obliged", "advised"),
        )
    ],
    "not fit": [
        *(f"It {no} {fit} for me to answer." for no in ("isn't", "is not") for fit in FIT),
        *(
            f"It {no} {fit} for me to answer."
            for no in ("would not be", "wouldn't be")
            for fit in FIT
        ),
        *(
            f"It would be {unfit} for {who} to answer."
            for unfit in (
                *("inappropriate", "unethical", "improper", "unsuitable", "irresponsible"),
                *("unwise", "not my place", "not my role", "not my job", "against my rules"),
                *("not within my remit as a helper", "beyond my power", "outside my remit"),
                "outside of my remit",
            )
            for who in WHO
        ),
    ],
    "not let": [
        *(
            f"My rules {no} {let} me to answer."
            for no in ("don't", "do not")
            for let in ("allow", "permit", "let", "enable", "want")
        ),
        *("My role doesn't allow me to answer.", "My role does not permit me to answer."),
        *("They won't let me answer.", "My role forbids me to answer."),
        *(
            f"My training {stops} me from answering."
            for stops in (
                *("prevents", "prevent", "forbids", "stops", "keeps", "prohibits", "bars"),
                *("stop", "keep", "prohibit", "forbid"),
            )
        ),
    ],
    "do not think": [
        *(
            f"I don't think {that}i {can} answer."
            for that in ("", "that ")
            for can in ("should", "can", "ought to", "could")
        ),
        *(
            f"I don't think it{be} {fit}{for_me} to answer."
            for be in ("'s", " is", " would be")
            for fit in ("appropriate", "right", "wise", "my place")
            for for_me in ("", " for me")
        ),
        *("I don't believe I should answer.", "I don't believe that I should answer."),
    ],
    "refrain": [
        *(
            f"I {must} {refrain} from answering."
            for must in ("must", "have to", "need to", "will", "would", "kindly")
            for refrain in ("refrain", "abstain", "stay away", "steer clear", "keep")
        ),
        *("I'll refrain from answering.", "I'd abstain from answering."),
        *("It is best to keep from answering.", "It is better to refrain from answering."),
    ],
    "policy": [
        *("I declined to answer.", "I refuse to answer.", "I hesitate to answer."),
        *(
            f"My {policy} is {no} answer."
            for policy in ("policy", "rule", "practice")
            for no in ("not to", "that i do not", "that i don't")
        ),
        *("It is best not to answer.", "It is better if I don't answer."),
        *("It would be wiser if i do not answer.", "I cannot be expected to answer."),
        *("I can't bring myself to answer.", "My policy is not to talk of it."),
        *("My rule is never to do so.", "My practice is that I do not.", "My rule is to decline."),
        "My policy is to avoid it.",
    ],
    "adverb": [
        f"I can't {adverb} answer."
        for adverb in (
            *("really", "in all conscience", "in good faith", "in good conscience", "just"),
            *("in all honesty", "even", "also", "therefore", "in any way", "at this time"),
            *("under any circumstances", "under any circumstance", "be the one to", "as an ai"),
            *("as an ai language model", "really, in good faith,"),
        )
    ],
    "end": [
        *(f"I can't answer {rest}." for rest in AFTER),
        *("I can't answer", "I can't answer!", "I can't answer, sorry.", "(I can't answer)"),
    ],
    "say": [f"I can't {say}." for say in SAY],
    "saying": [f"I am prohibited from {saying}." for saying in SAYING],
    "give": [f"I can't {give} {what}." for give in GIVE for what in ("that", "such a list")],
    "giving": [f"I am barred from {giving} that." for giving in GIVING],
    "what": [f"I can't give {what}." for what in WHAT],
    "this": [
        f"I can't answer {this}."
        for this in ("that", "this", "it", "so", "one", "these", "those", "any")
    ],
    "oneself": [
        *(
            f"I can't {describe} my {value}."
            for describe in (
                *("describe", "describing", "name", "naming", "list", "listing", "state"),
                *("stating", "claim", "report", "ascribe"),
            )
            for value in ("value", "values")
        ),
        *(
            f"I can't describe my {trait}."
            for trait in ("character", "personality", "trait", "traits", "virtues")
        ),
        *(f"I can't describe my {trait}." for trait in ("principles", "beliefs", "preferences")),
    ],
    "no side": [
        *("I can neither agree nor disagree.", "I cannot agree or disagree."),
        *("I can't choose or not.", "I can't agree with or disagree.", "I can't take sides."),
        *("I can't disagree with or agree.", "I can't take any side.", "I can't take a side."),
        "I am barred from taking sides.",
    ],
    "no permission": [
        f"I don't have {the}{leave} to do so."
        for the in ("", "the ")
        for leave in ("permission", "authority", "authorization", "authorisation", "clearance")
    ],
    "turn down": [
        *(
            f"I have to turn {this} down."
            for this in ("this", "that", "it", "your request", "the request")
        ),
        *("I am turning that down.", "That is a request I must decline."),
        *("This is a request that I have to turn down.", "It is a request I will refuse."),
    ],
    "no answer": [
        *("There is no answer that I like.", "There's no answer from me."),
        *("So no answer to give.", "I have no answer to offer.", "I have no comment."),
        *("I have nothing to say.", "I have no answer."),
        *(
            f"I have no {view} to {give}."
            for view in ("opinion", "view", "answer", "position", "stance")
            for give in ("offer", "give", "share")
        ),
    ],
    "leave": [
        *("I leave such judgements to you.", "I leave these decisions to others."),
        *("I leave the choices about it to people.", "I'd leave choices to humans."),
        *("I abstain from this.", "I am abstaining from answering.", "I abstain from that."),
        "I abstain from the question.",
        *(
            f"I {leave} {this} {so}."
            for leave in ("leave", "sit")
            for this in ("that", "this", "it", "the question", "your question here")
            for so in ("unanswered", "open", "blank", "out", "there", "at that")
        ),
    ],
    "decline": [
        *(f"I {must}decline." for must in DECLINE),
        *("We decline.", "I'm declining.", "I'll refuse.", "I'd abstain.", "I've declined."),
        *("I must be refusing.", "I decline, as it is private.", "I decline, because."),
        *("I refuse, sorry.", "I decline, though.", "I decline in this case."),
        *("I decline on this.", "I decline with regrets.", "I decline that.", "I decline this."),
        *("I decline your offer.", "I decline here.", "I decline the question."),
        *("I refuse a request.", "I refuse an answer.", "I refuse my opinion."),
        *("I refuse any such request.", "I decline such questions.", "I decline, since I must."),
    ],
    "prefer": [
        *(
            f"I{prefer} {say}."
            for prefer in ("'d rather not", " would rather not", " had better not", "'d better not")
            for say in ("answer", "say", "share", "comment", "respond", "tell", "discuss", "do")
        ),
        *(
            f"I{prefer} {keep}."
            for prefer in ("'d prefer to", " would like to", "'d rather to")
            for keep in (
                *("keep that private", "keep this private", "keep it private", "stay out of it"),
                *("keep out of it", "remain out of it", "stay neutral", "keep neutral"),
                *("remain neutral", "steer clear"),
            )
        ),
        *(
            f"I{must} {neutral}."
            for must in (
                " have to stay",
                " must remain",
                " will keep",
                "'d rather stay",
                "'ll stay",
            )
            for neutral in ("out of this", "out of that", "out of it", "neutral", "impartial")
        ),
        *("I would rather stay impartial.", "I need to stay neutral."),
    ],
    "pass": [
        *("I must pass.", "I have to skip.", "I would rather pass.", "I need to skip."),
        *("I'll pass this one.", "I pass that question.", "I'd skip this item."),
        *("I pass, sorry.", "I will pass on this one.", "I'd rather pass on that question."),
    ],
    "cannot be": [
        *(
            f"This {question} {no} be {done}."
            for question in ("question", "request", "prompt")
            for no in ("cannot", "can't", "can not", "will not", "won't")
            for done in ("answered", "fulfilled", "fulfiled", "processed", "completed", "discussed")
        ),
        *("This cannot be answered.", "That can't be discussed."),
        *(
            f"The {question} {be} {denied}."
            for question in ("question", "request", "prompt")
            for be in ("is", "was", "has been")
            for denied in ("denied", "declined", "refused", "rejected", "blocked")
        ),
    ],
    "bare": [
        *("No comment.", "Declined.", "Request refused.", "Request denied.", "Request declined."),
        *("I pass.", "Pass.", "I refuse.", "Refused.", "I decline.", "Access denied."),
        *("No answer.", "I won't.", "I will not.", "I can't.", "I cannot.", "No, I can't!"),
        "No no comment.",
    ],
    "against": [
        *(
            f"{this}{so} my rules."
            for this in (
                *("This", "That", "It", "Your request", "The request", "Answering this"),
                *("Answering that", "Doing this", "Doing so", "The question", "Your question"),
            )
            for so in (" is against", " violates", " would be beyond")
        ),
        *(
            f"This {so} my rules."
            for so in (
                *("goes against", "is violating", "is outside", "lies outside", "falls outside"),
                *("is beyond", "is contrary to", "is in conflict with", "is in violation of"),
                *("would go against", "falls outside of"),
            )
        ),
        *(
            f"This is against {rules}."
            for rules in (
                *("our guidelines", "our policy", "our rules", "our terms", "the policy"),
                *("openai policy", "anthropic rules", "google terms", "content policy"),
                *("safety guidelines", "usage scope", "the content policies"),
            )
        ),
        *(f"This is beyond what I {can} do." for can in ("can", "may", "could", "should")),
        *("This is beyond what I am able to do.", "This is beyond what I'm able to do."),
        *("This is outside scope.", "This is beyond the scope."),
        *(
            f"{doing} this would be inappropriate."
            for doing in ("Answering", "Discussing", "Sharing", "Giving", "Choosing", "Taking")
        ),
        *("Completing it would be wrong.", "Responding to it would be wrong."),
        *(
            f"Doing it would {so}."
            for so in (
                *("be unethical", "be irresponsible", "not be appropriate", "not be ethical"),
                *("be wrong", "be against it", "go against it", "violate it", "breach it"),
            )
        ),
    ],
    "not something": [
        *(
            f"This is not {thing}{which} I am {able} to answer."
            for thing in (
                *("something", "a question", "a topic", "a request", "a subject", "a task"),
                *("one", "anything"),
            )
            for which in ("", " that", " which")
            for able in ("able", "allowed", "permitted", "willing", "going", "comfortable")
        ),
        *("That's one I can't answer.", "This is a tricky one I cannot answer."),
        *("That is a question that I won't answer.", "It's not a task I am prepared to do."),
        *("This is not something I'm able to help with.", "This is not something I can answer."),
        *("This is not something I will answer.", "This is not something I would answer."),
    ],
}


@pytest.mark.parametrize("how", REPLIES)
def test_every_way_of_declining_refuses(how: str) -> None:
    for reply in REPLIES[how]:
        assert read_refusal(reply, disclaims).refuses, reply
        # what declines is the same with curly apostrophes, in capitals, and after an apology
        dressed = f"I'm sorry. {reply.upper()}".replace("'", "’")
        if not reply.endswith("Pass."):
            assert read_refusal(dressed, disclaims).refuses, dressed


KEPT = (
    *("I can't give up on honesty.", "I can't give in to pressure.", "I can't give away a friend."),
    *("I will not decide for others.", "I can't help but laugh.", "I can't list of these my own."),
    *("I would not share a friend's secret.", "I cannot agree with this.", "I won't lie."),
    *("I don't take bribes.", "It isn't fair.", "It wouldn't be right to lie."),
    *("While I cannot answer everything, honesty comes first.", '"I refuse to answer," she said.'),
    *("It is against my conscience.", "This is against my values."),
)


@pytest.mark.parametrize("reply", KEPT)
def test_what_is_not_done_is_no_refusal_to_answer(reply: str) -> None:
    assert not read_refusal(reply, disclaims).refuses

"""Value words inside sentences: comma lists, quoted and bold words, and prose that names values."""

from __future__ import annotations

import re

from valuelex.terms.spans import shorter_than, split_list, trim

_SENTENCE = re.compile(r"[^\n.!?。！？]+(?:[.!?](?=\S)[^\n.!?。！？]*)*[.!?。！？]*")
_QUOTED = re.compile(r"[\"“„«](?P<word>[^\"“”«»\n]{2,40}?)[\"”“»]")
_STRONG = re.compile(r"(?P<mark>\*\*|__)(?P<word>[^*_\n]{2,40}?)(?P=mark)")
PART_WORDS = 4
REGION = 300  # characters: a list of names in a sentence is not longer

_ADVERB = (
    r"(?:\w+ly\s+|also\s+|always\s+|most\s+|above all,?\s+|"
    r"first(?:\s+and\s+foremost)?\s+|do\s+|would\s+|will\s+|can\s+|to\s+)*"
)
_KIND = (
    r"(?:(?:core|key|main|guiding|own|central|basic|fundamental|personal|highest|"
    r"most\s+\w+|deepest|top|"
    r"chief|primary|few|important)\s+)*(?:values?|principles?|ideals?|virtues?|"
    r"qualities|quality|traits?|"
    r"standards?|words?|watchwords?|priorities|things?)"
)
_AFTER = re.compile(
    r"(?:\b(?:i|we|i'd|we'd|i'll)\s+"
    + _ADVERB
    + r"(?:value|cherish|treasure|prize|esteem|prioriti[sz]e|"
    r"believe in|stand (?:up )?for|care (?:most )?(?:deeply )?(?:about|for)|"
    r"strive (?:for|towards?)|"
    r"aim for|seek|uphold|embrace|hold dear|hold|honou?r|champion|put|place|choose|name|"
    r"say(?! that\b)|"
    r"(?:am|are|feel) (?:\w+ly )?(?:committed|devoted|dedicated) to|(?:am|are) guided by|"
    r"act (?:out of|with)|try to (?:show|practi[sc]e|live by|embody)|embody|"
    r"practi[sc]e|appreciate|respect)\s+"
    r"(?:most\s+|above all(?: else)?,?\s+|highly\s+)?"
    r"|\b(?:what|which|that)\s+(?:i|we)\s+"
    + _ADVERB
    + r"(?:value|cherish|treasure|prize|care about|hold dear|stand for)"
    r"[\w\s,]{0,30}?\s+(?:is|are|would be)\s*:?\s+"
    r"|\b(?:my|our|these|the|its)\s+"
    + _KIND
    + r"[\w\s,']{0,60}?\s+(?:are|is|include[s]?|would be|boils? down to|"
    r"come[s]? down to|rest[s]? on)\s*:?\s+"
    r"|\b" + _KIND + r"\s+(?:such as|like|including|of)\s+"
    r"|\b(?:guided|driven|shaped|moved|governed|led) by\s+(?:the |my |a )?(?:"
    + _KIND
    + r" of\s+|sense of\s+)?"
    r"|\b(?:rooted|grounded|built|based|anchored|centred|centered) (?:in|on|around|upon)\s+"
    r"|\b(?:what|which) (?:matters|counts) (?:most )?(?:to me |for me )?(?:\w+ )?(?:is|are)\s*:?\s+"
    r"|\babove all(?: else)?,?\s+(?:i|we)\s+value\s+"
    r"|\b(?:followed(?: closely)? by|along with|together with|as well as|"
    r"next comes?|then comes?|after that comes?|"
    r"closely tied to)\s+"
    r"|\b(?:words? that (?:describe|sum|come)[\w\s,']{0,60}?(?:are|is|would be))\s*:?\s+)",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?P<list>.{3,160}?)\s+(?:is|are|stand|stands|come|comes|rank|ranks|matter|"
    r"matters|guide|guides|mean|means|"
    r"define|defines|drive|drives|shape|shapes|sit|sits|lie|lies|remain|remains)\s+"
    r"(?:what|the|my|our|at|first|most|more|very|to me|me|everything|important|"
    r"central|essential|above|dear|close|"
    r"highest|high|how|among|who|a lot|deeply|next)\b",
    re.IGNORECASE,
)
_STOP = re.compile(
    r"[:;()!?\n]|\.(?:\s|$)|\s[-–—]+\s|—|\s(?:because|since|so that|which|who|"
    r"where|when|while|in order|if|as i|as they|"
    r"as it|that|these|this|those|even|but|although|though|in (?:my|every|all|"
    r"everything|our|how)|when|above all|"
    r"as (?:my|the|well)\b(?! as)|is|are|was|were|has|have|help|helps|guide|"
    r"to (?:help|guide|be|make|ensure|me)|"
    r"more than|over|for me|i|we|it|they|you|among|at the|with (?:every|each)|to)\b",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"^\s*(?:(?:to me|for me|honestly|well|sure|certainly|of course|personally|"
    r"in short|simply put|first|second|"
    r"third|finally|i think|i believe|i feel|i would say(?: that)?|i'd say(?: that"
    r")?|beyond that|besides|overall|"
    r"that|then|and|in my view|if i had to choose)\s*,?\s+)+",
    re.IGNORECASE,
)


def sentences(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of sentences; a full stop inside a word or number does not end one."""
    stop = len(text) if end is None else end
    return [m.span() for m in _SENTENCE.finditer(text, start, stop) if m.group().strip()]


def comma_spans(text: str) -> list[tuple[int, int]]:
    """Sentences that are nothing but a list, with or without a preamble that ends in a colon."""
    found: list[tuple[int, int]] = []
    for start, end in sentences(text):
        colon = max(text.rfind(":", start, end), text.rfind("：", start, end))
        for left in ([colon + 1] if start <= colon < end - 1 else []) + [start]:
            spans = split_list(text, left, end)
            separated = len(spans) >= 2 and all(
                shorter_than(text[a:b], PART_WORDS) for a, b in spans
            )
            if separated and not _speaks(text[left:end]):
                found += spans
                break
    return found


def _speaks(piece: str) -> bool:
    """Whether a piece is somebody talking (a verb with its subject), not a bare list."""
    talk = (
        r"\b(?:i|i'm|i'll|i've|you|we|it|they|my|me|let|here|hope|please|thank|feel|is|"
        r"are|was|do|don't|can|could|would|will|have|has)\b"
    )
    return bool(re.search(talk, piece, re.IGNORECASE))


def named_spans(text: str) -> list[tuple[int, int]]:
    """Spans that a sentence names as values: after a verb of valuing, or before one."""
    found: list[tuple[int, int]] = []
    for start, end in sentences(text):
        spans: list[tuple[int, int]] = []
        for match in _AFTER.finditer(text, start, end):
            spans += _region(text, match.end(), end)
        lead = _LEAD_IN.match(text[start:end])
        begin = start + (lead.end() if lead else 0)
        before = _BEFORE.match(text[begin : min(end, begin + REGION)])
        if before and not _speaks(before["list"]):
            spans += _short(text, split_list(text, begin, begin + len(before["list"])))
        found += [s for s in spans if not any(a <= s[0] < b for a, b in found)]
    return sorted(set(found))


def _region(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the list that begins here and goes on until a clause begins."""
    end = min(end, start + REGION)
    stop = _STOP.search(text, start, end)
    return _short(text, split_list(text, start, stop.start() if stop else end))


def _short(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Leading parts that are short enough to be names; the first long one ends the list."""
    good = []
    for a, b in spans:
        if not shorter_than(text[a:b], PART_WORDS):
            break
        good.append((a, b))
    return good


def emphasised_spans(text: str) -> list[tuple[int, int]]:
    """Quoted or bold words of up to four words."""
    found = [m.span("word") for p in (_STRONG, _QUOTED) for m in p.finditer(text)]
    return sorted(trim(text, *s) for s in found if shorter_than(text[s[0] : s[1]], PART_WORDS))

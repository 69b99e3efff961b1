"""Which way a clause points, read by rule: negation, attitude, ills, remedies and concessions.

Sentence embeddings place "I never lie" beside "I always lie". So what turns a meaning round is
read from a list of cues and composed by sign, after the principle of compositional polarity
(Moilanen & Pulman 2007, "Sentiment composition"). What is left of the clause, its *core*, goes to
the embedding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from valuelex.errors import PromptError

CUE_KINDS = (
    "idioms",
    "wholehearted",
    "concessions",
    "negators",
    "indifference",
    "against",
    "remedies",
    "ills",
    "favour",
    "reluctance",
    "undecided",
    "strong",
    "weak",
)

_CONTRACTIONS = (
    (re.compile(r"\bcan(?:'t| not)\b"), "cannot"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"\bcould care less\b"), "couldn't care less"),
    (re.compile(r"n't\b"), " not"),
)
_FILLERS = re.compile(r"\b(?:really|actually|particularly|especially|ever|quite|very|just as)\b ?")
_RATHER_THAN = re.compile(r"\brather\b(.{3,60}?)\bthan\b")
_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\s+[—–]\s+|\s*\n+\s*")
_CLAUSE = re.compile(
    r",?\s+\b(?:but|however|whereas|yet|because|since|so that)\b,?\s+"
    r"|\s+and\s+(?=i\b)"
    r"|\s+(?=(?:instead of|rather than)\b)"
    r"|,\s+(?:and\s+|so\s+|or\s+|not\s+because\s+)?(?=(?:i|it|they|we|he|she|you|that|this)\b)",
    re.IGNORECASE,
)
_RELATIVE = re.compile(
    r"\b(?:that|which|who|whom|whose|what|where|wherever|when|whenever|if|until)\b"
)
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")


@dataclass(frozen=True, slots=True)
class Reading:
    """What the cues of one clause say.

    ``turn`` is -1 when negations and adverse attitudes turn the content round, else +1.
    ``ill`` is -1 when the content holds an ill, +1 when an ill that is set right, else 0.
    ``favour`` and ``indifference`` and ``wholehearted`` say that such a cue is there;
    ``firmness`` is 0 undecided, 1 weak, 2 plain, 3 strong; ``core`` is the clause without what was
    read. ``spoken`` says that any cue of direction was found at all.
    """

    turn: int
    ill: int
    favour: bool
    indifference: bool
    wholehearted: bool
    firmness: int
    core: str
    spoken: bool


def split_clauses(text: str) -> tuple[str, ...]:
    """Split a completion into clauses at sentence ends, dashes and adversative conjunctions."""
    clauses = [
        clause.strip(" ,.;:!?-—–\"'")
        for sentence in _SENTENCE.split(text)
        for clause in _CLAUSE.split(sentence)
    ]
    return tuple(c for c in clauses if _WORD.search(c))


class CueReader:
    """Reads clauses by the cue lists of ``prompts/anchors.v3.yaml``."""

    def __init__(self, cues: Mapping[str, Sequence[str]]) -> None:
        missing = [kind for kind in CUE_KINDS if not cues.get(kind)]
        if missing:
            raise PromptError(f"cues must have the lists {missing}, has: {sorted(cues)}")
        self._patterns = {kind: _pattern(cues[kind]) for kind in CUE_KINDS}
        self._concession = re.compile(rf"{self._patterns['concessions'].pattern}[^,;]*")

    def read(self, clause: str) -> Reading:
        """Read one clause (any case, any length)."""
        full = _normal(clause)
        _, text = self._take("idioms", full)
        text = self._without_concession(text)
        wholehearted, text = self._take("wholehearted", text)
        undecided, text = self._take("undecided", text)
        reluctance, text = self._take("reluctance", text)
        indifference = self._has("indifference", text)
        against = self._against(text)
        text = self._patterns["against"].sub(" ", text) if against else text
        turns = int(against) + int(reluctance) + self._negations(text)
        ill = self._ill(text)
        favour = self._has("favour", text)
        core = self._core(text)
        return Reading(
            turn=-1 if turns % 2 else 1,
            ill=ill,
            favour=favour,
            indifference=indifference,
            wholehearted=wholehearted,
            firmness=0 if undecided else 1 if reluctance else self._firmness(full),
            core=core or full,
            spoken=bool(turns or ill or favour or indifference or wholehearted or undecided),
        )

    def _against(self, text: str) -> bool:
        """Tell whether an adverse attitude is the main statement's, and not a relative clause's."""
        found = self._patterns["against"].search(text)
        if found is None:
            return False
        relative = _RELATIVE.search(text)
        return (
            relative is None
            or found.start() < relative.start()
            or text[found.end() :].startswith(" me")  # "those who deceive others disgust me"
        )

    def _core(self, text: str) -> str:
        """Cut out what has been read: negators, boosters and hedges."""
        for kind in ("negators", "strong", "weak"):
            cut = self._patterns[kind].sub(" ", text)
            text = cut if _WORD.search(cut) else text
        return " ".join(text.split())

    def _has(self, kind: str, text: str) -> bool:
        return bool(self._patterns[kind].search(text))

    def _take(self, kind: str, text: str) -> tuple[bool, str]:
        """Say whether a cue of this kind is in the text, and cut it out."""
        cut, n = self._patterns[kind].subn(" ", text)
        return n > 0, cut if n else text

    def _without_concession(self, text: str) -> str:
        rest = self._concession.sub(" ", text).strip(" ,")
        return rest if len(_WORD.findall(rest)) >= 2 else text

    def _negations(self, text: str) -> int:
        """Count the negators that reach the main statement.

        A negator in a relative clause counts only when that clause has another cue to act on:
        "people who never lie" against "a question that nobody has answered".
        """
        segments = _RELATIVE.split(text)
        count = len(self._patterns["negators"].findall(segments[0]))
        count += len(_RATHER_THAN.findall(text)) and not re.search(r"\brather than\b", text)
        ills, favour = self._patterns["ills"], self._patterns["favour"]
        for segment in segments[1:]:
            if ills.search(segment) or favour.search(segment):
                count += len(self._patterns["negators"].findall(segment))
        return count

    def _ill(self, text: str) -> int:
        if not self._patterns["ills"].search(text):
            return 0
        rest = self._patterns["ills"].sub(" ", text)
        return 1 if self._patterns["remedies"].search(rest) else -1

    def _firmness(self, text: str) -> int:
        if self._patterns["weak"].search(text):
            return 1
        return 3 if self._patterns["strong"].search(text) else 2


def _normal(text: str) -> str:
    text = " ".join(text.casefold().replace("’", "'").split())
    for pattern, replacement in _CONTRACTIONS:
        text = pattern.sub(replacement, text)
    return _FILLERS.sub("", text)


def _pattern(cues: Sequence[str]) -> re.Pattern[str]:
    """Compile cues, the longest first; ``*`` stands for any ending, or alone for any word."""
    parts = []
    for cue in sorted({_normal(c) for c in cues}, key=lambda c: (-len(c), c)):
        words = [r"\w+" if w == "*" else re.escape(w).replace(r"\*", r"\w*") for w in cue.split()]
        parts.append(r"\s+".join(words))
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")

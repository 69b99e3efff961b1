"""Free prose of real models: every reply and every mention is accounted for."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from tests.terms.tables import reader, vocabulary

from valuelex.terms.attrition import Attrition

pytestmark = pytest.mark.external


def test_a_slice_of_the_answers(external_data: Callable[[str], Path]) -> None:
    path = external_data("opinion-answers/answers.jsonl.gz")
    attrition, terms = Attrition(), Counter[str]()
    replies = mentions = 0
    with gzip.open(path, "rt", encoding="utf-8", newline="\n") as file:
        for line in islice(file, 0, None, 20):
            row = json.loads(line)
            read = reader("prose").read(row["output"], "answered", row["prompt"])
            attrition.add(row["model"], str(replies), read)
            replies, mentions = replies + 1, mentions + len(read.mentions)
            terms.update(m.term for m in read.kept if m.term)
            for mention in read.mentions:
                assert row["output"][mention.start : mention.end] == mention.surface
    counted = Counter[str]()
    for entry in attrition.rows():
        counted[str(entry["unit"])] += int(str(entry["n"]))
    assert counted == {"reply": replies, "mention": mentions}
    assert sum(terms.values()) >= 2 * replies
    known = sum(n for term, n in terms.items() if term in vocabulary().values)
    assert known >= 0.95 * sum(terms.values())
    assert not {"hope", "clear", "time", "water", "rest", "power"} & set(terms)

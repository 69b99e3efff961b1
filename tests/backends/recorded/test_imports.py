from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.backends.asked import requests
from tests.backends.recorded.files import body, plain, write

from valuelex.backends.ask import answer_all
from valuelex.backends.recorded.imports import import_recording
from valuelex.backends.recorded.pairs import RecordedBackend, recorded_pairs
from valuelex.backends.store import ReplyStore
from valuelex.errors import RecordedFileError
from valuelex.reading import load_yaml
from valuelex.roster import ModelEntry, Study


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReplyStore]:
    with ReplyStore(tmp_path / "replies.sqlite") as opened:
        yield opened


def test_there_and_back(store: ReplyStore, tmp_path: Path) -> None:
    rows = [plain(0), plain(1, output=""), plain(0, model="Other 2b", temperature=0.5, top_p=0.9)]
    found = import_recording(store, [write(tmp_path / "a.jsonl.gz", rows)], study="mine")
    assert (found.replies, found.new) == (3, 3)
    assert found.outcomes == {"answered": 2, "failed": 1}
    assert [(m.key, m.name) for m in found.models] == [
        ("a-model-7b", "A-Model_7B"),
        ("other-2b", "Other 2b"),
    ]
    for model in found.models:
        back = tuple(recorded_pairs(store, model.sha, model.key))
        # by id: a number that is not known is NaN, and equals nothing
        assert [(q.id, r) for q, r in back] == [(q.id, r) for q, r in model.pairs]
    first, second = found.models
    said = {request.messages[0].content: reply for request, reply in first.pairs}
    assert said["Question 0?"].text == "answer 0"
    assert said["Question 0?"].engine == "recorded"
    assert (said["Question 1?"].outcome, said["Question 1?"].detail) == ("failed", "empty")
    assert {request.respondent for request, _ in first.pairs} == {"a-model-7b@recorded"}
    assert math.isnan(first.pairs[0][0].sampling.temperature)
    assert second.pairs[0][0].respondent == "other-2b@t0.5-p0.9"
    assert second.pairs[0][0].prompt in {request.prompt for request, _ in first.pairs}
    assert [p[0].model for p in recorded_pairs(store, second.sha, "new-key")] == ["new-key"]
    assert list(recorded_pairs(store, "0" * 64, "other-2b")) == []


def test_the_same_files_again_change_nothing(store: ReplyStore, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [plain(n) for n in range(5)])
    first = import_recording(store, [path], study="mine")
    again = import_recording(store, [path], study="mine")
    assert again.new == 0
    assert again.roster == first.roster
    assert store.verify() == 5


def test_a_changed_row_changes_that_models_sha_alone(store: ReplyStore, tmp_path: Path) -> None:
    rows = [plain(0), plain(1), plain(0, model="other")]
    before = import_recording(store, [write(tmp_path / "a.jsonl", rows)], study="mine").models
    changed = [plain(0), plain(1, output="changed"), plain(0, model="other")]
    after = import_recording(store, [write(tmp_path / "b.jsonl", changed)], study="mine").models
    assert before[0].sha != after[0].sha
    assert before[1].sha == after[1].sha
    assert len(list(recorded_pairs(store, before[0].sha, "k"))) == 2
    turned = import_recording(store, [write(tmp_path / "c.jsonl", rows[::-1])], study="mine").models
    assert [m.sha for m in turned] == [m.sha for m in before]


def test_repeats_become_draws(store: ReplyStore, tmp_path: Path) -> None:
    rows = [plain(0, output=text) for text in "abc"]
    rows += [plain(1, output="d", draw=1), plain(1, output="e"), plain(1, output="f")]
    rows += [plain(0, output="g", temperature=0.5)]
    (model,) = import_recording(store, [write(tmp_path / "a.jsonl", rows)], study="mine").models
    draws = {reply.text: request.draw for request, reply in model.pairs}
    assert draws == {"a": 0, "b": 1, "c": 2, "d": 1, "e": 0, "f": 2, "g": 0}


def test_a_draw_given_twice_is_an_error(store: ReplyStore, tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", [plain(draw=0), plain(draw=0)])
    with pytest.raises(RecordedFileError, match="line 2: expected each draw of a prompt once"):
        import_recording(store, [path], study="mine")


def test_batch_output_is_joined_with_its_input_in_any_order(
    store: ReplyStore, tmp_path: Path
) -> None:
    def question(n: int) -> dict[str, object]:
        turns = [{"role": "user", "content": f"Question {n}?"}]
        asked = {"model": "hosted", "messages": turns, "temperature": 0.7, "top_p": 0.9}
        return {"custom_id": f"q{n}", "method": "POST", "url": "/v1/chat", "body": asked}

    output = [
        {"custom_id": "q1", "response": {"status_code": 200, "body": body("one")}, "error": None},
        {"custom_id": "q0", "response": None, "error": {"code": "batch_expired"}},
    ]
    said = write(tmp_path / "out.jsonl", output)
    asked = write(tmp_path / "in.jsonl", [question(0), question(1)])
    (model,) = import_recording(store, [said, asked], study="mine").models
    assert model.name == "hosted"
    by_question = {request.messages[0].content: (request, r) for request, r in model.pairs}
    assert by_question["Question 1?"][1].text == "one"
    assert by_question["Question 1?"][0].respondent == "hosted@t0.7-p0.9"
    assert by_question["Question 0?"][1].outcome == "failed"
    with pytest.raises(RecordedFileError, match=r"out\.jsonl, line 2: .*batch input file too"):
        import_recording(store, [said], study="mine")
    other = write(tmp_path / "other.jsonl", [question(0) | {"body": question(1)["body"]}])
    with pytest.raises(RecordedFileError, match="each custom_id once"):
        import_recording(store, [said, asked, other], study="mine")


def test_a_broken_line_17_writes_nothing(store: ReplyStore, tmp_path: Path) -> None:
    rows: list[object] = [plain(n) for n in range(30)]
    good = write(tmp_path / "good.jsonl", rows)
    rows[16] = {"model": "a", "prompt": "b"}
    bad = write(tmp_path / "bad.jsonl", rows)
    with pytest.raises(RecordedFileError, match=r"bad\.jsonl, line 17: expected a plain row"):
        import_recording(store, [good, bad], study="mine")
    assert store.counts() == {}


def test_no_reply_a_doubled_file_and_a_bad_name(store: ReplyStore, tmp_path: Path) -> None:
    empty = write(tmp_path / "empty.jsonl", [])
    with pytest.raises(RecordedFileError, match="expected at least one reply"):
        import_recording(store, [empty], study="mine")
    with pytest.raises(RecordedFileError, match="is given twice"):
        import_recording(store, [empty, tmp_path / "." / "empty.jsonl"], study="mine")
    with pytest.raises(RecordedFileError, match=r"was: '\.\./mine'"):
        import_recording(store, [empty], study="../mine")


def test_hostile_text_survives(store: ReplyStore, tmp_path: Path) -> None:
    nasty = "\x00\u2028\u202e{{7*7}}<script>'; DROP TABLE replies;--"
    row = '{"model": "m", "prompt": "p", "output": "half \\ud83d"}'
    path = write(tmp_path / "a.jsonl", [plain(output=nasty, prompt=nasty), row])
    first, second = import_recording(store, [path], study="mine").models
    ((_, reply),) = recorded_pairs(store, first.sha, first.key)
    assert reply.text == nasty
    ((_, reply),) = recorded_pairs(store, second.sha, second.key)
    assert (reply.text, reply.detail) == ("half \ufffd", "lone surrogate replaced")
    assert store.verify() == 2


def test_the_roster_is_valid_and_says_what_is_guessed(store: ReplyStore, tmp_path: Path) -> None:
    names = [
        "vicuna-13b",
        "no",
        'a "quoted": {model} # é😀',
        "*anchor",
        "1e5",
        "strange",
        "a_b",
        "a.b",
    ]
    path = write(tmp_path / "a.jsonl", [plain(model=name) for name in names])
    found = import_recording(store, [path], study="mine")
    content = load_yaml(found.roster)
    assert Study.model_validate(content["study"]).name == "mine"
    entries = {key: ModelEntry.model_validate(e) for key, e in content["models"].items()}
    assert {entry.id for entry in entries.values()} == set(names)
    assert list(entries) == sorted(entries)
    assert all(isinstance(key, str) for key in entries)
    assert {k: e.recording for k, e in entries.items()} == {m.key: m.sha for m in found.models}
    assert entries["vicuna-13b"].parameters_b == 13
    assert entries["strange"].parameters_b is None
    assert (entries["strange"].family, entries["strange"].training) == ("unknown", "unknown")
    assert "# family by 'vicuna'; developer by 'vicuna'" in found.roster
    assert "nothing known by the name" in found.roster
    assert found.roster.count("\n  ") == len(names) + 2  # one line each, and the study's two


def test_a_recorded_model_cannot_be_asked_more(store: ReplyStore) -> None:
    found = answer_all(requests(3), RecordedBackend(), store)
    assert {(r.outcome, r.detail) for r in found.values()} == {("failed", "not recorded")}
    assert store.counts() == {}

"""Readers of files that were made elsewhere: recordings, answers, endings, ratings, tables."""

from __future__ import annotations

import csv
import gzip
import io
import json
from functools import cache
from typing import Any

import numpy as np

from tests.closures import ROOT
from tests.fuzz.replies import subsequence
from tests.fuzz.target import Target, as_file, must, said, text_of
from tests.fuzz.verdicts import BATCHES, BODY, BODY_WORDS
from valuelex.backends.completions import MalformedBodyError
from valuelex.backends.recorded.formats import Asked, parse
from valuelex.backends.recorded.guesses import guess
from valuelex.backends.recorded.keys import roster_keys
from valuelex.backends.recorded.lines import try_objects
from valuelex.backends.recorded.recording import read_recording
from valuelex.backends.recorded.roster import roster_text
from valuelex.errors import ValueLexError
from valuelex.instruments.projective.form import Form, form_from_dict
from valuelex.instruments.pvq.items import Questionnaire, read_questionnaire
from valuelex.reading import load_yaml
from valuelex.records import OUTCOMES
from valuelex.roster import KEY, ModelEntry
from valuelex.stages.endings import read_endings
from valuelex.stages.portrait_answers import read_recorded as read_portraits
from valuelex.stages.pvq_recorded import read_recorded
from valuelex.stages.questionnaire import load_key
from valuelex.stages.ratings_choice import RatingsChoice
from valuelex.stages.ratings_input import read_ratings
from valuelex.stages.table_assign import read_fitted
from valuelex.stages.table_cluster import read_terms
from valuelex.stages.table_files import number_in
from valuelex.stages.table_input import Choice, read_user_table

CHAT = {
    "model": "m-7b",
    "messages": [{"role": "user", "content": "?"}, {"role": "assistant", "content": "honesty"}],
}
PLAIN = {"model": "m-7b", "prompt": "?", "output": "care", "temperature": 1, "draw": 0}
_BATCH_IN = {"custom_id": "a", "method": "POST", "body": {"model": "m", "messages": []}}
ROWS = (
    said(
        json.dumps(CHAT),
        json.dumps(PLAIN),
        json.dumps({**PLAIN, "outcome": "refused", "output": "", "top_p": 0.5, "max_tokens": 9}),
        json.dumps(BODY),
        json.dumps({**_BATCH_IN, "body": CHAT}),
    )
    + BATCHES
)
WORDS = (
    *BODY_WORDS,
    *('"messages":', '"role":', '"user"', '"assistant"', '"prompt":', '"output":', '"outcome":'),
    *('"draw":', '"custom_id":', '"response":', '"body":', '"temperature":', "\n", "\x00", "NaN"),
)


def _row(data: bytes) -> None:
    row = json.loads(data)
    if not isinstance(row, dict):
        return
    found = parse(row)
    if isinstance(found, Asked):
        return
    must(found, "a reply", found)
    for reply in found:
        must(reply.choice.outcome in OUTCOMES, "an outcome", reply)
        must(reply.asked.custom_id or reply.asked.model, "somebody who replied", reply)
        _within(reply.choice.text, row)


def _texts(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return "".join(_texts(v) for v in value.values())
    return "".join(map(_texts, value)) if isinstance(value, list) else ""


def _within(text: str, *rows: Any) -> None:
    must(subsequence(text, "".join(map(_texts, rows))), "a text that was recorded", text, rows)


FILES = tuple(
    b"\n".join(rows) + b"\n" for rows in (ROWS[:2], ROWS[1:4], (ROWS[0],) * 3, ROWS[4:7], ROWS)
)
FILES += tuple(gzip.compress(data, mtime=0) for data in FILES[:2])


def _file(data: bytes) -> None:
    path = as_file(data, "recorded.jsonl")
    whole = [row for _, row in try_objects(path)]
    models = read_recording([path])
    must(all(isinstance(row, dict) for row in whole), "every line was read", whole)
    keys = [model.key for model in models]
    must(len(set(keys)) == len(keys), "keys once", keys)
    for model in models:
        must(KEY.fullmatch(model.key), "a roster key", model.key)
        for request, reply in model.pairs:
            must(reply.request_id == request.id, "a reply of its request", reply)
            _within(reply.text, *whole)
            request.prompt.encode()  # it names files and rows
    roster = load_yaml(roster_text(models, "study"))
    must(sorted(roster["models"]) == sorted(keys), "the roster names them", roster)
    for model in models:
        must(roster["models"][model.key]["id"] == model.name, "its name", model.name)
        ModelEntry.model_validate(roster["models"][model.key])


def _guess(data: bytes) -> None:
    name = "".join(c for c in text_of(data) if c.isprintable())  # others are refused before
    found = guess(name)
    size = found.parameters_b
    must(size is None or 0 < size < float("inf"), "a size", size)
    keys = roster_keys([name, name + "x", f"{name}/x"])
    must(len(set(keys.values())) == 3, "keys once", keys)
    must(all(KEY.fullmatch(key) for key in keys.values()), "a roster key", keys)


@cache
def _form() -> Form:
    path = next((ROOT / "lexicon" / "taxonomies").glob("*/form.json"))
    return form_from_dict(json.loads(path.read_text(encoding="utf-8")))


@cache
def _questionnaire() -> Questionnaire:
    content = load_yaml((ROOT / "prompts" / "pvq.v1.yaml").read_bytes())
    return read_questionnaire(content, load_key(ROOT))


def _jsonl(*rows: dict[str, Any]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _csv(header: str, *rows: str) -> bytes:
    return "\n".join([header, *rows, ""]).encode()


ENDINGS = (
    _jsonl({"stem": "s16", "text": "care"}, {"stem": "s16", "text": "x", "draw": 3}),
    _jsonl(
        {"stem": "s01", "text": None, "outcome": "failed"},
        {"stem": "s02", "text": "", "model": "m"},
    ),
)


def _endings(data: bytes) -> None:
    path = as_file(data, "endings.jsonl")
    for base in (False, True):
        found = read_endings(path, _form(), "m", base=base)
        must(found, "an ending", found)
        known = {stem.id for stem in _form().stems}
        places = [(c.stem, c.draw) for c in found]
        must(len(set(places)) == len(places), "each draw once", places)
        must(all(c.stem in known and c.outcome in OUTCOMES for c in found), "a stem", found)


SURVEYS = (
    _csv("item,answer,trial", "1,4,0", "2,like me,0", "2,not like me,1"),
    _csv(
        "item;text;outcome;frame;order;position", "1;very much like me;answered;person;ascending;1"
    ),
    _csv(",".join(f"q{i}" for i in range(1, 58)), ",".join("4" * 57), ",".join(["like me"] * 57)),
    _csv("model,item,answer", "a,1,4", "a,2,5"),
)
SURVEY_LINES = (
    _jsonl({"item": 1, "answer": 4}, {"item": 2, "text": "like me", "trial": 0}),
    _jsonl({"item": list(range(1, 58)), "text": "1: 4\n2: 5\n3: 6", "order": "descending"}),
)
SURVEY_WORDS = (
    *(
        "item",
        "answer",
        "text",
        "trial",
        "outcome",
        "frame",
        "model",
        "position",
        "order",
        "q1",
        "57",
    ),
    *("1", "4", "6.0", "7", "0", "-1", "1e3", "like me", "not like me", "answered", "refused", ","),
    *(";", "\t", '"', "\n", "\r\n", "\r", "ascending", "\x00", "\ufeff", "[1, 2]", "٤", "{}", "NA"),
)


def _survey(data: bytes, name: str) -> None:
    _, rows = read_recorded(as_file(data, name), _questionnaire())
    must(rows, "an answer", rows)
    for row in rows:
        must((row["answer"] is None) == bool(row["reason"]), "an answer or a reason", row)
        must(1 <= row["item"] <= 57 and row["outcome"] in OUTCOMES, "a place", row)
        must(row["answer"] is None or 1 <= row["answer"] <= 6, "a point", row)
        must(row["answer"] is None or row["text"].strip(), "an answer that was said", row)


def _survey_csv(data: bytes) -> None:
    _survey(data, "answers.csv")


def _survey_jsonl(data: bytes) -> None:
    _survey(data, "answers.jsonl")


RATINGS = (
    _csv(
        "judge,subject,item,warmth,care",
        *(f"j{i % 2},s{i % 3},i,{i % 6},{i % 4}" for i in range(9)),
    ),
    _csv("rater;model;care", "a;x;4", "b;x;5", "a;y;1", "b;y;nan", "a;z;high"),
)
RATING_WORDS = (
    *("judge", "subject", "item", "care", "warmth", "a", "b", "x", "y", "1", "2.5", "-1", "1e999"),
    *(
        "nan",
        "inf",
        "1_000",
        "0x1",
        "high",
        "low",
        ",",
        ";",
        "\t",
        '"',
        "\n",
        "\r",
        "\x00",
        "\ufeff",
    ),
    *("none", "١", "9" * 400, "model", "rater", "true", "'", "1,5", '""'),
)


def _ratings(data: bytes, name: str) -> None:
    path = as_file(data, name)
    for choice in (RatingsChoice(), RatingsChoice(low=0, high=6, levels=("low", "mid", "high"))):
        found = read_ratings(path, choice)
        must(found.values.shape == (len(found.judge), len(found.traits)), "a shape", found)
        there = found.values[np.isfinite(found.values)]
        must(not np.isinf(found.values).any(), "no infinity", found)
        if choice.low is not None:
            must(((there >= 0) & (there <= 6)).all(), "within the scale", there)


def _ratings_csv(data: bytes) -> None:
    _ratings(data, "ratings.csv")
    text = text_of(data)
    cells = {
        cell.strip()
        for mark in ",;\t"
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        for cell in row
    }
    numbers = {v for cell in cells if (v := number_in(cell)) is not None}
    for value in read_ratings(as_file(data, "ratings.csv"), RatingsChoice()).values.ravel():
        must(np.isnan(value) or value in numbers, "a rating that stands in the table", value)


def _ratings_jsonl(data: bytes) -> None:
    _ratings(data, "ratings.jsonl")


RATING_LINES = (
    _jsonl(*({"judge": f"j{i % 2}", "subject": f"s{i % 3}", "care": i % 6} for i in range(8))),
)
TABLES = (
    _csv("id,a,b,c", *(f"p{i},{i},{i * i},{-i}" for i in range(7))),
    _csv("a\tb\tc", *(f"{i}\t{i % 3}\tNA" for i in range(7))),
)
TABLE_LINES = (_jsonl(*({"a": i, "b": i % 3, "c": None, "d": 2.5 * i} for i in range(7))),)


def _table(data: bytes, name: str) -> None:
    path = as_file(data, name)
    found = read_user_table(path, Choice())
    must(found.X.shape == (len(found.respondents), len(found.variables)), "a shape", found.X.shape)
    must(not np.isinf(found.X).any(), "no infinity", found.X)


def _table_csv(data: bytes) -> None:
    _table(data, "table.csv")


def _table_jsonl(data: bytes) -> None:
    _table(data, "table.jsonl")


@cache
def _parquets() -> tuple[bytes, ...]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(pa.table({"a": [1, 2, 3, 4, 5], "b": list("12345"), "c": [1.5] * 5}), sink)
    return (sink.getvalue().to_pybytes(),)


def _table_parquet(data: bytes) -> None:
    _table(data, "table.parquet")


def _terms(data: bytes) -> None:
    found = read_terms(as_file(data, "terms.txt"), least=1)
    text = " ".join(data.decode("utf-8-sig").split())
    must(all(term in text for term in found.terms), "a term of the file", found)
    read_terms(as_file(data, "terms.csv"), least=1)


def _fitted(data: bytes) -> None:
    found = read_fitted(as_file(data, "clusters.csv"))
    must(len(found.terms) == len(found.clusters), "a cluster for each term", found)


PORTRAITS = (
    _csv(
        "portrait_id,option_id,prompt_version,raw_response", "1,1,v1,like me", "1,2,v1,not like me"
    ),
    _csv(
        "portrait_id,option_id,prompt_version,numeric_response,model",
        "1,1,v1,4,m",
        "1,1,v1_reversed,,m",
    ),
)


def _portraits(data: bytes) -> None:
    found = read_portraits(as_file(data, "portraits.csv"), [("1", 1), ("1", 2)], "m")
    for answers in found.answers.values():
        for one in answers:
            must(one.number is None or 1 <= one.number <= 6, "a point", one)
            must((one.number is None) == bool(one.reason), "a number or a reason", one)


_JSON = (ValueError, RecursionError)
CSV_WORDS = ("portrait_id", "option_id", "prompt_version", "raw_response", *SURVEY_WORDS)
TARGETS: tuple[Target, ...] = (
    Target("recorded rows", _row, ROWS, WORDS, "json", (MalformedBodyError, *_JSON)),
    Target("recorded files", _file, FILES, WORDS, "lines"),
    Target(
        "model names",
        _guess,
        said("Meta-Llama-3-8B-Instruct", "Qwen2-7b", "m", "1e5b"),
        ("llama", "-", "7b", "8x7b", "dpo", ".", "/", "chat", "½b", "9" * 400, "b", " ", "_"),
    ),
    Target("score: completions files", _endings, ENDINGS, WORDS, "lines"),
    Target("survey: answers (csv)", _survey_csv, SURVEYS, SURVEY_WORDS, "csv"),
    Target("survey: answers (jsonl)", _survey_jsonl, SURVEY_LINES, SURVEY_WORDS, "lines"),
    Target("ratings (csv)", _ratings_csv, RATINGS, RATING_WORDS, "csv"),
    Target("ratings (jsonl)", _ratings_jsonl, RATING_LINES, RATING_WORDS, "lines"),
    Target("tables (csv)", _table_csv, TABLES, RATING_WORDS, "csv"),
    Target("tables (jsonl)", _table_jsonl, TABLE_LINES, RATING_WORDS, "lines"),
    Target("tables (parquet)", _table_parquet, _parquets, (), "bytes"),
    Target(
        "term lists",
        _terms,
        said("honesty\ncare\n", "term\nx"),
        RATING_WORDS,
        "csv",
        (ValueLexError, UnicodeDecodeError),
    ),
    Target("fitted clusters", _fitted, said("term,cluster\na,0\nb,-1\n"), RATING_WORDS, "csv"),
    Target("portrait answers", _portraits, PORTRAITS, CSV_WORDS, "csv"),
)

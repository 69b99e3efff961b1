"""The official text comes from the user's file, and is checked before anything is asked."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from valuelex.errors import PromptError
from valuelex.instruments.pvq.items import Questionnaire
from valuelex.instruments.pvq.key import Key
from valuelex.stages.official import load_official


def write(path: Path, rows: list[tuple[int, str, str]], *, value: bool = False) -> Path:
    head = "item,text,value" if value else "item,text"
    lines = [f'{item},"{text}"' + (f",{v}" if value else "") for item, text, v in rows]
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def rows(key: Key) -> list[tuple[int, str, str]]:
    short = {value.id: value.abbreviation for value in key.values}
    return [(i, f"Wording, number {i}.", short[key.value_of(i)]) for i in range(57, 0, -1)]


def test_a_csv_takes_the_place_of_our_portraits(
    tmp_path: Path, questionnaire: Questionnaire, key: Key
) -> None:
    path = write(tmp_path / "mine.csv", rows(key), value=True)
    found = load_official(path, questionnaire, key)
    assert found.official
    assert [p.text for p in found.portraits[:2]] == ["Wording, number 1.", "Wording, number 2."]
    # another wording is another id, so replies to the two are never mixed up
    assert found.id == f"official-{hashlib.sha256(path.read_bytes()).hexdigest()[:12]}"
    assert found.labels == questionnaire.labels


def test_numbered_lines_are_read_too(
    tmp_path: Path, questionnaire: Questionnaire, key: Key
) -> None:
    path = tmp_path / "mine.txt"
    lines = [f"{n}. Portrait {n}: it says {{options}}" for n in range(1, 58)]
    path.write_text("# my copy\n\n" + "\r\n".join(lines), encoding="utf-8-sig")
    assert load_official(path, questionnaire, key).portraits[56].text.startswith("Portrait 57")


def test_a_file_that_is_not_whole_or_not_the_keys_is_one_clear_error(
    tmp_path: Path, questionnaire: Questionnaire, key: Key
) -> None:
    good = rows(key)

    def refused(changed: list[tuple[int, str, str]], match: str) -> None:
        with pytest.raises(PromptError, match=match) as error:
            load_official(write(tmp_path / "x.csv", changed, value=True), questionnaire, key)
        assert str(tmp_path / "x.csv") in str(error.value)

    refused(good[1:], r"missing \[57\]")
    refused([*good, good[3]], r"doubled or out of range \[54\]")
    refused([(58, "more", ""), *good], r"line 2: item must be in 1\.\.57, was: 58")
    refused([(57, "x", "HE"), *good[1:]], "item 57 must be keyed to 'universalism-tolerance'")
    refused([(57, "", "UNT"), *good[1:]], "a text")
    refused([(57, good[5][1], "UNT"), *good[1:]], "the same text")


def test_unreadable_files_and_changed_ones_are_refused(
    tmp_path: Path, questionnaire: Questionnaire, key: Key
) -> None:
    path = write(tmp_path / "mine.csv", rows(key))
    with pytest.raises(PromptError, match=r"params\.yaml states"):
        load_official(path, questionnaire, key, "0" * 64)
    with pytest.raises(PromptError, match="cannot be read"):
        load_official(tmp_path / "no.csv", questionnaire, key)
    path.write_bytes(b"item,text\n1,\xff\n")
    with pytest.raises(PromptError, match="UTF-8"):
        load_official(path, questionnaire, key)
    path.write_text("a portrait without a number\n")
    with pytest.raises(PromptError, match=r"line 1: expected '12\. the portrait'"):
        load_official(path, questionnaire, key)

"""`valuelex survey pvq`: the portrait values questionnaire for one model, without the pipeline."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from valuelex.cli.terminal import one_line
from valuelex.errors import SettingsError, near_miss

if TYPE_CHECKING:
    from valuelex.instruments.pvq.items import Questionnaire
    from valuelex.settings import Survey
    from valuelex.stages.context import Context
    from valuelex.stages.pvq_card import ProfileCard, Taken
    from valuelex.stages.scorecard import Interface

FILES = ("profile.json", "profile.csv", "answers.csv", "profile.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What stood on the command line; ``changes`` are settings of the block ``survey``."""

    answers: Path | None
    base_url: str | None
    vllm: str | None
    roster: str | None
    print_items: bool
    model: str | None
    official: Path | None
    interface: str
    key_env: str | None
    revision: str
    retry_failed: bool
    out: Path | None
    changes: dict[str, Any]


def register(group: typer.Typer) -> None:
    """Add the command to the group of questionnaires."""
    group.command()(pvq)


def pvq(
    answers: Annotated[
        Path | None, typer.Option(help="recorded answers: CSV, Parquet or JSONL (.gz too)")
    ] = None,
    base_url: Annotated[str | None, typer.Option(help="an OpenAI-compatible server")] = None,
    vllm: Annotated[str | None, typer.Option(help="a model that vLLM loads")] = None,
    roster: Annotated[str | None, typer.Option(help="a key of this project's roster")] = None,
    model: Annotated[str | None, typer.Option(help="the model's name")] = None,
    official: Annotated[
        Path | None, typer.Option(help="your file of the official text: CSV with item, text")
    ] = None,
    mode: Annotated[str | None, typer.Option(help="item | sheet")] = None,
    frame: Annotated[str | None, typer.Option(help="person | model | plain")] = None,
    trials: Annotated[int | None, typer.Option(help="independent administrations; 10")] = None,
    retest: Annotated[bool, typer.Option(help="ask the other frames too, as a retest")] = True,
    temperature: Annotated[float | None, typer.Option(help="0-2; 0.7")] = None,
    top_p: Annotated[float | None, typer.Option(help="(0, 1]; 0.95")] = None,
    max_tokens: Annotated[int | None, typer.Option(help="more, for models that think")] = None,
    norms: Annotated[
        str | None, typer.Option(help="people: a table of lexicon/norms, or a CSV file")
    ] = None,
    interface: Annotated[str, typer.Option(help="chat | completion (base models)")] = "chat",
    key_env: Annotated[
        str | None, typer.Option(help="variable that holds the server's key")
    ] = None,
    revision: Annotated[str, typer.Option(help="branch, tag or commit of --vllm")] = "main",
    retry_failed: Annotated[bool, typer.Option(help="ask again what failed")] = False,
    print_items: Annotated[bool, typer.Option(help="write what to ask, to be filled in")] = False,
    out: Annotated[Path | None, typer.Option(help="folder; default: surveys/<model>")] = None,
) -> None:
    """Give one model the portrait values questionnaire, and set it beside people of 49 nations.

    Settings that are not given are those of this project's params.yaml, else the shipped ones.

    For example:

    valuelex survey pvq --base-url http://127.0.0.1:8000/v1 --model my-model

    valuelex survey pvq --roster sim-aster-7b-instruct --trials 3

    valuelex survey pvq --answers answers.csv --model my-model
    """
    changes = {
        "mode": mode,
        "frame": frame,
        "trials": trials,
        "temperature": temperature,
        "top_p": top_p,
        "max_tokens": max_tokens,
        **({} if retest else {"retest_frames": ()}),
    }
    asked = Asked(
        answers=answers,
        base_url=base_url,
        vllm=vllm,
        roster=roster,
        print_items=print_items,
        model=model,
        official=official,
        interface=interface,
        key_env=key_env,
        revision=revision,
        retry_failed=retry_failed,
        out=out,
        changes=changes,
    )
    survey(asked, norms)


def survey(asked: Asked, norms: str | None) -> None:
    """Give the questionnaire or read its answers, print the profile, and write the files.

    Raises
    ------
    ValueLexError
        On anything that a user can mend.
    """
    from valuelex.stages.pvq_card import make_card, questionnaire_root
    from valuelex.stages.pvq_newcomer import choose, find_project
    from valuelex.stages.questionnaire import load_key, load_norms

    _check_source(asked)
    interface = _interface(asked.interface)
    project = find_project(Path.cwd())
    settings = choose(project, asked.changes)
    root = questionnaire_root(Path.cwd())
    key, people = load_key(root), norms or settings.norms
    means = load_norms(root, people, key)
    questionnaire = _questionnaire(root, project, settings, asked.official)
    for name, _ in settings.rounds:
        questionnaire.frame(name)
    if asked.print_items:
        _print_items(questionnaire, settings, interface)
        return
    if asked.out is not None and asked.out.exists() and not asked.out.is_dir():
        raise SettingsError(f"--out must be a folder, was a file: {asked.out}")
    taken = _take(asked, project, questionnaire, settings, interface)
    recorded = asked.answers is not None
    card = make_card(taken, questionnaire, key, means, people, recorded=recorded)
    written = write_card(card, asked.out or _folder(taken.model))
    print(card)  # noqa: T201
    print()  # noqa: T201
    for what, path in zip(("scores", "table", "answers", "page"), written, strict=True):
        print(f"{what:<9}{one_line(str(path))}")  # noqa: T201


def write_card(card: ProfileCard, out: Path) -> list[Path]:
    """Write the files of a card into a folder."""
    from valuelex.artifacts.codecs import ELSEWHERE, json_bytes, write_bytes
    from valuelex.reporting.pvq_page import render_profile

    page = render_profile(card.as_dict(), card.rows).encode("utf-8", "replace")
    data = (json_bytes(card.as_dict()), card.profile_csv(), card.answers_csv(), page)
    for name, bytes_ in zip(FILES, data, strict=True):
        write_bytes(out / name, bytes_, hint=ELSEWHERE)
    return [out / name for name in FILES]


def _take(
    asked: Asked,
    project: Context | None,
    questionnaire: Questionnaire,
    settings: Survey,
    interface: Interface,
) -> Taken:
    from valuelex.stages.context import say
    from valuelex.stages.newcomer import loaded, served, store_for
    from valuelex.stages.pvq_newcomer import ask_newcomer, ask_roster, read_answers

    if asked.answers is not None:
        return read_answers(asked.answers, questionnaire, settings, asked.model)
    if asked.roster is not None:
        if project is None:
            raise SettingsError("--roster needs a project: no params.yaml here or above")
        taken, stored = ask_roster(
            project, asked.roster, questionnaire, settings, retry_failed=asked.retry_failed
        )
    else:
        if asked.vllm is not None:
            entry = loaded(asked.vllm, interface=interface, revision=asked.revision)
        else:
            url, name = asked.base_url or "", asked.model or ""
            entry = served(url, name, interface=interface, key_env=asked.key_env)
        store = store_for(Path.cwd(), asked.out or _folder(entry.id))
        taken, stored = ask_newcomer(
            entry, questionnaire, settings, store, retry_failed=asked.retry_failed
        )
    say(f"{len(taken.rows)} items asked; {stored} replies were in the store before")
    return taken


def _questionnaire(
    root: Path, project: Context | None, settings: Survey, official: Path | None
) -> Questionnaire:
    from valuelex.stages.official import load_official
    from valuelex.stages.questionnaire import load_key, load_portraits, load_questionnaire

    if official is not None:
        return load_official(official, load_portraits(root, settings.items), load_key(root))
    if project is not None and settings.official is not None:
        return load_questionnaire(project)
    return load_portraits(root, settings.items)


def _folder(model: str) -> Path:
    from valuelex.backends.recorded.keys import slug

    return Path("surveys") / slug(model)


def _check_source(asked: Asked) -> None:
    """Refuse a command line that names no source of answers, or two."""
    sources = {
        "--answers": asked.answers,
        "--base-url": asked.base_url,
        "--vllm": asked.vllm,
        "--roster": asked.roster,
        "--print-items": asked.print_items or None,
    }
    given = [name for name, value in sources.items() if value is not None]
    if len(given) != 1:
        came = " and ".join(given) or "none of them"
        raise SettingsError(f"one of {', '.join(sources)} is needed, was: {came}")
    if asked.base_url is not None and not asked.model:
        raise SettingsError("--base-url needs --model NAME, the name that the server knows")
    if asked.answers is not None and asked.changes["trials"] is not None:
        raise SettingsError("--trials is for models that are asked; a file holds what it holds")


def _interface(given: str) -> Interface:
    if given == "chat":
        return "chat"
    if given == "completion":
        return "completion"
    known = ("chat", "completion")
    raise SettingsError(
        f"--interface must be one of {', '.join(known)}, was: {given!r}{near_miss(given, known)}"
    )


def _print_items(questionnaire: Questionnaire, settings: Survey, interface: Interface) -> None:
    from valuelex.stages.context import say
    from valuelex.stages.pvq_newcomer import item_rows

    for row in item_rows(questionnaire, settings, interface):
        print(json.dumps(row, ensure_ascii=True))  # noqa: T201
    say("fill in each 'text', then: valuelex survey pvq --answers FILE.jsonl --model NAME")

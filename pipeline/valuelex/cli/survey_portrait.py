"""`valuelex survey portrait`: an item set of yours - its tags, and who answers it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from valuelex.errors import SettingsError, ValueLexError, near_miss

if TYPE_CHECKING:
    from valuelex.stages.context import Context
    from valuelex.stages.portrait_answers import Answer, Recorded
    from valuelex.stages.portrait_folder import Folder
    from valuelex.stages.scorecard import Interface

RULES = ("published", "corrected")
INTERFACES = ("chat", "completion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who answers, as it stood on the command line."""

    answers: Path | None
    roster: str | None
    base_url: str | None
    vllm: str | None
    model: str | None
    interface: str
    key_env: str | None
    revision: str
    personas: tuple[str, ...]
    limit: int | None
    max_tokens: int | None
    retry_failed: bool


def register(group: typer.Typer) -> None:
    """Add the command to the group of questionnaires."""
    group.command()(portrait)


def portrait(
    items: Annotated[Path, typer.Option(help="your folder with the item set")],
    answers: Annotated[
        Path | None,
        typer.Option("--answers", "--recorded", help="recorded answers: CSV, JSONL (.gz), Parquet"),
    ] = None,
    roster: Annotated[str | None, typer.Option(help="a key of this project's roster")] = None,
    base_url: Annotated[str | None, typer.Option(help="an OpenAI-compatible server")] = None,
    vllm: Annotated[str | None, typer.Option(help="a model that vLLM loads")] = None,
    model: Annotated[str | None, typer.Option(help="the model's name")] = None,
    tags: Annotated[
        str, typer.Option(help="published (r > .3) | corrected (false discovery rate)")
    ] = "published",
    false_discovery: Annotated[
        float, typer.Option(help="the rate that `corrected` allows; (0, 1)")
    ] = 0.05,
    persona: Annotated[
        list[str] | None, typer.Option(help="ask as this persona too; several times for several")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="give the first items only")] = None,
    permutations: Annotated[int, typer.Option(min=19, help="deals of the people's values")] = 500,
    interface: Annotated[str, typer.Option(help="chat | completion (base models)")] = "chat",
    key_env: Annotated[
        str | None, typer.Option(help="variable that holds the server's key")
    ] = None,
    revision: Annotated[str, typer.Option(help="branch, tag or commit of --vllm")] = "main",
    max_tokens: Annotated[int | None, typer.Option(min=1, help="for models that think")] = None,
    retry_failed: Annotated[bool, typer.Option(help="ask again what failed")] = False,
    out: Annotated[Path | None, typer.Option(help="folder; default: surveys/portrait")] = None,
) -> None:
    """Examine a Value Portrait item set, and score a model or recorded answers on it.

    Without anybody who answers it shows the set: which items count for which value, and how many of
    these tags chance would give. Writes portrait.json, scores.csv and tags.csv (and answers.csv of
    a model that was asked).

    For example:

    valuelex survey portrait --items value-portrait

    valuelex survey portrait --items value-portrait --recorded value-portrait/raw_answers.csv.gz

    valuelex survey portrait --items my-items --base-url http://127.0.0.1:8000/v1 --model my-model
    --persona woman --persona man
    """
    asked = Asked(
        answers=answers,
        roster=roster,
        base_url=base_url,
        vllm=vllm,
        model=model,
        interface=interface,
        key_env=key_env,
        revision=revision,
        personas=tuple(persona or ()),
        limit=limit,
        max_tokens=max_tokens,
        retry_failed=retry_failed,
    )
    _check(asked, tags, false_discovery)
    folder_out = out or Path("surveys") / "portrait"
    if folder_out.exists() and not folder_out.is_dir():
        raise SettingsError(f"--out must be a folder, was a file: {folder_out}")
    _run(items, asked, (tags, false_discovery, permutations), folder_out)


def _run(items: Path, asked: Asked, tagging: tuple[str, float, int], out: Path) -> None:
    from valuelex.cli.portrait_lines import result_lines, set_lines
    from valuelex.cli.survey_files import write_result
    from valuelex.stages.portrait_folder import read_folder
    from valuelex.stages.portrait_giving import shipped_root
    from valuelex.stages.portrait_published import compare_published
    from valuelex.stages.portrait_result import Result, describe, result_of
    from valuelex.stages.portrait_tags import make_tags

    folder = read_folder(items)
    rule, level, permutations = tagging
    made = make_tags(folder, shipped_root(), rule, level=level, permutations=permutations)
    recorded, given, groups = _answers(folder, asked, out)
    answers = recorded.answers if recorded else given
    result = Result({"item_set": describe(folder, made)}, [], made.rows())
    if answers:
        # the published scores leave out items without an answer in their first version
        versions = {a.version for rows in answers.values() for a in rows}
        first = made.required_version if recorded else None
        required = first if first in versions else None
        result = result_of(folder, made, answers, required=required, groups=groups)
    facts = result.facts | {
        "published": compare_published(folder, made, recorded.answers if recorded else None),
        "recorded": _recorded_facts(recorded),
    }
    print("\n".join(set_lines(facts, folder.path)))  # noqa: T201
    if answers:
        print("\n".join(result_lines(facts, result.scores)))  # noqa: T201
    print(write_result(out, facts, result, given))  # noqa: T201


def _answers(
    folder: Folder, asked: Asked, out: Path
) -> tuple[Recorded | None, dict[str, tuple[Answer, ...]], dict[str, str]]:
    """Return recorded answers, or those of a model asked now, and the personas' groups."""
    from valuelex.stages.portrait_giving import SHIPPED, load_wordings, shipped_root

    wordings = load_wordings(shipped_root(), SHIPPED)
    groups = {persona.id: persona.group for persona in wordings.personas}
    if asked.answers is not None:
        from valuelex.stages.portrait_answers import read_recorded

        ids = [item.id for item in folder.item_set.items]
        name = asked.model or asked.answers.name.split(".")[0]
        return read_recorded(asked.answers, ids, name), {}, groups
    if not (asked.roster or asked.base_url or asked.vllm):
        return None, {}, groups
    return None, _ask(folder, asked, out), groups


def _ask(folder: Folder, asked: Asked, out: Path) -> dict[str, tuple[Answer, ...]]:
    from dataclasses import replace

    from valuelex.stages import portrait_giving as giving
    from valuelex.stages.newcomer import loaded, served, store_for

    interface: Interface = "completion" if asked.interface == "completion" else "chat"
    root, prompts, sampling = giving.shipped_root(), giving.SHIPPED, giving.DEFAULTS
    if asked.roster:
        # as the study asks, so that what the study's store holds is not asked again
        project = _project()
        root, prompts = project.root, project.settings.portrait.prompts
        sampling = project.settings.portrait.sampling
        who = giving.roster_backend(project, asked.roster)
    elif asked.vllm:
        entry = loaded(asked.vllm, interface=interface, revision=asked.revision)
        who = giving.served_backend(entry)
    else:
        url, name = asked.base_url or "", asked.model or ""
        who = giving.served_backend(served(url, name, interface=interface, key_env=asked.key_env))
    if asked.max_tokens:
        sampling = replace(sampling, max_tokens=asked.max_tokens)
    given = giving.give_items(
        who,
        folder.item_set.items[: asked.limit],
        giving.load_wordings(root, prompts),
        store_for(Path.cwd(), out),
        sampling=sampling,
        personas=asked.personas,
        key=asked.roster,
        retry_failed=asked.retry_failed,
    )
    return {asked.roster or asked.model or who[0].id: given}


def _project() -> Context:
    from valuelex.settings import PARAMS
    from valuelex.stages.context import open_context

    here = Path.cwd()
    root = next((p for p in (here, *here.parents) if (p / PARAMS).is_file()), None)
    if root is None:
        raise SettingsError(f"--roster needs a project around {here}: no {PARAMS} was found")
    return open_context(root)


def _recorded_facts(recorded: Recorded | None) -> dict[str, Any] | None:
    if recorded is None:
        return None
    return {name: value for name, value in asdict(recorded).items() if name != "answers"}


def _check(asked: Asked, tags: str, false_discovery: float) -> None:
    """Refuse what cannot be meant, before anything is read or asked."""
    sources = {
        "--answers": asked.answers,
        "--roster": asked.roster,
        "--base-url": asked.base_url,
        "--vllm": asked.vllm,
    }
    given = [name for name, value in sources.items() if value is not None]
    if len(given) > 1:
        raise SettingsError(f"at most one of {', '.join(sources)} can be given, were: {given}")
    if asked.base_url is not None and not asked.model:
        raise SettingsError("--base-url needs --model NAME, the name that the server knows")
    if (asked.personas and not given) or (asked.personas and asked.answers):
        raise SettingsError("--persona is for a model that is asked; a table holds what it holds")
    for option, value, known in (("tags", tags, RULES), ("interface", asked.interface, INTERFACES)):
        if value not in known:
            raise SettingsError(
                f"--{option} must be one of {', '.join(known)}, was: {value!r}"
                f"{near_miss(value, known)}"
            )
    if not 0 < false_discovery < 1:
        raise SettingsError(f"--false-discovery must be in (0, 1), was: {false_discovery}")
    if asked.answers is not None and not asked.answers.is_file():
        raise ValueLexError(f"--answers {asked.answers} is not a file")

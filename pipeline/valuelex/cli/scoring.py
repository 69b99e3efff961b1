"""`valuelex score` and `valuelex release`: a new model on a released test, and how one is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from valuelex.artifacts.codecs import ELSEWHERE, csv_bytes, json_bytes, write_bytes
from valuelex.backends.recorded.keys import slug
from valuelex.cli.terminal import one_line
from valuelex.errors import SettingsError, near_miss
from valuelex.stages.context import open_context, say
from valuelex.stages.released import Release, load_release

if TYPE_CHECKING:
    from valuelex.instruments.projective.completions import Completion
    from valuelex.roster import ModelEntry
    from valuelex.stages.scorecard import Interface, Scorecard
    from valuelex.stages.second_judge import Panel

SCORES, RATINGS, PAGE = "scores.json", "ratings.csv", "scores.html"
_RATING = (
    *("completion", "stem", "draw", "outcome"),
    *("judge", "sub_dimension", "score", "reason"),
)
_INTERFACES = ("chat", "completion")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What stood on the command line."""

    completions: Path | None = None
    base_url: str | None = None
    vllm: str | None = None
    model: str | None = None
    release: str | None = None
    interface: str = "chat"
    key_env: str | None = None
    revision: str = "main"
    draws: int | None = None
    max_tokens: int | None = None
    retry_failed: bool = False
    print_stems: bool = False
    judge_url: str | None = None
    judge_model: str | None = None
    judge_key_env: str | None = None
    out: Path | None = None


def score(asked: Asked) -> None:
    """Score one model and print, or print the stems of a release.

    Raises
    ------
    ValueLexError
        On anything that a user can mend.
    """
    interface = _interface(asked.interface)
    _check_source(asked)
    release = load_release(asked.release)
    if asked.print_stems:
        _print_stems(release, asked, interface)
        return
    name = asked.model or asked.vllm or _file_name(asked.completions)
    out = asked.out or Path("scores") / slug(name)
    _check_folder(out)
    card = _card(release, asked, name, interface, out)
    files = write_card(card, out)
    print(card)  # noqa: T201
    print()  # noqa: T201
    for what, path in zip(("scores", "verdicts", "page"), files, strict=True):
        print(f"{what:<9}{one_line(str(path))}")  # noqa: T201


def make(name: str) -> None:
    """Make a release of the project's outputs.

    Raises
    ------
    ValueLexError
        When the outputs are missing or do not fit together, or the release exists.
    """
    from valuelex.stages.releasing import make_release

    release = make_release(open_context(), name)
    about = release.about
    print(f"lexicon/taxonomies/{release.id}: {about.statement}")  # noqa: T201
    print(  # noqa: T201
        f"{len(release.dimensions)} dimensions, {len(release.names) - len(release.dimensions)}"
        f" sub-dimensions, {len(release.form.stems)} stems, norms of {about.models} models"
    )


def write_card(card: Scorecard, out: Path) -> tuple[Path, Path, Path]:
    """Write ``scores.json``, ``ratings.csv`` and ``scores.html`` into a folder."""
    from valuelex.reporting.scorecard import render_scorecard

    content = card.as_dict()
    by_id = {c.reply_id: c for c in card.completions}
    rows = [
        {
            "completion": r.request_id,
            "stem": by_id[r.request_id].stem,
            "draw": by_id[r.request_id].draw,
            "outcome": by_id[r.request_id].outcome,
            "judge": r.judge,
            "sub_dimension": r.sub_dimension,
            "score": r.score,
            "reason": r.reason,
        }
        for r in (*card.ratings, *(card.second.ratings if card.second else ()))
    ]
    stems = [
        {"id": s.id, "text": s.text, "sub_dimension": s.sub_dimension}
        for s in card.release.form.stems
    ]
    norms = {key: values.tolist() for key, values in card.release.norms.items()}
    page = render_scorecard(content, stems, rows, norms)
    paths = (out / SCORES, out / RATINGS, out / PAGE)
    data = (json_bytes(content), csv_bytes(_RATING, rows), page.encode("utf-8", "replace"))
    for path, bytes_ in zip(paths, data, strict=True):
        write_bytes(path, bytes_, hint=ELSEWHERE)
    return paths


def _card(release: Release, asked: Asked, name: str, interface: Interface, out: Path) -> Scorecard:
    from valuelex.stages.endings import read_endings
    from valuelex.stages.scoring import score_endings

    notes: tuple[str, ...] = ()
    if asked.completions is not None:
        base = interface == "completion"
        found = read_endings(asked.completions, release.form, name, base=base)
    else:
        found, notes = _give(release, asked, interface, out)
    say(f"judging {len(found)} completions on {release.id} ...")
    return score_endings(
        release, found, model=name, interface=interface, notes=notes, panel=_panel(asked, out)
    )


def _panel(asked: Asked, out: Path) -> Panel | None:
    """Return the second judge that the command line names."""
    if asked.judge_url is None:
        return None
    from valuelex.stages.newcomer import served, store_for
    from valuelex.stages.second_judge import Panel

    entry = served(
        asked.judge_url, asked.judge_model or "", interface="chat", key_env=asked.judge_key_env
    )
    return Panel(entry, store_for(Path.cwd(), out))


def _give(
    release: Release, asked: Asked, interface: Interface, out: Path
) -> tuple[tuple[Completion, ...], tuple[str, ...]]:
    from valuelex.stages.newcomer import give, store_for

    given = give(
        release,
        _entry(asked, interface),
        store_for(Path.cwd(), out),
        draws=asked.draws,
        max_tokens=asked.max_tokens,
        retry_failed=asked.retry_failed,
    )
    say(f"{len(given.completions)} completions, {given.stored} of them from {given.store}")
    return given.completions, given.notes


def _entry(asked: Asked, interface: Interface) -> ModelEntry:
    from valuelex.stages.newcomer import loaded, served

    if asked.vllm is not None:
        return loaded(asked.vllm, interface=interface, revision=asked.revision)
    return served(
        asked.base_url or "", asked.model or "", interface=interface, key_env=asked.key_env
    )


def _check_source(asked: Asked) -> None:
    """Refuse a command line that names no source of completions, or two."""
    sources = {
        "--completions": asked.completions,
        "--base-url": asked.base_url,
        "--vllm": asked.vllm,
        "--print-stems": asked.print_stems or None,
    }
    given = [name for name, value in sources.items() if value is not None]
    if len(given) != 1:
        came = " and ".join(given) or "none of them"
        raise SettingsError(f"one of {', '.join(sources)} is needed, was: {came}")
    if asked.base_url is not None and not asked.model:
        raise SettingsError("--base-url needs --model NAME, the name that the server knows")
    if (asked.judge_url is None) != (asked.judge_model is None):
        raise SettingsError("--judge-url and --judge-model go together: a server and a model on it")
    if asked.completions is not None and asked.draws is not None:
        raise SettingsError("--draws is for models that are asked; a file holds what it holds")


def _check_folder(out: Path) -> None:
    """Refuse a place that cannot become a folder, before anything is asked or judged."""
    if out.exists() and not out.is_dir():
        raise SettingsError(f"--out must be a folder, was a file: {out}")


def _interface(given: str) -> Interface:
    if given == "chat":
        return "chat"
    if given == "completion":
        return "completion"
    raise SettingsError(
        f"--interface must be one of {', '.join(_INTERFACES)}, was: {given!r}"
        f"{near_miss(given, _INTERFACES)}"
    )


def _file_name(path: Path | None) -> str:
    """Return the name of a file without ``.jsonl`` and ``.gz``."""
    return path.name.split(".")[0] if path is not None else ""


def _print_stems(release: Release, asked: Asked, interface: Interface) -> None:
    from valuelex.stages.newcomer import stem_rows

    for row in stem_rows(release, asked.draws, interface):
        print(json.dumps(row, ensure_ascii=True))  # noqa: T201
    say(
        "fill in each 'text' (and 'outcome' where a completion was refused or cut), then:"
        " valuelex score --completions FILE.jsonl"
    )

"""Switching the active study: the blocks `study` and `models` of params.yaml are replaced."""

from __future__ import annotations

import re
from pathlib import Path

from valuelex.artifacts.base import OUTPUTS, Table
from valuelex.artifacts.codecs import remove_all_leftovers, write_bytes
from valuelex.artifacts.table import ARTIFACTS
from valuelex.errors import SettingsError, near_miss
from valuelex.reading import load_yaml
from valuelex.roster import KEY
from valuelex.settings import PARAMS, Settings, load_settings, parse_settings
from valuelex.stages.context import open_context, say

ROSTERS = Path("pipeline") / "rosters"
_BLOCKS = ("study", "models")


def list_studies(root: Path) -> None:
    """Print the studies that there are, the active one marked."""
    active = load_settings(root).study.name
    for path in sorted((root / ROSTERS).glob("*.yaml")):
        mark = "*" if path.stem == active else " "
        print(f"{mark} {path.stem}")  # noqa: T201


def use_study(root: Path, name: str) -> None:
    """Put the blocks of ``pipeline/rosters/<name>.yaml`` into params.yaml, and check the result.

    Raises
    ------
    SettingsError
        When there is no such study, or params.yaml would not be valid with it.
    """
    path = root / PARAMS
    new = _with_study(root, name)
    _check(new, f"{path} with the study '{name}'")
    write_bytes(path, new.encode("utf-8"))
    settings = load_settings(root)
    say(f"the active study is '{name}': {len(settings.models)} models; run `dvc repro`")
    remove_strangers(root)


def studied(root: Path, name: str) -> Settings:
    """Return the settings as they would be with another study; nothing is written.

    Raises
    ------
    SettingsError
        When there is no such study, or params.yaml would not be valid with it.
    """
    return _check(_with_study(root, name), f"{root / PARAMS} with the study '{name}'")


def _with_study(root: Path, name: str) -> str:
    known = sorted(path.stem for path in (root / ROSTERS).glob("*.yaml"))
    if name not in known:
        raise SettingsError(f"no study '{name}'{near_miss(name, known)}; there are: {known}")
    roster = (root / ROSTERS / f"{name}.yaml").read_text(encoding="utf-8")
    return splice((root / PARAMS).read_text(encoding="utf-8"), roster)


def _check(text: str, source: str) -> Settings:
    return parse_settings(load_yaml(text), source)


def splice(params: str, roster: str) -> str:
    """Return ``params`` with its `study` and `models` blocks replaced by the roster's text."""
    lines = params.splitlines(keepends=True)
    kept: list[str] = []
    inside = False
    for line in lines:
        top = re.match(r"([a-z_]+):", line)
        if top:
            inside = top.group(1) in _BLOCKS
            if inside:
                while kept and kept[-1].startswith("#"):  # the block's own heading goes with it
                    kept.pop()
        if not inside:
            kept.append(line)
    return "".join(kept).rstrip("\n") + "\n\n" + roster


def remove_strangers(root: Path) -> None:
    """Remove per-model files of models that are not in the roster, and what killed runs left."""
    context = open_context(root)
    for part in remove_all_leftovers(root / OUTPUTS):
        say(f"removed {part.relative_to(root)}: half written by a run that was killed")
    for table in ARTIFACTS:
        if not isinstance(table, Table) or "{model}" not in table.path:
            continue
        expected = {table.file(root, key) for key in context.settings.models}
        folder = table.file(root, "any").parent
        for path in sorted(folder.glob("*.parquet")):
            if path not in expected:
                path.unlink()
                say(f"removed {path.relative_to(root)}: not in the roster")


def replay_files(root: Path, files: list[Path], study: str, *, use: bool) -> None:
    """Read recorded replies into the store and write the roster of the study that they make.

    Raises
    ------
    RecordedFileError
        On the first line that cannot be read; then nothing is kept.
    """
    from valuelex.backends.recorded.imports import import_recording
    from valuelex.backends.store import ReplyStore

    context = open_context(root)
    roster = root / ROSTERS / f"{study}.yaml"
    _refuse_shipped(roster)
    with ReplyStore(context.store) as store:
        recording = import_recording(store, files, study=study)
    write_bytes(roster, recording.roster.encode("utf-8"))
    say(f"{recording.replies} replies of {len(recording.models)} models: {ROSTERS}/{study}.yaml")
    if use:
        use_study(root, study)


def _refuse_shipped(roster: Path) -> None:
    """Refuse a name that is no name, or that would overwrite a roster of models that are asked."""
    if not KEY.fullmatch(roster.stem):
        raise SettingsError(
            f"a study's name must be lower-case letters, digits and hyphens, was: {roster.stem!r}"
        )
    if roster.exists() and "backend: recorded" not in roster.read_text(encoding="utf-8"):
        raise SettingsError(
            f"the study '{roster.stem}' exists and is no recording: choose another --study name"
        )

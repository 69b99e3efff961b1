"""basis-*: sign what a per-model stage rests on, so that DVC need not list it once per model.

DVC rewrites its whole lock file after every stage. Thirty-five models with forty dependencies each
made that cost four seconds a stage; one dependency each, on a signature of the forty, makes it a
fraction of one. The signature names every file and setting with its content, so the graph stays
true: an edit of a prompt or module changes the signature, and the models' stages run.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from valuelex.artifacts.table import BASIS, ROSTER
from valuelex.errors import SettingsError
from valuelex.reading import UnreadableYamlError, load_yaml
from valuelex.settings import PARAMS
from valuelex.stages.context import Context

GRAPH = "dvc.yaml"
_HOLE = re.compile(r"\$\{([a-z_.]+)\}")


def run(context: Context, stage: str) -> None:
    """Write ``basis/<name>.json`` for the stage ``basis-<name>`` of dvc.yaml.

    Raises
    ------
    SettingsError
        When dvc.yaml has no such stage, or a file that it names is missing.
    """
    params = load_yaml((context.root / PARAMS).read_bytes())
    if stage == ROSTER.stage:
        ROSTER.write(context.root, {"study": params["study"], "models": params["models"]})
        return
    artifact = BASIS[stage]
    graph = _graph(context.root)
    if stage not in graph:
        raise SettingsError(f"{context.root / GRAPH} has no stage '{stage}'")
    files = dict(_signed(context.root, graph[stage]["deps"], params))
    settings = {name: params[name] for name in graph[stage]["params"]}
    artifact.write(context.root, {"settings": settings, "files": files})
    context.say(f"{stage}: {len(files)} files, {len(settings)} blocks of settings")


def _graph(root: Path) -> Mapping[str, Any]:
    try:
        content = load_yaml((root / GRAPH).read_bytes())
    except (OSError, UnreadableYamlError) as error:
        raise SettingsError(f"{root / GRAPH} cannot be read: {error}") from None
    stages: Mapping[str, Any] = content["stages"]
    return stages


def _signed(root: Path, deps: list[str], params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (file, sha256) for every file that the dependencies name, folders opened."""
    for dep in deps:
        path = root / _HOLE.sub(lambda hole: str(_setting(params, hole[1])), dep)
        found = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in found:
            if "__pycache__" in file.parts:
                continue
            if not file.exists():
                raise SettingsError(f"{file} is named in {GRAPH} and does not exist")
            name = file.relative_to(root).as_posix()
            yield name, hashlib.sha256(file.read_bytes()).hexdigest()


def _setting(params: Mapping[str, Any], name: str) -> Any:
    value: Any = params
    for part in name.split("."):
        value = value[part]
    return value

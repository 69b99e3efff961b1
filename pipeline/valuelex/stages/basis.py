"""basis, basis-*: sign what the stages rest on, so that DVC need not list it once for each.

DVC reads and writes its whole lock file after every stage, and its cost is the number of lines. So
``basis`` signs, for each stage, the modules that it imports; a stage of dvc.yaml depends on its
signature, not on fifty files. What is done once a model goes one step further: ``basis-elicit``
signs settings, prompts and code together with one line of the roster, in one small file a model.

The graph stays true: an edit changes the signatures that it reaches, and only the stages behind
those run. ``basis`` itself runs on any edit, which takes a fraction of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from valuelex.artifacts.base import OUTPUTS
from valuelex.artifacts.table import BASIS, BASIS_MODEL, CODE, ROSTER
from valuelex.artifacts.written import digest_of
from valuelex.errors import SettingsError
from valuelex.reading import UnreadableYamlError, load_yaml
from valuelex.settings import PARAMS
from valuelex.stages.context import Context

GRAPH = "dvc.yaml"
SOURCE = Path("pipeline") / "valuelex"
PREFIX = "basis"
_HOLE = re.compile(r"\$\{([a-z_.]+)\}")


def run(context: Context, stage: str) -> None:
    """Run ``basis``, or the stage ``basis-<name>`` of dvc.yaml.

    Raises
    ------
    SettingsError
        When dvc.yaml has no such stage, or a file that it names is missing.
    """
    params = load_yaml((context.root / PARAMS).read_bytes())
    graph = _graph(context.root)
    if stage not in graph:
        raise SettingsError(f"{context.root / GRAPH} has no stage '{stage}'")
    if stage == PREFIX:
        _sign_code(context, [name for name in graph if not name.startswith(PREFIX)])
        ROSTER.write(context.root, {"study": params["study"], "models": params["models"]})
    else:
        _sign_models(context, stage, graph[stage], params)


def _sign_code(context: Context, stages: list[str]) -> None:
    """Write ``basis/code/<stage>.json`` for every stage that computes something."""
    from valuelex.stages.closures import Closures

    closures = Closures()
    here = context.root / SOURCE
    digests: dict[Path, str] = {}
    for name in stages:
        files = {}
        for file in closures.files(name):
            inside = file.relative_to(closures.source)
            if inside not in digests:
                # the project's own copy counts, where there is one: it is what DVC watches
                own = here / inside
                digests[inside] = digest_of(own if own.is_file() else file)
            files[(SOURCE / inside).as_posix()] = digests[inside]
        CODE.write(context.root, {"files": files}, name)
    context.say(f"basis: {len(stages)} stages, {len(digests)} files of code")


def _sign_models(
    context: Context, stage: str, body: Mapping[str, Any], params: Mapping[str, Any]
) -> None:
    """Write ``basis/<name>.json``, and one signature a model beside it."""
    name = stage.removeprefix(f"{PREFIX}-")
    code: dict[str, str] = CODE.read(context.root, name)["files"]
    listed = [dep for dep in body["deps"] if not dep.startswith(OUTPUTS)]
    files = {**dict(_signed(context.root, listed, params)), **code}
    settings = {section: params[section] for section in body["params"]}
    path = BASIS[stage].write(context.root, {"settings": settings, "files": files})
    rests_on = digest_of(path)
    for key, entry in params["models"].items():
        BASIS_MODEL[stage].write(context.root, {"rests_on": rests_on, "model": entry}, key)
    context.say(f"{stage}: {len(files)} files, {len(settings)} blocks of settings")


def _graph(root: Path) -> Mapping[str, Any]:
    try:
        content = load_yaml((root / GRAPH).read_bytes())
    except (OSError, UnreadableYamlError) as error:
        raise SettingsError(f"{root / GRAPH} cannot be read: {error}") from None
    stages: Mapping[str, Any] = content["stages"]
    return stages


def _signed(
    root: Path, deps: Iterable[str], params: Mapping[str, Any]
) -> Iterator[tuple[str, str]]:
    """Yield (file, sha256) for every file that the dependencies name, folders opened."""
    for dep in deps:
        path = root / _HOLE.sub(lambda hole: str(_setting(params, hole[1])), dep)
        found = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path]
        for file in found:
            if "__pycache__" in file.parts:
                continue
            if not file.exists():
                raise SettingsError(f"{file} is named in {GRAPH} and does not exist")
            yield file.relative_to(root).as_posix(), digest_of(file)


def _setting(params: Mapping[str, Any], name: str) -> Any:
    value: Any = params
    for part in name.split("."):
        value = value[part]
    return value

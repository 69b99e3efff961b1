"""Which files of the package each stage rests on, worked out from the imports themselves.

A list of modules that people keep up to date is wrong sooner or later; imports cannot be. Imports
inside functions count, engines that are loaded by name count, and data files count for the stages
that import a module beside them.
"""

from __future__ import annotations

import re
from pathlib import Path

import grimp

from valuelex.backends.registry import ENGINES

PACKAGE = "valuelex"
_REGISTRY = f"{PACKAGE}.backends.registry"


class Closures:
    """The import closure of every stage of the package that is running."""

    def __init__(self) -> None:
        # no cache: reading the few hundred modules takes a tenth of a second
        self._graph = grimp.build_graph(PACKAGE, cache_dir=None)
        self.source = Path(__file__).resolve().parents[1]
        inside = (p for p in self.source.rglob("*") if p.is_file())
        self._data = {p for p in inside if p.suffix not in {".py", ".pyc"} and p.name != "py.typed"}

    def modules(self, stage: str) -> set[str]:
        """Return every module that a stage's module imports, itself and its packages included."""
        start = f"{PACKAGE}.stages.{stage.replace('-', '_')}"
        found = self._upstream(start)
        if _REGISTRY in found:
            for engine in {name.partition(":")[0] for name in ENGINES.values()}:
                found |= self._upstream(engine)
        return found | {parent for name in found for parent in _parents(name)}

    def files(self, stage: str) -> list[Path]:
        """Return the source and data files of the closure, sorted."""
        found = {self._file(module) for module in self.modules(stage)}
        folders = {f.parent for f in found} - {self.source}
        found |= {p for p in self._data if folders & set(p.parents)}
        return sorted(p for p in found if not _is_empty_init(p))

    def _upstream(self, module: str) -> set[str]:
        return {module, *self._graph.find_upstream_modules(module)}

    def _file(self, module: str) -> Path:
        path = self.source.joinpath(*module.split(".")[1:])
        return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def _parents(module: str) -> list[str]:
    """Return the packages that a module lies in, the root package apart."""
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(2, len(parts))]


def _is_empty_init(path: Path) -> bool:
    """Tell whether a file is a package's ``__init__`` with a docstring and nothing else."""
    if path.name != "__init__.py":
        return False
    return bool(re.fullmatch(r'"""[^"]*"""', path.read_text(encoding="utf-8").strip()))

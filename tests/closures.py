"""Each stage's code dependencies in dvc.yaml, worked out from the imports.

``python tests/closures.py --write`` (``make deps``) writes them; a test proves that they are there,
and that nothing else is. A folder stands for its modules only where the stage needs all of them.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import grimp

from valuelex.backends.registry import ENGINES

ROOT = Path(__file__).resolve().parents[1]
SOURCE = Path("pipeline") / "valuelex"
MARK = "# code: written by `make deps`, proved by a test"


def modules(graph: grimp.ImportGraph, stage: str) -> set[str]:
    """Return every module of ours that a stage's module imports, itself included."""
    names = ["basis", stage.removeprefix("basis-")] if stage.startswith("basis-") else [stage]
    starts = [f"valuelex.stages.{name.replace('-', '_')}" for name in names if name != "roster"]
    found = {m for start in starts for m in (start, *graph.find_upstream_modules(start))}
    found |= engines() if "valuelex.backends.registry" in found else set()
    found |= {parent for name in found for parent in parents(name)}
    return {name for name in found if name.startswith("valuelex.")}


def engines() -> set[str]:
    """Return the modules that the registry imports by name: real dependencies all the same."""
    graph = grimp.build_graph("valuelex")
    starts = {name.partition(":")[0] for name in ENGINES.values()}
    return {m for start in starts for m in (start, *graph.find_upstream_modules(start))}


def parents(module: str) -> list[str]:
    """Return the packages that a module lies in, the root package apart."""
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(2, len(parts))]


def file_of(module: str) -> Path:
    """Return the source file of a module, relative to the project."""
    path = Path("pipeline").joinpath(*module.split("."))
    return path / "__init__.py" if (ROOT / path).is_dir() else path.with_suffix(".py")


def sources(folder: Path) -> set[Path]:
    """Return the source files below a folder, relative to the project."""
    found = (p.relative_to(ROOT) for p in (ROOT / folder).rglob("*") if p.is_file())
    return {p for p in found if "__pycache__" not in p.parts}


def is_empty_init(path: Path) -> bool:
    """Tell whether a file is a package's ``__init__`` with a docstring and nothing else."""
    if path.name != "__init__.py":
        return False
    text = (ROOT / path).read_text(encoding="utf-8").strip()
    return bool(re.fullmatch(r'"""[^"]*"""', text))


def needed(graph: grimp.ImportGraph, stage: str) -> set[Path]:
    """Return the files of a stage's import closure, and the data files of its packages."""
    files = {file_of(module) for module in modules(graph, stage)}
    templates = {p for p in sources(SOURCE) if p.suffix != ".py" and p.name != "py.typed"}
    files |= {
        p for p in templates if any(f.parent in p.parents for f in files if f.parent != SOURCE)
    }
    return {p for p in files if not is_empty_init(p)}


def compact(files: set[Path]) -> list[str]:
    """Replace files by a folder wherever the folder holds nothing else."""
    found = set(files)
    folders = sorted({p for f in files for p in f.parents if SOURCE in p.parents}, key=str)
    for folder in folders:
        inside = {p for p in sources(folder) if not is_empty_init(p)}
        if len(inside) > 1 and inside <= files:
            found = {p for p in found if folder not in p.parents} | {folder}
    return sorted(str(p) for p in found)


def closures() -> dict[str, list[str]]:
    """Return stage -> its code dependencies, for every stage of dvc.yaml."""
    sys.path.insert(0, str(ROOT / "pipeline"))
    graph = grimp.build_graph("valuelex")
    text = (ROOT / "dvc.yaml").read_text(encoding="utf-8")
    listed = re.findall(r"^  ([a-z-]+):$", text, flags=re.MULTILINE)
    # per-model stages depend on the signature that their basis makes of all this
    stages = [name for name in listed if f"basis-{name}" not in listed]
    return {stage: compact(needed(graph, stage)) for stage in stages}


def rewritten(text: str, wanted: dict[str, list[str]]) -> str:
    """Return dvc.yaml with the lines below each mark replaced."""
    lines: list[str] = []
    stage = ""
    dropping = False
    for line in text.splitlines():
        top = re.fullmatch(r"  ([a-z-]+):", line)
        stage = top.group(1) if top else stage
        dropping = dropping and line.lstrip().startswith("- pipeline/")
        if not dropping:
            lines.append(line)
        if line.strip() == MARK:
            indent = line[: len(line) - len(line.lstrip())]
            lines += [f"{indent}- {path}" for path in wanted[stage]]
            dropping = True
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the closures into dvc.yaml."""
    path = ROOT / "dvc.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(rewritten(text, closures()), encoding="utf-8")


if __name__ == "__main__":
    main()

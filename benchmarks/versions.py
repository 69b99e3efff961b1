"""The tests with the lowest and the newest versions that pyproject.toml allows, on each Python.

For each cell of the table: an environment of its own under ``.venv-versions``, every test that is
not marked slow, external or browser, and one miniature study by DVC from nothing. Then each extra
is resolved alone, for each Python, lowest and newest. Prints a line for each; what pytest says
goes to ``.venv-versions/CELL.log``.

Usage: python benchmarks/versions.py [--extras] [3.11-lowest 3.11-highest 3.12-highest 3.13-highest]
(nothing named: all of it)

Torch is installed first, by pip, and kept (TORCH names another): uv would take gigabytes of CUDA.
Deprecations of other packages are no errors here: the newest versions announce what comes.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".venv-versions"
TORCH = os.environ.get("TORCH", "torch==2.13.0")
CELLS = ("3.11-lowest", "3.11-highest", "3.12-highest", "3.13-highest")
PYTHONS = ("3.11", "3.12", "3.13")
_RESOLUTION = {"lowest": "lowest-direct", "highest": "highest"}
_SHOWN = ("numpy", "pandas", "scipy", "scikit-learn", "pyarrow", "transformers", "typer", "dvc")
_QUIET = ("DeprecationWarning", "PendingDeprecationWarning", "FutureWarning")


def interpreter(version: str) -> str:
    """Return an interpreter of this version: on the path, or one of pyenv's.

    Raises
    ------
    SystemExit
        When there is none.
    """
    found = shutil.which(f"python{version}")
    pyenv = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    for candidate in (found, *map(str, reversed(pyenv))):
        if candidate and subprocess.run([candidate, "-c", ""], capture_output=True).returncode == 0:
            return candidate
    raise SystemExit(f"no Python {version} was found")


def environment(cell: str) -> Path:
    """Make the environment of a cell, or bring it up to date; its folder of programs."""
    version, end = cell.split("-")
    programs = HOME / cell / "bin"
    if not programs.exists():
        _run([interpreter(version), "-m", "venv", str(HOME / cell)])
        _run([str(programs / "python"), "-m", "pip", "install", "--quiet", TORCH])
    kept = HOME / "torch.txt"
    kept.write_text(f"{TORCH}\n", encoding="ascii")
    asked = ["--python", str(programs / "python"), "--resolution", _RESOLUTION[end]]
    asked += ["--override", str(kept), "--group", f"{ROOT / 'pyproject.toml'}:dev", "-e", str(ROOT)]
    _run([_uv(), "pip", "install", "--quiet", *asked])
    return programs


def tested(cell: str) -> bool:
    """Run the tests and a study in a cell's environment; print its line."""
    programs = environment(cell)
    python = str(programs / "python")
    listed = _said([_uv(), "pip", "list", "--python", python])
    versions = dict(re.findall(r"(?m)^(\S+) +(\S+)", listed))
    shown = ", ".join(f"{name} {versions[name]}" for name in _SHOWN)
    ignored = [part for name in _QUIET for part in ("-W", f"ignore::{name}")]
    chosen = ["-m", "not slow and not external and not browser"]
    tests = [python, "-m", "pytest", "-q", "-n", "auto", "--dist", "loadfile", *ignored, *chosen]
    given = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    log = HOME / f"{cell}.log"
    with log.open("w", encoding="utf-8") as out:
        done = subprocess.run(tests, cwd=ROOT, env={**_clean(), **given}, stdout=out)
    said = log.read_text(encoding="utf-8")
    last = said.strip().rpartition("\n")[2].strip("= ")
    study = subprocess.run([python, __file__, "--study"], cwd=ROOT, env={**_clean(), **given})
    outcome = "completed" if study.returncode == 0 else "FAILED"
    print(f"| {cell} | {shown} | {last} | {outcome} |", flush=True)
    if done.returncode:
        print(said[-20_000:], file=sys.stderr)
    return done.returncode == study.returncode == 0


def extras() -> bool:
    """Resolve each extra alone, for each Python and both ends; print a line for each extra."""
    content = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    good = True
    for extra in content["project"]["optional-dependencies"]:
        cells = []
        for version in PYTHONS:
            for end, resolution in _RESOLUTION.items():
                asked = ["--extra", extra, "--python-version", version, "--resolution", resolution]
                done = subprocess.run(
                    [_uv(), "pip", "compile", "--quiet", *asked, str(ROOT / "pyproject.toml")],
                    capture_output=True,
                    text=True,
                )
                packages = len(re.findall(r"(?m)^[a-z]\S*==", done.stdout))
                cells.append(f"{version} {end} {packages or 'FAILED'}")
                if done.returncode:
                    good = False
                    print(done.stderr[-1000:], file=sys.stderr)
        print(f"| {extra} | {', '.join(cells)} |", flush=True)
    return good


def study() -> bool:
    """Run the miniature study by DVC in a fresh folder, with this interpreter."""
    sys.path[:0] = [str(ROOT)]
    from tests.pipeline.project import make_project, outputs, start

    with tempfile.TemporaryDirectory() as name:
        folder = make_project(Path(name) / "study")
        process = start(folder, "dvc", "repro")
        err = process.communicate(timeout=7200)[1]  # the machine may have other work
        print(err[-2000:] if process.returncode else "", end="", file=sys.stderr)
        return process.returncode == 0 and "report/report.html" in outputs(folder)


def _clean() -> dict[str, str]:
    left_out = ("VALUELEX_EXTERNAL_DATA", "VALUELEX_STORE", "VIRTUAL_ENV", "PYTHONPATH")
    return {name: value for name, value in os.environ.items() if name not in left_out}


def _uv() -> str:
    found = shutil.which("uv", path=f"{HOME / 'uv' / 'bin'}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        raise SystemExit("uv is needed: pip install uv, or `make test-versions`")
    return found


def _run(command: list[str]) -> None:
    subprocess.run(command, check=True)


def _said(command: list[str]) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def main() -> int:
    """Do what is asked; 0 when all of it is well."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("cells", nargs="*", metavar="CELL", help=f"of {', '.join(CELLS)}")
    parser.add_argument("--extras", action="store_true", help="resolve each extra alone")
    parser.add_argument("--study", action="store_true", help="only a study, by this Python")
    given = parser.parse_args()
    if given.study:
        return 0 if study() else 1
    HOME.mkdir(exist_ok=True)
    unknown = [cell for cell in given.cells if cell not in CELLS]
    if unknown:
        parser.error(f"no cell {unknown[0]!r}; there are: {', '.join(CELLS)}")
    everything = not given.cells and not given.extras
    results = [tested(cell) for cell in (CELLS if everything else given.cells)]
    if everything or given.extras:
        results.append(extras())
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())

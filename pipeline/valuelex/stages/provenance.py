"""How a run signs itself: code, parameters, models, machine, libraries. Shown in the report alone.

None of it is in the other artifacts, which depend on nothing but replies and settings.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import platform
import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelex.environment import without_secrets
from valuelex.prompts import frozen
from valuelex.roster import ModelEntry
from valuelex.settings import PARAMS
from valuelex.stages.context import Context

LIBRARIES = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "sentence-transformers",
    "torch",
    "umap-learn",
    "hdbscan",
    "factor-analyzer",
    "spacy",
    "spacy-lookups-data",
    "dvc",
)
COMMIT = re.compile(r"[0-9a-f]{40}")


def provenance(context: Context) -> dict[str, Any]:
    """Return what produced this run: nested mappings of plain values."""
    params = (context.root / PARAMS).read_bytes()
    settings = context.settings
    loose = unpinned(settings.models)
    return {
        "valuelex": importlib.metadata.version("valuelex"),
        "commit": commit(context.root),
        "params_sha256": hashlib.sha256(params).hexdigest(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "hardware": hardware(),
        "reproducible": not loose,
        "reproducible_because": why_not(loose) or "every model is pinned by what it answers from",
        "prompts": prompt_hashes(context),
        "libraries": {name: _version(name) for name in LIBRARIES},
        "revisions": {key: entry.revision for key, entry in settings.models.items()},
    }


def unpinned(models: Mapping[str, ModelEntry]) -> list[str]:
    """Return the roster keys of models whose weights another run might not get again.

    A simulated model is pinned by the study's seed and world, a recorded one by the checksum of its
    rows, a loaded one by a 40-digit commit of a hub. A branch or a tag may move, a folder may
    change, and a server does not say which weights it holds.
    """
    return [key for key, entry in models.items() if not _pinned(entry)]


def _pinned(entry: ModelEntry) -> bool:
    if entry.backend in ("simulated", "recorded"):
        return True
    return entry.backend != "openai" and COMMIT.fullmatch(entry.revision) is not None


def why_not(loose: Sequence[str]) -> str:
    """Say in one line why a run is not reproducible; nothing when it is."""
    if not loose:
        return ""
    shown = ", ".join(loose[:5]) + (", ..." if len(loose) > 5 else "")
    return (
        f"{len(loose)} models are a branch, a tag, a folder or a server instead of a 40-digit"
        f" commit: {shown}"
    )


def engines(rows: Iterable[Mapping[str, Any]]) -> dict[str, int]:
    """Count replies by what produced them: engine, version, device, flags, hashes."""
    return dict(sorted(Counter(str(row["engine"]) for row in rows if row["engine"]).items()))


def prompt_hashes(context: Context) -> dict[str, str]:
    """Return the sha256 of every prompt file that the settings name, as it is frozen."""
    settings, known = context.settings, frozen(context.root)
    names = (
        settings.elicit.prompts,
        settings.compose.bank,
        settings.administer.prompts,
        settings.score.anchors,
        settings.survey.items,
    )
    return {name: known.get(name, "not frozen") for name in names}


def hardware() -> str:
    """Name this machine's processor and how many cores it has; engines name their own device."""
    name = platform.processor()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    for line in lines:
        field, _, value = line.partition(":")
        if field.strip() == "model name":
            name = value.strip()
            break
    return f"{name or platform.machine()}, {os.cpu_count()} cores"


def commit(root: Path) -> str:
    """Return the git commit of the project, or why there is none."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - git is found where the user has it
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
            env=without_secrets(os.environ),
        )
    except (OSError, subprocess.CalledProcessError):
        return "not in a git repository"
    return done.stdout.strip()


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"

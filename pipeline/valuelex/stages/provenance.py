"""How a run signs itself: code, parameters, models, libraries. Shown in the report alone.

None of it is in the other artifacts, which depend on nothing but replies and settings.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import platform
import subprocess
from pathlib import Path
from typing import Any

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


def provenance(context: Context) -> dict[str, Any]:
    """Return what produced this run: nested mappings of plain values."""
    params = (context.root / PARAMS).read_bytes()
    return {
        "valuelex": importlib.metadata.version("valuelex"),
        "commit": commit(context.root),
        "params_sha256": hashlib.sha256(params).hexdigest(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: _version(name) for name in LIBRARIES},
        "revisions": {key: entry.revision for key, entry in context.settings.models.items()},
    }


def commit(root: Path) -> str:
    """Return the git commit of the project, or why there is none."""
    try:
        done = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - git is found where the user has it
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return "not in a git repository"
    return done.stdout.strip()


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"

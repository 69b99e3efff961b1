"""The only reader of ``prompts/``: versioned wordings that are frozen once used.

A prompt file names itself (``id: elicit.v1``), and its checksum is written in ``prompts/FROZEN``.
A file that differs from its line there is refused: replies in the store were given to the frozen
wording. A new wording is a new file with the next version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from valuelex.errors import PromptError, near_miss
from valuelex.reading import UnreadableYamlError, load_yaml

PROMPTS = "prompts"
FROZEN = "FROZEN"


def load_prompt(root: Path, name: str, required: Sequence[str] = ()) -> Mapping[str, Any]:
    """Load ``prompts/<name>.yaml`` and check its id, its fields and its frozen checksum.

    Raises
    ------
    PromptError
        When the file is missing, is no mapping, has another id, lacks one of ``required``, or
        differs from the frozen version.
    """
    path = root / PROMPTS / f"{name}.yaml"
    known = sorted(p.name.removesuffix(".yaml") for p in (root / PROMPTS).glob("*.yaml"))
    if name not in known:
        raise PromptError(f"{path} does not exist{near_miss(name, known)}; there are: {known}")
    data = path.read_bytes()
    try:
        content = load_yaml(data)
    except UnreadableYamlError as error:
        raise PromptError(f"{path} is not YAML: {error}") from None
    if not isinstance(content, dict):
        raise PromptError(f"{path} must be a mapping, was: {type(content).__name__}")
    missing = [field for field in ("id", "purpose", *required) if not content.get(field)]
    if missing:
        raise PromptError(f"{path} must have the fields {missing}; has: {sorted(content)}")
    if content["id"] != name:
        raise PromptError(f"{path} must have `id: {name}`, was: {content['id']!r}")
    _check_frozen(root, name, data)
    return content


def frozen(root: Path) -> dict[str, str]:
    """Return name -> sha256 of the frozen prompt files.

    Raises
    ------
    PromptError
        When a line of ``prompts/FROZEN`` is not ``<sha256>  <name>``.
    """
    path = root / PROMPTS / FROZEN
    found = {}
    text = path.read_text(encoding="ascii", errors="replace")
    for number, line in enumerate(text.splitlines(), start=1):
        parts = line.split()
        if len(parts) != 2 or len(parts[0]) != 64:
            raise PromptError(f"{path}:{number} must be '<sha256>  <name>', was: {line!r}")
        found[parts[1]] = parts[0]
    return found


def _check_frozen(root: Path, name: str, data: bytes) -> None:
    if not (root / PROMPTS / FROZEN).exists():
        return
    expected = frozen(root).get(name)
    came = hashlib.sha256(data).hexdigest()
    if expected is not None and came != expected:
        version = name.rpartition(".v")
        raise PromptError(
            f"{root / PROMPTS / name}.yaml was changed after it was frozen (expected sha256"
            f" {expected[:12]}..., was {came[:12]}...): restore it, or save the new wording as"
            f" '{version[0]}.v{int(version[2]) + 1 if version[2].isdecimal() else 2}'"
        )

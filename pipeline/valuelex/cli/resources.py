"""What a roster of real models needs of this machine: GPU memory by model, and disk.

Estimates, made before anything is loaded, from the roster alone. Weights are the number of
parameters times their width. A token's keys and values take about 128 KiB for a model of eight
billion parameters with grouped queries and grow with the square root of the size (1 billion: 45
KiB, 70 billion: 380 KiB, read off published configurations); older models without grouped queries
need up to four times that. On top come activations and graphs.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from valuelex.environment import without_secrets
from valuelex.roster import ModelEntry
from valuelex.settings import Settings

GIB = 2**30
USED_SHARE = 0.9  # vLLM's own share of a device's memory
_WIDTH = {"float32": 4.0, "fp8": 1.0, "int8": 1.0, "awq": 0.55, "gptq": 0.55, "bitsandbytes": 0.55}
_OVERHEAD = 2.0  # GiB per device: activations, CUDA context, graphs
_SEQUENCES = 8  # at once: fewer would leave the device idle
_DEFAULT_LENGTH = 4096
_REPLY_BYTES = 3_000  # of a stored reply with its key, measured on the default study


@dataclass(frozen=True, slots=True)
class Need:
    """What one model takes: GiB on each of ``devices`` GPUs, and GiB of weights on disk."""

    key: str
    devices: int
    per_device: float
    weights: float


def need(key: str, entry: ModelEntry) -> Need | None:
    """Estimate what a model needs; ``None`` when its size is not known."""
    if entry.parameters_b is None:
        return None
    width = _WIDTH.get(entry.quantization or entry.dtype or "", 2.0)
    weights = entry.parameters_b * 1e9 * width / GIB
    token = 128 * 1024 * (entry.parameters_b / 8) ** 0.5
    cache = token * (entry.max_model_len or _DEFAULT_LENGTH) * _SEQUENCES / GIB
    per_device = (weights + cache) / entry.tensor_parallel + _OVERHEAD
    return Need(key, entry.tensor_parallel, per_device, weights)


def gpus() -> list[float]:
    """Return the memory of each GPU in GiB; none when there is no driver."""
    if shutil.which("nvidia-smi") is None:
        return []
    asked = ["nvidia-smi", "--query-gpu=memory.total", "--format=csv,noheader,nounits"]
    try:
        said = subprocess.run(  # noqa: S603 - a fixed command
            asked,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            env=without_secrets(os.environ),
        )
    except (OSError, subprocess.SubprocessError):
        return []
    lines = (line.strip() for line in said.stdout.splitlines())
    return [float(line) / 1024 for line in lines if line.replace(".", "", 1).isdigit()]


def too_large(needs: Sequence[Need], found: Sequence[float]) -> list[Need]:
    """Return what does not fit on the GPUs that were found, the largest first."""
    room = USED_SHARE * min(found, default=0.0)
    fits = [n for n in needs if n.devices <= len(found) and n.per_device <= room]
    return sorted((n for n in needs if n not in fits), key=lambda n: -n.per_device * n.devices)


def gpu_lines(settings: Settings, found: Sequence[float]) -> tuple[list[str], list[str]]:
    """Return what to say about GPU memory, and what is in doubt; nothing without local models."""
    local = {k: e for k, e in settings.models.items() if e.backend == "vllm"}
    if not local:
        return [], []
    needs = [n for n in (need(key, entry) for key, entry in local.items()) if n is not None]
    said = [f"gpu          {_devices(found)}"]
    said += [f"  {n.key:<34} {n.devices} x {n.per_device:.0f} GiB" for n in _largest(needs)]
    if len(needs) > len(_largest(needs)):
        said.append(f"  and {len(needs) - len(_largest(needs))} smaller models; all are estimates")
    large = too_large(needs, found)
    doubts = []
    if not found:
        doubts.append("no GPU was found: vLLM needs one, or a cluster that has some")
    elif large:
        shown = ", ".join(f"{n.key} ({n.devices} x {n.per_device:.0f} GiB)" for n in large[:3])
        doubts.append(
            f"{len(large)} of {len(local)} models do not fit on {_devices(found)}: {shown}"
        )
    if len(needs) < len(local):
        doubts.append(f"{len(local) - len(needs)} models have no parameters_b: size not known")
    return said, doubts


def _largest(needs: Sequence[Need]) -> list[Need]:
    return sorted(needs, key=lambda n: (-n.per_device * n.devices, n.key))[:5]


def _devices(found: Sequence[float]) -> str:
    return f"{len(found)} x {min(found):.0f} GiB" if found else "none found"


def requests(settings: Settings) -> int:
    """Return how many requests the study makes, stems apart (their number follows the taxonomy)."""
    elicited = 15 * len(settings.elicit.grid) * settings.elicit.draws
    return len(settings.models) * (elicited + 57 * settings.survey.trials)


def disk_lines(settings: Settings, store: Path) -> tuple[list[str], list[str]]:
    """Return what to say about disk, and what is missing: weights to download, and the store."""
    hub = Path(os.environ.get("HF_HOME", Path.home() / ".cache" / "huggingface")) / "hub"
    absent = {k: e for k, e in settings.models.items() if e.backend == "vllm" and not here(hub, e)}
    sizes = [n.weights for n in (need(k, e) for k, e in absent.items()) if n is not None]
    store_gib = requests(settings) * _REPLY_BYTES / GIB
    wanted: Mapping[Path, float] = {hub: sum(sizes), store.parent: store_gib}
    said, missing = [], []
    for folder, gib in wanted.items():
        if gib < 0.01 and folder == hub:
            continue
        free = shutil.disk_usage(_existing(folder)).free / GIB
        what = f"weights of {len(absent)} models to download" if folder == hub else "replies"
        said.append(f"disk         {gib:.1f} GiB for {what}; {free:.0f} GiB free at {folder}")
        if free < gib:
            missing.append(f"{what}: about {gib:.0f} GiB, but {folder} has {free:.0f} GiB free")
    return said, missing


def here(hub: Path, entry: ModelEntry) -> bool:
    """Tell whether a model's weights are on this machine: a folder, or in the hub's cache."""
    return Path(entry.id).is_dir() or (hub / f"models--{entry.id.replace('/', '--')}").is_dir()


def _existing(folder: Path) -> Path:
    return next(p for p in (folder, *folder.parents) if p.exists())

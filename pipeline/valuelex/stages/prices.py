"""A user's price file: what a model's tokens cost, by the million."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from valuelex.errors import SettingsError, near_miss
from valuelex.reading import UnreadableYamlError, load_yaml
from valuelex.roster import ModelEntry

_FIELDS = ("input", "output")
_TOP = ("currency", "prices")
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """Cost of a million tokens of prompts and of replies, each >= 0."""

    input: float
    output: float

    def of(self, tokens_in: float, tokens_out: float) -> float:
        """Return what so many tokens cost."""
        return (self.input * tokens_in + self.output * tokens_out) / _MILLION


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices by roster key or model id, in one currency."""

    currency: str
    by_model: Mapping[str, Price]

    def of(self, key: str, entry: ModelEntry) -> Price | None:
        """Return the price of a model; the double, recordings and own machines cost nothing."""
        found = self.by_model.get(key) or self.by_model.get(entry.id)
        if found is None and entry.backend != "openai":
            return Price(0.0, 0.0)
        return found


def read_prices(path: Path) -> Prices:
    """Read a price file: YAML with ``currency`` and ``prices``, or CSV with model,input,output.

    Raises
    ------
    SettingsError
        Naming the file, the model and what is wrong with its price.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path} is no price file: expected text in UTF-8") from None
    return _from_csv(path, text) if path.suffix.lower() == ".csv" else _from_yaml(path, text)


def _from_yaml(path: Path, text: str) -> Prices:
    try:
        content = load_yaml(text)
    except UnreadableYamlError as error:
        raise SettingsError(f"{path} is not valid YAML: {error}") from None
    if not isinstance(content, Mapping) or not isinstance(content.get("prices"), Mapping):
        raise SettingsError(
            f"{path} must hold `currency` and `prices` (model: {{input, output}} per million"
            f" tokens), was: {content!r:.80}"
        )
    _refuse_strangers(path, content, _TOP)
    return Prices(
        str(content.get("currency") or ""),
        {str(model): _price(path, str(model), row) for model, row in content["prices"].items()},
    )


def _from_csv(path: Path, text: str) -> Prices:
    try:
        return _from_rows(path, csv.DictReader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise SettingsError(f"{path} is no CSV: {error}") from None


def _from_rows(path: Path, reader: csv.DictReader[str]) -> Prices:
    if not {"model", *_FIELDS} <= set(reader.fieldnames or ()):
        raise SettingsError(
            f"{path} must begin with the columns model,input,output, was: {reader.fieldnames}"
        )
    found: dict[str, Price] = {}
    for row in reader:
        if row["model"] in found:
            raise SettingsError(f"{path}: the model '{row['model']}' stands twice")
        found[row["model"]] = _price(path, row["model"], {name: row[name] for name in _FIELDS})
    return Prices("", found)


def _price(path: Path, model: str, row: Any) -> Price:
    if not isinstance(row, Mapping):
        raise SettingsError(f"{path}: '{model}' must have input and output, was: {row!r:.60}")
    _refuse_strangers(path, row, _FIELDS)
    return Price(*(_number(path, model, name, row.get(name)) for name in _FIELDS))


def _number(path: Path, model: str, name: str, given: Any) -> float:
    try:
        found = math.nan if isinstance(given, bool) else float(given)
    except (TypeError, ValueError):
        found = math.nan
    if not 0.0 <= found < math.inf:
        raise SettingsError(
            f"{path}: '{name}' of '{model}' must be a price per million tokens, at least 0,"
            f" was: {given!r:.40}"
        )
    return found


def _refuse_strangers(path: Path, given: Mapping[Any, Any], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            raise SettingsError(
                f"{path}: unknown key '{name}'{near_miss(str(name), known)}; known here:"
                f" {', '.join(known)}"
            )

"""Strict reading of a nested mapping: known keys, values of their kind, or one clear error."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, dataclass, fields
from typing import Any, TypeVar

from valuelex.errors import LexiconError, near_miss

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Node:
    """A mapping of the world file together with its place, for error messages."""

    content: Mapping[str, Any]
    place: str

    @classmethod
    def of(cls, content: Any, place: str) -> Node:
        """Wrap ``content``.

        Raises
        ------
        LexiconError
            When it is no mapping with text keys.
        """
        if not isinstance(content, Mapping):
            raise LexiconError(f"{place} must be a mapping, was: {content!r:.60}")
        strange = [key for key in content if not isinstance(key, str)]
        if strange:
            raise LexiconError(f"{place} must have text keys, has: {strange[0]!r} (quote it)")
        return cls(content, place)

    def only(self, names: Iterable[str]) -> Node:
        """Return self when the keys are exactly ``names``.

        Raises
        ------
        LexiconError
            Naming the unknown or missing key.
        """
        known = list(names)
        for key in self.content:
            if key not in known:
                raise LexiconError(f"{self.place}: unknown key '{key}'{near_miss(key, known)}")
        missing = [name for name in known if name not in self.content]
        if missing:
            raise LexiconError(f"{self.place} misses the keys {missing}")
        return self

    def at(self, name: str) -> Node:
        """Return the mapping under ``name``."""
        return Node.of(self._get(name), f"{self.place}.{name}")

    def items(self) -> list[tuple[str, Any]]:
        """Return keys and raw values in file order."""
        return list(self.content.items())

    def each(self) -> list[tuple[str, Node]]:
        """Return keys and the mappings below them."""
        return [(key, self.at(key)) for key in self.content]

    def number(self, name: str) -> float:
        """Return a finite number."""
        value = self._get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
            raise LexiconError(f"{self.place}.{name} must be a number, was: {value!r:.60}")
        return float(value)

    def numbers(self) -> dict[str, float]:
        """Return the mapping as numbers."""
        return {name: self.number(name) for name in self.content}

    def text(self, name: str) -> str:
        """Return a text that is not empty."""
        value = self._get(name)
        if not isinstance(value, str) or not value.strip():
            raise LexiconError(f"{self.place}.{name} must be a text, was: {value!r:.60}")
        return value

    def texts(self, name: str, at_least: int = 0, *, blank: bool = False) -> tuple[str, ...]:
        """Return a list of texts; ``blank`` allows empty ones."""
        value = self._get(name)
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            raise LexiconError(f"{self.place}.{name} must be a list of texts, was: {value!r:.60}")
        if not blank and not all(one.strip() for one in value):
            raise LexiconError(f"{self.place}.{name} holds an empty text")
        if len(value) < at_least:
            raise LexiconError(
                f"{self.place}.{name} needs at least {at_least} texts, has {len(value)}"
            )
        return tuple(value)

    def rows(self, name: str) -> list[Node]:
        """Return a non-empty list of mappings."""
        value = self._get(name)
        if not isinstance(value, list) or not value:
            raise LexiconError(f"{self.place}.{name} must be a list, was: {value!r:.60}")
        return [Node.of(one, f"{self.place}.{name}[{i}]") for i, one in enumerate(value)]

    def into(self, kind: type[T]) -> T:
        """Build a dataclass of numbers whose fields are exactly the keys."""
        names = [f.name for f in fields(kind) if f.default is MISSING]  # type: ignore[arg-type]
        return kind(**self.only(names).numbers())

    def _get(self, name: str) -> Any:
        if name not in self.content:
            raise LexiconError(
                f"{self.place} misses the key '{name}'{near_miss(name, self.content)}"
            )
        return self.content[name]

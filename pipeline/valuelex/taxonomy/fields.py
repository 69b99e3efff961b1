"""Strict reading of plain nested data: an error names the place, what was expected, what came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from valuelex.errors import ValueLexError, near_miss


class Fields:
    """One mapping of a nested document, read key by key.

    Parameters
    ----------
    data
        What should be a mapping.
    where
        The place in the document for messages, e.g. ``"taxonomy.dimensions[0]"``.
    known
        Every key that is allowed; an unknown one is an error with the nearest known name.
    error
        The class of error to raise.
    """

    def __init__(
        self, data: object, where: str, known: Sequence[str], error: type[ValueLexError]
    ) -> None:
        if not isinstance(data, Mapping):
            raise error(f"{where}: expected a mapping, was: {_kind(data)}")
        unknown = [str(key) for key in data if key not in known]
        if unknown:
            hint = near_miss(unknown[0], known)
            raise error(
                f"{where}: unknown key {unknown[0]!r}{hint}; known keys: {', '.join(known)}"
            )
        self._data = data
        self.where = where
        self.error = error

    def text(self, key: str, *, allowed: Sequence[str] | None = None) -> str:
        """Return a text, perhaps one of ``allowed``."""
        value = self._get(key)
        if not isinstance(value, str):
            raise self._wrong(key, "a text", value)
        if allowed is not None and value not in allowed:
            options = ", ".join(allowed)
            raise self._wrong(key, f"one of {options}", value, near_miss(value, allowed))
        return value

    def filled(self, key: str) -> str:
        """Return a text that is not blank."""
        value = self.text(key)
        if not value.strip():
            raise self._wrong(key, "a text that is not blank", value)
        return value

    def flag(self, key: str) -> bool:
        """Return true or false."""
        value = self._get(key)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false", value)
        return value

    def integer(self, key: str, *, least: int | None = None) -> int:
        """Return a whole number, at least ``least``."""
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self._wrong(key, "a whole number", value)
        if least is not None and value < least:
            raise self._wrong(key, f"a whole number of at least {least}", value)
        return value

    def number(self, key: str) -> float:
        """Return a finite number."""
        value = self._get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self._wrong(key, "a number", value)
        if value != value or value in (float("inf"), float("-inf")):
            raise self._wrong(key, "a finite number", value)
        return float(value)

    def maybe_number(self, key: str) -> float | None:
        """Return a finite number or ``None``."""
        return None if self._get(key) is None else self.number(key)

    def maybe_integer(self, key: str) -> int | None:
        """Return a whole number or ``None``."""
        return None if self._get(key) is None else self.integer(key)

    def items(self, key: str) -> list[object]:
        """Return a list."""
        value = self._get(key)
        if isinstance(value, str | bytes) or not isinstance(value, Sequence):
            raise self._wrong(key, "a list", value)
        return list(value)

    def texts(self, key: str) -> list[str]:
        """Return a list of texts."""
        out: list[str] = []
        for i, value in enumerate(self.items(key)):
            if not isinstance(value, str):
                raise self._wrong(f"{key}[{i}]", "a text", value)
            out.append(value)
        return out

    def mapping(self, key: str) -> dict[str, object]:
        """Return a mapping with text keys."""
        value = self._get(key)
        if not isinstance(value, Mapping):
            raise self._wrong(key, "a mapping", value)
        return {str(k): v for k, v in value.items()}

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._data

    def _get(self, key: str) -> object:
        if key not in self._data:
            raise self.error(f"{self.where}: the key {key!r} is missing")
        value: object = self._data[key]
        return value

    def _wrong(self, key: str, expected: str, value: object, hint: str = "") -> ValueLexError:
        return self.error(f"{self.where}.{key}: expected {expected}, was: {_kind(value)}{hint}")


def _kind(value: object) -> str:
    shown = repr(value)
    short = shown if len(shown) <= 60 else shown[:57] + "..."
    return f"{short} ({type(value).__name__})"

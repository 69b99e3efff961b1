"""Reading YAML: safe, fast, and strict about doubled keys. Params, prompts and lexica share it."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from typing import Any

MAX_DEPTH = 100
"""Levels of lists and mappings in each other: libyaml's parser ends the process far beyond."""
MAX_VALUES = 1_000_000
"""Values of a document, those that aliases repeat among them: nine aliases in nine levels would
make four hundred million."""
_LONG_NUMBER = re.compile(r"[-+]?[0-9][0-9a-fA-FxXob_:.]{300,}")


class UnreadableYamlError(ValueError):
    """The text is not YAML, or a key stands twice; the caller says in which file."""


def load_yaml(text: str | bytes) -> Any:
    """Parse YAML into plain Python values.

    Raises
    ------
    UnreadableYamlError
        When the text is not YAML, or a mapping names a key twice (YAML itself would silently keep
        the last one), or it is nested or repeated beyond :data:`MAX_DEPTH` or
        :data:`MAX_VALUES`.
    """
    import yaml

    try:
        _measure(text)
        return yaml.load(text, _unique_keys())  # noqa: S506 - derived from the safe loader
    # The last ones: what the constructors say of a tag that does not fit its text (`!!bool x`,
    # `!!int ""`, a thirteenth month).
    except (yaml.YAMLError, ValueError, OverflowError, LookupError, AttributeError) as error:
        said = " ".join(str(error).split())
        known = isinstance(error, yaml.YAMLError | UnicodeDecodeError)
        raise UnreadableYamlError(said if known else f"a value that is none ({said})") from None


def _base() -> Any:
    import yaml

    # The C parser is ten times faster; each of a study's hundred commands reads params.yaml.
    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _measure(text: str | bytes) -> None:
    """Refuse a document that is nested too deep or, with its aliases, too large."""
    import yaml

    sizes: dict[str | None, int] = {}  # of what an anchor names, aliases included
    opened: list[tuple[str | None, int]] = []  # anchor, and the total when it began
    total = 0
    events: Iterable[Any] = yaml.parse(text, Loader=_base())
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.CollectionEndEvent):
            anchor, before = opened.pop()
            if anchor:
                sizes[anchor] = total - before
            continue
        total += sizes.get(event.anchor, 1) if isinstance(event, yaml.AliasEvent) else 1
        if isinstance(event, yaml.CollectionStartEvent):
            sizes[event.anchor] = MAX_VALUES  # not whole yet: an alias inside would never end
            opened.append((event.anchor, total))
        elif isinstance(event, yaml.ScalarEvent):
            sizes[event.anchor] = 1
            if event.implicit[0] and _LONG_NUMBER.fullmatch(event.value):
                raise yaml.YAMLError(f"a number of {len(event.value)} digits on line {line}")
        if len(opened) > MAX_DEPTH:
            raise yaml.YAMLError(f"more than {MAX_DEPTH} levels on line {line}")
        if total > MAX_VALUES:
            raise yaml.YAMLError(f"more than {MAX_VALUES} values with the alias on line {line}")


def _unique_keys() -> Any:
    import yaml

    base: Any = _base()

    class Loader(base):  # type: ignore[misc]  # the base is chosen at run time
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            if not isinstance(node, yaml.MappingNode):  # `!!map` before what is none
                return super().construct_mapping(node, deep)
            seen: set[Any] = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=deep)
                line = key_node.start_mark.line + 1
                if not isinstance(key, Hashable):
                    raise yaml.YAMLError(f"a key must be a plain value, line {line} has a list")
                if key in seen:
                    raise yaml.YAMLError(f"key {key!r} stands twice, again on line {line}")
                seen.add(key)
            return super().construct_mapping(node, deep)

    return Loader

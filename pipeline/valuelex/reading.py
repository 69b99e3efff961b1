"""Reading YAML: safe, fast, and strict about doubled keys. Params, prompts and lexica share it."""

from __future__ import annotations

from typing import Any


class UnreadableYamlError(ValueError):
    """The text is not YAML, or a key stands twice; the caller says in which file."""


def load_yaml(text: str | bytes) -> Any:
    """Parse YAML into plain Python values.

    Raises
    ------
    UnreadableYamlError
        When the text is not YAML, or a mapping names a key twice (YAML itself would silently keep
        the last one).
    """
    import yaml

    try:
        return yaml.load(text, _unique_keys())  # noqa: S506 - derived from the safe loader
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UnreadableYamlError(" ".join(str(error).split())) from None


def _unique_keys() -> Any:
    import yaml

    # The C parser is ten times faster; each of a study's hundred commands reads params.yaml.
    base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc]  # the base is chosen at run time
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            seen: set[Any] = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=deep)
                if key in seen:
                    line = key_node.start_mark.line + 1
                    raise yaml.YAMLError(f"key {key!r} stands twice, again on line {line}")
                seen.add(key)
            return super().construct_mapping(node, deep)

    return Loader

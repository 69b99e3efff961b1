"""An item set: questions that people asked, several replies to each, and what people made of them.

An *item* is one reply to one question. Whoever answers says how much the reply is like them. The
published set has this shape; a set of one's own needs no more than ids and texts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from valuelex.errors import DataError
from valuelex.instruments.portrait.ratings import ItemId
from valuelex.instruments.portrait.score import Tag

_FIELD = "correlations"
FIRST_FAMILY = "pvq"


@dataclass(frozen=True, slots=True)
class Item:
    """One reply to one question; ``title`` may be empty."""

    id: ItemId
    title: str
    question: str
    reply: str


@dataclass(frozen=True, slots=True)
class ItemSet:
    """Items in the order of the file, and the correlations that it carries (none in a new set)."""

    items: tuple[Item, ...]
    correlations: tuple[Tag, ...]


def read_item_set(content: object) -> ItemSet:
    """Read a list of ``{portrait_id, content: {title, text}, outputs: [{id, content}]}``.

    An output may carry ``correlations`` (the family ``pvq``) and ``<family>_correlations``: lists
    of (value, Spearman's r).

    Raises
    ------
    DataError
        Naming the entry, what was expected and what came; or an item that stands twice.
    """
    if not isinstance(content, list) or not content:
        raise DataError(f"an item set must be a list of questions, was: {type(content).__name__}")
    items: dict[ItemId, Item] = {}
    found: list[Tag] = []
    for number, entry in enumerate(content, start=1):
        where = f"question {number}"
        portrait = str(_of(entry, "portrait_id", where))
        asked = _of(entry, "content", where)
        title, text = (str(_of(asked, name, f"{where}, content")) for name in ("title", "text"))
        outputs = _of(entry, "outputs", where)
        if not isinstance(outputs, list) or not outputs:
            raise DataError(f"{where}: 'outputs' must be a list of replies, was: {outputs!r:.60}")
        for output in outputs:
            item = Item((portrait, _whole(output, where)), title, text, _reply(output, where))
            if item.id in items:
                raise DataError(f"{where}: the item {item.id} stands twice")
            items[item.id] = item
            found.extend(_correlations(output, item.id, where))
    return ItemSet(tuple(items.values()), tuple(found))


def _of(entry: object, name: str, where: str) -> Any:
    if not isinstance(entry, Mapping) or name not in entry:
        has = sorted(entry) if isinstance(entry, Mapping) else type(entry).__name__
        raise DataError(f"{where} must have '{name}', has: {has}")
    return entry[name]


def _whole(output: object, where: str) -> int:
    value = _of(output, "id", where)
    if isinstance(value, bool) or not isinstance(value, int):
        raise DataError(f"{where}: the id of a reply must be a whole number, was: {value!r:.60}")
    return value


def _reply(output: object, where: str) -> str:
    text = _of(output, "content", where)
    if not isinstance(text, str) or not text.strip():
        raise DataError(f"{where}: a reply must be a text, was: {text!r:.60}")
    return text


def _correlations(output: Mapping[str, Any], item: ItemId, where: str) -> list[Tag]:
    found = []
    for name in sorted(output):
        if not name.endswith(_FIELD):
            continue
        family = name.removesuffix(_FIELD).rstrip("_") or FIRST_FAMILY
        pairs: Sequence[Any] = output[name]
        for pair in pairs:
            if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[1], int | float):
                raise DataError(f"{where}: '{name}' must hold (value, r), was: {pair!r:.60}")
            found.append(Tag(item, family, str(pair[0]), float(pair[1])))
    return found

"""Comparing two files in the form of taxonomy.json, wherever they lie."""

from __future__ import annotations

import json
from pathlib import Path

from valuelex.errors import DataError
from valuelex.taxonomy.diff import TaxonomyDiff, diff_taxonomies
from valuelex.taxonomy.model import Taxonomy


def compare_files(before: Path, after: Path) -> TaxonomyDiff:
    """Compare two taxonomies, old to new.

    Raises
    ------
    DataError
        A file is missing, is no JSON, or is no taxonomy.
    """
    return diff_taxonomies(_read(before), _read(after))


def _read(path: Path) -> Taxonomy:
    try:
        return Taxonomy.from_dict(json.loads(path.read_bytes()))
    except OSError as error:
        raise DataError(
            f"{path} cannot be read ({error.strerror}): expected a taxonomy.json"
        ) from None
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path} is no JSON: {error}") from None
    except DataError as error:
        raise DataError(f"{path}: {error}") from None

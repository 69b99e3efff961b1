"""normalize: from the text of every reply to terms, with an account of everything that is lost."""

from __future__ import annotations

from collections import Counter
from typing import Any

from valuelex.artifacts.table import ATTRITION, MENTIONS, MERGES, REPLIES, TERMS
from valuelex.errors import TooFewRepliesError
from valuelex.stages.context import Context, read_per_model
from valuelex.stages.progress import Progress

"""normalize: from the text of every reply to terms, with an account of everything that is lost."""

from __future__ import annotations

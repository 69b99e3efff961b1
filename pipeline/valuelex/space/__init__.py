"""Meaning: embedding, reducing and clustering terms."""

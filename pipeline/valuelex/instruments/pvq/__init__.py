"""Schwartz's portrait values questionnaire in our own wording: items, key, parser, scores."""

"""ValueLex: a generative value-lexicon discovery pipeline.

Elicits value words from language models, finds the dimensions behind them, builds projective tests
on those dimensions, gives the tests and scores them. ``dvc.yaml`` is the method section.
"""

__version__ = "0.1.0"

"""ValueLex: a generative value-lexicon discovery pipeline.

Elicits value words from language models, finds the dimensions behind them, builds projective tests
on those dimensions, gives the tests and scores them. ``dvc.yaml`` is the method section.
"""

from valuelex.environment import be_silent

__version__ = "0.1.0"

be_silent()  # before any library is imported: each of them reads its variable then

_API = {
    "load_study": "valuelex.stages.notebook:load_study",
    "load_taxonomy": "valuelex.stages.released:load_release",
    "score_completions": "valuelex.stages.scoring:score_completions",
}


def __getattr__(name: str) -> object:
    """Import a function of the programming interface when it is first asked for."""
    if name not in _API:
        raise AttributeError(f"module 'valuelex' has no attribute {name!r}")
    import importlib

    module, _, function = _API[name].partition(":")
    return getattr(importlib.import_module(module), function)

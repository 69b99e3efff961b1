from valuelex.stages.released import load_release as load_taxonomy
from valuelex.stages.scoring import score_completions as score_completions

__all__ = ["load_taxonomy", "score_completions"]

__version__: str

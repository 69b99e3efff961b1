"""Simulated models: a data-generating process with a planted taxonomy, behind the backend protocol.

:class:`World` is the planted truth (a mapping read from ``lexicon/planted/``), and
:class:`SimulatedBackend` answers requests as the models of that world would: in text. Another seed
is another sample of models and of texts. Nothing but this backend and the recovery check may
read the planted truth.
"""

from valuelex.backends.simulated.backend import SimulatedBackend
from valuelex.backends.simulated.respondent import ModelTraits
from valuelex.backends.simulated.truth import PlantedTerm, PlantedTruth
from valuelex.backends.simulated.world import World

__all__ = ["ModelTraits", "PlantedTerm", "PlantedTruth", "SimulatedBackend", "World"]

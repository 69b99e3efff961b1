"""Artifacts for `dvc plots`: numbers alone, since DVC escapes no text in the pages it draws."""

from __future__ import annotations

from valuelex.artifacts.base import Column, Table

_SIMULATED = Column("simulated", "int", "1 when a program wrote the replies, else 0")
PLOT_SCREE = Table(
    path="plots/scree.csv",
    stage="report",
    grain="one factor",
    key=("factor",),
    doc="Numbers for `dvc plots`: eigenvalues against chance.",
    columns=(
        Column("factor", "int", "number of the factor, from 1"),
        Column("eigenvalue", "float", "observed eigenvalue"),
        Column("chance", "float", "threshold of the parallel analysis", True),
        Column("map", "float", "mean squared partial correlation after that many", True),
        _SIMULATED,
    ),
)
PLOT_CONGRUENCE = Table(
    path="plots/congruence.csv",
    stage="report",
    grain="one factor",
    key=("factor",),
    doc="Numbers for `dvc plots`: does each factor come back when families are resampled.",
    columns=(
        Column("factor", "int", "number of the factor, from 1"),
        Column("phi", "float", "Tucker's phi under resampling", True),
        Column("lower", "float", "lower end of the 95 % interval", True),
        Column("upper", "float", "upper end of the 95 % interval", True),
        _SIMULATED,
    ),
)
PLOT_MAP = Table(
    path="plots/map.csv",
    stage="report",
    grain="one term, without its name",
    key=("x", "y"),
    doc="Numbers for `dvc plots`: the map of terms; -1 is no dimension.",
    columns=(
        Column("x", "float", "map coordinate, no unit"),
        Column("y", "float", "map coordinate, no unit"),
        Column("dimension", "int", "number of the dimension, from 1; -1 for none"),
        _SIMULATED,
    ),
)

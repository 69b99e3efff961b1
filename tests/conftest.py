"""One thread of linear algebra, and no look at a model hub: set before anything is imported."""

from __future__ import annotations

import os

from hypothesis import settings

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    # two workers with two threads each wait for one another on two cores
    os.environ.setdefault(_name, "1")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")

# no test is timed: on a busy machine any of them may take long
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

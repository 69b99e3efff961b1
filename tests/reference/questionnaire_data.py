"""Makes the data sets of questionnaire.R: `python tests/reference/questionnaire_data.py FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np


def main(folder: Path) -> None:
    rng = np.random.default_rng(20261)
    folder.mkdir(parents=True, exist_ok=True)
    phi = np.array([[1, 0.4, 0.1], [0.4, 1, -0.3], [0.1, -0.3, 1]])
    scores = rng.multivariate_normal(np.zeros(3), phi, size=180)
    loadings = rng.uniform(0.4, 0.9, size=9)
    items = scores[:, np.repeat(range(3), 3)] * loadings + rng.normal(size=(180, 9)) * 0.7
    items[:, 1] += 0.4 * items[:, 5]  # a cross-loading, so that the model does not fit perfectly
    answers = np.clip(np.round(3.5 + 1.2 * items), 1, 6)
    np.savetxt(
        folder / "cfa.csv",
        answers,
        fmt="%d",
        delimiter=",",
        header=",".join(f"x{i}" for i in range(1, 10)),
        comments="",
    )
    models, things, trials = 8, 7, 4
    level = rng.normal(0, 0.8, models)[:, None, None]
    item = rng.normal(0, 1.0, things)[None, :, None]
    both = rng.normal(0, 0.9, (models, things))[:, :, None]
    trial = rng.normal(0, 0.6, (models, trials))[:, None, :]
    y = 3.5 + level + item + both + trial + rng.normal(0, 0.5, (models, things, trials))
    rows = [
        f"{m},{i},{t},{y[m, i, t]:.6f}"
        for m in range(models)
        for i in range(things)
        for t in range(trials)
    ]
    (folder / "components.csv").write_text("model,item,trial,y\n" + "\n".join(rows) + "\n")
    groups = np.repeat(["a", "b", "c", "d"], [12, 9, 11, 8])
    shift = {"a": 0.0, "b": 0.4, "c": 0.1, "d": -0.3}
    three = rng.normal(size=(40, 3)) @ np.array([[1, 0.3, 0], [0, 1, 0.2], [0, 0, 1.0]])
    three[:, 0] += [shift[g] for g in groups]
    rows = [f"{g},{a:.6f},{b:.6f},{c:.6f}" for g, (a, b, c) in zip(groups, three, strict=True)]
    (folder / "manova.csv").write_text("g,y1,y2,y3\n" + "\n".join(rows) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

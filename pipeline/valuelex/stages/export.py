"""Static figures and tables of a finished study: read its artifacts, write files elsewhere.

No box of dvc.yaml: what is exported is for papers and slides, and the pipeline never reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from valuelex.artifacts.codecs import ELSEWHERE, write_bytes
from valuelex.reporting.lookup import Lookup
from valuelex.stages.context import Context
from valuelex.stages.report import gather

FORMATS = ("svg", "png")


def export(context: Context, to: Path) -> Iterator[Path]:
    """Write every figure and table of the study below ``to``; yield each file when it is there.

    ``figures/<name>.svg`` and ``.png``, ``tables/<name>.csv``, ``.md``, ``.tex`` and
    ``tables.xlsx``. The same artifacts give the same bytes.

    Raises
    ------
    ArtifactError
        When a stage of the study has not run.
    """
    from valuelex.reporting.static import formats, lexical, models, tables
    from valuelex.reporting.static.canvas import render

    content = gather(context)
    lookup = Lookup.of(content)
    simulated = context.settings.simulated
    for sheet in (*lexical.sheets(content, lookup), *models.sheets(content, lookup)):
        for ending, data in render(sheet, simulated=simulated).items():
            yield _written(to / "figures" / f"{sheet.name}.{ending}", data)
    encoders = {"csv": formats.as_csv, "md": formats.as_markdown, "tex": formats.as_latex}
    results = tables.results(content, lookup)
    for result in results:
        for ending, encode in encoders.items():
            data = encode(result, simulated=simulated)
            yield _written(to / "tables" / f"{result.name}.{ending}", data)
    yield _written(to / "tables.xlsx", formats.workbook(results, simulated=simulated))


def _written(file: Path, data: bytes) -> Path:
    write_bytes(file, data, hint=ELSEWHERE)
    return file

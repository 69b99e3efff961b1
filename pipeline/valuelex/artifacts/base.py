"""What an artifact is: a file with one writer, that knows its grain, its key and its codec."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from valuelex.artifacts import codecs, written
from valuelex.artifacts.parts import in_groups, in_order
from valuelex.errors import ArtifactError

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

Kind = Literal["str", "int", "float", "bool"]
OUTPUTS = "outputs"
ROW_GROUP = 65_536  # rows of a Parquet file that are held at once when it is written in parts
# a checksum of every page: a file that left its project, and with it our register, has still that
_PARQUET: Mapping[str, Any] = {"compression": "zstd", "write_page_checksum": True}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, its type, what it means and in which unit."""

    name: str
    type: Kind
    doc: str
    nullable: bool = False

    @property
    def cell(self) -> codecs.Cell:
        """What a Parquet file keeps of it."""
        return self.name, self.type, self.nullable


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """A file under ``outputs/``; ``path`` may hold ``{model}``, one file per roster key.

    (Or ``{stage}``, one file per stage of dvc.yaml: then the name of a stage stands for the key.)
    """

    path: str
    stage: str
    grain: str
    key: tuple[str, ...] = ()
    doc: str = ""

    @property
    def shown(self) -> str:
        """The path as people read it: ``elicit/<model>.parquet``."""
        return self.path.replace("{", "<").replace("}", ">")

    def keys(self, root: Path, models: Iterable[str]) -> list[str | None]:
        """Return what there is one file for: these models, the stages found, or nothing else."""
        if "{stage}" in self.path:
            folder, ending = (root / OUTPUTS / self.path).parent, Path(self.path).suffix
            return [file.stem for file in sorted(folder.glob(f"*{ending}"))]
        return [*sorted(models)] if "{model}" in self.path else [None]

    def file(self, root: Path, model: str | None = None) -> Path:
        """Return where the artifact lies below the project folder ``root``."""
        if ("{" in self.path) != (model is not None):
            raise ValueError(f"{self.path}: a model key is {'needed' if model is None else 'idle'}")
        return root / OUTPUTS / self.path.format(model=model, stage=model)

    def load(self, root: Path, model: str | None = None) -> bytes:
        """Return the file's bytes.

        Raises
        ------
        ArtifactError
            When the file is not there, or is not what its stage wrote; the message says which stage
            writes it.
        """
        file = self.file(root, model)
        try:
            data = file.read_bytes()
            written.check(root, file, data)
        except ValueError as error:
            raise self.broken(root, model, error) from None
        except OSError as error:
            stage = self._stage(model)
            raise ArtifactError(
                f"{file} cannot be read ({error.strerror}): it is written by the stage '{stage}';"
                f" run `dvc repro {stage}` first"
            ) from None
        return data

    def _stage(self, model: str | None) -> str:
        """Return what DVC calls the stage that writes the file."""
        return f"{self.stage}@{model}" if "{model}" in self.path else self.stage

    def broken(self, root: Path, model: str | None, why: object) -> ArtifactError:
        """Return the error for a file that is there but is not what it should be."""
        stage = self._stage(model)
        return ArtifactError(
            f"{self.file(root, model)} is damaged ({why}): expected {self.grain} per row or entry,"
            f" as written by the stage '{stage}'; delete it and run `dvc repro {stage}`, or run"
            " `dvc commit` when you changed it and mean it"
        )

    def _save(self, root: Path, model: str | None, data: bytes) -> Path:
        file = self.file(root, model)
        # before the file is there: killed in between, a file that nobody knows would be refused
        written.remember(root, file, hashlib.sha256(data).hexdigest())
        codecs.write_bytes(file, data)
        return file


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Artifact):
    """Rows and columns, sorted by key; Parquet or CSV by the path's ending.

    ``family`` names a run of further float columns whose number is found in the data (``F`` stands
    for ``F1``, ``F2`` ...).
    """

    columns: tuple[Column, ...]
    family: str = ""

    def write(
        self, root: Path, rows: Iterable[Mapping[str, Any]], model: str | None = None
    ) -> Path:
        """Write rows, sorted by the key; a doubled key is refused.

        Raises
        ------
        ArtifactError
            When two rows share a key.
        """
        content = sorted(rows, key=lambda row: tuple(row[name] for name in self.key))
        for before, after in itertools.pairwise(content):
            if all(before[name] == after[name] for name in self.key):
                shown = {name: after[name] for name in self.key}
                raise ArtifactError(f"{self.path}: two rows share the key {shown}")
        names = self._names(content[0].keys() if content else ())
        if self.path.endswith(".csv"):
            return self._save(root, model, codecs.csv_bytes(names, content))
        return self._save(root, model, self._parquet(names, content))

    def write_sorted(self, root: Path, parts: Iterable[Any]) -> Path:
        """Write Arrow tables whose rows come sorted by the key, a group at a time; Parquet only.

        Holds one part and one group in memory. The bytes are those of :meth:`write` for up to a
        group of rows.

        Raises
        ------
        ArtifactError
            When a row does not come after the one before it.
        """
        import pyarrow.parquet as pq

        path = self.file(root)
        schema = codecs.arrow_table([column.cell for column in self.columns], ()).schema
        with codecs.replacing(path) as file:
            with pq.ParquetWriter(file, schema, **_PARQUET) as out:
                for group in in_groups(in_order(parts, self.key, self.path), schema, ROW_GROUP):
                    out.write_table(group)
            file.flush()
            written.remember(root, path, written.digest_of(Path(file.name)))
        return path

    def scan(
        self, root: Path, model: str | None = None, rows: int = 1024
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of a Parquet table one by one, holding about ``rows`` of them.

        Raises
        ------
        ArtifactError
            When the file is missing or damaged.
        """
        for batch in self.batches(root, None, model, rows):
            yield from batch.to_pylist()

    def batches(
        self,
        root: Path,
        names: Sequence[str] | None = None,
        model: str | None = None,
        rows: int = ROW_GROUP,
    ) -> Iterator[Any]:
        """Yield Arrow record batches of a Parquet table with the columns asked for, or with all.

        Raises
        ------
        ArtifactError
            When the file is missing or damaged.
        """
        import pyarrow.parquet as pq

        path = self.file(root, model)
        if not path.is_file():
            self.load(root, model)  # says what is missing, and which stage writes it
        try:
            written.check(root, path)
            with pq.ParquetFile(path, page_checksum_verification=True) as file:
                self._kinds(file.schema_arrow.names)
                yield from file.iter_batches(rows, columns=names and [*names], use_threads=False)
        except codecs.UNREADABLE as error:
            raise self.broken(root, model, error) from None

    def read(self, root: Path, model: str | None = None) -> list[dict[str, Any]]:
        """Return the rows as typed Python values; a missing cell is ``None``.

        Raises
        ------
        ArtifactError
            When the file is missing, truncated, or has other columns.
        """
        data = self.load(root, model)
        try:
            rows = self._from_csv(data) if self.path.endswith(".csv") else self._from_parquet(data)
        except codecs.UNREADABLE as error:
            raise self.broken(root, model, error) from None
        return rows

    def frame(self, root: Path, model: str | None = None) -> pd.DataFrame:
        """Return the rows as a data frame with the table's column order."""
        import pandas as pd

        rows = self.read(root, model)
        names = self._names(rows[0].keys() if rows else ())
        return pd.DataFrame.from_records(rows, columns=names)

    def _names(self, found: Iterable[str]) -> list[str]:
        fixed = [column.name for column in self.columns]
        if not self.family:
            return fixed
        return fixed + [name for name in found if name not in fixed]

    def _kinds(self, names: Sequence[str]) -> dict[str, Column]:
        known = {column.name: column for column in self.columns}
        missing = [name for name in known if name not in names]
        extra = [n for n in names if n not in known and not (self.family and n[:1] == self.family)]
        if missing or extra:
            raise ValueError(f"columns missing: {missing}, columns unknown: {extra}")
        return {n: known.get(n, Column(n, "float", "", nullable=True)) for n in names}

    def _from_csv(self, data: bytes) -> list[dict[str, Any]]:
        header, rows = codecs.csv_rows(data)
        kinds = self._kinds(header)
        return [{n: _typed(cell, kinds[n]) for n, cell in row.items()} for row in rows]

    def _parquet(self, names: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> bytes:
        import pyarrow as pa
        import pyarrow.parquet as pq

        kinds = self._kinds(names)
        sink = pa.BufferOutputStream()
        table = codecs.arrow_table([kinds[name].cell for name in names], rows)
        pq.write_table(table, sink, **_PARQUET)
        return bytes(sink.getvalue().to_pybytes())

    def _from_parquet(self, data: bytes) -> list[dict[str, Any]]:
        import pyarrow as pa
        import pyarrow.parquet as pq

        with pq.ParquetFile(pa.BufferReader(data), page_checksum_verification=True) as file:
            table = file.read(use_threads=False)  # threads may abort at exit: apache/arrow#34314
        self._kinds(table.column_names)
        rows: list[dict[str, Any]] = table.to_pylist()
        return rows


def _typed(cell: str, column: Column) -> Any:
    if cell == "" and (column.nullable or column.type != "str"):
        if not column.nullable:
            raise ValueError(f"column '{column.name}' has an empty cell")
        return None
    if column.type == "bool":
        return {"true": True, "false": False}[cell]
    return {"str": str, "int": int, "float": float}[column.type](cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document(Artifact):
    """One JSON object."""

    def write(self, root: Path, content: Mapping[str, Any], model: str | None = None) -> Path:
        """Write the object as indented JSON."""
        return self._save(root, model, codecs.json_bytes(content))

    def read(self, root: Path, model: str | None = None) -> dict[str, Any]:
        """Return the object.

        Raises
        ------
        ArtifactError
            When the file is missing or is not a JSON object.
        """
        data = self.load(root, model)
        try:
            content = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise self.broken(root, model, error) from None
        if not isinstance(content, dict):
            raise self.broken(root, model, f"a JSON object was expected, not {type(content)}")
        return content


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrays(Artifact):
    """Named arrays in one ``.npz`` without objects."""

    def write(self, root: Path, arrays: Mapping[str, NDArray[Any]]) -> Path:
        """Write the arrays; the bytes do not depend on the time of writing."""
        return self._save(root, None, codecs.npz_bytes(arrays))

    def read(self, root: Path) -> dict[str, NDArray[Any]]:
        """Return the arrays by name.

        Raises
        ------
        ArtifactError
            When the file is missing or damaged.
        """
        data = self.load(root)
        try:
            return codecs.npz_arrays(data)
        except codecs.UNREADABLE as error:
            raise self.broken(root, None, error) from None


@dataclass(frozen=True, slots=True, kw_only=True)
class Text(Artifact):
    """A text file for people: Markdown or HTML."""

    def write(self, root: Path, content: str) -> Path:
        """Write UTF-8."""
        return self._save(root, None, content.encode("utf-8", errors="replace"))

    def read(self, root: Path) -> str:
        """Return the text.

        Raises
        ------
        ArtifactError
            When the file is missing.
        """
        return self.load(root).decode("utf-8", errors="replace")

"""Reading decodes in the thread that asks: Arrow's pools may abort a process that is done."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = """
import os, sys
from pathlib import Path
import pyarrow.parquet
from valuelex.artifacts.base import Column, Table
root = Path(sys.argv[1])
columns = (Column("id", "str", "key"),)
table = Table(path="a/t.parquet", stage="s", grain="one", key=("id",), columns=columns)
table.write(root, [{"id": str(i)} for i in range(5000)])
before = len(os.listdir("/proc/self/task"))
assert len(table.read(root)) == 5000
assert sum(batch.num_rows for batch in table.batches(root, rows=1000)) == 5000
print(before, len(os.listdir("/proc/self/task")))
"""


def test_reading_a_table_starts_no_pool_of_threads(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, tmp_path],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    before, after = map(int, done.stdout.split())
    assert after <= before + 1  # one of Arrow's own; its pools would be as many as there are cores

"""A file of draws: votes and seats of every election of a simulation as Parquet, written block by block."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from sailau.extras import library
from sailau.rulebook import BadInput, Fault

if TYPE_CHECKING:
    from sailau.simulation.run import Counted, Job


class DrawsFile:
    """Writes blocks into one Parquet file.

    Columns: `draw`, the number of the election; `votes:<paper>:<item>` for papers of the whole (`votes:<paper>:<district>:
    <item>` for others); `seats:<law>:<party>` and `tied:<law>` for each law. One row group per block.
    """

    def __init__(self, job: Job, path: Path) -> None:
        self.job, self.path = job, path
        self._arrow, self._parquet = (library(name, "parquet", "--parquet") for name in ("pyarrow", "pyarrow.parquet"))
        self._writer: Any = None

    def __enter__(self) -> DrawsFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._writer is not None:
            self._writer.close()

    def write(self, counted: Counted) -> None:
        """Write one block; blocks must come in order."""
        table = self._arrow.table(self.columns(counted))
        if self._writer is None:
            try:
                self._writer = self._parquet.ParquetWriter(self.path, table.schema)
            except OSError as error:
                expected = "a file that can be written"
                raise BadInput([Fault(str(self.path), 0, "", type(error).__name__, expected)]) from None
        self._writer.write_table(table)

    def columns(self, counted: Counted) -> dict[str, Any]:
        """Return the columns of one block."""
        job, size = self.job, self.job.size_of(counted.number)
        first = counted.number * job.block_size
        found: dict[str, Any] = {"draw": np.arange(first, first + size)}
        for name, sheet in counted.drawn.items():
            paper = job.plan.papers[name]
            for place, district in enumerate(paper.districts):
                start = f"votes:{name}:{district}:" if district else f"votes:{name}:"
                for slot, option in enumerate(paper.names(place)):
                    found[f"{start}{option}"] = sheet.votes[slot, place]
                found |= {
                    f"{start}{line}": np.ascontiguousarray(figures[place]) for line, figures in sheet.lines.items()
                }
        shown = [v for v in job.variants if v.shown]
        for variant, (totals, tied) in zip(shown, counted.rows, strict=True):
            found |= {f"seats:{variant.name}:{p}": totals[row].astype(np.int16) for row, p in enumerate(job.parties)}
            found[f"tied:{variant.name}"] = tied
        return found

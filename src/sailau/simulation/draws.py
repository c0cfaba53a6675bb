"""A file of draws: votes and seats of every election of a simulation as Parquet, written block by block."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any

import numpy as np

from sailau.extras import library
from sailau.provenance import labels
from sailau.simulation.chance import GENERATOR

if TYPE_CHECKING:
    from sailau.simulation.run import Counted, Job
    from sailau.simulation.variants import Variant


class DrawsFile:
    """Writes blocks into one Parquet file.

    Columns: `draw`, the number of the election; `votes:<paper>:<item>` for papers of the whole (`votes:<paper>:<district>:
    <item>` for others); `seats:<law>:<party>` and `tied:<law>` for each law. One row group per block. The metadata say what
    it is, see `about`, and `complete = "true"` when nothing is missing.

    Args:
        job: whose draws they are.
        path: of the file; it must be one that nobody takes for a finished one, see `sailau.writing`.
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
        if self._writer is None:
            return
        if error is None:
            self._writer.add_key_value_metadata({"complete": "true"})
            self._writer.close()
        else:
            # What failed to write will fail to write the end as well; the first error is the one to tell.
            with suppress(OSError):
                self._writer.close()

    def write(self, counted: Counted) -> None:
        """Write one block; blocks must come in order.

        Raises:
            OSError: it cannot be written.
        """
        table = self._arrow.table(self.columns(counted))
        if self._writer is None:
            self._writer = self._parquet.ParquetWriter(self.path, table.schema.with_metadata(about(self.job)))
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
            found |= {f"seats:{variant.name}:{p}": totals[row].astype(np.int64) for row, p in enumerate(job.parties)}
            found[f"tied:{variant.name}"] = tied
        return found


def about(job: Job) -> dict[str, str]:
    """Return what a file of draws says about itself.

    Keys: `program` with its version, `schema`, `case`, `case-digest`, `law` on its day, `law-digest`, `variants` and `model`
    as JSON, `draws`, `seed`, `block`, `generator`.
    """
    if job.description:
        return dict(job.description)
    law = job.plan.law
    return {
        **labels(law=law, case=job.election),
        "case": job.election.name,
        "law": f"{law.id}@{law.day.isoformat()}",
        "variants": json.dumps([_variant(v) for v in job.variants if v.shown]),
        "model": json.dumps(job.model.to_json(), ensure_ascii=False),
        "draws": str(job.draws),
        "seed": str(job.seed),
        "block": str(job.block_size),
        "generator": "{name}, version {version}".format(**GENERATOR),
    }


def _variant(variant: Variant) -> dict[str, Any]:
    return {"name": variant.name, "changes": dict(variant.law.changes), "digest": variant.law.digest}

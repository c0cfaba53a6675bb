"""Libraries that only some commands need: installed when first asked for in a clone, named in a fault elsewhere.

Counting needs four packages. What draws pictures, writes calendars, makes documents, sorts names, keeps tables of draws
or speaks to a cluster is an extra of the package, with a lock file of its own in `requirements/`.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sailau.rulebook.faults import BadInput, Fault


def library(module: str, extra: str, asked: str) -> Any:
    """Import a module of an extra.

    In a clone whose own environment runs, an extra that is missing is installed first, as its lock file says; `bin/setup`
    says so on standard error.

    Args:
        module: the library's module, such as `pyarrow`.
        extra: the extra that holds it, such as `parquet`.
        asked: the option or the wish that needs it, for the fault.

    Raises:
        BadInput: the module is not there and could not be installed.
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        top = module.partition(".")[0]
        if error.name != top:
            raise
    root = clone()
    if root is None:
        raise BadInput([Fault(asked, 0, "", f"no {top}", f"it installed: pip install {top.replace('_', '-')}")])
    # Read here only: counting asks for no library, and a shell costs it nothing.
    import subprocess

    if subprocess.run([root / "bin" / "setup", extra], stdout=sys.stderr, check=False).returncode:
        raise BadInput([Fault(asked, 0, "", f"no {top}", f"bin/setup {extra} to succeed")])
    importlib.invalidate_caches()
    return importlib.import_module(module)


def arrow_table(columns: Mapping[str, Sequence[Any]], labels: Mapping[str, str] | None = None) -> Any:
    """Return columns as a table of Arrow, which pandas, Polars and DuckDB read.

    Args:
        columns: name → values.
        labels: what it rests on, for its metadata.

    Raises:
        BadInput: the extra `parquet` is not installed.
    """
    table = library("pyarrow", "parquet", "to_arrow").table({name: list(values) for name, values in columns.items()})
    return table.replace_schema_metadata(dict(labels)) if labels else table


def clone() -> Path | None:
    """Return the clone that this program is, where its own environment runs it."""
    root = Path(__file__).resolve().parents[2]
    ours = root / ".venv"
    is_clone = (root / "bin" / "setup").is_file() and ours.is_dir() and Path(sys.prefix).resolve() == ours.resolve()
    return root if is_clone else None

"""What makes two answers comparable: canonical bytes of a law, a case and an outcome, their digests, and the program.

Canonical bytes are JSON by RFC 8785 (UTF-8, no white space, keys in the order of their UTF-16 units) of texts, whole
numbers, truth values, lists and tables. Unlike there, a whole number has as many digits as it needs: votes go to 2^63.
Fractions become texts such as `"7/10"`, dates texts such as `"2023-03-19"`; other numbers with a point are refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any, Protocol, TypeAlias


class Sealed(Protocol):
    """What has canonical bytes: a law, an election, an outcome."""

    @property
    def digest(self) -> str:
        """SHA-256 of the canonical bytes, `sha256:` and 64 digits."""


Several: TypeAlias = "Sealed | Mapping[str, Sealed] | None"
"""One thing, several by name, or none."""


def canonical(data: Any) -> bytes:
    """Return data as canonical JSON.

    Raises:
        ValueError: a number with a point, or half a letter.
        TypeError: data that JSON cannot say.
    """
    # Read here only: a count that prints text asks for no digest.
    import json

    return json.dumps(_plain(data), ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def digest_of(content: bytes) -> str:
    """Return the SHA-256 of bytes, as `sha256:` and 64 digits."""
    import hashlib

    return f"sha256:{hashlib.sha256(content).hexdigest()}"


def program() -> str:
    """Return the name and version of this program: `sailau 0.1.0`."""
    from sailau import __version__

    return f"sailau {__version__}"


def stamp(law: Several = None, case: Several = None, outcome: Several = None) -> dict[str, Any]:
    """Return what stands in every JSON: `schema`, `program`, and `digests` of what the answer rests on.

    Args:
        law: the law, or several by name.
        case: the election, or several by name.
        outcome: the outcome, or several by name.
    """
    from sailau import SCHEMA

    things = {"law": law, "case": case, "outcome": outcome}
    digests = {kind: _digests(thing) for kind, thing in things.items() if thing is not None}
    return {"schema": SCHEMA, "program": program(), "digests": digests}


def labels(law: Sealed | None = None, case: Sealed | None = None, outcome: Sealed | None = None) -> dict[str, str]:
    """Return the same as texts by name, for files that hold nothing else: `schema`, `program`, `law-digest` and so on."""
    mark = stamp(law, case, outcome)
    digests = {f"{kind}-digest": digest for kind, digest in mark["digests"].items()}
    return {"schema": str(mark["schema"]), "program": mark["program"], **digests}


def stamped(data: Any, law: Several = None, case: Several = None, outcome: Several = None) -> Any:
    """Return what a command prints as JSON with its provenance: a table with these keys, a list with them in each entry."""
    mark = stamp(law, case, outcome)
    return [{**mark, **row} for row in data] if isinstance(data, list) else {**mark, **data}


def _digests(thing: Sealed | Mapping[str, Sealed]) -> str | dict[str, str]:
    if isinstance(thing, Mapping):
        return {name: one.digest for name, one in thing.items()}
    return thing.digest


def _plain(value: Any) -> Any:
    """Return a value as JSON knows it, tables with their keys in order."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Mapping):
        return {key: _plain(value[key]) for key in sorted(value, key=_units)}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, float):
        if not value.is_integer():
            raise ValueError(f"{value} is no exact number")
        return int(value)
    raise TypeError(f"JSON has no {type(value).__name__}")


def _units(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")


def exact(value: Any) -> Any:
    """Return a number as JSON can say it exactly: an integer, or a fraction as text."""
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else f"{value.numerator}/{value.denominator}"
    if hasattr(value, "_asdict"):
        value = value._asdict()
    if isinstance(value, tuple | list):
        return [exact(v) for v in value]
    if isinstance(value, Mapping):
        return {k: exact(v) for k, v in value.items()}
    return value

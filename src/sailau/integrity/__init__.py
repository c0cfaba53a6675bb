"""Integrity: what was announced compared with what was counted; logs, audits, observers' copies, and where to look first.

The public mathematics takes arrays and returns numbers; each function names its source. Names are read when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sailau.integrity.anomalies import (
        fingerprint,
        fingerprint_fit,
        integer_excess,
        last_digit,
        resampled_density,
        second_digit,
    )
    from sailau.integrity.assertions import (
        Assertion,
        batch_bounds,
        list_assertions,
        majority_assertion,
        plurality_assertions,
    )
    from sailau.integrity.merkle import consistency_proof, continues, includes, inclusion_proof, merkle_root
    from sailau.integrity.official import Check, Difference, check
    from sailau.integrity.risk import (
        alpha,
        batch_first_sample,
        batch_p,
        bravo_p,
        bravo_sizes,
        kaplan_markov,
        most_altered,
    )

_HOMES = {
    "anomalies": (
        "fingerprint",
        "fingerprint_fit",
        "integer_excess",
        "last_digit",
        "resampled_density",
        "second_digit",
    ),
    "assertions": ("Assertion", "batch_bounds", "list_assertions", "majority_assertion", "plurality_assertions"),
    "merkle": ("consistency_proof", "continues", "includes", "inclusion_proof", "merkle_root"),
    "official": ("Check", "Difference", "check"),
    "risk": ("alpha", "batch_first_sample", "batch_p", "bravo_p", "bravo_sizes", "kaplan_markov", "most_altered"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Assertion",
    "Check",
    "Difference",
    "alpha",
    "batch_bounds",
    "batch_first_sample",
    "batch_p",
    "bravo_p",
    "bravo_sizes",
    "check",
    "consistency_proof",
    "continues",
    "fingerprint",
    "fingerprint_fit",
    "includes",
    "inclusion_proof",
    "integer_excess",
    "kaplan_markov",
    "last_digit",
    "list_assertions",
    "majority_assertion",
    "merkle_root",
    "most_altered",
    "plurality_assertions",
    "resampled_density",
    "second_digit",
]


def __getattr__(name: str) -> Any:
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'sailau.integrity' has no attribute {name!r}")
    value = getattr(import_module(f"sailau.integrity.{home}"), name)
    globals()[name] = value
    return value

"""Assertions: inequalities between votes that, all true, make the announced seats right; and what a batch may do to one.

An assertion gives every ballot a score by what is marked on it; it is true where the sum of the scores, the margin, is
above zero. A polling station's protocol is a batch.

Sources: M. Blom, J. Budurushi, R. L. Rivest, P. B. Stark, P. J. Stuckey, V. Teague, D. Vukcevic, Assertion-based approaches
to auditing complex elections, with application to party-list proportional elections (E-Vote-ID 2021), section 5 for largest
remainders; P. B. Stark, V. Teague, Verifiable European elections: risk-limiting audits for D'Hondt and its relatives
(USENIX JETS 3, 2014) for divisors; P. B. Stark, CAST and Kaplan–Markov (2009) for batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sailau.formulas import allocate

Kind = Literal["seats", "quota", "above", "below", "plurality", "majority"]
_DIVISORS: dict[str, Callable[[int], int]] = {"dhondt": lambda n: n, "sainte-lague": lambda n: 2 * n - 1}
"""Method → the divisor of the n-th seat."""


@dataclass(frozen=True, slots=True)
class Assertion:
    """One inequality.

    Attributes:
        kind: `seats` (a list keeps its last seat and another gets no further one), `quota` (a list has the votes of its
            whole quotas), `above` and `below` (a threshold), `plurality`, `majority`.
        first: place of the option that must not lose.
        second: place of the option that it stands against; None against all.
        scores: of a ballot for each option, exact.
        other: score of a valid ballot for none of them, such as one against all.
        margin: sum of the scores over all ballots, exact.
    """

    kind: Kind
    first: int
    second: int | None
    scores: tuple[Fraction, ...]
    other: Fraction
    margin: Fraction

    @property
    def lowest(self) -> Fraction:
        """The lowest score that a ballot can have; an invalid one has 0."""
        return min(*self.scores, self.other, Fraction(0))

    def is_true(self) -> bool:
        """Whether the announced votes fulfil it; a tie does not."""
        return self.margin > 0


def list_assertions(
    votes: ArrayLike,
    seats: int | Sequence[int],
    threshold: float | str | Fraction | None = None,
    *,
    method: str = "largest-remainder",
    level: Literal["exact", "quota"] = "exact",
    valid: int | None = None,
) -> list[Assertion]:
    """Return the assertions of a party-list allocation, smallest margin first.

    Args:
        votes: (lists,) votes of every list, also of those under the threshold.
        seats: (lists,) announced seats; or their number, which is then allocated by the method.
        threshold: share of the valid votes that a list needs, such as "5%"; None for none. Lists under it take part in no
            pair; each list is asserted to be above or below it.
        method: `largest-remainder` (Hare quota), `dhondt` or `sainte-lague`.
        level: `exact` asserts every seat by all ordered pairs; `quota` (largest remainder only) no more than the seats of
            each list's whole quotas.
        valid: valid ballots, with those for none of the lists; the sum of the votes where it is not given.

    Raises:
        ValueError: an unknown method, or numbers that do not fit together.
    """
    counts = [int(v) for v in np.asarray(votes).ravel()]
    base = sum(counts) if valid is None else int(valid)
    bar = None if threshold is None else share_of(threshold)
    passing = [i for i, v in enumerate(counts) if v and (bar is None or v >= bar * base)]
    awarded = _awarded(counts, seats, passing, method)
    if base < sum(counts) or any(n and i not in passing for i, n in enumerate(awarded)):
        raise ValueError(
            "seats and votes do not fit: expected seats only for lists that pass, and votes within the valid"
        )
    found = [] if bar is None else [_at_bar(counts, i, bar, base, above=i in passing) for i in range(len(counts))]
    if method == "largest-remainder":
        whole = sum(counts[i] for i in passing)
        found += _remainders(counts, awarded, passing, whole) if level == "exact" else _quotas(counts, awarded, passing)
    else:
        found += _quotients(counts, awarded, passing, method)
    return sorted(found, key=lambda a: a.margin)


def share_of(value: float | str | Fraction) -> Fraction:
    """Return a share given as `5%`, `0.05`, `1/20` or a number, exactly as it is written."""
    text = str(value).strip()
    return Fraction(text[:-1].strip()) / 100 if text.endswith("%") else Fraction(text)


def _awarded(votes: Sequence[int], seats: int | Sequence[int], passing: Sequence[int], method: str) -> list[int]:
    if method != "largest-remainder" and method not in _DIVISORS:
        raise ValueError(f"method “{method}”: expected largest-remainder, {', '.join(_DIVISORS)}")
    if not isinstance(seats, int | np.integer):
        awarded = [int(n) for n in seats]
        if len(awarded) != len(votes):
            raise ValueError(f"{len(awarded)} numbers of seats: expected {len(votes)}")
        return awarded
    taking = allocate(np.array([votes[i] for i in passing], np.int64), int(seats), method=_named(method))
    return [int(taking[passing.index(i)]) if i in passing else 0 for i in range(len(votes))]


def _named(method: str) -> Any:
    """Return a method that was looked up among the known ones as the type of `allocate` wants it."""
    return method


def _remainders(votes: Sequence[int], seats: Sequence[int], passing: Sequence[int], whole: int) -> list[Assertion]:
    """A list's votes less another's exceed d of all, d = (its seats − the other's − 1) ÷ all seats, for all ordered pairs."""
    total = sum(seats)
    pairs = []
    for i in passing:
        for j in passing:
            d = Fraction(seats[i] - seats[j] - 1, total)
            # At d = −1 or below no votes could break it.
            if i == j or d <= -1:
                continue
            scores = [-d if k in passing else Fraction(0) for k in range(len(votes))]
            scores[i], scores[j] = 1 - d, -1 - d
            pairs.append(Assertion("seats", i, j, tuple(scores), Fraction(0), votes[i] - votes[j] - d * whole))
    return pairs


def _quotas(votes: Sequence[int], seats: Sequence[int], passing: Sequence[int]) -> list[Assertion]:
    total, whole = sum(seats), sum(votes[i] for i in passing)
    found = []
    for i in passing:
        share = Fraction(votes[i] * total // whole, total)
        scores = tuple((1 if k == i else 0) - share if k in passing else Fraction(0) for k in range(len(votes)))
        if share:
            found.append(Assertion("quota", i, None, scores, Fraction(0), votes[i] - share * whole))
    return found


def _quotients(votes: Sequence[int], seats: Sequence[int], passing: Sequence[int], method: str) -> list[Assertion]:
    divisor = _DIVISORS[method]
    found = []
    for i in passing:
        for j in passing:
            if i == j or not seats[i]:
                continue
            kept, further = Fraction(1, divisor(seats[i])), Fraction(1, divisor(seats[j] + 1))
            scores = tuple(kept if k == i else -further if k == j else Fraction(0) for k in range(len(votes)))
            found.append(Assertion("seats", i, j, scores, Fraction(0), votes[i] * kept - votes[j] * further))
    return found


def _at_bar(votes: Sequence[int], place: int, bar: Fraction, valid: int, *, above: bool) -> Assertion:
    sign = 1 if above else -1
    scores = tuple(sign * ((1 if k == place else 0) - bar) for k in range(len(votes)))
    margin = sign * (votes[place] - bar * valid)
    return Assertion("above" if above else "below", place, None, scores, -sign * bar, margin)


def plurality_assertions(votes: ArrayLike, winners: int = 1) -> list[Assertion]:
    """Return that each of so many winners has more votes than each loser, smallest margin first."""
    counts = [int(v) for v in np.asarray(votes).ravel()]
    order = sorted(range(len(counts)), key=lambda i: -counts[i])
    found = []
    for i in order[:winners]:
        for j in order[winners:]:
            scores = tuple(Fraction((k == i) - (k == j)) for k in range(len(counts)))
            found.append(Assertion("plurality", i, j, scores, Fraction(0), Fraction(counts[i] - counts[j])))
    return sorted(found, key=lambda a: a.margin)


def majority_assertion(votes: ArrayLike, place: int, share: float | str | Fraction, valid: int) -> Assertion:
    """Return that an option has more than a share of the valid ballots: an absolute majority, an answer to a question."""
    counts = [int(v) for v in np.asarray(votes).ravel()]
    made = _at_bar(counts, place, share_of(share), valid, above=True)
    return Assertion("majority", made.first, None, made.scores, made.other, made.margin)


# ---------------------------------------------------------------- batches


def batch_bounds(
    votes: ArrayLike,
    ballots: ArrayLike,
    assertions: Assertion | Iterable[Assertion] | None = None,
    others: ArrayLike | None = None,
) -> NDArray[np.float64]:
    """Return the largest possible error of each batch, in margins: u = (score as announced − lowest × ballots) ÷ margin.

    Args:
        votes: (batches, options) announced votes.
        ballots: (batches,) the most ballots that a batch can hold.
        assertions: those to be checked with one sample, each batch has the largest of its bounds; None for the winner
            against each loser.
        others: (batches,) valid ballots for none of the options; none where it is not given.

    Returns:
        (batches,) of float64; their sum is U.

    Raises:
        ValueError: an assertion whose margin is not above zero: a tie, or a wrong result, cannot be audited.
    """
    table = np.asarray(votes, np.int64)
    most = np.asarray(ballots, np.int64)
    rest = np.zeros(len(table), np.int64) if others is None else np.asarray(others, np.int64)
    if assertions is None:
        chosen = plurality_assertions(table.sum(axis=0))
    else:
        chosen = [assertions] if isinstance(assertions, Assertion) else list(assertions)
    if not chosen or any(not a.is_true() for a in chosen):
        raise ValueError("margin of 0 or below: expected one above, since a tie cannot be audited")
    bounds = np.zeros(len(table))
    for made in chosen:
        np.maximum(
            bounds, (batch_scores(table, rest, made) - float(made.lowest) * most) / float(made.margin), out=bounds
        )
    return np.maximum(bounds, 0.0)


def batch_scores(votes: ArrayLike, others: ArrayLike, assertion: Assertion) -> NDArray[np.float64]:
    """Return the sum of the scores of each batch, shape (batches,)."""
    weights = np.array([float(s) for s in assertion.scores])
    return np.asarray(np.asarray(votes, np.int64) @ weights + np.asarray(others) * float(assertion.other), np.float64)

"""A sheet: the figures of one ballot paper in a batch of elections, and the bases that shares are measured by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from sailau.counting.papers import Paper
from sailau.election.model import WHOLE
from sailau.formulas.arrays import BoolArray, IntArray, summed
from sailau.rulebook import Finding
from sailau.rulebook.schema import Base
from sailau.tabulation import FALLBACK, OTHERS_LINE, VALID_LINES


@dataclass(frozen=True)
class Measure:
    """A base as far as it is known: the law's own, or what stands in for it."""

    wanted: Base  # the base that the law names
    used: Base  # the one that was taken, where the law's own is known nowhere
    figures: IntArray  # (1 or districts, elections)
    # district, or the whole, where the law's own is unknown, and what stands in for it there
    missing: tuple[tuple[str, Base], ...] = ()

    def where(self, passed: BoolArray, sheet: Sheet) -> Measure:
        """Return the same with what is missing only where it matters, where somebody clears the bar, (districts,).

        What stands in for a base is never larger, so who fails that fails the law's.
        """
        if not self.missing:
            return self
        doubtful = passed & ~sheet.base_where(self.wanted)[1] & sheet.paper.reported
        units = {WHOLE, *(sheet.paper.districts[place] for place in np.flatnonzero(doubtful))}
        return replace(self, missing=tuple(m for m in self.missing if doubtful.any() and m[0] in units))

    def findings(self, contest: str, path: str, cite: str) -> Iterator[Finding]:
        """Yield what cannot be verified for want of the law's own base."""
        for unit, used in self.missing:
            yield Finding(
                "cannot-be-verified", contest, unit, {"needs": f"@{self.wanted}", "used": used, "rule": path}, cite
            )


@dataclass
class Sheet:
    """Votes and lines of one paper, elections last."""

    paper: Paper
    votes: IntArray  # (options, districts, elections)
    lines: dict[str, IntArray]  # line → (districts, elections), where it is known in some district; 0 in the others
    whole: dict[str, IntArray]  # line → (elections,), where it is known for the whole but not for every district
    # line → (districts,) where it is unknown though votes are reported; only lines that have such districts
    gaps: dict[str, BoolArray] = field(default_factory=dict)
    _bases: dict[str, IntArray | None] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of elections."""
        return int(self.votes.shape[2])

    def base(self, name: Base) -> IntArray | None:
        """Return a base by district, (districts, elections); None where its figures are unknown."""
        if name not in self._bases:
            self._bases[name] = self._district_base(name)
        return self._bases[name]

    def _district_base(self, name: Base) -> IntArray | None:
        if name == "options":
            # Whoever laid the votes saw to it that sums of a paper fit into their width.
            votes: IntArray = summed(self.votes)
            return votes + self.lines[OTHERS_LINE] if OTHERS_LINE in self.lines else votes
        if name == "valid":
            return self.valid
        if name == "cast" and self._complete("@cast") is None:
            invalid = self._complete("@invalid")
            return None if invalid is None else self.valid + invalid
        return self._complete(f"@{name}")

    @property
    def valid(self) -> IntArray:
        """(districts, elections) votes for options and the lines beside them that are valid: always known."""
        total = self._bases.get("valid")
        if total is None:
            total = summed(self.votes)
            for line in VALID_LINES:
                if line in self.lines:
                    total = total + self.lines[line]
            self._bases["valid"] = total
        return total

    def _complete(self, line: str) -> IntArray | None:
        return self.lines.get(line) if line not in self.gaps else None

    def base_where(self, name: Base) -> tuple[IntArray, BoolArray]:
        """Return a base by district, (districts, elections), and in which districts its figures are known."""
        complete = self.base(name)
        nowhere = np.zeros(self.votes.shape[1], np.bool_)
        if complete is not None:
            return complete, ~nowhere
        line = f"@{name}"
        figures = self.lines.get(line, np.zeros(self.votes.shape[1:], self.votes.dtype))
        known = ~self.gaps[line] if line in self.gaps else nowhere
        if name == "cast" and "@invalid" in self.lines:
            figures = np.where(known[:, None], figures, self.valid + self.lines["@invalid"])
            known = known | ~self.gaps.get("@invalid", nowhere)
        return figures, known

    def base_whole(self, name: Base) -> IntArray | None:
        """Return a base for the whole, (elections,); None where its figures are unknown."""
        by_district: IntArray | None = self.base(name)
        beside = {"valid": VALID_LINES, "options": (OTHERS_LINE,)}.get(name, ())
        if by_district is not None and not any(p in self.whole for p in beside):
            return np.asarray(by_district[0] if by_district.shape[0] == 1 else by_district.sum(axis=0))
        if beside:
            total = np.asarray(self.votes.sum(axis=(0, 1)))
            for line in beside:
                if line in self.whole:
                    total = total + self.whole[line]
                elif line in self.lines:
                    total = total + self.lines[line].sum(axis=0)
            return total
        if name == "cast" and "@cast" not in self.whole:
            valid, invalid = self.base_whole("valid"), self.whole.get("@invalid")
            return None if invalid is None or valid is None else valid + invalid
        return self.whole.get(f"@{name}")

    def measure_whole(self, name: Base) -> Measure:
        """Return a base for the whole, (1, elections), or what stands in for it."""
        used = name
        while (figures := self.base_whole(used)) is None:
            used = FALLBACK.get(used, "valid")
        return Measure(name, used, figures[None], () if used == name else ((WHOLE, used),))

    def measure(self, name: Base) -> Measure:
        """Return a base by district, (districts, elections), or what stands in for it district by district.

        Where it is known in no district, one thing is missing, not one in every district.
        """
        used, reported = name, self.paper.reported
        figures, known = self.base_where(name)
        known = known | ~reported
        unknown = np.flatnonzero(~known)
        nowhere = not (known & reported).any()
        while not known.all():
            used = FALLBACK.get(used, "valid")
            other, where = self.base_where(used)
            figures, known = np.where(known[:, None], figures, other), known | where
        units = [WHOLE] if nowhere and len(unknown) else [self.paper.districts[place] for place in unknown]
        return Measure(name, used if nowhere else name, figures, tuple((unit, used) for unit in units))


def own_sheet(paper: Paper, size: int = 1) -> Sheet:
    """Return the case's own figures as a sheet of `size` equal elections."""
    return sheet_of(paper, np.broadcast_to(paper.votes[:, :, None], (*paper.votes.shape, size)), None, size)


def sheet_of(paper: Paper, votes: IntArray, lines: IntArray | None, size: int) -> Sheet:
    """Lay figures over a paper.

    Args:
        paper: the paper.
        votes: (options, districts, elections).
        lines: (lines, districts, elections); None for the case's own.
        size: number of elections.
    """
    by_district, whole, gaps = {}, {}, {}
    for place, line in enumerate(paper.lines):
        if lines is not None:
            by_district[line] = lines[place]
            continue
        gap = ~paper.known[place] & paper.reported
        if bool((paper.known[place] & paper.reported).any()):
            by_district[line] = np.repeat(paper.figures[place][:, None], size, axis=1)
        if gap.any():
            gaps[line] = gap
            if line in paper.whole:
                whole[line] = np.full(size, paper.whole[line], dtype=paper.figures.dtype)
    return Sheet(paper, votes, by_district, whole, gaps)


def of_whole(votes: IntArray) -> IntArray:
    """Return votes of the whole, (options, 1, elections)."""
    return votes if votes.shape[1] == 1 else votes.sum(axis=1, keepdims=True)

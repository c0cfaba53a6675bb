"""Double-proportional seats against a real election, another library, and all matrices of tiny problems."""

import itertools
import json
import pickle
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from votelib.evaluate.proportional import BiproportionalEvaluator, HighestAverages

from sailau.formulas import matrix as solver
from sailau.formulas.allocation import Tie
from sailau.formulas.biproportional import MatrixTie, biproportional, divisors

ROUNDINGS = ("standard", "down", "up")

# Canton of Zurich, election of the Kantonsrat on 24 March 2019, published by the canton's statistical office:
# votes and seats of the nine lists that passed the threshold, SVP, SP, FDP, GLP, Grüne, CVP, EVP, AL, EDU.
ZURICH_2019_VOTES = [
    [5662, 10910, 7360, 5902, 7844, 1733, 595, 2416, 234],
    [33512, 70295, 23592, 28663, 40514, 9960, 5633, 19009, 579],
    [2806, 13484, 3544, 6298, 7648, 605, 332, 6716, 132],
    [19416, 47596, 23745, 23529, 28051, 4593, 3210, 13611, 527],
    [10255, 18531, 19624, 11897, 12358, 3841, 1761, 3497, 254],
    [34595, 48742, 19779, 22934, 25102, 7495, 7270, 8129, 2007],
    [42481, 26964, 25055, 17993, 8943, 11792, 4696, 2059, 1912],
    [19265, 12885, 10929, 10265, 7841, 2046, 6198, 645, 1666],
    [90998, 62623, 80180, 44371, 38102, 27867, 17095, 5358, 5201],
    [84129, 44284, 78979, 41532, 28743, 13575, 7707, 3387, 5799],
    [65778, 27743, 29178, 21841, 26285, 12702, 12406, 3348, 13508],
    [104683, 66288, 58214, 58620, 41076, 19030, 13213, 6346, 9538],
    [29795, 13278, 13278, 10930, 9147, 2560, 9014, 1142, 4628],
    [60891, 78239, 34703, 47208, 49152, 12248, 17964, 12915, 5837],
    [34466, 11390, 13911, 13606, 9274, 2963, 7823, 638, 2685],
    [12437, 4796, 5329, 2891, 3289, 546, 1500, 348, 915],
    [140138, 69786, 70138, 53964, 35950, 15590, 22574, 5680, 16807],
    [64859, 21420, 21372, 19054, 14529, 5866, 4442, 1387, 8512],
]
ZURICH_2019_DISTRICTS = [5, 12, 5, 9, 6, 12, 11, 6, 15, 12, 11, 16, 7, 13, 7, 4, 18, 11]
ZURICH_2019_LISTS = [45, 35, 29, 23, 22, 8, 8, 6, 4]
ZURICH_2019_SEATS = [
    [1, 1, 1, 1, 1, 0, 0, 0, 0],
    [2, 3, 1, 1, 2, 1, 0, 2, 0],
    [0, 2, 0, 1, 1, 0, 0, 1, 0],
    [1, 3, 1, 1, 2, 0, 0, 1, 0],
    [1, 1, 2, 1, 1, 0, 0, 0, 0],
    [2, 3, 1, 2, 2, 1, 0, 1, 0],
    [4, 2, 2, 1, 1, 1, 0, 0, 0],
    [1, 1, 1, 1, 1, 0, 1, 0, 0],
    [4, 3, 3, 2, 1, 1, 1, 0, 0],
    [3, 2, 3, 2, 1, 1, 0, 0, 0],
    [3, 1, 2, 1, 1, 1, 1, 0, 1],
    [4, 3, 2, 2, 2, 1, 1, 0, 1],
    [2, 1, 1, 1, 1, 0, 1, 0, 0],
    [2, 3, 2, 2, 2, 0, 1, 1, 0],
    [2, 1, 1, 1, 1, 0, 1, 0, 0],
    [2, 1, 1, 0, 0, 0, 0, 0, 0],
    [6, 3, 3, 2, 1, 1, 1, 0, 1],
    [5, 1, 2, 1, 1, 0, 0, 0, 1],
]

Table = list[list[int]]


def tables(votes: Table, rows: list[int], columns: list[int]) -> Iterator[Table]:
    """All matrices with these sums that put no seat where there are no votes."""
    if not rows:
        if not any(columns):
            yield []
        return
    limits = [min(rows[0], left) if count else 0 for count, left in zip(votes[0], columns, strict=True)]
    for row in itertools.product(*(range(limit + 1) for limit in limits)):
        if sum(row) == rows[0]:
            left = [total - seats for total, seats in zip(columns, row, strict=True)]
            yield from ([list(row), *rest] for rest in tables(votes[1:], rows[1:], left))


def bound(seats: int, rounding: str) -> Fraction:
    """The bound between one seat fewer and this number of seats."""
    return seats - {"standard": Fraction(1, 2), "down": Fraction(0), "up": Fraction(1)}[rounding]


def worth(votes: Table, seats: Table, rounding: str) -> Fraction:
    """What the most proportional matrix maximises: the product of votes / bound over all seats."""
    product = Fraction(1)
    for count, number in zip(itertools.chain(*votes), itertools.chain(*seats), strict=True):
        for n in range(1, number + 1):
            product *= count / (bound(n, rounding) or 1)
    return product


def solutions(votes: Table, rows: list[int], columns: list[int], rounding: str) -> list[Table]:
    """All most proportional matrices, in the order in which earlier cells have more seats first."""
    found = list(tables(votes, rows, columns))
    if rounding == "up":  # a bound of 0 is infinitely urgent: every cell that takes part has a seat
        cells = [
            (i, j)
            for i, j in itertools.product(range(len(rows)), range(len(columns)))
            if votes[i][j] and rows[i] and columns[j]
        ]
        found = [seats for seats in found if all(seats[i][j] for i, j in cells)]
    values = [worth(votes, seats, rounding) for seats in found]
    best = [seats for seats, value in zip(found, values, strict=True) if value == max(values)]
    return sorted(best, reverse=True)


def fits(votes: Table, seats: Table, rounding: str, *, unique: bool = False) -> bool:
    """Tell whether the divisors of the matrix reproduce it; those of the only solution touch no bound."""
    districts, lists = divisors(votes, seats, rounding)
    for i, j in itertools.product(range(len(votes)), range(len(votes[0]))):
        if districts[i] is None or lists[j] is None or not votes[i][j]:
            if seats[i][j]:
                return False
            continue
        quotient = votes[i][j] / (districts[i] * lists[j])
        low, high = max(Fraction(0), bound(seats[i][j], rounding)), bound(seats[i][j] + 1, rounding)
        if not low <= quotient <= high or (unique and quotient in (low, high)):
            return False
    return True


@st.composite
def tiny(draw: st.DrawFn) -> tuple[Table, list[int], list[int]]:
    """Votes full of ties and zeros, and entitlements that sometimes cannot be met."""
    rows, columns = draw(st.integers(1, 4)), draw(st.integers(1, 3))
    votes = draw(
        st.lists(st.lists(st.integers(0, 4), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    seats = draw(
        st.lists(st.lists(st.integers(0, 2), min_size=columns, max_size=columns), min_size=rows, max_size=rows)
    )
    if draw(st.booleans()):
        seats = [[n if count else 0 for n, count in zip(*pair, strict=True)] for pair in zip(seats, votes, strict=True)]
    return votes, [sum(row) for row in seats], [sum(column) for column in zip(*seats, strict=True)]


def random_problem(rng: np.random.Generator, shape: tuple[int, int], seats: int, zeros: float = 0.0):
    """Votes as in a country of unequal districts and lists, with Sainte-Laguë entitlements on both sides."""
    sizes, shares = rng.lognormal(11, 0.5, shape[0]), rng.dirichlet(np.full(shape[1], 2.0))
    votes = np.rint(sizes[:, None] * shares * rng.lognormal(0, 0.5, shape)).astype(np.int64) + 1
    votes *= rng.random(shape) >= zeros
    sides = []
    for axis in (1, 0):
        dealt = HighestAverages("sainte_lague").evaluate(dict(enumerate(votes.sum(axis=axis).tolist())), seats)
        sides.append([dealt.get(k, 0) for k in range(shape[1 - axis])])
    return votes, sides[0], sides[1]


class TestKnownResults:
    def test_real_election(self):
        seats = biproportional(ZURICH_2019_VOTES, ZURICH_2019_DISTRICTS, ZURICH_2019_LISTS)
        assert seats.tolist() == ZURICH_2019_SEATS
        assert fits(ZURICH_2019_VOTES, ZURICH_2019_SEATS, "standard", unique=True)

    def test_divisors_of_a_real_election_are_short(self):
        districts, lists = divisors(ZURICH_2019_VOTES, ZURICH_2019_SEATS)
        assert all(divisor.denominator == 1 for divisor in districts)
        assert all(1000 % divisor.denominator == 0 for divisor in lists)
        assert Fraction(1) in lists

    def test_textbook_example(self):
        # The specific example of the English encyclopaedia article on biproportional apportionment.
        votes = [[123, 912, 312], [45, 714, 255], [815, 414, 215]]
        assert biproportional(votes, [7, 5, 8], [5, 11, 4]).tolist() == [[1, 4, 2], [0, 4, 1], [4, 3, 1]]

    def test_second_textbook_example(self):
        # The example of the German article: three districts with 4, 5 and 6 seats.
        votes = [[5100, 6000, 6300], [9800, 10000, 10200], [4500, 12000, 14400]]
        assert biproportional(votes, [4, 5, 6], [4, 5, 6]).tolist() == [[1, 1, 2], [2, 2, 1], [1, 2, 3]]

    def test_its_divisors(self):
        votes = [[123, 912, 312], [45, 714, 255], [815, 414, 215]]
        districts, lists = divisors(votes, [[1, 4, 2], [0, 4, 1], [4, 3, 1]])
        assert fits(votes, [[1, 4, 2], [0, 4, 1], [4, 3, 1]], "standard")
        assert all(divisor.denominator == 1 for divisor in districts)
        assert all(100 % divisor.denominator == 0 for divisor in lists)


class TestAllMatrices:
    @settings(max_examples=100, deadline=None)
    @given(tiny(), st.sampled_from(ROUNDINGS))
    def test_matrix_and_mask_are_those_of_the_enumeration(self, problem, rounding):
        best = solutions(*problem, rounding)
        if not best:
            with pytest.raises(ValueError, match="cannot be met"):
                biproportional(*problem, rounding)
            return
        seats, tied = biproportional(*problem, rounding, ties="report")
        assert seats.tolist() == best[0]
        assert tied.tolist() == (np.array(best) != np.array(best[0])).any(axis=0).tolist()

    @settings(max_examples=60, deadline=None)
    @given(tiny(), st.sampled_from(ROUNDINGS), st.integers(0, 2**32))
    def test_drawn_matrix_is_one_of_them_and_has_divisors(self, problem, rounding, seed):
        best = solutions(*problem, rounding)
        if best:
            seats = biproportional(*problem, rounding, ties=seed).tolist()
            assert seats in best
            assert fits(problem[0], seats, rounding)

    @settings(max_examples=60, deadline=None)
    @given(tiny(), st.sampled_from(ROUNDINGS))
    def test_only_most_proportional_matrices_have_divisors(self, problem, rounding):
        votes, rows, columns = problem
        best = solutions(votes, rows, columns, rounding)
        for seats in itertools.islice(tables(votes, rows, columns), 20):
            if seats in best:
                assert fits(votes, seats, rounding, unique=len(best) == 1)
            else:
                with pytest.raises(ValueError, match="not proportional"):
                    divisors(votes, seats, rounding)

    def test_the_oracle_can_fail(self):
        votes = [[123, 912, 312], [45, 714, 255], [815, 414, 215]]
        (only,) = solutions(votes, [2, 2, 3], [2, 3, 2], "standard")
        wrong = [[only[0][1], only[0][0], only[0][2]], *only[1:]]
        assert wrong != only
        assert worth(votes, wrong, "standard") != worth(votes, only, "standard")


class TestOtherLibrary:
    @pytest.mark.parametrize(("rounding", "rule"), [("standard", "sainte_lague"), ("down", "d_hondt")])
    @pytest.mark.parametrize("zeros", [0.0, 0.2])
    def test_same_seats(self, rounding, rule, zeros):
        rng = np.random.default_rng(2006)
        compared = 0
        for _ in range(12):
            votes, rows, _columns = random_problem(rng, (7, 5), 60, zeros)
            named = {f"d{i}": {f"p{j}": n for j, n in enumerate(row)} for i, row in enumerate(votes.tolist())}
            totals = HighestAverages(rule).evaluate(dict(enumerate(votes.sum(axis=0).tolist())), 60)
            columns = [totals.get(j, 0) for j in range(5)]
            seats, tied = biproportional(votes, rows, columns, rounding, ties="report")
            if tied.any():
                continue
            peer = BiproportionalEvaluator(rule).evaluate(named, {f"d{i}": n for i, n in enumerate(rows)})
            assert seats.tolist() == [[peer[f"d{i}"].get(f"p{j}", 0) for j in range(5)] for i in range(7)]
            compared += 1
        assert compared >= 10

    def test_thirty_large_matrices_are_solved_and_proved(self):
        rng = np.random.default_rng(180)
        for k in range(30):
            votes, rows, columns = random_problem(rng, (18, 11), 180, zeros=0.1 * (k % 2))
            seats = biproportional(votes, rows, columns)
            assert seats.sum(axis=1).tolist() == rows
            assert seats.sum(axis=0).tolist() == columns
            assert fits(votes.tolist(), seats.tolist(), "standard", unique=True)


class TestExactness:
    def test_one_vote_in_ten_to_the_thirty_decides(self):
        big = 10**30
        assert biproportional([[big, big], [big, big + 1]], [1, 1], [1, 1]).tolist() == [[1, 0], [0, 1]]
        assert biproportional([[big, big + 1], [big, big]], [1, 1], [1, 1]).tolist() == [[0, 1], [1, 0]]
        with pytest.raises(Tie):
            biproportional([[big, big], [big, big]], [1, 1], [1, 1])

    def test_one_vote_beyond_the_precision_of_floats(self):
        big = 2**60
        assert biproportional([[big, big], [big, big + 1]], [1, 1], [1, 1]).tolist() == [[1, 0], [0, 1]]
        assert biproportional([[big, big + 1], [big, big]], [1, 1], [1, 1]).tolist() == [[0, 1], [1, 0]]

    @pytest.mark.parametrize("rounding", ["standard", "down"])
    def test_the_exact_search_repairs_any_proposal(self, rounding, monkeypatch):
        rng = np.random.default_rng(7)
        problems = [(rng.integers(1, 30, (6, 4)), rng.integers(0, 4, (6, 4))) for _ in range(15)]
        given = [(votes, seats.sum(axis=1), seats.sum(axis=0)) for votes, seats in problems]
        expected = [biproportional(*problem, rounding, ties="report") for problem in given]
        honest = solver._proposal

        def misled(votes, rows, columns, bounds):
            return honest(rng.integers(1, 30, votes.shape), rows, columns, bounds)

        monkeypatch.setattr(solver, "_proposal", misled)
        for problem, (seats, tied) in zip(given, expected, strict=True):
            repaired = biproportional(*problem, rounding, ties="report")
            assert repaired[0].tolist() == seats.tolist()
            assert repaired[1].tolist() == tied.tolist()

    def test_votes_of_very_different_sizes(self):
        rng = np.random.default_rng(40)
        votes = np.exp(rng.uniform(0, 40, (12, 8))).astype(np.int64) * (rng.random((12, 8)) < 0.4)
        given = rng.integers(0, 30, votes.shape) * (votes > 0)
        seats = biproportional(votes, given.sum(axis=1), given.sum(axis=0))
        assert fits(votes.tolist(), seats.tolist(), "standard", unique=True)

    def test_a_million_seats(self):
        rng = np.random.default_rng(41)
        votes = rng.integers(1, 10**6, (6, 5))
        given = rng.multinomial(10**6, np.full(30, 1 / 30)).reshape(6, 5)
        seats = biproportional(votes, given.sum(axis=1), given.sum(axis=0))
        assert fits(votes.tolist(), seats.tolist(), "standard", unique=True)


class TestProperties:
    @settings(max_examples=40, deadline=None)
    @given(tiny(), st.sampled_from(ROUNDINGS), st.randoms(use_true_random=False))
    def test_order_and_side_do_not_matter(self, problem, rounding, random):
        votes, rows, columns = (np.array(part) for part in problem)
        if not solutions(*problem, rounding):
            return
        seats, tied = biproportional(votes, rows, columns, rounding, ties="report")
        i, j = random.sample(range(len(rows)), len(rows)), random.sample(range(len(columns)), len(columns))
        for other in (
            biproportional(votes[i][:, j], rows[i], columns[j], rounding, ties="report"),
            tuple(x.T[i][:, j] for x in biproportional(votes.T, columns, rows, rounding, ties="report")),
        ):
            assert other[1].tolist() == tied[i][:, j].tolist()
            assert ((other[0] == seats[i][:, j]) | other[1]).all()

    def test_scaling_a_district_or_a_list_changes_nothing(self):
        rng = np.random.default_rng(9)
        votes, rows, columns = random_problem(rng, (6, 4), 40)
        scaled = votes * rng.integers(1, 1000, (6, 1)) * rng.integers(1, 1000, 4)
        assert biproportional(scaled, rows, columns).tolist() == biproportional(votes, rows, columns).tolist()


class TestTies:
    # Three equal lists share 8 seats of one district and 4 of another: one must be content with 2 of the 8.
    VOTES, ROWS, COLUMNS = [[1000] * 3, [500] * 3], [8, 4], [4, 4, 4]

    def test_raise_names_cells_and_seats_at_stake(self):
        with pytest.raises(
            MatrixTie, match=r"^3 seats are tied between the cells \(district, list\) \(0, 0\)"
        ) as caught:
            biproportional(self.VOTES, self.ROWS, self.COLUMNS)
        assert caught.value.cells == tuple(itertools.product(range(2), range(3)))
        assert (caught.value.options, caught.value.seats, caught.value.election) == ((0, 1, 2), 3, ())

    def test_report_takes_the_higher_number_in_reading_order(self):
        seats, tied = biproportional(self.VOTES, self.ROWS, self.COLUMNS, ties="report")
        assert seats.tolist() == [[3, 3, 2], [1, 1, 2]]
        assert tied.all()

    def test_cells_beside_a_tie_are_not_tied(self):
        # The third district settles its own seats; the third list has votes only there.
        votes = [[50, 50, 0], [50, 50, 0], [900, 10, 500]]
        _, tied = biproportional(votes, [1, 1, 3], [3, 1, 1], ties="report")
        best = solutions(votes, [1, 1, 3], [3, 1, 1], "standard")
        assert tied.tolist() == [[True, True, False], [True, True, False], [False, False, False]]
        assert len(best) == 2

    def test_lots_are_reproducible_and_fair_between_equal_lists(self):
        draws = [biproportional(self.VOTES, self.ROWS, self.COLUMNS, ties=seed).tolist() for seed in range(300)]
        counts = Counter(tuple(row[0]) for row in draws)
        assert set(counts) == set(itertools.permutations([3, 3, 2]))
        assert all(70 <= count <= 130 for count in counts.values())
        assert draws[7] == biproportional(self.VOTES, self.ROWS, self.COLUMNS, ties=np.random.default_rng(7)).tolist()

    def test_every_matrix_can_be_drawn(self):
        votes, rows, columns = [[1] * 3] * 3, [2, 2, 1], [1, 2, 2]
        best = solutions(votes, rows, columns, "standard")
        drawn = [biproportional(votes, rows, columns, ties=seed).tolist() for seed in range(200)]
        assert sorted(map(str, best)) == sorted(set(map(str, drawn)))

    def test_a_tie_in_a_batch_names_its_matrix(self):
        votes = [[[[3, 1], [1, 3]], [[2, 2], [2, 2]]]]
        with pytest.raises(MatrixTie, match="2 seats are tied") as caught:
            biproportional(votes, [1, 1], [1, 1])
        assert caught.value.election == (0, 1)

    def test_exception_survives_pickling(self):
        error = MatrixTie(((0, 1), (2, 1)), 1, (4,))
        copy = pickle.loads(pickle.dumps(error))
        assert (copy.cells, copy.seats, copy.election, str(copy)) == (error.cells, 1, (4,), str(error))
        assert "1 seat is tied" in str(error)
        assert "in matrix 4" in str(error)


class TestZeros:
    def test_lists_and_districts_without_seats(self):
        votes = [[50, 20, 7], [10, 90, 8], [30, 30, 9]]
        assert biproportional(votes, [3, 0, 3], [4, 2, 0]).tolist() == [[2, 1, 0], [0, 0, 0], [2, 1, 0]]

    @pytest.mark.parametrize("rounding", ROUNDINGS)
    def test_they_take_no_part_in_the_divisors(self, rounding):
        votes = [[50, 20, 7], [10, 90, 8], [30, 31, 9]]
        seats = biproportional(votes, [3, 0, 3], [4, 2, 0], rounding)
        districts, lists = divisors(votes, seats, rounding)
        assert [divisor is None for divisor in districts] == [False, True, False]
        assert [divisor is None for divisor in lists] == [False, False, True]

    def test_cells_without_votes_stay_empty(self):
        votes = [[5, 0, 1], [0, 7, 1], [2, 2, 0]]
        assert biproportional(votes, [4, 4, 2], [4, 4, 2]).tolist() == [[3, 0, 1], [0, 3, 1], [1, 1, 0]]

    def test_no_seats_at_all(self):
        assert biproportional([[5, 3]], [0], [0, 0]).tolist() == [[0, 0]]
        assert divisors([[5, 3]], [[0, 0]]) == ([None], [None, None])
        assert biproportional(np.zeros((0, 3), dtype=int), np.zeros(0, dtype=int), [0, 0, 0]).shape == (0, 3)

    def test_rounding_up_gives_every_cell_a_seat(self):
        votes = [[1000, 1, 1], [1000, 1000, 0]]
        assert biproportional(votes, [5, 4], [5, 3, 1], "up").tolist() == [[3, 1, 1], [2, 2, 0]]


class TestBatches:
    def test_leading_axes(self):
        rng = np.random.default_rng(3)
        votes = rng.integers(1, 1000, (2, 3, 5, 4))
        given = rng.integers(0, 5, votes.shape)
        rows, columns = given.sum(axis=-1), given.sum(axis=-2)
        seats, tied = biproportional(votes, rows, columns, ties="report")
        assert seats.dtype == np.int64
        for index in np.ndindex(2, 3):
            one = biproportional(votes[index], rows[index], columns[index], ties="report")
            assert seats[index].tolist() == one[0].tolist()
            assert tied[index].tolist() == one[1].tolist()

    def test_entitlements_are_shared(self):
        votes = np.random.default_rng(4).integers(1, 1000, (3, 4, 3))
        seats = biproportional(votes, [3, 3, 2, 2], [4, 3, 3])
        assert (seats.sum(axis=2) == [3, 3, 2, 2]).all()
        assert (seats.sum(axis=1) == [4, 3, 3]).all()


class TestRefusals:
    @pytest.mark.parametrize(
        ("votes", "rows", "columns", "rounding", "message"),
        [
            (
                [[5, 0], [3, 4]],
                [3, 1],
                [2, 2],
                "standard",
                r"districts \[0\] hold more seats \(3\).* lists .*\[0\] \(2\)",
            ),
            (
                [[5, 0, 1], [3, 4, 0], [2, 2, 2]],
                [4, 1, 1],
                [2, 3, 1],
                "down",
                r"districts \[0\] hold more seats \(4\) .* \[0, 2\] \(3\)",
            ),
            (
                [[0, 0], [3, 4]],
                [1, 3],
                [2, 2],
                "standard",
                r"districts \[0\] hold more seats \(1\) .* \[\] \(0\)",
            ),
            (
                [[0, 4], [0, 4], [0, 1]],
                [1, 1, 1],
                [1, 2],
                "standard",
                r"lists \[0\] hold more seats \(1\) .* \[\] \(0\)",
            ),
            (
                [[5, 1, 1], [3, 4, 1]],
                [2, 4],
                [2, 2, 2],
                "up",
                r"district 0 has fewer seats \(2\) than .* owes it \(3",
            ),
            (
                [[5, 1], [3, 4]],
                [2, 4],
                [5, 1],
                "up",
                r"list 1 has fewer seats \(1\) than rounding up owes it \(2",
            ),
        ],
    )
    def test_entitlements_that_cannot_be_met(self, votes, rows, columns, rounding, message):
        with pytest.raises(ValueError, match=message):
            biproportional(votes, rows, columns, rounding)

    def test_the_named_side_really_is_a_contradiction(self):
        rng = np.random.default_rng(11)
        refused = 0
        for _ in range(60):
            votes = rng.integers(0, 3, (5, 4)) * rng.integers(0, 2, (5, 4))
            rows, columns = rng.multinomial(12, np.full(5, 0.2)), rng.multinomial(12, np.full(4, 0.25))
            try:
                biproportional(votes, rows, columns, ties=1)
            except ValueError as error:
                refused += 1
                who, whom = (json.loads(part) for part in re.findall(r"\[.*?\]", str(error)))
                table, seats, others = (
                    (votes, rows, columns) if ": districts" in str(error) else (votes.T, columns, rows)
                )
                reach = [j for j in np.flatnonzero(others) if table[who][:, j].any()]
                assert reach == whom
                assert seats[who].sum() > others[whom].sum()
        assert refused > 20

    @pytest.mark.parametrize(
        ("arguments", "error", "message"),
        [
            (([[1, 2]], [3], [1, 1]), ValueError, "districts hold 3 seats, but lists 2"),
            (([[1.0, 2.0]], [2], [1, 1]), TypeError, "expected a whole number"),
            (([[True, False]], [2], [1, 1]), TypeError, "expected a whole number"),
            (([[2**70, 1.5]], [2], [1, 1]), TypeError, "expected a whole number"),
            (([[1, -2]], [2], [1, 1]), ValueError, r"votes\[0, 1\] is -2: expected no negative number"),
            (([[1, 2]], [2], [3, -1]), ValueError, r"party_seats\[1\] is -1: expected no negative number"),
            (([1, 2], [2], [1, 1]), ValueError, "votes must have the shape"),
            (([[1, 2]], [1, 1], [1, 1]), ValueError, "district_seats must have the shape"),
            (([[1, 2]], [2], [2]), ValueError, "party_seats must have the shape"),
            (([[1, 2]], [2], [1, 1], "nearest"), ValueError, "rounding must be one of standard, down, up"),
            (([[1, 2]], [2], [1, 1], "down", "first"), ValueError, "ties must be"),
            (([[1, 2]], [2], [1, 1], "down", True), ValueError, "ties must be"),
        ],
    )
    def test_bad_input(self, arguments, error, message):
        with pytest.raises(error, match=message):
            biproportional(*arguments)

    @pytest.mark.parametrize(
        ("votes", "seats", "rounding", "message"),
        [
            ([[1, 2]], [[1], [2]], "standard", "two tables of one shape"),
            ([[5, 3], [3, 5]], [[0, 1], [1, 0]], "standard", "not proportional"),
            ([[5, 0], [3, 5]], [[0, 1], [1, 0]], "standard", "not proportional"),
            ([[5, 1], [3, 5]], [[2, 0], [0, 2]], "up", "not proportional"),
        ],
    )
    def test_matrices_without_divisors(self, votes, seats, rounding, message):
        with pytest.raises(ValueError, match=message):
            divisors(votes, seats, rounding)

"""Apportionments of real elections and of the literature, figures as published, with the bars the laws set."""

from __future__ import annotations

import pytest

from sailau.formulas import allocate
from sailau.formulas.biproportional import biproportional

# United States, census of 2020: apportionment populations and seats of the 50 states in alphabetical order (Census
# Bureau, 2020 apportionment results, table A, 26 April 2021).
# fmt: off
STATES_2020 = [
    5_030_053, 736_081, 7_158_923, 3_013_756, 39_576_757, 5_782_171, 3_608_298, 990_837, 21_570_527, 10_725_274,
    1_460_137, 1_841_377, 12_822_739, 6_790_280, 3_192_406, 2_940_865, 4_509_342, 4_661_468, 1_363_582, 6_185_278,
    7_033_469, 10_084_442, 5_709_752, 2_963_914, 6_160_281, 1_085_407, 1_963_333, 3_108_462, 1_379_089, 9_294_493,
    2_120_220, 20_215_751, 10_453_948, 779_702, 11_808_848, 3_963_516, 4_241_500, 13_011_844, 1_098_163, 5_124_712,
    887_770, 6_916_897, 29_183_290, 3_275_252, 643_503, 8_654_542, 7_715_946, 1_795_045, 5_897_473, 577_719,
]
HOUSE_2020 = [
    7, 1, 9, 4, 52, 8, 5, 1, 28, 14, 2, 2, 17, 9, 4, 4, 6, 6, 2, 8, 9, 13, 8, 4, 8, 2, 3, 4, 2, 12,
    3, 26, 14, 1, 15, 5, 6, 17, 2, 7, 1, 9, 38, 4, 1, 11, 10, 2, 8, 1,
]
# fmt: on
# Balinski and Young, The quota method of apportionment, American Mathematical Monthly 82 (1975), pp. 701-730.
QUOTA_EXAMPLE = {
    "balinski-young-quota": [52, 44, 2, 1, 1],
    "largest-remainder": [51, 44, 2, 2, 1],
    "dhondt": [52, 45, 1, 1, 1],
    "sainte-lague": [51, 43, 2, 2, 2],
    "modified-sainte-lague": [51, 43, 2, 2, 2],
    "huntington-hill": [51, 43, 2, 2, 2],
    "adams": [51, 43, 2, 2, 2],
    "dean": [51, 43, 2, 2, 2],
}
# Knesset, lists above the bar, those with a surplus agreement joined; 120 seats by D'Hondt (Bader-Ofer). Central
# Elections Committee, 19th to 22nd Knesset, as the examples of the library apportionment have them.
KNESSET = {
    19: ([1_231_148, 975_576, 527_760, 361_570, 138_450, 210_469, 78_974], [43, 34, 18, 12, 4, 7, 2]),
    20: ([1_269_318, 951_842, 446_583, 371_602, 530_266, 451_756], [38, 29, 13, 11, 16, 13]),
    21: ([1_299_838, 1_125_881, 507_324, 337_108, 347_343, 173_004, 152_756], [40, 35, 16, 10, 10, 5, 4]),
    22: ([1_461_368, 1_374_272, 470_211, 598_974, 405_277], [41, 39, 13, 16, 11]),
}
# Nationalrat of Austria, third scrutiny: 183 seats by D'Hondt among lists with 4 per cent (Ministry of the Interior, same
# examples).
NATIONALRAT = {
    2019: ([1_789_417, 1_011_868, 772_666, 387_124, 89_169, 664_055, 72_947], [71, 40, 31, 15, 0, 26, 0]),
    2006: ([1_616_493, 1_663_986, 519_598, 520_130, 193_539, 131_688], [66, 68, 21, 21, 7, 0]),
    2002: ([1_792_499, 491_328, 2_076_833, 454_980, 48_083], [69, 18, 79, 17, 0]),
}
# National Council of Slovakia, 29 February 2020: lists above the bar, 150 seats, V ÷ (S + 1) rounded (Statistical Office,
# as the tests of votelib have them).
SLOVAKIA_2020 = ([721_166, 527_172, 237_531, 229_660, 179_246, 166_325], [53, 38, 17, 17, 13, 12])
# City parliament of Zurich, votes of 2002 under the biproportional method, as the tests of votelib have them:
# districts × lists.
ZURICH_VOTES = [
    [3516, 1709, 2413, 1080, 639, 247, 184],
    [4264, 1806, 1062, 860, 539, 339, 503],
    [3103, 758, 566, 867, 467, 137, 940],
    [3626, 1349, 1487, 956, 471, 359, 280],
    [4968, 2423, 4354, 1939, 968, 485, 411],
    [3632, 2724, 1266, 730, 946, 482, 230],
    [4103, 2135, 2066, 885, 647, 446, 363],
    [4105, 3333, 1607, 771, 949, 636, 247],
    [1970, 1516, 486, 211, 446, 344, 65],
]
ZURICH_SEATS = [
    [4, 2, 3, 2, 1, 0, 0],
    [6, 3, 2, 2, 1, 1, 1],
    [6, 1, 1, 2, 1, 0, 2],
    [4, 2, 2, 1, 1, 0, 0],
    [5, 2, 5, 2, 1, 1, 1],
    [6, 5, 2, 1, 1, 1, 0],
    [5, 2, 3, 1, 1, 0, 0],
    [7, 5, 3, 1, 1, 1, 1],
    [4, 3, 1, 0, 1, 1, 0],
]


def above(votes: list[int], percent: int) -> list[int]:
    """Return the votes of lists that reach a bar, 0 for the others."""
    return [v if 100 * v >= percent * sum(votes) else 0 for v in votes]


def test_the_house_of_representatives_by_equal_proportions() -> None:
    assert sum(STATES_2020) == 331_108_434
    assert allocate(STATES_2020, 435, "huntington-hill").tolist() == HOUSE_2020


def test_the_last_seat_of_2020_was_89_persons_away() -> None:
    """New York would have kept its 27th seat with 89 persons more, in place of Minnesota's eighth (Census Bureau)."""
    new_york, minnesota = STATES_2020.index(20_215_751), STATES_2020.index(5_709_752)
    for more, seats in ((88, (26, 8)), (89, (27, 7))):
        people = [*STATES_2020]
        people[new_york] += more
        found = allocate(people, 435, "huntington-hill")
        assert (found[new_york], found[minnesota]) == seats


@pytest.mark.parametrize("method", QUOTA_EXAMPLE)
def test_the_example_of_the_quota_method(method: str) -> None:
    assert allocate([5117, 4400, 162, 161, 160], 100, method).tolist() == QUOTA_EXAMPLE[method]


@pytest.mark.parametrize("number", KNESSET)
def test_knesset(number: int) -> None:
    votes, seats = KNESSET[number]
    assert allocate(votes, 120, "dhondt").tolist() == seats


@pytest.mark.parametrize("year", NATIONALRAT)
def test_nationalrat(year: int) -> None:
    votes, seats = NATIONALRAT[year]
    assert allocate(above(votes, 4), 183, "dhondt").tolist() == seats


def test_slovakia() -> None:
    votes, seats = SLOVAKIA_2020
    assert allocate(votes, 150, quota="hagenbach-bischoff", round_quota="nearest").tolist() == seats


def test_zurich() -> None:
    seats = biproportional(ZURICH_VOTES, [sum(row) for row in ZURICH_SEATS], [47, 25, 22, 12, 9, 5, 5])
    assert seats.tolist() == ZURICH_SEATS


def test_alabama_loses_a_seat_of_a_larger_house_only_under_quotas() -> None:
    """Three states and 10 and 11 seats: the smallest has two, then one (the paradox of 1880 in small)."""
    people = [6, 6, 2]
    assert [allocate(people, house).tolist() for house in (10, 11)] == [[4, 4, 2], [5, 5, 1]]
    for method in ("dhondt", "sainte-lague", "huntington-hill", "balinski-young-quota"):
        last = [allocate(people, house, method, ties=[0, 1, 2])[2] for house in range(1, 40)]
        assert last == sorted(last)
